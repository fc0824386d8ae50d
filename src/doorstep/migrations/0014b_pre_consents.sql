-- What a person noted about somebody's consent to texts; the newest note counts. What the vendor
-- sent is in the lead and in the journal, which do not change.
CREATE TABLE consents (
    org_id bigint NOT NULL,
    id uuid NOT NULL,
    lead_id uuid NOT NULL,
    given boolean NOT NULL,
    how text NOT NULL CHECK (how IN ('phone', 'in_person', 'writing', 'message', 'other')),
    note text NOT NULL,
    actor text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id)
);
CREATE INDEX consents_lead ON consents (org_id, lead_id, id DESC);
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consents TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT ON consents TO doorstep_app, doorstep_worker;

-- Whether texts that go out by themselves because of a lead need proof that its person agreed.
ALTER TABLE orgs ADD COLUMN texts_need_consent boolean NOT NULL DEFAULT true;
