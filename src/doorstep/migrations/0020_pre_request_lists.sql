-- The orders in which programs list jobs; either way is one walk along the index.
CREATE INDEX jobs_created ON jobs (org_id, created_at, id) WHERE archived_at IS NULL;
CREATE INDEX jobs_updated ON jobs (org_id, updated_at, id) WHERE archived_at IS NULL;

-- The requests of one member, which are also counted here without a look at the rows.
CREATE INDEX capture_requests_of_user ON capture_requests (org_id, requesting_user_id, id DESC)
    WHERE state <> 'deleted';

-- Whether somebody waits for photos of a person: the newest such request is the first entry.
CREATE INDEX capture_requests_person
    ON capture_requests (org_id, lower(capturing_user_email), id DESC)
    WHERE state IN ('new', 'connected');
DROP INDEX capture_requests_email;
