-- Where a job's house stands, where the organization knows it; nothing is looked up elsewhere.
CREATE TABLE places (
    org_id bigint NOT NULL,
    job_id bigint NOT NULL,
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    actor text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, job_id),
    FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id)
);

-- What a phone found when it compared: no position, and a distance only where that was allowed.
CREATE TABLE place_checks (
    org_id bigint NOT NULL,
    session_id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    answer text NOT NULL CHECK (answer IN ('yes', 'no', 'unknown')),
    metres integer CHECK (metres >= 0),
    checked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, session_id),
    FOREIGN KEY (org_id, session_id) REFERENCES capture_sessions (org_id, id),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id)
);
CREATE INDEX place_checks_request ON place_checks (org_id, capture_request_id);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['places', 'place_checks']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;
