-- When each regular piece of housekeeping was last begun; whichever worker claims it does it.
CREATE TABLE upkeep (
    name text PRIMARY KEY,
    begun_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON upkeep TO doorstep_worker;
