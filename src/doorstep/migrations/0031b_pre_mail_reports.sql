-- When an address was found to be bad, which may be long after its letter was accepted.
ALTER TABLE messages ADD COLUMN bounced_at timestamptz;

-- Who wants no more reminders by e-mail of an organization.
CREATE TABLE mail_stops (
    org_id bigint NOT NULL REFERENCES orgs (id),
    address_key text NOT NULL,
    message_id uuid NOT NULL,
    stopped_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, address_key)
);
ALTER TABLE mail_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_stops FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON mail_stops TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON mail_stops TO doorstep_app, doorstep_worker;
