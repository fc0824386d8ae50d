-- Calls that a tracking vendor reports. Which lead a call belongs to is not stored: it is
-- asked each time, so that a lead that comes after its call is found as well. What a person
-- undoes is stored, with who did it.
CREATE TABLE calls (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    called_at timestamptz NOT NULL,
    name text NOT NULL,
    ani text NOT NULL,
    contact text,
    vendor_call_id text,
    extra jsonb NOT NULL DEFAULT '{}',
    warnings jsonb NOT NULL DEFAULT '[]',
    peer text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX calls_vendor_call_id ON calls (org_id, vendor_call_id, ani)
    WHERE vendor_call_id IS NOT NULL;
CREATE INDEX calls_newest ON calls (org_id, called_at DESC, id DESC);
CREATE INDEX calls_contact ON calls (org_id, contact) WHERE contact IS NOT NULL;

CREATE TABLE call_partings (
    org_id bigint NOT NULL,
    call_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    parted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, call_id, lead_id),
    FOREIGN KEY (org_id, call_id) REFERENCES calls (org_id, id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id)
);

ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;
ALTER TABLE call_partings ENABLE ROW LEVEL SECURITY;
ALTER TABLE call_partings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON calls TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY tenant ON call_partings TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY ingest ON calls TO doorstep_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON calls TO doorstep_app, doorstep_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON call_partings TO doorstep_app, doorstep_worker;
GRANT SELECT, INSERT, UPDATE ON calls TO doorstep_ingest;
GRANT SELECT (time_zone) ON orgs TO doorstep_ingest;
