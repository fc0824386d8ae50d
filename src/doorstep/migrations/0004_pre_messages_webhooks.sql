-- What sending needs to know beyond the first tables: when the next try is due, who asked to
-- stop it, which numbers said STOP, and how an endpoint that fails is treated.

ALTER TABLE messages
    ADD COLUMN reply_to text,
    ADD COLUMN next_at timestamptz,
    ADD COLUMN cancel_asked_at timestamptz;
-- An address that a mail server refused for good is not tried again by the same organization.
CREATE INDEX messages_address ON messages (org_id, lower(to_address), id DESC);

-- A provider's status may name our id, before its own id was stored.
DROP POLICY gate ON messages;
CREATE POLICY gate ON messages FOR SELECT TO doorstep_gate USING (channel = 'sms');

-- STOP and START, by number and for the whole instance: all its organizations share one sender.
-- The last word of a number counts; a reply that arrives twice is stored once.
CREATE TABLE sms_replies (
    id text PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    number text NOT NULL,
    word text NOT NULL CHECK (word IN ('stop', 'start')),
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sms_replies_number ON sms_replies (number, position DESC);
GRANT SELECT, INSERT ON sms_replies TO doorstep_app, doorstep_worker;

ALTER TABLE webhook_endpoints
    ADD COLUMN disabled_because text,
    ADD COLUMN warned_at timestamptz,
    ADD COLUMN paused_until timestamptz,
    ADD COLUMN previous_sealed bytea,
    ADD COLUMN previous_until timestamptz;
-- A delivery that a person sends again starts a new round of tries.
ALTER TABLE webhook_deliveries
    ADD COLUMN round_from integer NOT NULL DEFAULT 0,
    ADD COLUMN problem text;
