-- Mentions of a candidate in an interval.
-- grain:  one row for each candidate, kind of source, scope and observed interval; silent observed intervals are rows with 0, unobserved ones are no rows
-- key:    campaign_id, candidate_id, source_kind, scope, interval_minutes, interval_start_at
-- units:  mentions in mentions; one-minute rows from three hours before a timed event to a day after its start only
-- restates: campaign_id, local_on of staging.restated_days
-- column mentions: Items (posts, entries) that name the candidate; for counts (x_counts) the posts that the network counted.
-- column solo_mentions: Mentions by items that name no other candidate; NULL for counts.
-- column unique_authors: Authors of the mentions; NULL under 10 (flag small_cell) and where authors are not known.
-- column originals: Mentions by items that are neither reposts nor replies nor quotes; NULL for counts.
-- column reposts: Mentions by reposts; NULL for counts.
-- column ratio: mentions / expected.
-- column z: Standardised distance of mentions from expected.
SELECT
    a.campaign_id,
    a.local_on,
    a.candidate_id,
    a.source_kind,
    a.scope,
    a.interval_start_at,
    a.interval_minutes,
    a.mentions,
    a.solo_mentions,
    a.unique_authors,
    a.originals,
    a.reposts,
    b.expected,
    a.mentions / nullif(b.expected, 0) AS ratio,
    (a.mentions - b.expected) / nullif(sqrt(b.dispersion * b.expected), 0) AS z,
    a.coverage,
    coalesce(b.status, 'not_estimated') AS status,
    a.flags,
    r.run_id
FROM staging.buzz_counted AS a
SEMI JOIN staging.restated_days USING (campaign_id, local_on)
LEFT JOIN staging.baselines AS b
    ON b.metric = 'mentions' AND a.campaign_id = b.campaign_id AND a.candidate_id = b.candidate_id AND a.source_kind = b.source_kind
    AND a.scope = b.scope AND a.interval_minutes = b.interval_minutes AND a.interval_start_at = b.interval_start_at
CROSS JOIN staging.this_run AS r
