-- Since when a source knows its donors: everybody looks new in its first 90 days.
-- grain:  one row for each donation source that names givers
-- key:    campaign_id, source_id
-- units:  days of the campaign's zone
SELECT campaign_id, source_id, min(local_on) AS known_from_on, min(local_on) + 90 AS censored_until_on
FROM staging.donor_firsts
GROUP BY campaign_id, source_id
