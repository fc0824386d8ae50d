-- What homeowners see of an organization beside its name. Empty `languages`: every language
-- that there is; else the first is for phones that speak none of them.
ALTER TABLE orgs
    ADD COLUMN colour text CHECK (colour ~ '^[0-9a-f]{6}$'),
    ADD COLUMN logo text CHECK (logo ~ '^[0-9a-f]{64}$'),
    ADD COLUMN privacy_url text,
    ADD COLUMN terms_url text,
    ADD COLUMN support_phone text,
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}';
