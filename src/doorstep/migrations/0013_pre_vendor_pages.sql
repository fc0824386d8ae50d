-- What a source's vendor sees without an account, and what is told back to it. `name` is the
-- public half of the link; the secret half is made from it with the server key, so that a new
-- name ends the old link. Case types that are in use are shown unless they are hidden.
CREATE TABLE vendor_pages (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    name text UNIQUE,
    made_at timestamptz,
    made_by text,
    shows_status boolean NOT NULL DEFAULT false,
    hidden_case_types uuid[] NOT NULL DEFAULT '{}',
    words jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (org_id, source_id),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id)
);

-- The endpoint that hears of a source's leads, of these events and in this body.
CREATE TABLE postbacks (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    endpoint_id bigint NOT NULL,
    events text[] NOT NULL,
    template text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, source_id),
    UNIQUE (org_id, endpoint_id),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoints (org_id, id) ON DELETE CASCADE
);
ALTER TABLE webhook_endpoints DROP CONSTRAINT webhook_endpoints_dialect_check;
ALTER TABLE webhook_endpoints ADD CONSTRAINT webhook_endpoints_dialect_check
    CHECK (dialect IN ('standard', 'wire', 'undecided', 'vendor'));

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['vendor_pages', 'postbacks']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;

-- The gate turns a link, or a Referrer that asks how a lead stands, into a source.
GRANT SELECT (org_id, source_id, name, shows_status) ON vendor_pages TO doorstep_gate;
GRANT SELECT (org_id, id, referrer, disabled_at) ON sources TO doorstep_gate;
CREATE POLICY gate ON vendor_pages FOR SELECT TO doorstep_gate USING (true);
CREATE POLICY gate ON sources FOR SELECT TO doorstep_gate USING (true);
GRANT SELECT (org_id, referrer, source_id, ends_at) ON former_referrers TO doorstep_gate;
CREATE POLICY gate ON former_referrers FOR SELECT TO doorstep_gate USING (true);
CREATE INDEX sources_referrer ON sources (referrer);
CREATE INDEX former_referrers_referrer ON former_referrers (referrer);
