-- Gifts, sign-ups and mentions of a territory, over the campaign's season, per inhabitant and per inhabitant with internet access.
-- grain:  one row for each candidate, source that says where gifts or sign-ups come from, and territory; one more with source_id ALL for the mentions in all local feeds of the territory. A territory counts all that lies in it
-- key:    campaign_id, candidate_id, source_id, territory
-- units:  population in people; amounts in `currency`; rates per 1,000 inhabitants, or per 1,000 inhabitants with internet access
-- column candidate_id: A candidate of the campaign's roster; ALL = a whole platform or party, or all candidates of the source together, a giver to two of them once.
-- column source_id: The source of gifts or sign-ups; ALL = all local feeds, for mentions.
-- column territory: Its code: see facts.territories. A territory and those that lie in it must not be added.
-- column population: Inhabitants.
-- column online_share: Share of inhabitants or households with internet access at home; NULL where nobody says.
-- column gifts: Gifts with an amount above zero; NULL with flag small_cell where gifts or givers are fewer than ten, as sign-ups and those who signed up are.
-- column donors: Givers told apart; NULL where they are fewer than ten, or the source does not know them.
-- column amount: Sum of the gifts; NULL where they are fewer than ten.
-- column signups: Sign-ups of every kind; NULL where they, or those who signed up, are fewer than ten.
-- column mentions: Mentions of the candidate in the local feeds of the territory; on rows with source_id ALL.
-- column gifts_per_1000: Gifts per 1,000 inhabitants.
-- column gifts_per_1000_online: Gifts per 1,000 inhabitants with internet access.
-- column donors_per_1000: Givers per 1,000 inhabitants.
-- column donors_per_1000_online: Givers per 1,000 inhabitants with internet access.
-- column amount_per_1000: Amount per 1,000 inhabitants.
-- column amount_per_1000_online: Amount per 1,000 inhabitants with internet access.
-- column signups_per_1000: Sign-ups per 1,000 inhabitants.
-- column mentions_per_1000: Mentions per 1,000 inhabitants.
-- column coverage: Share of the season in which the source was really observed, 0 to 1; NULL = unknown. Of mentions, the mean of the territory's feeds.
WITH seen AS (
    SELECT k.campaign_id, k.source_id, CASE WHEN count(k.coverage) = count(*) THEN avg(k.coverage) END AS coverage
    FROM staging.coverage_by_source AS k
    SEMI JOIN staging.territories USING (campaign_id)
    WHERE k.interval_minutes = 1440
    GROUP BY k.campaign_id, k.source_id
),

local_feeds AS (
    SELECT s.campaign_id, s.source_id, a.whole AS territory, k.coverage, s.is_synthetic
    FROM staging.sources AS s
    INNER JOIN staging.territories_above AS a ON s.campaign_id = a.campaign_id AND upper(s.territory) = a.territory
    LEFT JOIN seen AS k ON s.campaign_id = k.campaign_id AND s.source_id = k.source_id
    WHERE s.source_kind NOT IN ('donations', 'polls', 'signups')
),

places_heard AS (
    SELECT
        campaign_id,
        territory,
        CASE WHEN count(coverage) = count(*) THEN avg(coverage) END AS coverage,
        bool_or(is_synthetic) AS is_synthetic
    FROM local_feeds
    GROUP BY campaign_id, territory
),

mentions_counted AS (
    SELECT m.campaign_id, m.candidate_id, f.territory, count(*) AS mentions
    FROM staging.mentions AS m
    INNER JOIN local_feeds AS f USING (campaign_id, source_id)
    GROUP BY m.campaign_id, m.candidate_id, f.territory
),

signups_counted AS (
    SELECT
        g.campaign_id,
        coalesce(g.candidate_id, 'ALL') AS candidate_id,
        g.source_id,
        a.whole AS territory,
        count(*) AS signups,
        nullif(count(DISTINCT g.person_key), 0) AS people
    FROM staging.signups AS g
    INNER JOIN staging.campaigns AS c USING (campaign_id)
    INNER JOIN staging.territories_above AS a ON g.campaign_id = a.campaign_id AND g.territory = a.territory
    WHERE g.local_on BETWEEN c.start_on AND c.end_on
    GROUP BY ALL
),

