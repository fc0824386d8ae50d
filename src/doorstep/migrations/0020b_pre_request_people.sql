-- Behind row-level security an index on lower(...) is never used: PostgreSQL calls only leakproof
-- functions before the policy, and lower() is not one. A column of its own is compared as it is.
ALTER TABLE capture_requests ADD COLUMN capturing_user_key text
    GENERATED ALWAYS AS (lower(capturing_user_email)) STORED;
DROP INDEX capture_requests_person;
CREATE INDEX capture_requests_person ON capture_requests (org_id, capturing_user_key, id DESC)
    WHERE state IN ('new', 'connected');

ALTER TABLE capturing_users ADD COLUMN email_key text
    GENERATED ALWAYS AS (lower(email)) STORED;
CREATE INDEX capturing_users_key ON capturing_users (org_id, email_key);

-- Read with every invitation, to know whether a mail server refused the address before.
ALTER TABLE messages ADD COLUMN to_address_key text
    GENERATED ALWAYS AS (lower(to_address)) STORED;
DROP INDEX messages_address;
CREATE INDEX messages_address ON messages (org_id, to_address_key, id DESC);
