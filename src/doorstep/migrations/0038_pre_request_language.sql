-- The language that a homeowner is written to in; null is the organization's first.
ALTER TABLE capture_requests ADD COLUMN language text
    CONSTRAINT capture_requests_language_check CHECK (language IN ('en', 'es'));
