-- Under which name the engine knew each photo of a build, so that its proofs lead to pictures. The
-- order of a job's photos changes when more are taken, or one is found to be of no use.
CREATE TABLE build_photos (
    org_id bigint NOT NULL,
    build_id uuid NOT NULL,
    name text NOT NULL,
    photo_id uuid NOT NULL,
    PRIMARY KEY (org_id, build_id, name),
    FOREIGN KEY (org_id, build_id) REFERENCES builds (org_id, id),
    FOREIGN KEY (org_id, photo_id) REFERENCES photos (org_id, id) ON DELETE CASCADE
);
CREATE INDEX build_photos_photo ON build_photos (org_id, photo_id);

ALTER TABLE build_photos ENABLE ROW LEVEL SECURITY;
ALTER TABLE build_photos FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON build_photos TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON build_photos TO doorstep_app, doorstep_worker;
