-- What members note of a job; a note that is taken away leaves no text behind.
CREATE TABLE job_notes (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    user_id bigint NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    edited_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX job_notes_job ON job_notes (org_id, job_id, id);
ALTER TABLE job_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job_notes TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, DELETE ON job_notes TO doorstep_app, doorstep_worker;
GRANT UPDATE (text, edited_at) ON job_notes TO doorstep_app, doorstep_worker;

-- The deliveries of a job are found by its events.
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (org_id, event_id);
