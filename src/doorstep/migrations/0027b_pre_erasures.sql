-- A homeowner's wish that photos, model and contact be deleted; `done_at`: they are.
CREATE TABLE erasures (
    org_id bigint NOT NULL,
    capture_request_id bigint NOT NULL,
    actor text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    files integer NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    done_at timestamptz,
    PRIMARY KEY (org_id, capture_request_id),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id)
);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erasures TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON erasures TO doorstep_app, doorstep_worker;
