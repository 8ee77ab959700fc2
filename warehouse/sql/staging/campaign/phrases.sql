-- A phrase to look for in folded texts: an alias, the same written as one word (#DupontAignan, @JoeBiden), or a phrase that is someone else.
-- grain:  one row for each phrase of each campaign; an alias of a candidate beats an excluded phrase of another
-- key:    campaign_id, phrase
-- units:  phrase is folded, its words two spaces apart and a space around, as names_folded of staging.mentions
WITH aliases_folded AS (
    SELECT DISTINCT
        a.campaign_id,
        a.candidate_id,
        a.is_excluded,
        trim(regexp_replace(strip_accents(lower(a.alias)), '[^\p{L}\p{N}]+', ' ', 'g')) AS folded
    FROM raw.aliases AS a
    SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
),

phrases_written AS (
    SELECT campaign_id, candidate_id, is_excluded, folded FROM aliases_folded
    UNION
    SELECT campaign_id, candidate_id, is_excluded, replace(folded, ' ', '') FROM aliases_folded
)

SELECT
    campaign_id,
    ' ' || replace(folded, ' ', '  ') || ' ' AS phrase,
    split_part(folded, ' ', 1) AS first_word,
    -- NULL: someone else.
    CASE WHEN is_excluded THEN NULL ELSE candidate_id END AS candidate_id
FROM phrases_written
WHERE folded != ''
QUALIFY row_number() OVER (PARTITION BY campaign_id, folded ORDER BY is_excluded, candidate_id) = 1
