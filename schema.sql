CREATE TYPE public.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);

CREATE FUNCTION public.doorstep_count_capture_request() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.doorstep_count_job() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.doorstep_fold_capture_request_counts(org bigint) RETURNS void
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION public.doorstep_fold_job_counts(org bigint) RETURNS void
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION public.doorstep_job_terms() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.doorstep_org() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.org', true), '')::bigint $$;

CREATE FUNCTION public.doorstep_terms(place_words text, person_words text) RETURNS TABLE(term text, of_place boolean)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT left(word, 40), bool_or(place) FROM (
        SELECT word, true AS place FROM string_to_table(place_words, ' ') word
        UNION ALL SELECT word, false FROM string_to_table(person_words, ' ') word
    ) every WHERE word <> '' GROUP BY left(word, 40)
$$;

CREATE FUNCTION public.doorstep_words(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    SELECT ' ' || regexp_replace(
        CASE WHEN octet_length($1) = length($1) THEN lower($1)
            ELSE translate(lower($1),
                'àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżž',
                'aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzz')
        END, '[\W_]+', ' ', 'g')
$_$;

CREATE TABLE public.accesses (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    what text NOT NULL,
    job_id bigint,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT accesses_kind_check CHECK ((kind = ANY (ARRAY['read'::text, 'write'::text])))
);

ALTER TABLE ONLY public.accesses FORCE ROW LEVEL SECURITY;

CREATE TABLE public.api_answers (
    org_id bigint NOT NULL,
    client text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    body bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.api_answers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.api_clients (
    org_id bigint NOT NULL,
    client_id text NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    redirect_uris text[] DEFAULT '{}'::text[] NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY public.api_clients FORCE ROW LEVEL SECURITY;

CREATE TABLE public.api_rates (
    org_id bigint NOT NULL,
    client_id text NOT NULL,
    hits timestamp with time zone[] NOT NULL
);

ALTER TABLE ONLY public.api_rates FORCE ROW LEVEL SECURITY;

CREATE TABLE public.api_tokens (
    org_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    client_id text NOT NULL,
    kind text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    family uuid DEFAULT gen_random_uuid() NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT api_tokens_kind_check CHECK ((kind = ANY (ARRAY['access'::text, 'refresh'::text])))
);

ALTER TABLE ONLY public.api_tokens FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_links (
    org_id bigint NOT NULL,
    number bigint NOT NULL,
    entry_id uuid NOT NULL,
    hash bytea NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.audit_links FORCE ROW LEVEL SECURITY;

CREATE TABLE public.build_files (
    org_id bigint NOT NULL,
    build_id uuid NOT NULL,
    tree text NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    bytes bigint NOT NULL,
    media_type text NOT NULL,
    CONSTRAINT build_files_tree_check CHECK ((tree = ANY (ARRAY['org'::text, 'home'::text])))
);

ALTER TABLE ONLY public.build_files FORCE ROW LEVEL SECURITY;

CREATE TABLE public.build_photos (
    org_id bigint NOT NULL,
    build_id uuid NOT NULL,
    name text NOT NULL,
    photo_id uuid NOT NULL
);

ALTER TABLE ONLY public.build_photos FORCE ROW LEVEL SECURITY;

CREATE TABLE public.builds (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    stage text DEFAULT ''::text NOT NULL,
    done real DEFAULT 0 NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    failure jsonb,
    report jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    structure text DEFAULT 'house'::text NOT NULL,
    CONSTRAINT builds_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'complete'::text, 'failed'::text, 'parked'::text])))
);

ALTER TABLE ONLY public.builds FORCE ROW LEVEL SECURITY;

CREATE TABLE public.call_joins (
    org_id bigint NOT NULL,
    call_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.call_joins FORCE ROW LEVEL SECURITY;

CREATE TABLE public.call_partings (
    org_id bigint NOT NULL,
    call_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    parted_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.call_partings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.calls (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    called_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    ani text NOT NULL,
    contact text,
    vendor_call_id text,
    extra jsonb DEFAULT '{}'::jsonb NOT NULL,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    peer text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL
);

ALTER TABLE ONLY public.calls FORCE ROW LEVEL SECURITY;

CREATE TABLE public.capture_request_counts (
    org_id bigint NOT NULL,
    requesting_user_id bigint NOT NULL,
    state text NOT NULL,
    requests bigint NOT NULL
);

ALTER TABLE ONLY public.capture_request_counts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.capture_requests (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    identifier text NOT NULL,
    state text DEFAULT 'new'::text NOT NULL,
    capturing_user_name text NOT NULL,
    capturing_user_email text NOT NULL,
    capturing_user_phone text,
    capturing_user_id bigint,
    captured_user_id bigint,
    requesting_user_id bigint NOT NULL,
    signup_type text DEFAULT 'homeowner'::text NOT NULL,
    claim_number text,
    inspection_workflow_id bigint,
    requires_reconstruction_capture boolean DEFAULT true NOT NULL,
    suppress_text_messages boolean DEFAULT false NOT NULL,
    job_id bigint NOT NULL,
    lead_id uuid,
    link_version integer DEFAULT 1 NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '14 days'::interval) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    connected_at timestamp with time zone,
    completed_at timestamp with time zone,
    deleted_at timestamp with time zone,
    asked_again integer DEFAULT 0 NOT NULL,
    asked_again_at timestamp with time zone,
    capturing_user_key text GENERATED ALWAYS AS (lower(capturing_user_email)) STORED,
    language text,
    CONSTRAINT capture_requests_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text]))),
    CONSTRAINT capture_requests_signup_type_check CHECK ((signup_type = ANY (ARRAY['homeowner'::text, 'pro'::text]))),
    CONSTRAINT capture_requests_state_check CHECK ((state = ANY (ARRAY['new'::text, 'connected'::text, 'complete'::text, 'deleted'::text])))
);

ALTER TABLE ONLY public.capture_requests FORCE ROW LEVEL SECURITY;

ALTER TABLE public.capture_requests ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.capture_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.capture_sessions (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    user_agent text NOT NULL,
    skipped_spots jsonb DEFAULT '{}'::jsonb NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone
);

ALTER TABLE ONLY public.capture_sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.capturing_users (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    email text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    email_key text GENERATED ALWAYS AS (lower(email)) STORED
);

ALTER TABLE ONLY public.capturing_users FORCE ROW LEVEL SECURITY;

ALTER TABLE public.capturing_users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.capturing_users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.case_types (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    guid uuid NOT NULL,
    name text NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.case_types FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consents (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    given boolean NOT NULL,
    how text NOT NULL,
    note text NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT consents_how_check CHECK ((how = ANY (ARRAY['phone'::text, 'in_person'::text, 'writing'::text, 'message'::text, 'other'::text])))
);

ALTER TABLE ONLY public.consents FORCE ROW LEVEL SECURITY;

CREATE TABLE public.coverages (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    session_id uuid,
    fingerprint bytea NOT NULL,
    views uuid[] NOT NULL,
    skipped text[] NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    pieces integer,
    gaps jsonb DEFAULT '[]'::jsonb NOT NULL,
    loose integer DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT coverages_check CHECK (((state <> 'judged'::text) OR (pieces IS NOT NULL))),
    CONSTRAINT coverages_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'judged'::text, 'unjudged'::text])))
);

ALTER TABLE ONLY public.coverages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.deliverable_changes (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    model_id bigint NOT NULL,
    user_id bigint NOT NULL,
    old_deliverable_id integer NOT NULL,
    new_deliverable_id integer NOT NULL,
    state text DEFAULT 'complete'::text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deliverable_changes_state_check CHECK ((state = 'complete'::text))
);

ALTER TABLE ONLY public.deliverable_changes FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deliverable_changes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.deliverable_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.door_answers (
    org_id bigint NOT NULL,
    capture_request_id bigint NOT NULL,
    answer text NOT NULL,
    answered_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT door_answers_answer_check CHECK ((answer = ANY (ARRAY['tomorrow'::text, 'call'::text, 'not_mine'::text])))
);

ALTER TABLE ONLY public.door_answers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasures (
    org_id bigint NOT NULL,
    capture_request_id bigint NOT NULL,
    actor text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    files integer DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    done_at timestamp with time zone
);

ALTER TABLE ONLY public.erasures FORCE ROW LEVEL SECURITY;

