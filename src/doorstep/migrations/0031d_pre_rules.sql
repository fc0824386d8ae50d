-- From lead to capture without a hand: whom a rule asks for photos. Null: any vendor, any type.
CREATE TABLE rules (
    org_id bigint NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    source_id uuid,
    case_type_id uuid,
    delay_minutes integer NOT NULL CHECK (delay_minutes BETWEEN 0 AND 1440),
    requesting_user_id bigint NOT NULL,
    tried_at timestamptz,
    enabled_at timestamptz,
    removed_at timestamptz,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, source_id) REFERENCES sources (org_id, id),
    FOREIGN KEY (org_id, case_type_id) REFERENCES case_types (org_id, id),
    FOREIGN KEY (org_id, requesting_user_id) REFERENCES users (org_id, id),
    CHECK (enabled_at IS NULL OR (tried_at IS NOT NULL AND removed_at IS NULL))
);
ALTER TABLE rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rules TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON rules TO doorstep_app, doorstep_worker;

-- What a rule made of a lead; one row a lead, so that no lead is asked twice.
CREATE TABLE rule_acts (
    org_id bigint NOT NULL,
    lead_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'asked', 'undone', 'skipped')),
    reason text,
    due_at timestamptz NOT NULL,
    actor text,
    settled_at timestamptz,
    capture_request_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, lead_id),
    FOREIGN KEY (org_id, lead_id) REFERENCES leads (org_id, id),
    FOREIGN KEY (org_id, rule_id) REFERENCES rules (org_id, id),
    FOREIGN KEY (org_id, capture_request_id) REFERENCES capture_requests (org_id, id)
);
CREATE INDEX rule_acts_newest ON rule_acts (org_id, created_at DESC, lead_id DESC);
ALTER TABLE rule_acts ENABLE ROW LEVEL SECURITY;
ALTER TABLE rule_acts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rule_acts TO doorstep_app, doorstep_worker
    USING (org_id = doorstep_org()) WITH CHECK (org_id = doorstep_org());
GRANT SELECT, INSERT, UPDATE ON rule_acts TO doorstep_app, doorstep_worker;
