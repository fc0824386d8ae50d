-- A finished capture that was opened again for photos from these spots.
CREATE TABLE reopenings (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    spots text[] NOT NULL CHECK (cardinality(spots) > 0),
    note text NOT NULL DEFAULT '',
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id)
);
CREATE INDEX reopenings_request ON reopenings (org_id, capture_request_id, id DESC);

ALTER TABLE reopenings ENABLE ROW LEVEL SECURITY;
ALTER TABLE reopenings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reopenings TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON reopenings TO doorstep_app, doorstep_worker;
