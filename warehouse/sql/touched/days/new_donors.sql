-- The days whose new donors may change: a donor's first day moves when an earlier gift of his lands or his first is withdrawn.
-- grain:  one row for each campaign and local day
-- key:    campaign_id, local_on
-- units:  local days of the campaign's zone
WITH donors_landed AS NOT MATERIALIZED (
    SELECT campaign_id, source_id, donor_key, min(occurred_on) AS earliest_on FROM raw.donations
    -- At the first build no donor was known.
    WHERE load_id > getvariable('last_built') AND donor_key IS NOT NULL AND getvariable('last_built') > 0
    GROUP BY ALL
),

donors_withdrawn AS (
    SELECT DISTINCT d.campaign_id, d.source_id, d.donor_key
    FROM raw.donations AS d
    SEMI JOIN (
        SELECT campaign_id, source_id, file_sha256 FROM raw.withdrawals
        WHERE load_id > getvariable('last_built')
    ) AS w USING (campaign_id, source_id, file_sha256)
    WHERE d.donor_key IS NOT NULL
)

SELECT f.campaign_id, f.local_on
FROM staging.donor_firsts AS f
INNER JOIN donors_landed AS n USING (campaign_id, source_id, donor_key)
WHERE n.earliest_on <= f.local_on
UNION
SELECT campaign_id, local_on
FROM staging.donations
SEMI JOIN donors_withdrawn USING (campaign_id, source_id, donor_key)
UNION
-- An earlier beginning of the data ends the censored days earlier.
SELECT y.campaign_id, y.local_on
FROM staging.donor_histories AS h
INNER JOIN (SELECT campaign_id, source_id, min(earliest_on) AS earliest_on FROM donors_landed GROUP BY ALL) AS n USING (campaign_id, source_id)
INNER JOIN staging.days AS y ON h.campaign_id = y.campaign_id AND y.local_on BETWEEN h.known_from_on AND h.censored_until_on
WHERE n.earliest_on < h.known_from_on
