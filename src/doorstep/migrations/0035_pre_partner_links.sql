-- Links that show chosen parts of a job to one partner. The link is derived from the row's id
-- and name by the server key: nothing secret is stored.
CREATE TABLE partner_links (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    job_id bigint NOT NULL,
    name text NOT NULL,
    recipient text NOT NULL,
    note text NOT NULL,
    shows text[] NOT NULL,
    actor text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, job_id) REFERENCES jobs (org_id, id)
);
CREATE UNIQUE INDEX partner_links_name ON partner_links (name);
CREATE INDEX partner_links_job ON partner_links (org_id, job_id, id DESC);
ALTER TABLE partner_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON partner_links TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE (revoked_at) ON partner_links TO doorstep_app, doorstep_worker;
-- Whoever holds the link comes without an organization.
GRANT SELECT (org_id, id, name) ON partner_links TO doorstep_gate;
CREATE POLICY gate ON partner_links FOR SELECT TO doorstep_gate USING (true);

-- Who opened a link; `network` is the address without its end.
CREATE TABLE partner_link_openings (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    link_id uuid NOT NULL,
    device text,
    browser text,
    network text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, link_id) REFERENCES partner_links (org_id, id)
);
CREATE INDEX partner_link_openings_link ON partner_link_openings (org_id, link_id, id DESC);
ALTER TABLE partner_link_openings ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_link_openings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON partner_link_openings TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON partner_link_openings TO doorstep_app, doorstep_worker;
