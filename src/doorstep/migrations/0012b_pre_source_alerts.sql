-- The posts of one source by time, and how they ended, without reading the posts themselves.
CREATE INDEX lead_posts_source ON lead_posts (org_id, source_id, received_at DESC, id DESC)
    INCLUDE (outcome) WHERE source_id IS NOT NULL;

-- What is wrong with a source's posts: `since` is the first of them that was refused, or the
-- last one before the silence. An alert without an end is the only open one of its kind.
CREATE TABLE source_alerts (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('refusing', 'silent')),
    since timestamptz NOT NULL,
    began_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id)
);
CREATE UNIQUE INDEX source_alerts_open ON source_alerts (org_id, source_id, kind)
    WHERE ended_at IS NULL;
CREATE INDEX source_alerts_source ON source_alerts (org_id, source_id, id DESC);

ALTER TABLE source_alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_alerts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source_alerts TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON source_alerts TO doorstep_app, doorstep_worker;
