-- What a source posted with before: each goes on working until `ends_at`. The Referrer in use
-- stands with its source, so that code from before this table goes on finding it there.
CREATE TABLE former_referrers (
    org_id bigint NOT NULL,
    referrer uuid NOT NULL,
    source_id uuid NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    last_used_at timestamptz,
    PRIMARY KEY (org_id, referrer),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id)
);
CREATE INDEX former_referrers_source ON former_referrers (org_id, source_id, replaced_at DESC);

ALTER TABLE former_referrers ENABLE ROW LEVEL SECURITY;
ALTER TABLE former_referrers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON former_referrers TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY ingest ON former_referrers TO doorstep_ingest USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON former_referrers TO doorstep_app, doorstep_worker;
GRANT SELECT, UPDATE (last_used_at) ON former_referrers TO doorstep_ingest;
