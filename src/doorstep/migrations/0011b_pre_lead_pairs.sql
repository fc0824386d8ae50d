-- By what a lead is known again: a short hash for each phone, e-mail, vendor's number, and name
-- with address. A background task writes them once the lead is there. Row security keeps the
-- index of `leads.contacts` from the roles of tenants; equality of bytes it lets through.
CREATE TABLE lead_marks (
    org_id bigint NOT NULL,
    mark bytea NOT NULL,
    lead_id uuid NOT NULL,
    PRIMARY KEY (org_id, mark, lead_id)
);

-- Leads that look alike, each pair in both directions, and who said that they are two people.
CREATE TABLE lead_pairs (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    other_id uuid NOT NULL CHECK (other_id <> lead_id),
    parted_by text,
    parted_at timestamptz,
    PRIMARY KEY (org_id, lead_id, other_id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id),
    FOREIGN KEY (org_id, other_id) REFERENCES leads (org_id, id),
    CHECK ((parted_by IS NULL) = (parted_at IS NULL))
);

ALTER TABLE lead_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_marks FORCE ROW LEVEL SECURITY;
ALTER TABLE lead_pairs ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_pairs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lead_marks TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY tenant ON lead_pairs TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON lead_marks TO doorstep_app, doorstep_worker;
GRANT SELECT, INSERT, UPDATE ON lead_pairs TO doorstep_app, doorstep_worker;
