-- Mentions by local day, so that a sum over rows counts each mention once.
-- grain:  one row for each candidate, kind of source, scope and observed local day; a gap is no row
-- key:    campaign_id, candidate_id, source_kind, scope, interval_start_at
-- units:  mentions in mentions; x_counts, x_posts and x_archive may see the same posts: filter on source_kind
-- column local_start: Start of the day on the clock of the campaign's zone.
-- column solo_mentions: Mentions by items that name no other candidate; NULL for counts.
-- column unique_authors: Authors of the mentions; NULL under 10 and where authors are not known.
-- column originals: Mentions by items that are neither reposts nor replies nor quotes; NULL for counts.
-- column reposts: Mentions by reposts; NULL for counts.
-- column mentions: Items (posts, entries) that name the candidate; for counts (x_counts) the posts that the network counted.
SELECT
    b.campaign_id,
    b.candidate_id,
    b.source_kind,
    b.scope,
    b.interval_start_at,
    b.interval_start_at AT TIME ZONE c.timezone AS local_start,
    b.local_on,
    b.mentions,
    b.solo_mentions,
    b.unique_authors,
    b.originals,
    b.reposts,
    b.expected,
    b.coverage,
    b.status,
    b.flags,
    b.run_id
FROM metrics.buzz_by_interval AS b
INNER JOIN facts.campaigns AS c USING (campaign_id)
WHERE b.interval_minutes = 1440
