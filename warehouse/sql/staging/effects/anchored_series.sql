-- What the estimator is given of hours that start at the minute of an event, from sources that tell finer than an hour.
-- grain:  one row for each series and observed hour, once for each minute at which an event starts
-- key:    campaign_id, outcome, source_kind, scope, source_id, candidate_id, anchor_minutes, interval_start_at
-- units:  as staging.effect_series
-- restates: campaign_id of staging.touched_days
-- column outcome: mentions, or the metric of gifts: count, amount, small_count, new_donors.
-- column anchor_minutes: Minutes from the hour that is counted from local midnight to the start.
-- column is_sampled: coverage is that of a constant sample, which is not known but assumed.
-- column value: What was counted in the interval.
WITH origins AS (
    SELECT a.campaign_id, a.anchor_minutes, c.starts_at + to_minutes(a.anchor_minutes) AS origin_at, c.small_gift_max, c.currency
    FROM staging.event_anchors AS a
    SEMI JOIN staging.touched_days USING (campaign_id)
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    WHERE a.anchor_minutes > 0
),

texts_seen AS (
    SELECT
        campaign_id,
        local_on,
        source_kind,
        scope,
        anchor_minutes,
        interval_start_at,
        CASE WHEN count(coverage) = count(*) THEN avg(coverage) END AS coverage,
        bool_or(is_synthetic) AS is_synthetic,
        bool_or(is_sampled) AS is_sampled
    FROM staging.anchored_hours
    SEMI JOIN staging.touched_days USING (campaign_id)
    WHERE source_kind NOT IN ('donations', 'polls', 'signups') AND NOT ends_with(source_kind, '_counts')
    GROUP BY ALL
),

mentions_counted AS (
    SELECT
        m.campaign_id,
        m.source_kind,
        m.scope,
        m.candidate_id,
        o.anchor_minutes,
        time_bucket(INTERVAL 1 HOUR, m.mentioned_at, o.origin_at) AS interval_start_at,
        count(*) AS mentions
    FROM staging.mentions AS m
    INNER JOIN origins AS o USING (campaign_id)
    WHERE m.time_quality IN ('exact', 'assumed_zone')
    GROUP BY ALL
),

sources_by_the_minute AS (
    SELECT campaign_id, source_id
    FROM staging.post_counts
    SEMI JOIN origins USING (campaign_id)
    GROUP BY campaign_id, source_id
    HAVING max(interval_minutes) FILTER (WHERE interval_minutes <= 60) = 1
),

posts_counted AS (
    SELECT
        p.campaign_id,
        p.source_id,
        p.candidate_id,
        o.anchor_minutes,
        time_bucket(INTERVAL 1 HOUR, p.interval_start_at, o.origin_at) AS interval_start_at,
        sum(p.posts) AS posts
    FROM staging.post_counts AS p
    INNER JOIN origins AS o USING (campaign_id)
    SEMI JOIN sources_by_the_minute AS f ON p.campaign_id = f.campaign_id AND p.source_id = f.source_id
    WHERE p.interval_minutes = 1
    GROUP BY ALL
),

steps_spread AS (
    SELECT
        h.campaign_id,
        h.source_id,
        coalesce(t.candidate_id, 'ALL') AS candidate_id,
        h.anchor_minutes,
        h.interval_start_at,
        sum(t.amount * (epoch(least(t.to_at, h.interval_start_at + INTERVAL 1 HOUR)) - epoch(greatest(t.from_at, h.interval_start_at)))
            / (epoch(t.to_at) - epoch(t.from_at))) AS amount
    FROM staging.anchored_hours AS h
    SEMI JOIN staging.touched_days USING (campaign_id)
    INNER JOIN staging.ticker_increments AS t
        ON h.campaign_id = t.campaign_id AND h.source_id = t.source_id
        AND t.from_at < h.interval_start_at + INTERVAL 1 HOUR AND t.to_at > h.interval_start_at
    WHERE NOT t.is_gap
    GROUP BY ALL
),

gifts_counted AS (
    SELECT
        d.campaign_id,
        d.source_id,
        coalesce(d.candidate_id, 'ALL') AS candidate_id,
        o.anchor_minutes,
        time_bucket(INTERVAL 1 HOUR, d.occurred_at, o.origin_at) AS interval_start_at,
        count(*) FILTER (WHERE d.gift_kind != 'recurring') AS gifts,
        coalesce(sum(d.amount) FILTER (WHERE d.gift_kind != 'recurring'), 0) AS amount,
        count(*) FILTER (WHERE d.gift_kind != 'recurring' AND d.amount <= o.small_gift_max) AS small_gifts,
        CASE WHEN count(d.donor_key) > 0 THEN count(f.donation_id) END AS new_donors
    FROM staging.donations AS d
    INNER JOIN origins AS o USING (campaign_id)
    -- A series has one currency, its source's own.
    INNER JOIN staging.sources AS s ON d.campaign_id = s.campaign_id AND d.source_id = s.source_id AND d.currency = s.currency
    LEFT JOIN staging.donor_firsts AS f ON d.campaign_id = f.campaign_id AND d.source_id = f.source_id AND d.donation_id = f.donation_id
    WHERE NOT d.is_memo AND d.amount > 0 AND NOT coalesce(list_contains(d.flags, 'refund'), false) AND d.precision IN ('instant', 'minute')
    GROUP BY ALL
),