CREATE TABLE public.events (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    lead_id uuid,
    capture_request_id bigint,
    job_id bigint,
    actor text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.events FORCE ROW LEVEL SECURITY;

CREATE SEQUENCE public.fences
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.former_referrers (
    org_id bigint NOT NULL,
    referrer uuid NOT NULL,
    source_id uuid NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE ONLY public.former_referrers FORCE ROW LEVEL SECURITY;

CREATE TABLE public.holds (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    wallet_id bigint NOT NULL,
    job_id bigint NOT NULL,
    deliverable_id integer NOT NULL,
    cents bigint NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT holds_cents_check CHECK ((cents > 0)),
    CONSTRAINT holds_state_check CHECK ((state = ANY (ARRAY['held'::text, 'captured'::text, 'released'::text])))
);

ALTER TABLE ONLY public.holds FORCE ROW LEVEL SECURITY;

ALTER TABLE public.holds ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.holds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.job_batches (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    verb text NOT NULL,
    user_id bigint,
    items jsonb NOT NULL,
    undone jsonb,
    undone_at timestamp with time zone,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT job_batches_verb_check CHECK ((verb = ANY (ARRAY['archive'::text, 'unarchive'::text, 'reassign'::text])))
);

ALTER TABLE ONLY public.job_batches FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_counts (
    org_id bigint NOT NULL,
    shelf text NOT NULL,
    state text NOT NULL,
    deliverable_id integer NOT NULL,
    jobs bigint NOT NULL
);

ALTER TABLE ONLY public.job_counts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_notes (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    user_id bigint NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone
);

ALTER TABLE ONLY public.job_notes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_shares (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    user_id bigint NOT NULL,
    salt uuid NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.job_shares FORCE ROW LEVEL SECURITY;

ALTER TABLE public.job_shares ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.job_shares_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.job_term_marks (
    org_id bigint NOT NULL,
    job_id bigint NOT NULL
);

ALTER TABLE ONLY public.job_term_marks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job_terms (
    org_id bigint NOT NULL,
    term text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    job_id bigint NOT NULL,
    of_place boolean DEFAULT true NOT NULL
);

ALTER TABLE ONLY public.job_terms FORCE ROW LEVEL SECURITY;

CREATE TABLE public.jobs (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    state text NOT NULL,
    name text NOT NULL,
    user_id bigint NOT NULL,
    wallet_id bigint,
    customer_name text,
    customer_email text,
    customer_phone text,
    location_line_1 text,
    location_line_2 text,
    location_city text,
    location_region text,
    location_postal_code text,
    location_country text DEFAULT 'US'::text NOT NULL,
    external_identifier text,
    deliverable_id integer NOT NULL,
    client_identifier uuid NOT NULL,
    failure jsonb,
    archived_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    test_state text,
    approved_at timestamp with time zone,
    approving_user_id bigint,
    opened_at timestamp with time zone,
    photographed_at timestamp with time zone,
    shelf text GENERATED ALWAYS AS (
CASE
    WHEN (archived_at IS NOT NULL) THEN 'archived'::text
    WHEN ((state = 'uploading'::text) AND (photographed_at IS NOT NULL)) THEN 'uploading'::text
    WHEN ((state = 'uploading'::text) AND (opened_at IS NOT NULL)) THEN 'photos_needed'::text
    WHEN (state = 'uploading'::text) THEN 'invited'::text
    WHEN (state = 'processing_upload'::text) THEN 'checking'::text
    WHEN (state = 'waiting_approval'::text) THEN 'approval'::text
    WHEN (state = ANY (ARRAY['working'::text, 'processing'::text, 'paying'::text])) THEN 'building'::text
    WHEN ((state = 'complete'::text) AND (deliverable_id = 7)) THEN 'to_order'::text
    WHEN (state = 'complete'::text) THEN 'ready'::text
    ELSE state
END) STORED,
    customer_key text GENERATED ALWAYS AS (lower(COALESCE(NULLIF(customer_name, ''::text), name))) STORED COLLATE pg_catalog."C",
    place_words text GENERATED ALWAYS AS (public.doorstep_words(((((((((name || ' '::text) || COALESCE(location_line_1, ''::text)) || ' '::text) || COALESCE(location_city, ''::text)) || ' '::text) || COALESCE(location_region, ''::text)) || ' '::text) || COALESCE(location_postal_code, ''::text)))) STORED COLLATE pg_catalog."C",
    person_words text GENERATED ALWAYS AS (public.doorstep_words((((((COALESCE(customer_name, ''::text) || ' '::text) || COALESCE(customer_email, ''::text)) || ' '::text) || COALESCE(external_identifier, ''::text)) || COALESCE((((((((' '::text || regexp_replace(customer_phone, '[^0-9]'::text, ''::text, 'g'::text)) || ' '::text) || "right"(regexp_replace(customer_phone, '[^0-9]'::text, ''::text, 'g'::text), 10)) || ' '::text) || "right"(regexp_replace(customer_phone, '[^0-9]'::text, ''::text, 'g'::text), 7)) || ' '::text) || "right"(regexp_replace(customer_phone, '[^0-9]'::text, ''::text, 'g'::text), 4)), ''::text)))) STORED COLLATE pg_catalog."C",
    CONSTRAINT jobs_test_state_check CHECK ((test_state = ANY (ARRAY['complete'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.jobs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.jobs ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.keeps (
    org_id bigint NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    kept_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT keeps_subject_check CHECK ((subject ~ '^(job:[0-9]+|lead:[0-9a-f-]{36})$'::text))
);

ALTER TABLE ONLY public.keeps FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_costs (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    cents bigint NOT NULL,
    CONSTRAINT lead_costs_cents_check CHECK ((cents >= 0))
);

ALTER TABLE ONLY public.lead_costs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_dispositions (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    number integer NOT NULL,
    disposition text,
    reason text,
    note text,
    withdraws integer,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lead_dispositions_check CHECK (((disposition IS NOT NULL) OR (withdraws IS NOT NULL))),
    CONSTRAINT lead_dispositions_disposition_check CHECK ((disposition = ANY (ARRAY['contacted'::text, 'qualified'::text, 'signed'::text, 'rejected'::text, 'duplicate'::text, 'returned'::text]))),
    CONSTRAINT lead_dispositions_number_check CHECK ((number > 0))
);

ALTER TABLE ONLY public.lead_dispositions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_keys (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    key bytea NOT NULL,
    lead_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.lead_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_marks (
    org_id bigint NOT NULL,
    mark bytea NOT NULL,
    lead_id uuid NOT NULL
);

ALTER TABLE ONLY public.lead_marks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_merges (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    into_id uuid NOT NULL,
    actor text NOT NULL,
    merged_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lead_merges_check CHECK ((into_id <> lead_id))
);

ALTER TABLE ONLY public.lead_merges FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_pairs (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    other_id uuid NOT NULL,
    parted_by text,
    parted_at timestamp with time zone,
    CONSTRAINT lead_pairs_check CHECK ((other_id <> lead_id)),
    CONSTRAINT lead_pairs_check1 CHECK (((parted_by IS NULL) = (parted_at IS NULL)))
);

ALTER TABLE ONLY public.lead_pairs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_posts (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    source_id uuid,
    peer text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    outcome text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    lead_id uuid
);

ALTER TABLE ONLY public.lead_posts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_term_marks (
    org_id bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    lead_id uuid NOT NULL
);

ALTER TABLE ONLY public.lead_term_marks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lead_terms (
    org_id bigint NOT NULL,
    term text NOT NULL COLLATE pg_catalog."C",
    lead_id uuid NOT NULL
);

ALTER TABLE ONLY public.lead_terms FORCE ROW LEVEL SECURITY;

CREATE TABLE public.leads (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    post_id uuid NOT NULL,
    source_id uuid NOT NULL,
    case_type_id uuid,
    vendor_lead_id text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    primary_phone text,
    secondary_phone text,
    email text,
    address text,
    city text,
    region text,
    postal_code text,
    county text,
    best_time text,
    details text,
    keyword text,
    referring_keyword text,
    conversion text,
    tracking text,
    extra jsonb DEFAULT '{}'::jsonb NOT NULL,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    contacts text[] DEFAULT '{}'::text[] NOT NULL,
    erased_at timestamp with time zone
);

ALTER TABLE ONLY public.leads FORCE ROW LEVEL SECURITY;

CREATE TABLE public.mail_stops (
    org_id bigint NOT NULL,
    address_key text NOT NULL,
    message_id uuid NOT NULL,
    stopped_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.mail_stops FORCE ROW LEVEL SECURITY;

CREATE TABLE public.measure_ends (
    org_id bigint NOT NULL,
    measure_id uuid NOT NULL,
    photo_id uuid NOT NULL,
    ax double precision NOT NULL,
    ay double precision NOT NULL,
    bx double precision NOT NULL,
    by double precision NOT NULL
);

ALTER TABLE ONLY public.measure_ends FORCE ROW LEVEL SECURITY;

CREATE TABLE public.measures (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    kind text NOT NULL,
    metres double precision NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT measures_kind_check CHECK ((kind = ANY (ARRAY['front_door'::text, 'garage_door'::text, 'window'::text, 'wall'::text]))),
    CONSTRAINT measures_metres_check CHECK ((metres > (0)::double precision))
);

ALTER TABLE ONLY public.measures FORCE ROW LEVEL SECURITY;

CREATE TABLE public.mended_calls (
    org_id bigint NOT NULL,
    refused_call_id uuid NOT NULL,
    call_id uuid NOT NULL,
    actor text NOT NULL,
    mended_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.mended_calls FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_attempts (
    org_id bigint NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    outcome text NOT NULL,
    answer text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY public.message_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_days (
    org_id bigint NOT NULL,
    channel text NOT NULL,
    day date NOT NULL,
    messages integer NOT NULL,
    CONSTRAINT message_days_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
);

ALTER TABLE ONLY public.message_days FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_rules (
    org_id bigint NOT NULL,
    remind_days smallint[] DEFAULT '{2,7}'::smallint[] NOT NULL,
    from_hour smallint DEFAULT 8 NOT NULL,
    until_hour smallint DEFAULT 21 NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_rules_check CHECK ((from_hour < until_hour)),
    CONSTRAINT message_rules_from_hour_check CHECK (((from_hour >= 0) AND (from_hour <= 23))),
    CONSTRAINT message_rules_remind_days_check CHECK ((cardinality(remind_days) <= 3)),
    CONSTRAINT message_rules_until_hour_check CHECK (((until_hour >= 1) AND (until_hour <= 24)))
);

ALTER TABLE ONLY public.message_rules FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_texts (
    org_id bigint NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    sms text NOT NULL,
    actor text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT message_texts_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text])))
);

ALTER TABLE ONLY public.message_texts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.messages (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    subject_ref text,
    to_name text NOT NULL,
    to_address text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    text_body text NOT NULL,
    html_body text DEFAULT ''::text NOT NULL,
    link_ref text,
    message_id text NOT NULL,
    state text NOT NULL,
    problem text,
    provider_id text,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    reply_to text,
    next_at timestamp with time zone,
    cancel_asked_at timestamp with time zone,
    to_address_key text GENERATED ALWAYS AS (lower(to_address)) STORED,
    bounced_at timestamp with time zone,
    zones text[],
    goes_until timestamp with time zone,
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT messages_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'unknown'::text, 'unsendable'::text, 'cancelled'::text, 'shown'::text])))
);

ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.models (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    state text DEFAULT 'uploading'::text NOT NULL,
    build_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name text,
    failure jsonb
);

ALTER TABLE ONLY public.models FORCE ROW LEVEL SECURITY;

ALTER TABLE public.models ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.models_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth_codes (
    org_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    client_id text NOT NULL,
    family uuid NOT NULL,
    user_id bigint NOT NULL,
    redirect_uri text NOT NULL,
    challenge text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY public.oauth_codes FORCE ROW LEVEL SECURITY;

CREATE TABLE public.orgs (
    id bigint NOT NULL,
    name text NOT NULL,
    customer_display_name text NOT NULL,
    captorra_id text NOT NULL,
    time_zone text DEFAULT 'America/New_York'::text NOT NULL,
    external_identifier_label text DEFAULT 'Lead Number'::text NOT NULL,
    external_identifier_required boolean DEFAULT false NOT NULL,
    default_deliverable_id integer DEFAULT 3 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    open_identifier_links boolean DEFAULT false NOT NULL,
    texts_need_consent boolean DEFAULT true NOT NULL,
    require_job_approval boolean DEFAULT false NOT NULL,
    default_role text DEFAULT 'member'::text NOT NULL,
    ordering_email text,
    siding_waste_percent integer,
    roofing_waste_percent integer,
    names_requester boolean DEFAULT false NOT NULL,
    invites_by_email boolean DEFAULT true NOT NULL,
    invites_by_text boolean DEFAULT true NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    colour text,
    logo text,
    privacy_url text,
    terms_url text,
    support_phone text,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT orgs_colour_check CHECK ((colour ~ '^[0-9a-f]{6}$'::text)),
    CONSTRAINT orgs_default_role_check CHECK ((default_role = ANY (ARRAY['admin'::text, 'manager'::text, 'member'::text, 'approver'::text]))),
    CONSTRAINT orgs_logo_check CHECK ((logo ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT orgs_roofing_waste_percent_check CHECK (((roofing_waste_percent >= 0) AND (roofing_waste_percent <= 100))),
    CONSTRAINT orgs_siding_waste_percent_check CHECK (((siding_waste_percent >= 0) AND (siding_waste_percent <= 100)))
);

ALTER TABLE ONLY public.orgs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.orgs ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.orgs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.partner_link_openings (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    link_id uuid NOT NULL,
    device text,
    browser text,
    network text NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.partner_link_openings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.partner_links (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    name text NOT NULL,
    recipient text NOT NULL,
    note text NOT NULL,
    shows text[] NOT NULL,
    actor text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.partner_links FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
);

CREATE SEQUENCE public.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_id_seq OWNED BY public.pgqueuer.id;

CREATE TABLE public.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status public.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

ALTER TABLE public.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status public.pgqueuer_status DEFAULT 'queued'::public.pgqueuer_status
);

CREATE SEQUENCE public.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_schedules_id_seq OWNED BY public.pgqueuer_schedules.id;

CREATE TABLE public.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status public.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE SEQUENCE public.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.pgqueuer_statistics_id_seq OWNED BY public.pgqueuer_statistics.id;

CREATE TABLE public.photos (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    capture_request_id bigint,
    session_id uuid,
    kind text NOT NULL,
    spot text,
    sequence integer DEFAULT 0 NOT NULL,
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    media_type text NOT NULL,
    width integer,
    height integer,
    original_key text NOT NULL,
    display_key text,
    thumbnail_key text,
    state text DEFAULT 'stored'::text NOT NULL,
    problem text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    hints text[] DEFAULT '{}'::text[] NOT NULL,
    number bigint NOT NULL,
    details_key text,
    structure text DEFAULT 'house'::text NOT NULL,
    scrubbed_at timestamp with time zone,
    CONSTRAINT photos_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'video'::text, 'frame'::text]))),
    CONSTRAINT photos_state_check CHECK ((state = ANY (ARRAY['stored'::text, 'ready'::text, 'rejected'::text])))
);

ALTER TABLE ONLY public.photos FORCE ROW LEVEL SECURITY;

ALTER TABLE public.photos ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.photos_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.place_checks (
    org_id bigint NOT NULL,
    session_id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    answer text NOT NULL,
    metres integer,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT place_checks_answer_check CHECK ((answer = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT place_checks_metres_check CHECK ((metres >= 0))
);

ALTER TABLE ONLY public.place_checks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.places (
    org_id bigint NOT NULL,
    job_id bigint NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    actor text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT places_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT places_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

ALTER TABLE ONLY public.places FORCE ROW LEVEL SECURITY;

CREATE TABLE public.postbacks (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    endpoint_id bigint NOT NULL,
    events text[] NOT NULL,
    template text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY public.postbacks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prices (
    org_id bigint NOT NULL,
    deliverable_id integer NOT NULL,
    cents bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT prices_cents_check CHECK ((cents > 0))
);

ALTER TABLE ONLY public.prices FORCE ROW LEVEL SECURITY;

CREATE TABLE public.recipient_messages (
    message_id uuid NOT NULL,
    address_hash bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.refused_calls (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    peer text NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    outcome text NOT NULL,
    error text NOT NULL
);

ALTER TABLE ONLY public.refused_calls FORCE ROW LEVEL SECURITY;

CREATE TABLE public.releases (
    org_id bigint NOT NULL,
    post_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    released_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.releases FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reminders (
    org_id bigint NOT NULL,
    capture_request_id bigint NOT NULL,
    kind text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'scheduled'::text NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT reminders_kind_check CHECK ((kind ~ '^([0-9]{1,2}_days|tomorrow)$'::text)),
    CONSTRAINT reminders_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'sent'::text, 'skipped_late'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.reminders FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reopenings (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    spots text[] NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reopenings_spots_check CHECK ((cardinality(spots) > 0))
);

ALTER TABLE ONLY public.reopenings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.retentions (
    org_id bigint NOT NULL,
    photos_days integer,
    leads_days integer,
    messages_days integer,
    deliveries_days integer,
    sessions_days integer,
    version integer DEFAULT 1 NOT NULL,
    enabled_at timestamp with time zone,
    swept_at timestamp with time zone,
    actor text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT retentions_deliveries_days_check CHECK (((deliveries_days >= 7) AND (deliveries_days <= 36500))),
    CONSTRAINT retentions_leads_days_check CHECK (((leads_days >= 30) AND (leads_days <= 36500))),
    CONSTRAINT retentions_messages_days_check CHECK (((messages_days >= 30) AND (messages_days <= 36500))),
    CONSTRAINT retentions_photos_days_check CHECK (((photos_days >= 30) AND (photos_days <= 36500))),
    CONSTRAINT retentions_sessions_days_check CHECK (((sessions_days >= 30) AND (sessions_days <= 36500)))
);

ALTER TABLE ONLY public.retentions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rule_acts (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    state text NOT NULL,
    reason text,
    due_at timestamp with time zone NOT NULL,
    actor text,
    settled_at timestamp with time zone,
    capture_request_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rule_acts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'asked'::text, 'undone'::text, 'skipped'::text])))
);

ALTER TABLE ONLY public.rule_acts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rules (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    source_id uuid,
    case_type_id uuid,
    delay_minutes integer NOT NULL,
    requesting_user_id bigint NOT NULL,
    tried_at timestamp with time zone,
    enabled_at timestamp with time zone,
    removed_at timestamp with time zone,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rules_check CHECK (((enabled_at IS NULL) OR ((tried_at IS NOT NULL) AND (removed_at IS NULL)))),
    CONSTRAINT rules_delay_minutes_check CHECK (((delay_minutes >= 0) AND (delay_minutes <= 1440)))
);

ALTER TABLE ONLY public.rules FORCE ROW LEVEL SECURITY;

CREATE TABLE public.saved_views (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    shared boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.saved_views FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sessions (
    org_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sign_in_links (
    org_id bigint NOT NULL,
    secret_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY public.sign_in_links FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sms_replies (
    id text NOT NULL,
    "position" bigint NOT NULL,
    number text NOT NULL,
    word text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sms_replies_word_check CHECK ((word = ANY (ARRAY['stop'::text, 'start'::text, 'help'::text])))
);

ALTER TABLE public.sms_replies ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sms_replies_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.source_alerts (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    source_id uuid NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    began_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT source_alerts_kind_check CHECK ((kind = ANY (ARRAY['refusing'::text, 'silent'::text])))
);

ALTER TABLE ONLY public.source_alerts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.source_costs (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    month date NOT NULL,
    cents bigint NOT NULL,
    CONSTRAINT source_costs_cents_check CHECK ((cents >= 0)),
    CONSTRAINT source_costs_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

ALTER TABLE ONLY public.source_costs FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sources (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    referrer uuid NOT NULL,
    success_key text DEFAULT 'IntakeID'::text NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    statuses boolean DEFAULT false NOT NULL,
    repeat_window interval,
    testing boolean DEFAULT false NOT NULL,
    strict boolean DEFAULT false NOT NULL,
    networks cidr[] DEFAULT '{}'::cidr[] NOT NULL,
    signature_salt bytea,
    posts_per_second_max integer DEFAULT 200 NOT NULL,
    CONSTRAINT sources_posts_per_second_max_check CHECK ((posts_per_second_max > 0)),
    CONSTRAINT sources_success_key_check CHECK ((success_key = ANY (ARRAY['IntakeID'::text, 'IntakeId'::text, 'both'::text])))
);

ALTER TABLE ONLY public.sources FORCE ROW LEVEL SECURITY;

CREATE TABLE public.told_events (
    org_id bigint NOT NULL,
    event_id uuid NOT NULL,
    told_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.told_events FORCE ROW LEVEL SECURITY;

CREATE TABLE public.upkeep (
    name text NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.upload_pieces (
    org_id bigint NOT NULL,
    upload_id uuid NOT NULL,
    start bigint NOT NULL,
    length bigint NOT NULL,
    key text NOT NULL
);

ALTER TABLE ONLY public.upload_pieces FORCE ROW LEVEL SECURITY;

CREATE TABLE public.uploads (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    capture_request_id bigint NOT NULL,
    session_id uuid NOT NULL,
    kind text NOT NULL,
    spot text,
    filename text DEFAULT ''::text NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    length bigint NOT NULL,
    received bigint DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    problem text,
    photo_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    claim bytea,
    structure text DEFAULT 'house'::text NOT NULL,
    CONSTRAINT uploads_check CHECK (((received >= 0) AND (received <= length))),
    CONSTRAINT uploads_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'video'::text]))),
    CONSTRAINT uploads_length_check CHECK ((length > 0)),
    CONSTRAINT uploads_state_check CHECK ((state = ANY (ARRAY['open'::text, 'stored'::text, 'rejected'::text, 'terminated'::text])))
);

ALTER TABLE ONLY public.uploads FORCE ROW LEVEL SECURITY;

CREATE TABLE public.users (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    password_hash text,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    require_job_approval boolean DEFAULT false NOT NULL,
    invited_at timestamp with time zone,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'manager'::text, 'member'::text, 'approver'::text])))
);

ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.vendor_pages (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    name text,
    made_at timestamp with time zone,
    made_by text,
    shows_status boolean DEFAULT false NOT NULL,
    hidden_case_types uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    words jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY public.vendor_pages FORCE ROW LEVEL SECURITY;

CREATE TABLE public.wallet_entries (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    wallet_id bigint NOT NULL,
    kind text NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    cents bigint NOT NULL,
    hold_id bigint,
    note text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT wallet_entries_cents_check CHECK ((cents > 0)),
    CONSTRAINT wallet_entries_check CHECK (((((((kind = 'added'::text) AND (debit = 'outside'::text) AND (credit = 'available'::text)) OR ((kind = 'taken'::text) AND (debit = 'available'::text) AND (credit = 'outside'::text))) OR ((kind = 'held'::text) AND (debit = 'available'::text) AND (credit = 'held'::text))) OR ((kind = 'captured'::text) AND (debit = 'held'::text) AND (credit = 'charged'::text))) OR ((kind = 'released'::text) AND (debit = 'held'::text) AND (credit = 'available'::text)))),
    CONSTRAINT wallet_entries_check1 CHECK (((hold_id IS NULL) = (kind = ANY (ARRAY['added'::text, 'taken'::text]))))
);

ALTER TABLE ONLY public.wallet_entries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.wallets (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    available_cents bigint DEFAULT 0 NOT NULL,
    held_cents bigint DEFAULT 0 NOT NULL,
    CONSTRAINT wallets_available_cents_check CHECK ((available_cents >= 0)),
    CONSTRAINT wallets_held_cents_check CHECK ((held_cents >= 0))
);

ALTER TABLE ONLY public.wallets FORCE ROW LEVEL SECURITY;

ALTER TABLE public.wallets ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wallets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webhook_attempts (
    org_id bigint NOT NULL,
    delivery_id uuid NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    request_headers jsonb NOT NULL,
    status integer,
    answer text DEFAULT ''::text NOT NULL,
    problem text,
    milliseconds integer NOT NULL
);

ALTER TABLE ONLY public.webhook_attempts FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_deliveries (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    endpoint_id bigint NOT NULL,
    event_id uuid NOT NULL,
    event_name text NOT NULL,
    body bytea NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    round_from integer DEFAULT 0 NOT NULL,
    problem text,
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.webhook_deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_endpoints (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    url text NOT NULL,
    secret_sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    failing_since timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    last_error text,
    disabled_at timestamp with time zone,
    disabled_because text,
    warned_at timestamp with time zone,
    paused_until timestamp with time zone,
    previous_sealed bytea,
    previous_until timestamp with time zone,
    dialect text DEFAULT 'standard'::text NOT NULL,
    verified_at timestamp with time zone,
    code_hash bytea,
    CONSTRAINT webhook_endpoints_dialect_check CHECK ((dialect = ANY (ARRAY['standard'::text, 'wire'::text, 'undecided'::text, 'vendor'::text])))
);

ALTER TABLE ONLY public.webhook_endpoints FORCE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoints ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.webhook_endpoints_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.pgqueuer ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_id_seq'::regclass);

ALTER TABLE ONLY public.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_schedules_id_seq'::regclass);

ALTER TABLE ONLY public.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('public.pgqueuer_statistics_id_seq'::regclass);

ALTER TABLE ONLY public.accesses
    ADD CONSTRAINT accesses_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.api_answers
    ADD CONSTRAINT api_answers_pkey PRIMARY KEY (org_id, client, route, key);

ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_client_id_key UNIQUE (client_id);

ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_pkey PRIMARY KEY (org_id, client_id);

ALTER TABLE ONLY public.api_rates
    ADD CONSTRAINT api_rates_pkey PRIMARY KEY (org_id, client_id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (org_id, secret_hash);

ALTER TABLE ONLY public.audit_links
    ADD CONSTRAINT audit_links_org_id_entry_id_key UNIQUE (org_id, entry_id);

ALTER TABLE ONLY public.audit_links
    ADD CONSTRAINT audit_links_pkey PRIMARY KEY (org_id, number);

ALTER TABLE ONLY public.build_files
    ADD CONSTRAINT build_files_pkey PRIMARY KEY (org_id, build_id, tree, name);

ALTER TABLE ONLY public.build_photos
    ADD CONSTRAINT build_photos_pkey PRIMARY KEY (org_id, build_id, name);

ALTER TABLE ONLY public.builds
    ADD CONSTRAINT builds_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.call_joins
    ADD CONSTRAINT call_joins_pkey PRIMARY KEY (org_id, call_id);

ALTER TABLE ONLY public.call_partings
    ADD CONSTRAINT call_partings_pkey PRIMARY KEY (org_id, call_id, lead_id);

ALTER TABLE ONLY public.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_id_key UNIQUE (id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_identifier_key UNIQUE (identifier);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.capture_sessions
    ADD CONSTRAINT capture_sessions_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.capturing_users
    ADD CONSTRAINT capturing_users_id_key UNIQUE (id);

ALTER TABLE ONLY public.capturing_users
    ADD CONSTRAINT capturing_users_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.case_types
    ADD CONSTRAINT case_types_org_id_guid_key UNIQUE (org_id, guid);

ALTER TABLE ONLY public.case_types
    ADD CONSTRAINT case_types_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.coverages
    ADD CONSTRAINT coverages_org_id_capture_request_id_fingerprint_key UNIQUE (org_id, capture_request_id, fingerprint);

ALTER TABLE ONLY public.coverages
    ADD CONSTRAINT coverages_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.deliverable_changes
    ADD CONSTRAINT deliverable_changes_id_key UNIQUE (id);

ALTER TABLE ONLY public.deliverable_changes
    ADD CONSTRAINT deliverable_changes_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.door_answers
    ADD CONSTRAINT door_answers_pkey PRIMARY KEY (org_id, capture_request_id, answer);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (org_id, capture_request_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.former_referrers
    ADD CONSTRAINT former_referrers_pkey PRIMARY KEY (org_id, referrer);

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_id_key UNIQUE (id);

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.job_batches
    ADD CONSTRAINT job_batches_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.job_notes
    ADD CONSTRAINT job_notes_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.job_shares
    ADD CONSTRAINT job_shares_id_key UNIQUE (id);

ALTER TABLE ONLY public.job_shares
    ADD CONSTRAINT job_shares_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.job_term_marks
    ADD CONSTRAINT job_term_marks_pkey PRIMARY KEY (org_id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_id_key UNIQUE (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.keeps
    ADD CONSTRAINT keeps_pkey PRIMARY KEY (org_id, subject);

ALTER TABLE ONLY public.lead_costs
    ADD CONSTRAINT lead_costs_pkey PRIMARY KEY (org_id, lead_id);

ALTER TABLE ONLY public.lead_dispositions
    ADD CONSTRAINT lead_dispositions_org_id_lead_id_number_key UNIQUE (org_id, lead_id, number);

ALTER TABLE ONLY public.lead_dispositions
    ADD CONSTRAINT lead_dispositions_org_id_lead_id_withdraws_key UNIQUE (org_id, lead_id, withdraws);

ALTER TABLE ONLY public.lead_dispositions
    ADD CONSTRAINT lead_dispositions_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.lead_keys
    ADD CONSTRAINT lead_keys_pkey PRIMARY KEY (org_id, source_id, key);

ALTER TABLE ONLY public.lead_marks
    ADD CONSTRAINT lead_marks_pkey PRIMARY KEY (org_id, mark, lead_id);

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_pkey PRIMARY KEY (org_id, lead_id);

ALTER TABLE ONLY public.lead_pairs
    ADD CONSTRAINT lead_pairs_pkey PRIMARY KEY (org_id, lead_id, other_id);

ALTER TABLE ONLY public.lead_posts
    ADD CONSTRAINT lead_posts_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.lead_term_marks
    ADD CONSTRAINT lead_term_marks_pkey PRIMARY KEY (org_id);

ALTER TABLE ONLY public.leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.mail_stops
    ADD CONSTRAINT mail_stops_pkey PRIMARY KEY (org_id, address_key);

ALTER TABLE ONLY public.measure_ends
    ADD CONSTRAINT measure_ends_pkey PRIMARY KEY (org_id, measure_id, photo_id);

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.mended_calls
    ADD CONSTRAINT mended_calls_pkey PRIMARY KEY (org_id, refused_call_id);

ALTER TABLE ONLY public.message_attempts
    ADD CONSTRAINT message_attempts_pkey PRIMARY KEY (org_id, message_id, number);

ALTER TABLE ONLY public.message_days
    ADD CONSTRAINT message_days_pkey PRIMARY KEY (org_id, channel, day);

ALTER TABLE ONLY public.message_rules
    ADD CONSTRAINT message_rules_pkey PRIMARY KEY (org_id);

ALTER TABLE ONLY public.message_texts
    ADD CONSTRAINT message_texts_pkey PRIMARY KEY (org_id, kind, language);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_id_key UNIQUE (id);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.oauth_codes
    ADD CONSTRAINT oauth_codes_pkey PRIMARY KEY (org_id, secret_hash);

ALTER TABLE ONLY public.orgs
    ADD CONSTRAINT orgs_captorra_id_key UNIQUE (captorra_id);

ALTER TABLE ONLY public.orgs
    ADD CONSTRAINT orgs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.partner_link_openings
    ADD CONSTRAINT partner_link_openings_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.partner_links
    ADD CONSTRAINT partner_links_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);

ALTER TABLE ONLY public.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.photos
    ADD CONSTRAINT photos_org_id_job_id_sha256_key UNIQUE (org_id, job_id, sha256);

ALTER TABLE ONLY public.photos
    ADD CONSTRAINT photos_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.place_checks
    ADD CONSTRAINT place_checks_pkey PRIMARY KEY (org_id, session_id);

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (org_id, job_id);

ALTER TABLE ONLY public.postbacks
    ADD CONSTRAINT postbacks_org_id_endpoint_id_key UNIQUE (org_id, endpoint_id);

ALTER TABLE ONLY public.postbacks
    ADD CONSTRAINT postbacks_pkey PRIMARY KEY (org_id, source_id);

ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (org_id, deliverable_id);

ALTER TABLE ONLY public.recipient_messages
    ADD CONSTRAINT recipient_messages_pkey PRIMARY KEY (message_id);

ALTER TABLE ONLY public.refused_calls
    ADD CONSTRAINT refused_calls_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.releases
    ADD CONSTRAINT releases_pkey PRIMARY KEY (org_id, post_id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_pkey PRIMARY KEY (org_id, capture_request_id, kind);

ALTER TABLE ONLY public.reopenings
    ADD CONSTRAINT reopenings_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.retentions
    ADD CONSTRAINT retentions_pkey PRIMARY KEY (org_id);

ALTER TABLE ONLY public.rule_acts
    ADD CONSTRAINT rule_acts_pkey PRIMARY KEY (org_id, lead_id);

ALTER TABLE ONLY public.rules
    ADD CONSTRAINT rules_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (org_id, secret_hash);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (org_id, secret_hash);

ALTER TABLE ONLY public.sms_replies
    ADD CONSTRAINT sms_replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.source_alerts
    ADD CONSTRAINT source_alerts_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.source_costs
    ADD CONSTRAINT source_costs_pkey PRIMARY KEY (org_id, source_id, month);

ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_org_id_referrer_key UNIQUE (org_id, referrer);

ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.told_events
    ADD CONSTRAINT told_events_pkey PRIMARY KEY (org_id, event_id);

ALTER TABLE ONLY public.upkeep
    ADD CONSTRAINT upkeep_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.upload_pieces
    ADD CONSTRAINT upload_pieces_pkey PRIMARY KEY (org_id, upload_id, start);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_id_key UNIQUE (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.vendor_pages
    ADD CONSTRAINT vendor_pages_name_key UNIQUE (name);

ALTER TABLE ONLY public.vendor_pages
    ADD CONSTRAINT vendor_pages_pkey PRIMARY KEY (org_id, source_id);

ALTER TABLE ONLY public.wallet_entries
    ADD CONSTRAINT wallet_entries_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.wallets
    ADD CONSTRAINT wallets_id_key UNIQUE (id);

ALTER TABLE ONLY public.wallets
    ADD CONSTRAINT wallets_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (org_id, delivery_id, number);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_org_id_endpoint_id_event_id_key UNIQUE (org_id, endpoint_id, event_id);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (org_id, id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_id_key UNIQUE (id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (org_id, id);

CREATE INDEX api_answers_age ON public.api_answers USING btree (org_id, created_at);

CREATE INDEX api_tokens_family ON public.api_tokens USING btree (org_id, family);

CREATE UNIQUE INDEX api_tokens_secret ON public.api_tokens USING btree (secret_hash);

CREATE INDEX build_photos_photo ON public.build_photos USING btree (org_id, photo_id);

CREATE INDEX builds_job ON public.builds USING btree (org_id, job_id, id DESC);

CREATE INDEX call_joins_lead ON public.call_joins USING btree (org_id, lead_id);

CREATE INDEX calls_contact ON public.calls USING btree (org_id, contact) WHERE (contact IS NOT NULL);

CREATE INDEX calls_newest ON public.calls USING btree (org_id, called_at DESC, id DESC);

CREATE UNIQUE INDEX calls_vendor_call_id ON public.calls USING btree (org_id, vendor_call_id, ani) WHERE (vendor_call_id IS NOT NULL);

CREATE INDEX capture_request_counts_user ON public.capture_request_counts USING btree (org_id, requesting_user_id);

CREATE UNIQUE INDEX capture_requests_job ON public.capture_requests USING btree (org_id, job_id);

CREATE INDEX capture_requests_lead ON public.capture_requests USING btree (org_id, lead_id) WHERE (lead_id IS NOT NULL);

CREATE INDEX capture_requests_newest ON public.capture_requests USING btree (org_id, id DESC) WHERE (state <> 'deleted'::text);

CREATE INDEX capture_requests_of_state ON public.capture_requests USING btree (org_id, state, id);

CREATE INDEX capture_requests_of_user ON public.capture_requests USING btree (org_id, requesting_user_id, id DESC) WHERE (state <> 'deleted'::text);

CREATE INDEX capture_requests_of_user_state ON public.capture_requests USING btree (org_id, requesting_user_id, state, id);

CREATE INDEX capture_requests_person ON public.capture_requests USING btree (org_id, capturing_user_key, id DESC) WHERE (state = ANY (ARRAY['new'::text, 'connected'::text]));

CREATE INDEX capture_sessions_request ON public.capture_sessions USING btree (org_id, capture_request_id);

CREATE UNIQUE INDEX capture_sessions_secret ON public.capture_sessions USING btree (secret_hash);

CREATE UNIQUE INDEX capturing_users_email ON public.capturing_users USING btree (org_id, lower(email));

CREATE INDEX capturing_users_key ON public.capturing_users USING btree (org_id, email_key);

CREATE INDEX consents_lead ON public.consents USING btree (org_id, lead_id, id DESC);

CREATE INDEX deliverable_changes_job ON public.deliverable_changes USING btree (org_id, job_id, id DESC);

CREATE INDEX events_asked ON public.events USING btree (org_id, lead_id, occurred_at) WHERE ((name = 'capture_request.created'::text) AND (lead_id IS NOT NULL));

CREATE INDEX events_job ON public.events USING btree (org_id, job_id, id) WHERE (job_id IS NOT NULL);

CREATE INDEX events_lead ON public.events USING btree (org_id, lead_id, id) WHERE (lead_id IS NOT NULL);

CREATE INDEX former_referrers_referrer ON public.former_referrers USING btree (referrer);

CREATE INDEX former_referrers_source ON public.former_referrers USING btree (org_id, source_id, replaced_at DESC);

CREATE UNIQUE INDEX holds_once ON public.holds USING btree (org_id, job_id, deliverable_id) WHERE (state <> 'released'::text);

CREATE INDEX job_counts_org ON public.job_counts USING btree (org_id);

CREATE INDEX job_notes_job ON public.job_notes USING btree (org_id, job_id, id);

CREATE INDEX job_shares_job ON public.job_shares USING btree (org_id, job_id, id DESC);

CREATE UNIQUE INDEX job_shares_token ON public.job_shares USING btree (token_hash);

CREATE INDEX job_terms_term ON public.job_terms USING btree (org_id, of_place, term, created_at, job_id);

CREATE INDEX jobs_client ON public.jobs USING btree (org_id, client_identifier);

CREATE INDEX jobs_kind_created ON public.jobs USING btree (org_id, shelf, deliverable_id, created_at, id);

CREATE INDEX jobs_shelf ON public.jobs USING btree (org_id, shelf, id);

CREATE INDEX jobs_shelf_changed ON public.jobs USING btree (org_id, shelf, updated_at, id);

CREATE INDEX jobs_shelf_completed ON public.jobs USING btree (org_id, shelf, completed_at, id);

CREATE INDEX jobs_shelf_customer ON public.jobs USING btree (org_id, shelf, customer_key, id);

CREATE INDEX jobs_shelf_member ON public.jobs USING btree (org_id, user_id, shelf, id);

CREATE INDEX lead_merges_into ON public.lead_merges USING btree (org_id, into_id);

CREATE INDEX lead_posts_refused ON public.lead_posts USING btree (org_id, id DESC) WHERE (outcome <> ALL (ARRAY['accepted'::text, 'repeated'::text]));

CREATE INDEX lead_posts_source ON public.lead_posts USING btree (org_id, source_id, received_at DESC, id DESC) INCLUDE (outcome) WHERE (source_id IS NOT NULL);

CREATE INDEX lead_terms_term ON public.lead_terms USING btree (org_id, term);

CREATE INDEX leads_newest ON public.leads USING btree (org_id, received_at DESC, id DESC);

CREATE INDEX measures_job ON public.measures USING btree (org_id, job_id, id);

CREATE INDEX messages_address ON public.messages USING btree (org_id, to_address_key, id DESC);

CREATE INDEX messages_by_hand ON public.messages USING btree (org_id, id DESC) WHERE (state = ANY (ARRAY['shown'::text, 'unknown'::text, 'failed'::text, 'unsendable'::text]));

CREATE INDEX messages_newest ON public.messages USING btree (org_id, id DESC);

CREATE INDEX messages_number ON public.messages USING btree (to_address_key, id DESC) WHERE (channel = 'sms'::text);

CREATE UNIQUE INDEX messages_provider ON public.messages USING btree (provider_id) WHERE (provider_id IS NOT NULL);

CREATE INDEX messages_rejected ON public.messages USING btree (org_id, to_address_key, id) WHERE (problem = ANY (ARRAY['recipient_rejected'::text, 'bounced'::text, 'complained'::text]));

CREATE INDEX messages_subject ON public.messages USING btree (org_id, subject_ref) WHERE (subject_ref IS NOT NULL);

CREATE INDEX models_job ON public.models USING btree (org_id, job_id);

CREATE INDEX partner_link_openings_link ON public.partner_link_openings USING btree (org_id, link_id, id DESC);

CREATE INDEX partner_links_job ON public.partner_links USING btree (org_id, job_id, id DESC);

CREATE UNIQUE INDEX partner_links_name ON public.partner_links USING btree (name);

CREATE INDEX pgqueuer_ep_ea_idx ON public.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::public.pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON public.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::public.pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON public.pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON public.pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON public.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON public.pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON public.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::public.pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON public.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::public.pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON public.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::public.pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON public.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON public.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON public.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::public.pgqueuer_status, 'picked'::public.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON public.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::public.pgqueuer_status);

CREATE INDEX photos_job ON public.photos USING btree (org_id, job_id, sequence, id);

CREATE UNIQUE INDEX photos_number ON public.photos USING btree (org_id, number);

CREATE INDEX photos_scrub ON public.photos USING btree (org_id, scrubbed_at NULLS FIRST, id);

CREATE INDEX place_checks_request ON public.place_checks USING btree (org_id, capture_request_id);

CREATE INDEX recipient_messages_address ON public.recipient_messages USING btree (address_hash, at);

CREATE INDEX recipient_messages_at ON public.recipient_messages USING btree (at);

CREATE INDEX reopenings_request ON public.reopenings USING btree (org_id, capture_request_id, id DESC);

CREATE INDEX rule_acts_newest ON public.rule_acts USING btree (org_id, created_at DESC, lead_id DESC);

CREATE UNIQUE INDEX sessions_secret ON public.sessions USING btree (secret_hash);

CREATE UNIQUE INDEX sign_in_links_secret ON public.sign_in_links USING btree (secret_hash);

CREATE INDEX sms_replies_number ON public.sms_replies USING btree (number, "position" DESC);

CREATE UNIQUE INDEX source_alerts_open ON public.source_alerts USING btree (org_id, source_id, kind) WHERE (ended_at IS NULL);

CREATE INDEX source_alerts_source ON public.source_alerts USING btree (org_id, source_id, id DESC);

CREATE INDEX sources_referrer ON public.sources USING btree (referrer);

CREATE INDEX uploads_claim ON public.uploads USING btree (org_id, session_id, claim) WHERE (state = 'open'::text);

CREATE INDEX uploads_request ON public.uploads USING btree (org_id, capture_request_id);

CREATE UNIQUE INDEX users_email ON public.users USING btree (org_id, lower(email));

CREATE INDEX users_sign_in ON public.users USING btree (lower(email));

CREATE UNIQUE INDEX wallet_entries_once ON public.wallet_entries USING btree (org_id, hold_id, kind) WHERE (hold_id IS NOT NULL);

CREATE INDEX webhook_deliveries_event ON public.webhook_deliveries USING btree (org_id, event_id);

CREATE INDEX webhook_deliveries_newest ON public.webhook_deliveries USING btree (org_id, endpoint_id, id DESC);

CREATE UNIQUE INDEX webhook_endpoints_code ON public.webhook_endpoints USING btree (code_hash);

CREATE TRIGGER counted AFTER INSERT OR DELETE ON public.capture_requests FOR EACH ROW EXECUTE FUNCTION public.doorstep_count_capture_request();

CREATE TRIGGER counted AFTER INSERT OR DELETE ON public.jobs FOR EACH ROW EXECUTE FUNCTION public.doorstep_count_job();

CREATE TRIGGER counted_again AFTER UPDATE ON public.capture_requests FOR EACH ROW WHEN ((((old.org_id IS DISTINCT FROM new.org_id) OR (old.requesting_user_id IS DISTINCT FROM new.requesting_user_id)) OR (old.state IS DISTINCT FROM new.state))) EXECUTE FUNCTION public.doorstep_count_capture_request();

CREATE TRIGGER counted_again AFTER UPDATE ON public.jobs FOR EACH ROW WHEN (((((old.org_id IS DISTINCT FROM new.org_id) OR (old.shelf IS DISTINCT FROM new.shelf)) OR (old.state IS DISTINCT FROM new.state)) OR (old.deliverable_id IS DISTINCT FROM new.deliverable_id))) EXECUTE FUNCTION public.doorstep_count_job();

CREATE TRIGGER gone AFTER DELETE ON public.jobs FOR EACH ROW EXECUTE FUNCTION public.doorstep_job_terms();

CREATE TRIGGER told_anew AFTER UPDATE ON public.jobs FOR EACH ROW WHEN ((((old.created_at IS DISTINCT FROM new.created_at) OR (old.place_words IS DISTINCT FROM new.place_words)) OR (old.person_words IS DISTINCT FROM new.person_words))) EXECUTE FUNCTION public.doorstep_job_terms();

ALTER TABLE ONLY public.accesses
    ADD CONSTRAINT accesses_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.api_clients
    ADD CONSTRAINT api_clients_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_org_id_client_id_fkey FOREIGN KEY (org_id, client_id) REFERENCES public.api_clients(org_id, client_id);

ALTER TABLE ONLY public.audit_links
    ADD CONSTRAINT audit_links_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.build_files
    ADD CONSTRAINT build_files_org_id_build_id_fkey FOREIGN KEY (org_id, build_id) REFERENCES public.builds(org_id, id);

ALTER TABLE ONLY public.build_photos
    ADD CONSTRAINT build_photos_org_id_build_id_fkey FOREIGN KEY (org_id, build_id) REFERENCES public.builds(org_id, id);

ALTER TABLE ONLY public.build_photos
    ADD CONSTRAINT build_photos_org_id_photo_id_fkey FOREIGN KEY (org_id, photo_id) REFERENCES public.photos(org_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.builds
    ADD CONSTRAINT builds_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.call_joins
    ADD CONSTRAINT call_joins_org_id_call_id_fkey FOREIGN KEY (org_id, call_id) REFERENCES public.calls(org_id, id);

ALTER TABLE ONLY public.call_joins
    ADD CONSTRAINT call_joins_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.call_partings
    ADD CONSTRAINT call_partings_org_id_call_id_fkey FOREIGN KEY (org_id, call_id) REFERENCES public.calls(org_id, id);

ALTER TABLE ONLY public.call_partings
    ADD CONSTRAINT call_partings_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_org_id_capturing_user_id_fkey FOREIGN KEY (org_id, capturing_user_id) REFERENCES public.capturing_users(org_id, id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.capture_requests
    ADD CONSTRAINT capture_requests_org_id_requesting_user_id_fkey FOREIGN KEY (org_id, requesting_user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.capture_sessions
    ADD CONSTRAINT capture_sessions_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.capturing_users
    ADD CONSTRAINT capturing_users_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.case_types
    ADD CONSTRAINT case_types_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.coverages
    ADD CONSTRAINT coverages_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.coverages
    ADD CONSTRAINT coverages_org_id_session_id_fkey FOREIGN KEY (org_id, session_id) REFERENCES public.capture_sessions(org_id, id);

ALTER TABLE ONLY public.door_answers
    ADD CONSTRAINT door_answers_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.former_referrers
    ADD CONSTRAINT former_referrers_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_org_id_wallet_id_fkey FOREIGN KEY (org_id, wallet_id) REFERENCES public.wallets(org_id, id);

ALTER TABLE ONLY public.job_batches
    ADD CONSTRAINT job_batches_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.job_batches
    ADD CONSTRAINT job_batches_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.job_notes
    ADD CONSTRAINT job_notes_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.job_notes
    ADD CONSTRAINT job_notes_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.job_shares
    ADD CONSTRAINT job_shares_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.job_shares
    ADD CONSTRAINT job_shares_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_org_id_wallet_id_fkey FOREIGN KEY (org_id, wallet_id) REFERENCES public.wallets(org_id, id);

ALTER TABLE ONLY public.keeps
    ADD CONSTRAINT keeps_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.lead_costs
    ADD CONSTRAINT lead_costs_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.lead_dispositions
    ADD CONSTRAINT lead_dispositions_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.lead_dispositions
    ADD CONSTRAINT lead_dispositions_org_id_lead_id_withdraws_fkey FOREIGN KEY (org_id, lead_id, withdraws) REFERENCES public.lead_dispositions(org_id, lead_id, number);

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_org_id_into_id_fkey FOREIGN KEY (org_id, into_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.lead_merges
    ADD CONSTRAINT lead_merges_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.lead_pairs
    ADD CONSTRAINT lead_pairs_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.lead_pairs
    ADD CONSTRAINT lead_pairs_org_id_other_id_fkey FOREIGN KEY (org_id, other_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.mail_stops
    ADD CONSTRAINT mail_stops_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.measure_ends
    ADD CONSTRAINT measure_ends_org_id_measure_id_fkey FOREIGN KEY (org_id, measure_id) REFERENCES public.measures(org_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.measure_ends
    ADD CONSTRAINT measure_ends_org_id_photo_id_fkey FOREIGN KEY (org_id, photo_id) REFERENCES public.photos(org_id, id);

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.mended_calls
    ADD CONSTRAINT mended_calls_org_id_call_id_fkey FOREIGN KEY (org_id, call_id) REFERENCES public.calls(org_id, id);

ALTER TABLE ONLY public.mended_calls
    ADD CONSTRAINT mended_calls_org_id_refused_call_id_fkey FOREIGN KEY (org_id, refused_call_id) REFERENCES public.refused_calls(org_id, id);

ALTER TABLE ONLY public.message_attempts
    ADD CONSTRAINT message_attempts_org_id_message_id_fkey FOREIGN KEY (org_id, message_id) REFERENCES public.messages(org_id, id);

ALTER TABLE ONLY public.message_days
    ADD CONSTRAINT message_days_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.message_rules
    ADD CONSTRAINT message_rules_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.message_texts
    ADD CONSTRAINT message_texts_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.oauth_codes
    ADD CONSTRAINT oauth_codes_org_id_client_id_fkey FOREIGN KEY (org_id, client_id) REFERENCES public.api_clients(org_id, client_id);

ALTER TABLE ONLY public.partner_link_openings
    ADD CONSTRAINT partner_link_openings_org_id_link_id_fkey FOREIGN KEY (org_id, link_id) REFERENCES public.partner_links(org_id, id);

ALTER TABLE ONLY public.partner_links
    ADD CONSTRAINT partner_links_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.photos
    ADD CONSTRAINT photos_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.photos
    ADD CONSTRAINT photos_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.photos
    ADD CONSTRAINT photos_org_id_session_id_fkey FOREIGN KEY (org_id, session_id) REFERENCES public.capture_sessions(org_id, id);

ALTER TABLE ONLY public.place_checks
    ADD CONSTRAINT place_checks_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.place_checks
    ADD CONSTRAINT place_checks_org_id_session_id_fkey FOREIGN KEY (org_id, session_id) REFERENCES public.capture_sessions(org_id, id);

ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_org_id_job_id_fkey FOREIGN KEY (org_id, job_id) REFERENCES public.jobs(org_id, id);

ALTER TABLE ONLY public.postbacks
    ADD CONSTRAINT postbacks_org_id_endpoint_id_fkey FOREIGN KEY (org_id, endpoint_id) REFERENCES public.webhook_endpoints(org_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.postbacks
    ADD CONSTRAINT postbacks_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.prices
    ADD CONSTRAINT prices_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.releases
    ADD CONSTRAINT releases_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.releases
    ADD CONSTRAINT releases_org_id_post_id_fkey FOREIGN KEY (org_id, post_id) REFERENCES public.lead_posts(org_id, id);

ALTER TABLE ONLY public.reminders
    ADD CONSTRAINT reminders_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.reopenings
    ADD CONSTRAINT reopenings_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.retentions
    ADD CONSTRAINT retentions_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.rule_acts
    ADD CONSTRAINT rule_acts_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.rule_acts
    ADD CONSTRAINT rule_acts_org_id_lead_id_fkey FOREIGN KEY (org_id, lead_id) REFERENCES public.leads(org_id, id);

ALTER TABLE ONLY public.rule_acts
    ADD CONSTRAINT rule_acts_org_id_rule_id_fkey FOREIGN KEY (org_id, rule_id) REFERENCES public.rules(org_id, id);

ALTER TABLE ONLY public.rules
    ADD CONSTRAINT rules_org_id_case_type_id_fkey FOREIGN KEY (org_id, case_type_id) REFERENCES public.case_types(org_id, id);

ALTER TABLE ONLY public.rules
    ADD CONSTRAINT rules_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.rules
    ADD CONSTRAINT rules_org_id_requesting_user_id_fkey FOREIGN KEY (org_id, requesting_user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.rules
    ADD CONSTRAINT rules_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES public.users(org_id, id);

ALTER TABLE ONLY public.source_alerts
    ADD CONSTRAINT source_alerts_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.source_costs
    ADD CONSTRAINT source_costs_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.sources
    ADD CONSTRAINT sources_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.told_events
    ADD CONSTRAINT told_events_org_id_event_id_fkey FOREIGN KEY (org_id, event_id) REFERENCES public.events(org_id, id);

ALTER TABLE ONLY public.upload_pieces
    ADD CONSTRAINT upload_pieces_org_id_upload_id_fkey FOREIGN KEY (org_id, upload_id) REFERENCES public.uploads(org_id, id);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_org_id_capture_request_id_fkey FOREIGN KEY (org_id, capture_request_id) REFERENCES public.capture_requests(org_id, id);

ALTER TABLE ONLY public.uploads
    ADD CONSTRAINT uploads_org_id_session_id_fkey FOREIGN KEY (org_id, session_id) REFERENCES public.capture_sessions(org_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.vendor_pages
    ADD CONSTRAINT vendor_pages_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES public.sources(org_id, id);

ALTER TABLE ONLY public.wallet_entries
    ADD CONSTRAINT wallet_entries_org_id_hold_id_fkey FOREIGN KEY (org_id, hold_id) REFERENCES public.holds(org_id, id);

ALTER TABLE ONLY public.wallet_entries
    ADD CONSTRAINT wallet_entries_org_id_wallet_id_fkey FOREIGN KEY (org_id, wallet_id) REFERENCES public.wallets(org_id, id);

ALTER TABLE ONLY public.wallets
    ADD CONSTRAINT wallets_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_org_id_delivery_id_fkey FOREIGN KEY (org_id, delivery_id) REFERENCES public.webhook_deliveries(org_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_org_id_endpoint_id_fkey FOREIGN KEY (org_id, endpoint_id) REFERENCES public.webhook_endpoints(org_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.orgs(id);

ALTER TABLE public.accesses ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_clients ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.build_files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.build_photos ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.builds ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_joins ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.call_partings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.capture_request_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.capture_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.capture_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.capturing_users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.case_types ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.coverages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deliverable_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.door_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.former_referrers ENABLE ROW LEVEL SECURITY;

CREATE POLICY gate ON public.api_clients FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.api_rates TO doorstep_gate USING (true) WITH CHECK (true);

CREATE POLICY gate ON public.api_tokens FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.capture_requests FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.capture_sessions FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.former_referrers FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.job_shares FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.messages FOR SELECT TO doorstep_gate USING ((channel = 'sms'::text));

CREATE POLICY gate ON public.partner_links FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.sessions FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.sign_in_links FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.sources FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.users FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.vendor_pages FOR SELECT TO doorstep_gate USING (true);

CREATE POLICY gate ON public.webhook_endpoints FOR SELECT TO doorstep_gate USING ((code_hash IS NOT NULL));

ALTER TABLE public.holds ENABLE ROW LEVEL SECURITY;

CREATE POLICY ingest ON public.calls TO doorstep_ingest USING (true) WITH CHECK (true);

CREATE POLICY ingest ON public.case_types FOR SELECT TO doorstep_ingest USING (true);

CREATE POLICY ingest ON public.events FOR INSERT TO doorstep_ingest WITH CHECK (true);

CREATE POLICY ingest ON public.former_referrers TO doorstep_ingest USING (true) WITH CHECK (true);

CREATE POLICY ingest ON public.lead_keys TO doorstep_ingest USING (true) WITH CHECK (true);

CREATE POLICY ingest ON public.lead_posts FOR INSERT TO doorstep_ingest WITH CHECK (true);

CREATE POLICY ingest ON public.leads FOR INSERT TO doorstep_ingest WITH CHECK (true);

CREATE POLICY ingest ON public.orgs FOR SELECT TO doorstep_ingest USING (true);

CREATE POLICY ingest ON public.refused_calls FOR INSERT TO doorstep_ingest WITH CHECK (true);

CREATE POLICY ingest ON public.sources FOR SELECT TO doorstep_ingest USING (true);

ALTER TABLE public.job_batches ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_notes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_shares ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_term_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job_terms ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.keeps ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_costs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_dispositions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_merges ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_pairs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_term_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lead_terms ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.mail_stops ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.measure_ends ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.measures ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.mended_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_rules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_texts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.models ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.oauth_codes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.orgs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.partner_link_openings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.partner_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.photos ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.place_checks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.places ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.postbacks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prices ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.refused_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.releases ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reminders ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reopenings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.retentions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rule_acts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.saved_views ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sign_in_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.source_alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.source_costs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sources ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant ON public.accesses TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.api_answers TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.api_clients TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.api_rates TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.api_tokens TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.audit_links TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.build_files TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.build_photos TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.builds TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.call_joins TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.call_partings TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.calls TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.capture_request_counts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.capture_requests TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.capture_sessions TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.capturing_users TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.case_types TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.consents TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.coverages TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.deliverable_changes TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.door_answers TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.erasures TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.events TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.former_referrers TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.holds TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_batches TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_counts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_notes TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_shares TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_term_marks TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.job_terms TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.jobs TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.keeps TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_costs TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_dispositions TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_keys TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_marks TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_merges TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_pairs TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_posts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_term_marks TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.lead_terms TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.leads TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.mail_stops TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.measure_ends TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.measures TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.mended_calls TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.message_attempts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.message_days TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.message_rules TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.message_texts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.messages TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.models TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.oauth_codes TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.orgs TO doorstep_app, doorstep_worker USING ((id = public.doorstep_org())) WITH CHECK ((id = public.doorstep_org()));

CREATE POLICY tenant ON public.partner_link_openings TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.partner_links TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.photos TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.place_checks TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.places TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.postbacks TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.prices TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.refused_calls TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.releases TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.reminders TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.reopenings TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.retentions TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.rule_acts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.rules TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.saved_views TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.sessions TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.sign_in_links TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.source_alerts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.source_costs TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.sources TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.told_events TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.upload_pieces TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.uploads TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.users TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.vendor_pages TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.wallet_entries TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.wallets TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.webhook_attempts TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.webhook_deliveries TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

CREATE POLICY tenant ON public.webhook_endpoints TO doorstep_app, doorstep_worker USING ((org_id = public.doorstep_org())) WITH CHECK ((org_id = public.doorstep_org()));

ALTER TABLE public.told_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.upload_pieces ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.uploads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vendor_pages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallet_entries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoints ENABLE ROW LEVEL SECURITY;

GRANT SELECT,INSERT ON TABLE public.accesses TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.accesses TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_answers TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_answers TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_clients TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_clients TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.api_clients TO doorstep_gate;

GRANT SELECT(client_id) ON TABLE public.api_clients TO doorstep_gate;

GRANT SELECT(secret_hash) ON TABLE public.api_clients TO doorstep_gate;

GRANT SELECT(revoked_at) ON TABLE public.api_clients TO doorstep_gate;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_rates TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_rates TO doorstep_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.api_rates TO doorstep_gate;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_tokens TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_tokens TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT(secret_hash) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT(client_id) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT(kind) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT(expires_at) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT(revoked_at) ON TABLE public.api_tokens TO doorstep_gate;

GRANT SELECT ON TABLE public.audit_links TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.audit_links TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.build_files TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.build_files TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.build_photos TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.build_photos TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.builds TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.builds TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_joins TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_joins TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_partings TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.call_partings TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.calls TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.calls TO doorstep_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.calls TO doorstep_ingest;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_request_counts TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_request_counts TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_requests TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_requests TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.capture_requests TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.capture_requests TO doorstep_gate;

GRANT SELECT(identifier) ON TABLE public.capture_requests TO doorstep_gate;

GRANT SELECT(link_version) ON TABLE public.capture_requests TO doorstep_gate;

GRANT SELECT,USAGE ON SEQUENCE public.capture_requests_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.capture_requests_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_sessions TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capture_sessions TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.capture_sessions TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.capture_sessions TO doorstep_gate;

GRANT SELECT(capture_request_id) ON TABLE public.capture_sessions TO doorstep_gate;

GRANT SELECT(secret_hash) ON TABLE public.capture_sessions TO doorstep_gate;

GRANT SELECT(expires_at) ON TABLE public.capture_sessions TO doorstep_gate;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capturing_users TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.capturing_users TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.capturing_users_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.capturing_users_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_types TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_types TO doorstep_worker;
GRANT SELECT ON TABLE public.case_types TO doorstep_ingest;

GRANT SELECT,INSERT ON TABLE public.consents TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.consents TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.coverages TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.coverages TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliverable_changes TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliverable_changes TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.deliverable_changes_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.deliverable_changes_id_seq TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.door_answers TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.door_answers TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.erasures TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.erasures TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.events TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.events TO doorstep_worker;
GRANT INSERT ON TABLE public.events TO doorstep_ingest;

GRANT SELECT,USAGE ON SEQUENCE public.fences TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.fences TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.former_referrers TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.former_referrers TO doorstep_worker;
GRANT SELECT ON TABLE public.former_referrers TO doorstep_ingest;

GRANT SELECT(org_id) ON TABLE public.former_referrers TO doorstep_gate;

GRANT SELECT(referrer) ON TABLE public.former_referrers TO doorstep_gate;

GRANT SELECT(source_id) ON TABLE public.former_referrers TO doorstep_gate;

GRANT SELECT(ends_at) ON TABLE public.former_referrers TO doorstep_gate;

GRANT UPDATE(last_used_at) ON TABLE public.former_referrers TO doorstep_ingest;

GRANT SELECT,INSERT,UPDATE ON TABLE public.holds TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.holds TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.holds_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.holds_id_seq TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.job_batches TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.job_batches TO doorstep_worker;

GRANT UPDATE(undone) ON TABLE public.job_batches TO doorstep_app;
GRANT UPDATE(undone) ON TABLE public.job_batches TO doorstep_worker;

GRANT UPDATE(undone_at) ON TABLE public.job_batches TO doorstep_app;
GRANT UPDATE(undone_at) ON TABLE public.job_batches TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_counts TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_counts TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.job_notes TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.job_notes TO doorstep_worker;

GRANT UPDATE(text) ON TABLE public.job_notes TO doorstep_app;
GRANT UPDATE(text) ON TABLE public.job_notes TO doorstep_worker;

GRANT UPDATE(edited_at) ON TABLE public.job_notes TO doorstep_app;
GRANT UPDATE(edited_at) ON TABLE public.job_notes TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.job_shares TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.job_shares TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.job_shares TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.job_shares TO doorstep_gate;

GRANT SELECT(job_id) ON TABLE public.job_shares TO doorstep_gate;

GRANT SELECT(token_hash) ON TABLE public.job_shares TO doorstep_gate;

GRANT SELECT,USAGE ON SEQUENCE public.job_shares_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.job_shares_id_seq TO doorstep_worker;

GRANT SELECT ON TABLE public.job_term_marks TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_term_marks TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.job_terms TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_terms TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.jobs TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.jobs TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.jobs_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.jobs_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.keeps TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.keeps TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_costs TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_costs TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.lead_dispositions TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.lead_dispositions TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_keys TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_keys TO doorstep_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.lead_keys TO doorstep_ingest;

GRANT SELECT,INSERT ON TABLE public.lead_marks TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.lead_marks TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.lead_merges TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.lead_merges TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lead_pairs TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.lead_pairs TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.lead_posts TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.lead_posts TO doorstep_worker;
GRANT INSERT ON TABLE public.lead_posts TO doorstep_ingest;

GRANT UPDATE(peer) ON TABLE public.lead_posts TO doorstep_worker;

GRANT UPDATE(headers) ON TABLE public.lead_posts TO doorstep_worker;

GRANT UPDATE(body) ON TABLE public.lead_posts TO doorstep_worker;

GRANT SELECT ON TABLE public.lead_term_marks TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_term_marks TO doorstep_worker;

GRANT SELECT ON TABLE public.lead_terms TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lead_terms TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.leads TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.leads TO doorstep_worker;
GRANT INSERT ON TABLE public.leads TO doorstep_ingest;

GRANT SELECT,INSERT ON TABLE public.mail_stops TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.mail_stops TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.measure_ends TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.measure_ends TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.measures TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.measures TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.mended_calls TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.mended_calls TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_attempts TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_attempts TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.message_days TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_days TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.message_rules TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message_rules TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_texts TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_texts TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.messages TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.messages TO doorstep_gate;

GRANT SELECT(channel) ON TABLE public.messages TO doorstep_gate;

GRANT SELECT(provider_id) ON TABLE public.messages TO doorstep_gate;

GRANT SELECT(to_address_key) ON TABLE public.messages TO doorstep_gate;

GRANT SELECT ON TABLE public.migrations TO doorstep_app;
GRANT SELECT ON TABLE public.migrations TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.models TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.models TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.models_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.models_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.oauth_codes TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.oauth_codes TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.orgs TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.orgs TO doorstep_worker;

GRANT SELECT(id) ON TABLE public.orgs TO doorstep_ingest;

GRANT SELECT(captorra_id) ON TABLE public.orgs TO doorstep_ingest;

GRANT SELECT(time_zone) ON TABLE public.orgs TO doorstep_ingest;

GRANT SELECT,USAGE ON SEQUENCE public.orgs_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.orgs_id_seq TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.partner_link_openings TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.partner_link_openings TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.partner_links TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.partner_links TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.partner_links TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.partner_links TO doorstep_gate;

GRANT SELECT(name) ON TABLE public.partner_links TO doorstep_gate;

GRANT UPDATE(revoked_at) ON TABLE public.partner_links TO doorstep_app;
GRANT UPDATE(revoked_at) ON TABLE public.partner_links TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pgqueuer TO doorstep_worker;
GRANT SELECT,INSERT ON TABLE public.pgqueuer TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.pgqueuer TO doorstep_ingest;

GRANT UPDATE(priority) ON TABLE public.pgqueuer TO doorstep_app;
GRANT UPDATE(priority) ON TABLE public.pgqueuer TO doorstep_ingest;

GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_id_seq TO doorstep_ingest;
GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pgqueuer_log TO doorstep_worker;
GRANT SELECT,INSERT ON TABLE public.pgqueuer_log TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.pgqueuer_log TO doorstep_ingest;

GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_log_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_log_id_seq TO doorstep_ingest;
GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_log_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pgqueuer_schedules TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_schedules_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pgqueuer_statistics TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.pgqueuer_statistics_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.photos TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.photos TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.photos_number_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.photos_number_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.place_checks TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.place_checks TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.places TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.places TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.postbacks TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.postbacks TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prices TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.prices TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recipient_messages TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recipient_messages TO doorstep_worker;

GRANT SELECT ON TABLE public.refused_calls TO doorstep_app;
GRANT SELECT ON TABLE public.refused_calls TO doorstep_worker;
GRANT INSERT ON TABLE public.refused_calls TO doorstep_ingest;

GRANT UPDATE(peer) ON TABLE public.refused_calls TO doorstep_worker;

GRANT UPDATE(headers) ON TABLE public.refused_calls TO doorstep_worker;

GRANT UPDATE(body) ON TABLE public.refused_calls TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.releases TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.releases TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reminders TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reminders TO doorstep_worker;

GRANT SELECT,INSERT ON TABLE public.reopenings TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.reopenings TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.retentions TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.retentions TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.rule_acts TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rule_acts TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.rules TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rules TO doorstep_worker;

GRANT SELECT,INSERT,DELETE ON TABLE public.saved_views TO doorstep_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.saved_views TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.sessions TO doorstep_gate;

GRANT SELECT(secret_hash) ON TABLE public.sessions TO doorstep_gate;

GRANT SELECT(user_id) ON TABLE public.sessions TO doorstep_gate;

GRANT SELECT(expires_at) ON TABLE public.sessions TO doorstep_gate;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_links TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_links TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.sign_in_links TO doorstep_gate;

GRANT SELECT(secret_hash) ON TABLE public.sign_in_links TO doorstep_gate;

GRANT SELECT(user_id) ON TABLE public.sign_in_links TO doorstep_gate;

GRANT SELECT(expires_at) ON TABLE public.sign_in_links TO doorstep_gate;

GRANT SELECT(used_at) ON TABLE public.sign_in_links TO doorstep_gate;

GRANT SELECT,INSERT ON TABLE public.sms_replies TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.sms_replies TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.source_alerts TO doorstep_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.source_alerts TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.source_costs TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.source_costs TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sources TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sources TO doorstep_worker;
GRANT SELECT ON TABLE public.sources TO doorstep_ingest;

GRANT SELECT(org_id) ON TABLE public.sources TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.sources TO doorstep_gate;

GRANT SELECT(referrer) ON TABLE public.sources TO doorstep_gate;

GRANT SELECT(disabled_at) ON TABLE public.sources TO doorstep_gate;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.told_events TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.told_events TO doorstep_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.upkeep TO doorstep_worker;
GRANT SELECT ON TABLE public.upkeep TO doorstep_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.upload_pieces TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.upload_pieces TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.uploads TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.uploads TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(email) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(name) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(role) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(password_hash) ON TABLE public.users TO doorstep_gate;

GRANT SELECT(disabled_at) ON TABLE public.users TO doorstep_gate;

GRANT SELECT,USAGE ON SEQUENCE public.users_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.users_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vendor_pages TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vendor_pages TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.vendor_pages TO doorstep_gate;

GRANT SELECT(source_id) ON TABLE public.vendor_pages TO doorstep_gate;

GRANT SELECT(name) ON TABLE public.vendor_pages TO doorstep_gate;

GRANT SELECT(shows_status) ON TABLE public.vendor_pages TO doorstep_gate;

GRANT SELECT,INSERT ON TABLE public.wallet_entries TO doorstep_app;
GRANT SELECT,INSERT ON TABLE public.wallet_entries TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallets TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallets TO doorstep_worker;

GRANT SELECT,USAGE ON SEQUENCE public.wallets_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.wallets_id_seq TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO doorstep_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO doorstep_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO doorstep_worker;

GRANT SELECT(org_id) ON TABLE public.webhook_endpoints TO doorstep_gate;

GRANT SELECT(id) ON TABLE public.webhook_endpoints TO doorstep_gate;

GRANT SELECT(code_hash) ON TABLE public.webhook_endpoints TO doorstep_gate;

GRANT SELECT,USAGE ON SEQUENCE public.webhook_endpoints_id_seq TO doorstep_app;
GRANT SELECT,USAGE ON SEQUENCE public.webhook_endpoints_id_seq TO doorstep_worker;
