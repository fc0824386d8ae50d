-- What lists are walked along, in either direction. A list of jobs merges one walk for each kind
-- of job that there is, which `job_counts` knows: so every filter is a choice of walks, and none
-- reads rows to leave them out.
CREATE INDEX capture_requests_of_state ON capture_requests (org_id, state, id);
CREATE INDEX capture_requests_of_user_state
    ON capture_requests (org_id, requesting_user_id, state, id);
CREATE INDEX jobs_kind_created ON jobs (org_id, shelf, deliverable_id, created_at, id);
CREATE INDEX jobs_shelf_completed ON jobs (org_id, shelf, completed_at, id);

-- Nothing asks along these any more.
DROP INDEX jobs_by_state;
DROP INDEX jobs_newest;
DROP INDEX jobs_created;
DROP INDEX jobs_updated;
