-- Who read measurements, and every change that a member or a program asked for.
CREATE TABLE accesses (
    org_id bigint NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('read', 'write')),
    actor text NOT NULL,
    what text NOT NULL,
    job_id bigint,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id)
);

-- The chain over events and accesses: the hash of each link is made of the one before and of
-- what it stands for, so that nothing in between can be changed, taken out or put in unseen.
CREATE TABLE audit_links (
    org_id bigint NOT NULL REFERENCES orgs (id),
    number bigint NOT NULL,
    entry_id uuid NOT NULL,
    hash bytea NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, number),
    UNIQUE (org_id, entry_id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['accesses', 'audit_links']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;
GRANT INSERT ON accesses TO doorstep_app, doorstep_worker;
GRANT INSERT ON audit_links TO doorstep_worker;