gifts_seen AS (
    SELECT h.*, c.candidate_id AS given_to, coalesce(g.gifts, 0) AS gifts, coalesce(g.amount, 0) AS amount,
        -- What is small is said in the campaign's currency.
        CASE WHEN h.currency = o.currency THEN coalesce(g.small_gifts, 0) END AS small_gifts,
        CASE WHEN h.local_on >= k.censored_until_on THEN coalesce(g.new_donors, 0) END AS new_donors
    FROM staging.anchored_hours AS h
    SEMI JOIN staging.touched_days USING (campaign_id)
    INNER JOIN staging.candidates_given AS c USING (campaign_id, source_id)
    INNER JOIN origins AS o ON h.campaign_id = o.campaign_id AND h.anchor_minutes = o.anchor_minutes
    LEFT JOIN gifts_counted AS g
        ON h.campaign_id = g.campaign_id AND h.source_id = g.source_id AND c.candidate_id = g.candidate_id
        AND h.anchor_minutes = g.anchor_minutes AND h.interval_start_at = g.interval_start_at
    LEFT JOIN staging.donor_histories AS k ON h.campaign_id = k.campaign_id AND h.source_id = k.source_id
    WHERE h.source_kind = 'donations' AND h.precision IN ('instant', 'minute')
),

gifts_unpivoted AS (
    SELECT *, 'count' AS outcome, gifts::DOUBLE AS value FROM gifts_seen
    UNION ALL BY NAME
    SELECT *, 'amount' AS outcome, amount::DOUBLE AS value FROM gifts_seen
    UNION ALL BY NAME
    SELECT *, 'small_count' AS outcome, small_gifts::DOUBLE AS value FROM gifts_seen
    UNION ALL BY NAME
    SELECT *, 'new_donors' AS outcome, new_donors::DOUBLE AS value FROM gifts_seen
),

series_assembled AS (
    SELECT t.campaign_id, t.local_on, 'mentions' AS outcome, t.source_kind, t.scope, '' AS source_id, '' AS precision, c.candidate_id,
        t.anchor_minutes, t.interval_start_at, coalesce(m.mentions, 0)::DOUBLE AS value, t.coverage, t.is_synthetic, t.is_sampled
    FROM texts_seen AS t
    INNER JOIN staging.candidates AS c ON t.campaign_id = c.campaign_id
    LEFT JOIN mentions_counted AS m
        ON t.campaign_id = m.campaign_id AND t.source_kind = m.source_kind AND t.scope = m.scope AND c.candidate_id = m.candidate_id
        AND t.anchor_minutes = m.anchor_minutes AND t.interval_start_at = m.interval_start_at
    UNION ALL BY NAME
    SELECT h.campaign_id, h.local_on, 'mentions' AS outcome, h.source_kind, h.scope, '' AS source_id, '' AS precision, p.candidate_id,
        h.anchor_minutes, h.interval_start_at, p.posts::DOUBLE AS value, h.coverage, h.is_synthetic, h.is_sampled
    FROM staging.anchored_hours AS h
    INNER JOIN posts_counted AS p USING (campaign_id, source_id, anchor_minutes, interval_start_at)
    WHERE ends_with(h.source_kind, '_counts')
    UNION ALL BY NAME
    SELECT h.campaign_id, h.local_on, 'amount' AS outcome, 'donations' AS source_kind, '' AS scope, h.source_id, h.precision, s.candidate_id,
        h.anchor_minutes, h.interval_start_at, s.amount::DOUBLE AS value, h.coverage, h.is_synthetic, h.is_sampled
    FROM staging.anchored_hours AS h
    INNER JOIN steps_spread AS s USING (campaign_id, source_id, anchor_minutes, interval_start_at)
    UNION ALL BY NAME
    SELECT campaign_id, local_on, outcome, 'donations' AS source_kind, '' AS scope, source_id, precision, given_to AS candidate_id,
        anchor_minutes, interval_start_at, value, coverage, is_synthetic, is_sampled
    FROM gifts_unpivoted
    WHERE value IS NOT NULL
)

SELECT campaign_id, local_on, outcome, source_kind, scope, source_id, precision, candidate_id, anchor_minutes,
    60::INTEGER AS interval_minutes, interval_start_at, value, coverage, is_synthetic, coalesce(is_sampled, false) AS is_sampled
FROM series_assembled
