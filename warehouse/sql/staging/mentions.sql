-- A candidate named by an item; an item that names two candidates is two mentions.
-- grain:  one row for each item and candidate it names, in each campaign that reads its source
-- key:    campaign_id, source_kind, item_id, candidate_id
-- units:  times in UTC
-- restates: campaign_id, local_on of staging.touched_days
-- column item_id: The entry or post.
-- column mentioned_at: When it appeared; where that is missing or suspect, when we first saw it.
-- column time_quality: How far mentioned_at is to be trusted.
-- column post_type: original, reply, repost or quote; an entry is an original.
-- column is_solo: The item names no other candidate.
-- column author_key: Keyed hash of the author; NULL for entries.
WITH days_touched AS (
    SELECT * FROM staging.days SEMI JOIN staging.touched_days USING (campaign_id, local_on)
),

spans_touched AS (
    SELECT campaign_id, min(starts_at) AS starts_at, max(ends_at) AS ends_at
    FROM days_touched
    GROUP BY campaign_id
),

entries_placed AS (
    -- A time that cannot be believed counts in no interval, but on the day of its coming it is said to be left out.
    SELECT *, CASE WHEN time_quality IN ('missing', 'suspect') THEN first_seen_at ELSE published_at END AS mentioned_at
    FROM staging.entries
),

items_dated AS (
    SELECT
        e.entry_id AS item_id,
        f.feed_url AS source_key,
        NULL AS author_key,
        e.mentioned_at,
        e.time_quality,
        'original' AS post_type,
        -- A unit separator stands for a word of its own: no phrase runs from the title into the summary.
        e.title || ' ' || chr(31) || ' ' || e.summary AS text
    FROM entries_placed AS e
    INNER JOIN staging.entry_feeds AS f USING (entry_id)
    WHERE e.mentioned_at >= (SELECT min(starts_at) FROM spans_touched) AND e.mentioned_at < (SELECT max(ends_at) FROM spans_touched)
    UNION ALL
    SELECT coalesce(p.edit_of, p.post_id), s.source_key, nullif(p.author_key, ''), p.posted_at, 'exact', p.post_type, p.text
    FROM staging.posts AS p
    INNER JOIN staging.posts_by_source AS s USING (post_id, source_kind)
    -- An edit is no further item; it stands in for a first version that was never seen.
    WHERE (p.edit_of IS NULL OR p.edit_of NOT IN (SELECT post_id FROM staging.posts))
        AND p.posted_at >= (SELECT min(starts_at) FROM spans_touched) AND p.posted_at < (SELECT max(ends_at) FROM spans_touched)
),

items_near AS (
    -- The span first: it lets DuckDB skip what is older; then the day itself.
    SELECT s.campaign_id, s.source_id, s.source_kind, s.scope, i.*
    FROM items_dated AS i
    INNER JOIN staging.sources AS s USING (source_key)
    INNER JOIN spans_touched AS t
        ON s.campaign_id = t.campaign_id AND i.mentioned_at >= t.starts_at AND i.mentioned_at < t.ends_at
),

items AS (
    SELECT
        i.campaign_id,
        d.local_on,
        i.item_id,
        i.source_id,
        i.source_kind,
        i.scope,
        i.author_key,
        i.mentioned_at,
        i.time_quality,
        i.post_type,
        ' ' || regexp_replace(
            -- Stripping accents is the dear part, and plain ASCII has none.
            CASE WHEN strlen(i.text) = length(i.text) THEN lower(i.text) ELSE strip_accents(lower(i.text)) END,
            '[^\p{L}\p{N}\x1F]+', '  ', 'g'
        ) || ' ' AS folded
    FROM items_near AS i
    -- The one day that an item can lie in: as-of finds it without trying every day.
    ASOF INNER JOIN days_touched AS d
        ON i.campaign_id = d.campaign_id AND i.mentioned_at >= d.starts_at
    WHERE i.mentioned_at < d.ends_at
    QUALIFY row_number() OVER (PARTITION BY i.campaign_id, i.source_kind, i.item_id ORDER BY i.source_id, i.mentioned_at, i.text) = 1
),

words AS (
    SELECT DISTINCT campaign_id, source_kind, item_id, unnest(string_split(trim(folded), '  ')) AS word
    FROM items
),

phrases_found AS (
    SELECT i.campaign_id, i.source_kind, i.item_id, i.folded, p.phrase, p.candidate_id
    FROM words AS w
    INNER JOIN staging.phrases AS p ON w.campaign_id = p.campaign_id AND w.word = p.first_word
    INNER JOIN items AS i
        ON w.campaign_id = i.campaign_id AND w.source_kind = i.source_kind AND w.item_id = i.item_id AND contains(i.folded, p.phrase)
),

longer_phrases AS (
    -- "Hunter Biden" takes its words away from "Biden"; the longest phrase first.
    SELECT s.campaign_id, s.source_kind, s.item_id, s.phrase, list(l.phrase ORDER BY length(l.phrase) DESC, l.phrase) AS phrases
    FROM phrases_found AS s
    INNER JOIN phrases_found AS l
        ON s.campaign_id = l.campaign_id AND s.source_kind = l.source_kind AND s.item_id = l.item_id
        AND length(l.phrase) > length(s.phrase)
    GROUP BY ALL
),

phrases_standing AS (
    SELECT f.campaign_id, f.source_kind, f.item_id, f.candidate_id
    FROM phrases_found AS f
    LEFT JOIN longer_phrases AS l USING (campaign_id, source_kind, item_id, phrase)
    WHERE l.phrases IS NULL
        OR contains(list_reduce(list_prepend(f.folded, l.phrases), lambda rest, longer : replace(rest, longer, ' | ')), f.phrase)
),

candidates_named AS (
    SELECT DISTINCT campaign_id, source_kind, item_id, candidate_id
    FROM phrases_standing
    WHERE candidate_id IS NOT NULL
)

SELECT
    n.campaign_id,
    i.local_on,
    n.item_id,
    i.source_id,
    n.source_kind,
    i.scope,
    n.candidate_id,
    i.mentioned_at,
    i.time_quality,
    i.post_type,
    count(*) OVER (PARTITION BY n.campaign_id, n.source_kind, n.item_id) = 1 AS is_solo,
    i.author_key
FROM candidates_named AS n
INNER JOIN items AS i USING (campaign_id, source_kind, item_id)
