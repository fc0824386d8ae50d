-- An endpoint that was registered without saying how it wants to be told hears the standard
-- dialect until its code comes back, which only clients of the published API send.
ALTER TABLE webhook_endpoints DROP CONSTRAINT webhook_endpoints_dialect_check;
ALTER TABLE webhook_endpoints ADD CONSTRAINT webhook_endpoints_dialect_check
    CHECK (dialect IN ('standard', 'wire', 'undecided'));
