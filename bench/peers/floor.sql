-- The floor: one durable insert of the lead's row, with its indexes, and nothing else.
\set id random(1, 1000000000)
INSERT INTO floor (org_id, id, post_id, source_id, case_type_id, vendor_lead_id, first_name,
    last_name, primary_phone, secondary_phone, email, address, city, region, postal_code, county,
    best_time, details, keyword)
VALUES (1, gen_random_uuid(), gen_random_uuid(), '123e4567-e89b-12d3-a456-426655440000',
    '123e4567-e89b-12d3-a456-426655440000', :id, 'John', 'Smith', '5555555555', '5555555556',
    'john@example.com', '123 Main St.', 'Philadelphia', 'PA', '19146', 'Philadelphia', '9am',
    'Details of the case.', 'Personal Injury Law');
