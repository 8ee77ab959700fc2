-- Sign-ups in an interval, as counted.
-- grain:  one row for each source, candidate, kind of sign-up and observed hour or local day; a gap is no row
-- key:    campaign_id, candidate_id, source_id, what, interval_minutes, interval_start_at
-- units:  sign-ups and people
-- restates: campaign_id, local_on of staging.touched_days
-- column what: rsvp, volunteer, member, list or other.
-- column signups: Sign-ups.
-- column new_people: People never seen before in this source; NULL where nobody is named.
WITH signups_given AS (
    SELECT DISTINCT campaign_id, source_id, coalesce(candidate_id, 'ALL') AS candidate_id, what FROM staging.signups
),

people_known AS (
    SELECT campaign_id, source_id, min(local_on) AS known_from_on, count(person_key) > 0 AS has_people
    FROM staging.signups
    GROUP BY ALL
),

signups_placed AS (
    SELECT
        s.campaign_id, s.source_id, coalesce(s.candidate_id, 'ALL') AS candidate_id, s.what, s.local_on, l.interval_minutes,
        CASE l.interval_minutes WHEN 1440 THEN d.starts_at ELSE time_bucket(INTERVAL 1 HOUR, s.signed_up_at, d.starts_at) END
            AS interval_start_at,
        count(*) AS signups,
        count(*) FILTER (WHERE s.is_first) AS new_people
    FROM staging.signups AS s
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.days AS d USING (campaign_id, local_on)
    CROSS JOIN (VALUES (60), (1440)) AS l (interval_minutes)
    -- A day's sign-up has no hour.
    WHERE l.interval_minutes = 1440 OR s.precision != 'day'
    GROUP BY ALL
)

SELECT
    k.campaign_id,
    k.local_on,
    g.candidate_id,
    k.source_id,
    g.what,
    s.precision,
    k.interval_start_at,
    k.interval_minutes,
    coalesce(p.signups, 0) AS signups,
    CASE WHEN n.has_people THEN coalesce(p.new_people, 0) END AS new_people,
    -- A sign-up beside the declared days was seen, and nobody says how many others were not.
    CASE WHEN k.coverage > 0 THEN k.coverage END AS coverage,
    list_filter([
        CASE WHEN n.has_people AND k.local_on < n.known_from_on + 90 THEN 'left_censored' END,
        CASE WHEN s.is_synthetic THEN 'synthetic' END
    ], lambda flag : flag IS NOT NULL) AS flags
FROM staging.coverage_by_source AS k
SEMI JOIN staging.touched_days USING (campaign_id, local_on)
INNER JOIN (
    SELECT campaign_id, source_id, precision, is_synthetic FROM staging.sources WHERE source_kind = 'signups'
) AS s USING (campaign_id, source_id)
INNER JOIN signups_given AS g USING (campaign_id, source_id)
INNER JOIN people_known AS n USING (campaign_id, source_id)
LEFT JOIN signups_placed AS p USING (campaign_id, source_id, candidate_id, what, interval_minutes, interval_start_at)
WHERE k.interval_minutes >= 60
    AND (k.coverage IS DISTINCT FROM 0 OR p.signups > 0)
    -- A metric finer than its data is no number.
    AND (k.interval_minutes = 1440 OR s.precision != 'day')
