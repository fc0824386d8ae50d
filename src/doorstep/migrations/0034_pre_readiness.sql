-- The page of readiness compares what is applied with what should be, and says when the audit
-- log was last walked along. Neither table holds anything of an organization.
GRANT SELECT ON migrations, upkeep TO doorstep_app, doorstep_worker;
