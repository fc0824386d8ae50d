-- What a person has still to see to, found without reading every message that went well.
CREATE INDEX messages_by_hand ON messages (org_id, id DESC)
    WHERE state IN ('shown', 'unknown', 'failed', 'unsendable');
