-- Who made an intake of a refused post, and which. The journal itself never changes.
CREATE TABLE releases (
    org_id bigint NOT NULL,
    post_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    actor text NOT NULL,
    released_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, post_id),
    FOREIGN KEY (org_id, post_id) REFERENCES lead_posts (org_id, id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id)
);
ALTER TABLE releases ENABLE ROW LEVEL SECURITY;
ALTER TABLE releases FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON releases TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON releases TO doorstep_app, doorstep_worker;
