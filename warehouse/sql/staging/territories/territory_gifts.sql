-- Gifts from a territory and all that lies in it, over the campaign's season; what is small is shown to nobody.
-- grain:  one row for each donation source that says where gifts come from, each candidate given to (ALL: the whole source) and each territory of the level that most of its gifts are told at, or above it
-- key:    campaign_id, source_id, candidate_id, territory
-- units:  amount in the source's currency
-- column level: How many steps the territory lies below the topmost.
-- column is_told: The source tells of territories of this level; those above are sums of them.
-- column gifts: Gifts with an amount above zero; 0 where none came from a territory that the campaign names.
-- column donors: Givers told apart; NULL where the source does not know its givers.
WITH totals_read AS (
    SELECT t.*, c.start_on, c.end_on, (t.interval_start_at AT TIME ZONE c.timezone)::DATE AS local_on
    FROM raw.donation_totals AS t
    SEMI JOIN staging.territories USING (campaign_id)
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    INNER JOIN staging.files_standing AS f
    ON t.campaign_id = f.campaign_id AND t.source_id = f.source_id AND t.file_sha256 = f.file_sha256 AND t.known_at > f.withdrawn_at
    WHERE t.territory IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY t.campaign_id, t.source_id, t.candidate_id, t.interval_start_at, t.interval_minutes, t.territory
        ORDER BY t.known_at DESC, t.file_sha256, t.line_number DESC
    ) = 1
),

given AS (
    SELECT d.campaign_id, d.source_id, coalesce(d.candidate_id, 'ALL') AS candidate_id, d.territory, d.donor_key, d.amount, 1 AS gifts
    FROM staging.donations AS d
    SEMI JOIN staging.territories USING (campaign_id)
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    WHERE d.territory IS NOT NULL AND d.amount > 0 AND NOT d.is_memo AND NOT coalesce(list_contains(d.flags, 'refund'), false)
        AND d.local_on BETWEEN c.start_on AND c.end_on AND d.currency = s.currency
    UNION ALL BY NAME
    SELECT t.campaign_id, t.source_id, coalesce(t.candidate_id, 'ALL') AS candidate_id, t.territory, NULL AS donor_key, t.amount, t.gifts
    FROM totals_read AS t
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    WHERE t.local_on BETWEEN t.start_on AND t.end_on AND t.currency = s.currency
),

given_to AS (
    FROM given
    UNION ALL BY NAME
    -- The whole source, where it tells of several candidates: a giver to two of them is one.
    SELECT g.* REPLACE ('ALL' AS candidate_id)
    FROM given AS g
    SEMI JOIN (
        SELECT campaign_id, source_id FROM given GROUP BY ALL
        HAVING count(DISTINCT candidate_id) > 1 AND bool_and(candidate_id != 'ALL')
    ) AS many USING (campaign_id, source_id)
),

levels_told AS (
    SELECT g.campaign_id, g.source_id, a.level, count(g.donor_key) > 0 AS has_donors
    FROM given AS g
    INNER JOIN staging.territories_above AS a ON g.campaign_id = a.campaign_id AND g.territory = a.territory AND a.steps_up = 0
    GROUP BY g.campaign_id, g.source_id, a.level
    QUALIFY row_number() OVER (PARTITION BY g.campaign_id, g.source_id ORDER BY sum(g.gifts) DESC, a.level DESC) = 1
),

counted AS (
    SELECT
        g.campaign_id,
        g.source_id,
        g.candidate_id,
        a.whole AS territory,
        -- Where one span has a sum and no count, nobody knows how many there were.
        CASE WHEN count(g.gifts) = count(*) THEN sum(g.gifts)::BIGINT END AS gifts,
        count(DISTINCT g.donor_key) AS donors,
        sum(g.amount)::DECIMAL(18, 2) AS amount
    FROM given_to AS g
    INNER JOIN staging.territories_above AS a ON g.campaign_id = a.campaign_id AND g.territory = a.territory
    GROUP BY g.campaign_id, g.source_id, g.candidate_id, a.whole
),

asked AS (
    SELECT DISTINCT g.campaign_id, g.source_id, g.candidate_id, a.whole AS territory, a.level, a.level = l.level AS is_told, l.has_donors
    FROM (SELECT DISTINCT campaign_id, source_id, candidate_id FROM counted) AS g
    INNER JOIN levels_told AS l USING (campaign_id, source_id)
    INNER JOIN staging.territories_above AS a ON g.campaign_id = a.campaign_id AND a.steps_up = 0 AND a.level <= l.level
)

SELECT
    k.campaign_id,
    k.source_id,
    k.candidate_id,
    k.territory,
    k.level,
    k.is_told,
    CASE WHEN c.territory IS NULL THEN 0 ELSE c.gifts END AS gifts,
    CASE WHEN k.has_donors THEN coalesce(c.donors, 0) END AS donors,
    coalesce(c.amount, 0)::DECIMAL(18, 2) AS amount
FROM asked AS k
LEFT JOIN counted AS c USING (campaign_id, source_id, candidate_id, territory)
