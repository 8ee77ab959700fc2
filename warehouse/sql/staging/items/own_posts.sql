-- A post of a candidate's own account, by whose hand it is, and what people did with it.
-- grain:  one row for each post of an own account, candidate and kind of source; reposts are left out: their reactions are another's
-- key:    campaign_id, candidate_id, source_kind, post_id
-- units:  times in UTC; reactions in counts at observed_at
-- column post_id: The post's id on its platform.
-- column posted_at: When it was posted.
-- column posted_on: The local day of that.
-- column post_type: original, reply or quote.
-- column hand: own: by the candidate; staff; unknown: no sign, or two that say the opposite of each other.
-- column reactions: Replies, reposts and likes; NULL where the source counts none of them.
-- column counters: Which of them it counts: l, p and r for likes, reposts and replies.
-- column observed_at: When they were counted.
WITH accounts_declared AS (
    SELECT c.campaign_id, c.candidate_id, c.signature, c.staff_clients, c.accounts, s.timezone
    FROM raw.candidates AS c
    INNER JOIN staging.campaigns AS s USING (campaign_id, campaign_hash)
),

posts_own AS (
    SELECT DISTINCT a.campaign_id, a.candidate_id, p.source_kind, p.post_id
    FROM staging.posts AS p
    LEFT JOIN staging.posts_by_source AS b USING (post_id, source_kind)
    INNER JOIN staging.sources AS s ON coalesce(b.source_key, p.source_key) = s.source_key
    INNER JOIN accounts_declared AS a
        ON s.campaign_id = a.campaign_id
        AND (
            (s.source_kind LIKE '%\_own' ESCAPE '\' AND s.candidate_id = a.candidate_id)
            OR list_contains(a.accounts, p.account)
        )
    WHERE (p.account IS NOT NULL OR p.source_kind LIKE '%\_own' ESCAPE '\') AND p.post_type != 'repost'
),

signs_read AS (
    SELECT
        o.*,
        a.timezone,
        p.posted_at,
        p.post_type,
        p.like_count,
        p.repost_count,
        p.reply_count,
        p.observed_at,
        -- Dashes of every length are one; the signature stands as a word of its own.
        regexp_matches(
            regexp_replace(p.text, '[\x{2010}-\x{2015}\x{2212}]\s*|-\s+', '-', 'g'),
            '(^|[^\p{L}\p{N}])' || regexp_escape(regexp_replace(a.signature, '[\x{2010}-\x{2015}\x{2212}]\s*|-\s+', '-', 'g'))
            || '($|[^\p{L}\p{N}])'
        ) AS is_signed,
        list_contains(list_transform(a.staff_clients, lambda c : lower(trim(c))), lower(p.client)) AS is_of_staff_app
    FROM posts_own AS o
    INNER JOIN staging.posts AS p USING (post_id, source_kind)
    INNER JOIN accounts_declared AS a USING (campaign_id, candidate_id)
)

SELECT
    campaign_id,
    candidate_id,
    source_kind,
    post_id,
    posted_at,
    CAST(timezone(timezone, posted_at) AS DATE) AS posted_on,
    post_type,
    CASE
        -- NULL: that sign is not declared, or the source does not say.
        WHEN is_signed IS NULL AND is_of_staff_app IS NULL THEN 'unknown'
        WHEN is_signed = is_of_staff_app THEN 'unknown'
        WHEN is_signed OR (is_signed IS NULL AND NOT is_of_staff_app) THEN 'own'
        ELSE 'staff'
    END AS hand,
    CASE
        WHEN coalesce(like_count, repost_count, reply_count) IS NOT NULL
            THEN coalesce(like_count, 0) + coalesce(repost_count, 0) + coalesce(reply_count, 0)
    END AS reactions,
    concat_ws('', if(like_count IS NULL, '', 'l'), if(repost_count IS NULL, '', 'p'), if(reply_count IS NULL, '', 'r'))
        AS counters,
    observed_at
FROM signs_read
