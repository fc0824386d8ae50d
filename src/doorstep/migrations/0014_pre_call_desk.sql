-- A person's word on which lead a call belongs to, which counts more than its number and time.
CREATE TABLE call_joins (
    org_id bigint NOT NULL,
    call_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, call_id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id)
);
CREATE INDEX call_joins_lead ON call_joins (org_id, lead_id);

-- Calls that were told to be mended, as they came; organization 0 is nobody. Like the journal of
-- posts, it never changes.
CREATE TABLE refused_calls (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    peer text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    outcome text NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE mended_calls (
    org_id bigint NOT NULL,
    refused_call_id uuid NOT NULL,
    call_id uuid NOT NULL,
    actor text NOT NULL,
    mended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, refused_call_id),
    FOREIGN KEY (org_id, refused_call_id) REFERENCES refused_calls (org_id, id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['call_joins', 'refused_calls', 'mended_calls']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;
CREATE POLICY ingest ON refused_calls FOR INSERT TO doorstep_ingest WITH CHECK (true);
GRANT INSERT ON refused_calls TO doorstep_ingest;
GRANT INSERT, UPDATE, DELETE ON call_joins TO doorstep_app, doorstep_worker;
GRANT INSERT ON mended_calls TO doorstep_app, doorstep_worker;
-- A mended call is written by the member who mended it.
GRANT INSERT, UPDATE ON calls TO doorstep_app, doorstep_worker;
