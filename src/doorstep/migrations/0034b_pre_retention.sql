-- How long each kind of old data is kept; null is for good. Nothing is erased before an admin has
-- seen how much it is and switched it on; whatever is written here switches it off again.
CREATE TABLE retentions (
    org_id bigint NOT NULL REFERENCES orgs (id),
    photos_days integer CHECK (photos_days BETWEEN 30 AND 36500),
    leads_days integer CHECK (leads_days BETWEEN 30 AND 36500),
    messages_days integer CHECK (messages_days BETWEEN 30 AND 36500),
    deliveries_days integer CHECK (deliveries_days BETWEEN 7 AND 36500),
    sessions_days integer CHECK (sessions_days BETWEEN 30 AND 36500),
    version integer NOT NULL DEFAULT 1,
    enabled_at timestamptz,
    swept_at timestamptz,
    actor text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id)
);

-- What is kept for good whatever its age, because a court or an insurer may ask for it: `job:7` or
-- `lead:` and its id.
CREATE TABLE keeps (
    org_id bigint NOT NULL REFERENCES orgs (id),
    subject text NOT NULL CHECK (subject ~ '^(job:[0-9]+|lead:[0-9a-f-]{36})$'),
    actor text NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, subject)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['retentions', 'keeps']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;

ALTER TABLE leads ADD COLUMN erased_at timestamptz;
-- The journal cannot be rewritten, but for what is a person's in it, and by the worker alone.
GRANT UPDATE (peer, headers, body) ON lead_posts, refused_calls TO doorstep_worker;
GRANT DELETE ON lead_marks TO doorstep_worker;