counted AS (
    SELECT
        g.campaign_id,
        g.candidate_id,
        g.source_id,
        g.territory,
        s.currency,
        g.gifts,
        g.donors,
        g.amount,
        NULL::BIGINT AS signups,
        NULL::BIGINT AS mentions,
        coalesce(least(g.gifts, g.donors) < 10, true) AS is_small,
        k.coverage,
        s.is_synthetic
    FROM staging.territory_gifts AS g
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    LEFT JOIN seen AS k USING (campaign_id, source_id)
    UNION ALL BY NAME
    SELECT
        g.campaign_id,
        g.candidate_id,
        g.source_id,
        g.territory,
        NULL AS currency,
        NULL::BIGINT AS gifts,
        NULL::BIGINT AS donors,
        NULL::DECIMAL(18, 2) AS amount,
        g.signups,
        NULL::BIGINT AS mentions,
        least(g.signups, g.people) < 10 AS is_small,
        k.coverage,
        s.is_synthetic
    FROM signups_counted AS g
    INNER JOIN staging.sources AS s USING (campaign_id, source_id)
    LEFT JOIN seen AS k USING (campaign_id, source_id)
    UNION ALL BY NAME
    SELECT
        p.campaign_id,
        c.candidate_id,
        'ALL' AS source_id,
        p.territory,
        NULL AS currency,
        NULL::BIGINT AS gifts,
        NULL::BIGINT AS donors,
        NULL::DECIMAL(18, 2) AS amount,
        NULL::BIGINT AS signups,
        -- Where nobody looked there is no zero.
        CASE WHEN p.coverage IS DISTINCT FROM 0 THEN coalesce(m.mentions, 0) END AS mentions,
        false AS is_small,
        p.coverage,
        p.is_synthetic
    FROM places_heard AS p
    INNER JOIN staging.candidates AS c USING (campaign_id)
    LEFT JOIN mentions_counted AS m USING (campaign_id, candidate_id, territory)
),

shown AS (
    SELECT * REPLACE (
        CASE WHEN NOT is_small THEN gifts END AS gifts,
        CASE WHEN NOT is_small THEN donors END AS donors,
        CASE WHEN NOT is_small THEN amount END AS amount,
        CASE WHEN NOT is_small THEN signups END AS signups
    )
    FROM counted
)

SELECT
    n.campaign_id,
    n.candidate_id,
    n.source_id,
    n.territory,
    t.population,
    t.online_share,
    n.gifts,
    n.donors,
    n.amount,
    n.currency,
    n.signups,
    n.mentions,
    1000.0::DOUBLE * n.gifts / t.population AS gifts_per_1000,
    1000.0::DOUBLE * n.gifts / nullif(t.population * t.online_share, 0) AS gifts_per_1000_online,
    1000.0::DOUBLE * n.donors / t.population AS donors_per_1000,
    1000.0::DOUBLE * n.donors / nullif(t.population * t.online_share, 0) AS donors_per_1000_online,
    1000.0::DOUBLE * n.amount::DOUBLE / t.population AS amount_per_1000,
    1000.0::DOUBLE * n.amount::DOUBLE / nullif(t.population * t.online_share, 0) AS amount_per_1000_online,
    1000.0::DOUBLE * n.signups / t.population AS signups_per_1000,
    1000.0::DOUBLE * n.mentions / t.population AS mentions_per_1000,
    n.coverage,
    CASE WHEN n.is_small THEN 'insufficient_sample' WHEN coalesce(n.gifts, n.signups, n.mentions) IS NULL THEN 'no_data' ELSE 'ok' END AS status,
    list_filter([
        CASE WHEN n.is_small THEN 'small_cell' END,
        CASE WHEN n.is_synthetic THEN 'synthetic' END
    ], lambda flag : flag IS NOT NULL) AS flags,
    r.run_id
FROM shown AS n
INNER JOIN staging.territories AS t USING (campaign_id, territory)
CROSS JOIN staging.this_run AS r
