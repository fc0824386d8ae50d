-- How each source is answered and what it may send; every default is the documented wire's.
ALTER TABLE sources
    ADD COLUMN statuses boolean NOT NULL DEFAULT false,
    ADD COLUMN repeat_window interval,
    ADD COLUMN testing boolean NOT NULL DEFAULT false,
    ADD COLUMN strict boolean NOT NULL DEFAULT false,
    ADD COLUMN networks cidr[] NOT NULL DEFAULT '{}',
    ADD COLUMN signature_salt bytea,
    ADD COLUMN posts_per_second_max integer NOT NULL DEFAULT 200 CHECK (posts_per_second_max > 0);

-- `tags`: test, released. `contacts`: phones as ten digits and addresses of e-mail in lower
-- case, each with a letter for its kind, so that one index answers who has called or
-- written before.
ALTER TABLE leads
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN contacts text[] NOT NULL DEFAULT '{}';
CREATE INDEX leads_contacts ON leads USING gin (contacts);

-- The journal is read by its refusals, newest first, of one source or of all.
CREATE INDEX lead_posts_refused ON lead_posts (org_id, id DESC)
    WHERE outcome NOT IN ('accepted', 'repeated');

-- No organization is ever deleted, and looking it up again cost a third of each event's insert.
ALTER TABLE events DROP CONSTRAINT events_org_id_fkey;
