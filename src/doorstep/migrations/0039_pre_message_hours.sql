-- A message that goes by itself leaves in the hours of its reader's zones, and not after its time.
ALTER TABLE messages
    ADD COLUMN zones text[],
    ADD COLUMN goes_until timestamptz;
