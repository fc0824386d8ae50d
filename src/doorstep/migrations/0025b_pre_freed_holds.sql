-- What is held for houses whose links are out already is freed when those end.
ALTER TABLE holds NO FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests NO FORCE ROW LEVEL SECURITY;
INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, status)
SELECT DISTINCT 0, 'captures.expire',
    convert_to(json_build_object('org_id', r.org_id, 'request_id', r.id)::text, 'UTF8'),
    greatest(r.expires_at, now()), 'queued'::pgqueuer_status
FROM holds h JOIN capture_requests r ON r.org_id = h.org_id AND r.job_id = h.job_id
WHERE h.state = 'held' AND r.state IN ('new', 'connected');
ALTER TABLE holds FORCE ROW LEVEL SECURITY;
ALTER TABLE capture_requests FORCE ROW LEVEL SECURITY;
