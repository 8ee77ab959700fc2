-- Every day of every campaign, where a landed file could not be read, or can be read after all: what is proved has changed.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
SELECT campaign_id, local_on
FROM staging.days
WHERE EXISTS (
    FROM raw.landed_files
    WHERE load_id > getvariable('last_built') AND doubted_from_at IS NOT NULL
)
