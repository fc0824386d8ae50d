-- How an organization writes to homeowners: when it reminds them, and at which hours of the
-- property. No row: after 2 and 7 days, from 8 to 21.
CREATE TABLE message_rules (
    org_id bigint PRIMARY KEY REFERENCES orgs (id),
    remind_days smallint[] NOT NULL DEFAULT '{2,7}' CHECK (cardinality(remind_days) <= 3),
    from_hour smallint NOT NULL DEFAULT 8 CHECK (from_hour BETWEEN 0 AND 23),
    until_hour smallint NOT NULL DEFAULT 21 CHECK (until_hour BETWEEN 1 AND 24),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CHECK (from_hour < until_hour)
);
ALTER TABLE message_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_rules TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON message_rules TO doorstep_app, doorstep_worker;

ALTER TABLE reminders DROP CONSTRAINT reminders_kind_check;
ALTER TABLE reminders ADD CONSTRAINT reminders_kind_check
    CHECK (kind ~ '^([0-9]{1,2}_days|tomorrow)$') NOT VALID;
ALTER TABLE reminders VALIDATE CONSTRAINT reminders_kind_check;

-- What an organization has written to homeowners on a day, by channel.
CREATE TABLE message_days (
    org_id bigint NOT NULL REFERENCES orgs (id),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    day date NOT NULL,
    messages integer NOT NULL,
    PRIMARY KEY (org_id, channel, day)
);
ALTER TABLE message_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_days TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON message_days TO doorstep_app, doorstep_worker;

-- What one address was written in the last day, whoever wrote: no organization is named, and
-- the address is only known again.
CREATE TABLE recipient_messages (
    message_id uuid PRIMARY KEY,
    address_hash bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recipient_messages_address ON recipient_messages (address_hash, at);
CREATE INDEX recipient_messages_at ON recipient_messages (at);
-- An update takes rows for deletion one by one, and passes over those that another has.
GRANT SELECT, INSERT, UPDATE, DELETE ON recipient_messages TO doorstep_app, doorstep_worker;

-- HELP is answered in the name of who wrote last.
ALTER TABLE sms_replies DROP CONSTRAINT sms_replies_word_check;
ALTER TABLE sms_replies ADD CONSTRAINT sms_replies_word_check
    CHECK (word IN ('stop', 'start', 'help')) NOT VALID;
ALTER TABLE sms_replies VALIDATE CONSTRAINT sms_replies_word_check;
CREATE INDEX messages_number ON messages (to_address_key, id DESC) WHERE channel = 'sms';
GRANT SELECT (to_address_key, channel) ON messages TO doorstep_gate;
