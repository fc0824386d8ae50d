-- How many jobs and capture requests there are, so that no list counts its rows. Each change of a
-- row adds rows here that say how the count changed, in its own transaction and by a trigger: no
-- statement can forget it, no change waits for another, and a rollback takes it back. The rows of
-- one key add up to its count; one change in 64 puts rows of one key together.
CREATE TABLE job_counts (
    org_id bigint NOT NULL,
    shelf text NOT NULL,
    state text NOT NULL,
    deliverable_id integer NOT NULL,
    jobs bigint NOT NULL
);
CREATE INDEX job_counts_org ON job_counts (org_id);

CREATE TABLE capture_request_counts (
    org_id bigint NOT NULL,
    requesting_user_id bigint NOT NULL,
    state text NOT NULL,
    requests bigint NOT NULL
);
CREATE INDEX capture_request_counts_user ON capture_request_counts (org_id, requesting_user_id);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['job_counts', 'capture_request_counts']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I TO doorstep_app, doorstep_worker
            USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org())', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_app, doorstep_worker', t);
    END LOOP;
END $$;

-- Rows that somebody else puts together at this moment are left to them.
CREATE FUNCTION doorstep_fold_job_counts(org bigint) RETURNS void LANGUAGE sql AS $$
    WITH several AS (
        SELECT shelf, state, deliverable_id FROM job_counts WHERE org_id = org
        GROUP BY shelf, state, deliverable_id HAVING count(*) > 1
    ), taken AS (
        SELECT c.ctid AS place FROM job_counts c
        JOIN several USING (shelf, state, deliverable_id)
        WHERE c.org_id = org FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM job_counts WHERE org_id = org AND ctid = ANY (ARRAY(SELECT place FROM taken))
        RETURNING shelf, state, deliverable_id, jobs
    )
    INSERT INTO job_counts (org_id, shelf, state, deliverable_id, jobs)
    SELECT org, shelf, state, deliverable_id, sum(jobs) FROM gone
    GROUP BY shelf, state, deliverable_id HAVING sum(jobs) <> 0
$$;

CREATE FUNCTION doorstep_fold_capture_request_counts(org bigint) RETURNS void LANGUAGE sql AS $$
    WITH several AS (
        SELECT requesting_user_id, state FROM capture_request_counts WHERE org_id = org
        GROUP BY requesting_user_id, state HAVING count(*) > 1
    ), taken AS (
        SELECT c.ctid AS place FROM capture_request_counts c
        JOIN several USING (requesting_user_id, state)
        WHERE c.org_id = org FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM capture_request_counts
        WHERE org_id = org AND ctid = ANY (ARRAY(SELECT place FROM taken))
        RETURNING requesting_user_id, state, requests
    )
    INSERT INTO capture_request_counts (org_id, requesting_user_id, state, requests)
    SELECT org, requesting_user_id, state, sum(requests) FROM gone
    GROUP BY requesting_user_id, state HAVING sum(requests) <> 0
$$;

CREATE FUNCTION doorstep_count_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO job_counts (org_id, shelf, state, deliverable_id, jobs)
        VALUES (OLD.org_id, OLD.shelf, OLD.state, OLD.deliverable_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO job_counts (org_id, shelf, state, deliverable_id, jobs)
        VALUES (NEW.org_id, NEW.shelf, NEW.state, NEW.deliverable_id, 1);
    END IF;
    IF random() < 1.0 / 64 THEN
        PERFORM doorstep_fold_job_counts(coalesce(NEW.org_id, OLD.org_id));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION doorstep_count_capture_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO capture_request_counts (org_id, requesting_user_id, state, requests)
        VALUES (OLD.org_id, OLD.requesting_user_id, OLD.state, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO capture_request_counts (org_id, requesting_user_id, state, requests)
        VALUES (NEW.org_id, NEW.requesting_user_id, NEW.state, 1);
    END IF;
    IF random() < 1.0 / 64 THEN
        PERFORM doorstep_fold_capture_request_counts(coalesce(NEW.org_id, OLD.org_id));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER counted AFTER INSERT OR DELETE ON jobs
    FOR EACH ROW EXECUTE FUNCTION doorstep_count_job();
CREATE TRIGGER counted_again AFTER UPDATE ON jobs FOR EACH ROW
    WHEN ((OLD.org_id, OLD.shelf, OLD.state, OLD.deliverable_id)
        IS DISTINCT FROM (NEW.org_id, NEW.shelf, NEW.state, NEW.deliverable_id))
    EXECUTE FUNCTION doorstep_count_job();
CREATE TRIGGER counted AFTER INSERT OR DELETE ON capture_requests
    FOR EACH ROW EXECUTE FUNCTION doorstep_count_capture_request();
CREATE TRIGGER counted_again AFTER UPDATE ON capture_requests FOR EACH ROW
    WHEN ((OLD.org_id, OLD.requesting_user_id, OLD.state)
        IS DISTINCT FROM (NEW.org_id, NEW.requesting_user_id, NEW.state))
    EXECUTE FUNCTION doorstep_count_capture_request();

-- From here on nothing is missed: the triggers' locks keep writers out until this commits. An
-- owner who is no superuser reads and writes all organizations' rows only while nothing forces
-- the policies on it.
SET LOCAL statement_timeout = '10min';
ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE job_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests NO FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_request_counts NO FORCE ROW LEVEL SECURITY;
INSERT INTO job_counts (org_id, shelf, state, deliverable_id, jobs)
    SELECT org_id, shelf, state, deliverable_id, count(*) FROM jobs
    GROUP BY 1, 2, 3, 4;
INSERT INTO capture_request_counts (org_id, requesting_user_id, state, requests)
    SELECT org_id, requesting_user_id, state, count(*) FROM capture_requests GROUP BY 1, 2, 3;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
ALTER TABLE job_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_request_counts FORCE ROW LEVEL SECURITY;
