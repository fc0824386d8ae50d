-- What leads cost, in whole cents: of one lead, or of a source in a month. A correction takes
-- the place of what was there; the events keep what it was.
CREATE TABLE lead_costs (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    cents bigint NOT NULL CHECK (cents >= 0),
    PRIMARY KEY (org_id, lead_id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id)
);
CREATE TABLE source_costs (
    org_id bigint NOT NULL,
    source_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    cents bigint NOT NULL CHECK (cents >= 0),
    PRIMARY KEY (org_id, source_id, month),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id)
);

-- When somebody was first asked for photos, for all leads at once.
CREATE INDEX events_asked ON events (org_id, lead_id, occurred_at)
    WHERE name = 'capture_request.created' AND lead_id IS NOT NULL;

ALTER TABLE lead_costs ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_costs FORCE ROW LEVEL SECURITY;
ALTER TABLE source_costs ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_costs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lead_costs TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY tenant ON source_costs TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE, DELETE ON lead_costs, source_costs TO doorstep_app, doorstep_worker;
