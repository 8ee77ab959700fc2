-- The days of posts that landed, or whose archive was taken back.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
SELECT s.campaign_id, (p.posted_at AT TIME ZONE c.timezone)::DATE AS local_on
FROM raw.posts AS p
INNER JOIN staging.sources AS s USING (source_key)
INNER JOIN staging.campaigns AS c USING (campaign_id)
WHERE p.load_id > (SELECT last_built_load_id FROM staging.this_run)
    OR p.file_sha256 IN (
        SELECT file_sha256 FROM raw.withdrawals WHERE load_id > (SELECT last_built_load_id FROM staging.this_run)
    )
