-- Gifts to a candidate through all sources that the campaign declares disjoint, in an interval that every one of them was seen in.
-- grain:  one row for each list of disjoint sources, candidate whom two or more of them give to, and interval in which each of these has a row
-- key:    campaign_id, candidate_id, source_id, interval_minutes, interval_start_at
-- units:  amounts in `currency`, the one of all parts; source_id is the parts' ids joined by +
-- restates: campaign_id, local_on of staging.touched_days
-- column source_id: The ids of the sources that were added, joined by +.
-- column precision: The coarsest of the parts.
-- column gifts: Gifts of all parts; NULL where a part gives sums only.
-- column median_gift: NULL: it cannot be told from the parts.
-- column new_donors: NULL: a giver may be new to two sources.
-- column coverage: The least of the parts; NULL where one is unknown.
WITH parts_declared AS (
    SELECT s.campaign_id, s.summed_as, g.candidate_id, count(*) AS parts
    FROM staging.sources AS s
    INNER JOIN staging.candidates_given AS g USING (campaign_id, source_id)
    WHERE s.summed_as IS NOT NULL
    GROUP BY ALL
    HAVING count(*) > 1
),

parts_counted AS (
    SELECT
        m.*,
        s.summed_as,
        list_position(['instant', 'minute', 'hour', 'day', 'interval'], m.precision) AS coarseness
    FROM staging.money_counted AS m
    SEMI JOIN staging.touched_days USING (campaign_id, local_on)
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    WHERE s.summed_as IS NOT NULL AND list_contains(m.flags, 'other_currency') IS NOT TRUE
)

SELECT
    m.campaign_id,
    m.local_on,
    m.candidate_id,
    m.summed_as AS source_id,
    max_by(m.precision, m.coarseness) AS precision,
    m.interval_start_at,
    m.interval_minutes,
    CASE WHEN count(m.gifts) = count(*) THEN sum(m.gifts)::BIGINT END AS gifts,
    sum(m.amount)::DECIMAL(18, 2) AS amount,
    min(m.currency) AS currency,
    CASE WHEN count(m.gifts) = count(*) THEN (sum(m.amount)::DOUBLE / nullif(sum(m.gifts), 0))::DECIMAL(18, 2) END AS mean_gift,
    NULL::DECIMAL(18, 2) AS median_gift,
    CASE WHEN count(m.small_gifts) = count(*) THEN sum(m.small_gifts)::BIGINT END AS small_gifts,
    NULL::BIGINT AS new_donors,
    CASE WHEN count(m.refunds) = count(*) THEN sum(m.refunds)::BIGINT END AS refunds,
    CASE WHEN count(m.refunded_amount) = count(*) THEN sum(m.refunded_amount)::DECIMAL(18, 2) END AS refunded_amount,
    CASE WHEN count(m.coverage) = count(*) THEN min(m.coverage) END AS coverage,
    list_sort(list_distinct(list_append(list_filter(flatten(list(m.flags)), lambda flag : flag != 'left_censored'), 'summed'))) AS flags
FROM parts_counted AS m
INNER JOIN parts_declared AS p USING (campaign_id, summed_as, candidate_id)
GROUP BY m.campaign_id, m.local_on, m.candidate_id, m.summed_as, m.interval_start_at, m.interval_minutes
-- Where a part was not seen there is no sum.
HAVING count(*) = min(p.parts)
