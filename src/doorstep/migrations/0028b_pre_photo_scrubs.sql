-- When an original was last read and compared with its hash; who waited longest is next.
ALTER TABLE photos ADD COLUMN scrubbed_at timestamptz;
CREATE INDEX photos_scrub ON photos (org_id, scrubbed_at NULLS FIRST, id);
