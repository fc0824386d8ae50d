-- The hash that a phone announces with an upload: a phone that never heard our answer
-- announces the same file again and is given the upload that exists already.
ALTER TABLE uploads ADD COLUMN claim bytea;
CREATE INDEX uploads_claim ON uploads (org_id, session_id, claim) WHERE state = 'open';
