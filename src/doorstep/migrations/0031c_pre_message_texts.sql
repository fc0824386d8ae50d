-- The words of a kind of message as an organization has rewritten them; no row: the usual ones.
CREATE TABLE message_texts (
    org_id bigint NOT NULL REFERENCES orgs (id),
    kind text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'es')),
    subject text NOT NULL,
    body text NOT NULL,
    sms text NOT NULL,
    actor text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, kind, language)
);
ALTER TABLE message_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON message_texts TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE, DELETE ON message_texts TO doorstep_app, doorstep_worker;
