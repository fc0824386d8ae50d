-- The gate counts the calls of each integration in the statement that finds its token.
GRANT SELECT, INSERT, UPDATE ON api_rates TO doorstep_gate;
CREATE POLICY gate ON api_rates TO doorstep_gate USING (true) WITH CHECK (true);

-- Whether an address was refused for good is asked before each message to it; few ever were.
CREATE INDEX messages_rejected ON messages (org_id, to_address_key, id)
    WHERE problem IN ('recipient_rejected', 'bounced', 'complained');
