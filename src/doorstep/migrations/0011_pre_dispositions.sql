-- What members decide of a lead. Rows are only added: those of one lead are numbered from 1
-- and the highest number is current. A row that withdraws another one says again what stood
-- before it; without a disposition the lead is open.
CREATE TABLE lead_dispositions (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    disposition text CHECK (disposition IN
        ('contacted', 'qualified', 'signed', 'rejected', 'duplicate', 'returned')),
    reason text,
    note text,
    withdraws integer,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, lead_id, number),
    UNIQUE (org_id, lead_id, withdraws),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id),
    FOREIGN KEY (org_id, lead_id, withdraws)
        REFERENCES lead_dispositions (org_id, lead_id, number),
    CHECK (disposition IS NOT NULL OR withdraws IS NOT NULL)
);

-- Which lead was merged into which. An undone merge leaves its events.
CREATE TABLE lead_merges (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    into_id uuid NOT NULL CHECK (into_id <> lead_id),
    actor text NOT NULL,
    merged_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, lead_id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id),
    FOREIGN KEY (org_id, into_id) REFERENCES leads (org_id, id)
);
CREATE INDEX lead_merges_into ON lead_merges (org_id, into_id);

ALTER TABLE lead_dispositions ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_dispositions FORCE ROW LEVEL SECURITY;
ALTER TABLE lead_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_merges FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lead_dispositions TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
CREATE POLICY tenant ON lead_merges TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON lead_dispositions TO doorstep_app, doorstep_worker;
GRANT SELECT, INSERT, DELETE ON lead_merges TO doorstep_app, doorstep_worker;
