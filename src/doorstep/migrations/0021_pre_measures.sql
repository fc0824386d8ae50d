-- One length of a house that a person measured, and where its two ends lie in photos. Ends
-- are shares of the upright picture's width and height, so that they hold for every copy.
CREATE TABLE measures (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('front_door', 'garage_door', 'window', 'wall')),
    metres double precision NOT NULL CHECK (metres > 0),
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id)
);
CREATE INDEX measures_job ON measures (org_id, job_id, id);

CREATE TABLE measure_ends (
    org_id bigint NOT NULL,
    measure_id uuid NOT NULL,
    photo_id uuid NOT NULL,
    ax double precision NOT NULL,
    ay double precision NOT NULL,
    bx double precision NOT NULL,
    by double precision NOT NULL,
    PRIMARY KEY (org_id, measure_id, photo_id),
    FOREIGN KEY (org_id, measure_id) REFERENCES measures (org_id, id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, photo_id) REFERENCES photos (org_id, id)
);

ALTER TABLE measures ENABLE ROW LEVEL SECURITY;
ALTER TABLE measures FORCE ROW LEVEL SECURITY;
ALTER TABLE measure_ends ENABLE ROW LEVEL SECURITY;
ALTER TABLE measure_ends FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON measures TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY tenant ON measure_ends TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, DELETE ON measures, measure_ends TO doorstep_app, doorstep_worker;
