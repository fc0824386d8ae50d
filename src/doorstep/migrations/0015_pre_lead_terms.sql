-- What a lead is found by, a row for each word, written in the background. Row security lets the
-- application's role use an index with comparisons of text, and with nothing else that a search
-- could do with. A term is folded and compared byte by byte; a lead's terms never change.
CREATE TABLE lead_terms (
    org_id bigint NOT NULL,
    term text COLLATE "C" NOT NULL,
    lead_id uuid NOT NULL
);
CREATE INDEX lead_terms_term ON lead_terms (org_id, term);

-- All leads of the organization up to this one have their terms.
CREATE TABLE lead_term_marks (
    org_id bigint PRIMARY KEY,
    received_at timestamptz NOT NULL,
    lead_id uuid NOT NULL
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['lead_terms', 'lead_term_marks']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app, doorstep_worker', t);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO doorstep_worker', t);
    END LOOP;
END $$;
