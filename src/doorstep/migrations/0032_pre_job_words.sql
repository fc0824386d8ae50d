-- The words that a job is found by, in its own row: folded, each after a space, so that a word's
-- beginning is looked for by one comparison. `place_words` are those that the wire looks at, the
-- job's name and address; `person_words` are the homeowner's and the number, with the ends of the
-- phone. Some seconds for each million jobs; all of `job_terms` is written anew by the worker.
SET LOCAL statement_timeout = '10min';

CREATE FUNCTION doorstep_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ' ' || regexp_replace(
        CASE WHEN octet_length($1) = length($1) THEN lower($1)
            ELSE translate(lower($1),
                'àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżž',
                'aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzz')
        END, '[\W_]+', ' ', 'g')
$$;

ALTER TABLE jobs
    ADD COLUMN place_words text COLLATE "C" GENERATED ALWAYS AS (doorstep_words(
        name || ' ' || coalesce(location_line_1, '') || ' ' || coalesce(location_city, '') || ' '
        || coalesce(location_region, '') || ' ' || coalesce(location_postal_code, ''))) STORED,
    ADD COLUMN person_words text COLLATE "C" GENERATED ALWAYS AS (doorstep_words(
        coalesce(customer_name, '') || ' ' || coalesce(customer_email, '') || ' '
        || coalesce(external_identifier, '') || coalesce(
            ' ' || regexp_replace(customer_phone, '[^0-9]', '', 'g')
            || ' ' || right(regexp_replace(customer_phone, '[^0-9]', '', 'g'), 10)
            || ' ' || right(regexp_replace(customer_phone, '[^0-9]', '', 'g'), 7)
            || ' ' || right(regexp_replace(customer_phone, '[^0-9]', '', 'g'), 4), ''))) STORED;

TRUNCATE job_terms, job_term_marks;
ALTER TABLE job_terms ADD COLUMN of_place boolean NOT NULL DEFAULT true;
DROP INDEX job_terms_term;
CREATE INDEX job_terms_term ON job_terms (org_id, of_place, term, created_at, job_id);

-- Each word as it is looked up, and whether the wire looks at it.
CREATE FUNCTION doorstep_terms(place_words text, person_words text)
RETURNS TABLE (term text, of_place boolean) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(word, 40), bool_or(place) FROM (
        SELECT word, true AS place FROM string_to_table(place_words, ' ') word
        UNION ALL SELECT word, false FROM string_to_table(person_words, ' ') word
    ) every WHERE word <> '' GROUP BY left(word, 40)
$$;

-- A job that is described anew, or is gone, leaves no word behind, whichever statement did it. The
-- lock keeps out the worker, which may hold the row as it was; jobs after the mark have no terms.
CREATE FUNCTION doorstep_job_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE old_term record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('terms of jobs of ' || OLD.org_id, 0));
    FOR old_term IN SELECT * FROM doorstep_terms(OLD.place_words, OLD.person_words) LOOP
        DELETE FROM job_terms WHERE org_id = OLD.org_id AND of_place = old_term.of_place
            AND term = old_term.term AND created_at = OLD.created_at AND job_id = OLD.id;
    END LOOP;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO job_terms (org_id, of_place, term, created_at, job_id)
        SELECT NEW.org_id, of_place, term, NEW.created_at, NEW.id
        FROM doorstep_terms(NEW.place_words, NEW.person_words)
        WHERE EXISTS (SELECT FROM job_term_marks WHERE org_id = NEW.org_id AND job_id >= NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER told_anew AFTER UPDATE ON jobs FOR EACH ROW
    WHEN ((OLD.created_at, OLD.place_words, OLD.person_words)
        IS DISTINCT FROM (NEW.created_at, NEW.place_words, NEW.person_words))
    EXECUTE FUNCTION doorstep_job_terms();
CREATE TRIGGER gone AFTER DELETE ON jobs FOR EACH ROW EXECUTE FUNCTION doorstep_job_terms();
GRANT DELETE ON job_terms TO doorstep_app;
