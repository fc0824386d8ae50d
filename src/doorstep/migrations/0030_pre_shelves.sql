-- The shelf of the portfolio that a job stands on, counted and walked along an index. Behind
-- row-level security only plain columns are compared there, so it is one. Some seconds for
-- each million jobs; an owner who is no superuser sees no rows while the policies are forced.
SET LOCAL statement_timeout = '10min';
ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests NO FORCE ROW LEVEL SECURITY;
ALTER TABLE photos NO FORCE ROW LEVEL SECURITY;
ALTER TABLE jobs
    ADD COLUMN opened_at timestamptz,
    ADD COLUMN photographed_at timestamptz;
UPDATE jobs j SET opened_at = r.connected_at FROM capture_requests r
    WHERE r.org_id = j.org_id AND r.job_id = j.id AND r.connected_at IS NOT NULL;
UPDATE jobs j SET photographed_at = p.first
    FROM (SELECT org_id, job_id, min(created_at) AS first FROM photos GROUP BY org_id, job_id) p
    WHERE p.org_id = j.org_id AND p.job_id = j.id;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE photos FORCE ROW LEVEL SECURITY;

ALTER TABLE jobs
    ADD COLUMN shelf text GENERATED ALWAYS AS (
        CASE WHEN archived_at IS NOT NULL THEN 'archived'
            WHEN state = 'uploading' AND photographed_at IS NOT NULL THEN 'uploading'
            WHEN state = 'uploading' AND opened_at IS NOT NULL THEN 'photos_needed'
            WHEN state = 'uploading' THEN 'invited'
            WHEN state = 'processing_upload' THEN 'checking'
            WHEN state = 'waiting_approval' THEN 'approval'
            WHEN state IN ('working', 'processing', 'paying') THEN 'building'
            WHEN state = 'complete' AND deliverable_id = 7 THEN 'to_order'
            WHEN state = 'complete' THEN 'ready'
            ELSE state END) STORED,
    ADD COLUMN customer_key text COLLATE "C"
        GENERATED ALWAYS AS (lower(coalesce(nullif(customer_name, ''), name))) STORED;
CREATE INDEX jobs_shelf ON jobs (org_id, shelf, id);
CREATE INDEX jobs_shelf_changed ON jobs (org_id, shelf, updated_at, id);
CREATE INDEX jobs_shelf_customer ON jobs (org_id, shelf, customer_key, id);
CREATE INDEX jobs_shelf_member ON jobs (org_id, user_id, shelf, id);

-- What was done to many jobs at once, job by job, so that it can be told exactly and taken back.
CREATE TABLE job_batches (
    org_id bigint NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    verb text NOT NULL CHECK (verb IN ('archive', 'unarchive', 'reassign')),
    user_id bigint,
    items jsonb NOT NULL,
    undone jsonb,
    undone_at timestamptz,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);

-- A portfolio's filters with a name, for one member or for all.
CREATE TABLE saved_views (
    org_id bigint NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    shared boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['job_batches', 'saved_views']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;
GRANT UPDATE (undone, undone_at) ON job_batches TO doorstep_app, doorstep_worker;
GRANT DELETE ON saved_views TO doorstep_app, doorstep_worker;
