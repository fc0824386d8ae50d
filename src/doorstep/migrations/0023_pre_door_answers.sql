-- What somebody answered on the door page instead of starting.
CREATE TABLE door_answers (
    org_id bigint NOT NULL,
    capture_request_id bigint NOT NULL,
    answer text NOT NULL CHECK (answer IN ('tomorrow', 'call', 'not_mine')),
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, capture_request_id, answer),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id)
);
ALTER TABLE door_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON door_answers TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON door_answers TO doorstep_app, doorstep_worker;

-- The reminder that the homeowner asks for.
ALTER TABLE reminders DROP CONSTRAINT reminders_kind_check;
ALTER TABLE reminders ADD CONSTRAINT reminders_kind_check
    CHECK (kind IN ('2_days', '7_days', 'tomorrow')) NOT VALID;
ALTER TABLE reminders VALIDATE CONSTRAINT reminders_kind_check;
