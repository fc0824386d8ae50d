-- What a job is found by, a row for each word, written in the background: row security lets the
-- application's role use an index with comparisons of text, and with nothing else that a search
-- could do with. A term says only where to look: a job that was described anew has its new words
-- besides the old ones, and its own row decides.
CREATE TABLE job_terms (
    org_id bigint NOT NULL,
    term text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    job_id bigint NOT NULL
);
CREATE INDEX job_terms_term ON job_terms (org_id, term, created_at, job_id);

-- All jobs of the organization up to this one have their terms.
CREATE TABLE job_term_marks (
    org_id bigint PRIMARY KEY,
    job_id bigint NOT NULL
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['job_terms', 'job_term_marks']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app, doorstep_worker', t);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO doorstep_worker', t);
    END LOOP;
END $$;
GRANT INSERT ON job_terms TO doorstep_app;
