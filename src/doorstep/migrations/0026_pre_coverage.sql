-- What can be recognised in a picture, found when it was opened: a small file in the store.
ALTER TABLE photos ADD COLUMN details_key text;

-- One quick look at the views of a capture, while the person is still there: asked when they are
-- ready to finish, once for each set of views and spots that cannot be reached. `gaps` are pairs
-- of photos, neighbours in the walk that do not overlap.
CREATE TABLE coverages (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    session_id uuid,
    fingerprint bytea NOT NULL,
    views uuid[] NOT NULL,
    skipped text[] NOT NULL,
    state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'judged', 'unjudged')),
    pieces integer,
    gaps jsonb NOT NULL DEFAULT '[]',
    loose integer NOT NULL DEFAULT 0,
    asked_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, capture_request_id, fingerprint),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id),
    FOREIGN KEY (org_id, session_id) REFERENCES capture_sessions (org_id, id),
    CHECK (state <> 'judged' OR pieces IS NOT NULL)
);

ALTER TABLE coverages ENABLE ROW LEVEL SECURITY;
ALTER TABLE coverages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coverages TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON coverages TO doorstep_app, doorstep_worker;
