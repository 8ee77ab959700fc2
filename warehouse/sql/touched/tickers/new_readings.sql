-- Tickers of which a file landed, was withdrawn or was imported again.
-- grain:  one row for each source
-- key:    campaign_id, source_id
-- units:  none
SELECT campaign_id, source_id FROM raw.withdrawals
WHERE load_id > getvariable('last_built')
UNION
SELECT campaign_id, source_id FROM raw.imported_files
WHERE load_id > getvariable('last_built')
UNION
SELECT campaign_id, source_id FROM raw.ticker_readings
WHERE load_id > getvariable('last_built')
