-- Sign-ups in an interval.
-- grain:  one row for each source, candidate, kind of sign-up and observed hour or local day; a gap is no row
-- key:    campaign_id, candidate_id, source_id, what, interval_minutes, interval_start_at
-- units:  sign-ups and people; several sources of a campaign stand side by side and must not be added
-- restates: campaign_id, local_on of staging.restated_days
-- column what: rsvp (to an event), volunteer, member, list (a mailing list) or other.
-- column signups: Sign-ups.
-- column new_people: People never seen before in this source; NULL where nobody is named; flag left_censored in the source's first 90 days, when everybody looks new.
-- column expected: Sign-ups that the model expects.
-- column ratio: signups / expected.
SELECT
    s.campaign_id,
    s.local_on,
    s.candidate_id,
    s.source_id,
    s.what,
    s.precision,
    s.interval_start_at,
    s.interval_minutes,
    s.signups,
    s.new_people,
    b.expected,
    s.signups / nullif(b.expected, 0) AS ratio,
    s.coverage,
    coalesce(b.status, 'not_estimated') AS status,
    s.flags,
    r.run_id
FROM staging.signups_counted AS s
SEMI JOIN staging.restated_days USING (campaign_id, local_on)
LEFT JOIN staging.baselines AS b
    ON b.source_kind = 'signups' AND s.campaign_id = b.campaign_id AND s.candidate_id = b.candidate_id
    AND s.source_id = b.source_id AND s.what = b.metric
    AND s.interval_minutes = b.interval_minutes AND s.interval_start_at = b.interval_start_at
CROSS JOIN staging.this_run AS r
