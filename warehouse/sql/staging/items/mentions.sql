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

days_in_utc AS (
    -- An item finds its day by the day of UTC it lies in: no try of every day, whatever the zone.
    SELECT *, unnest(generate_series(epoch_us(starts_at) // 86400000000, (epoch_us(ends_at) - 1) // 86400000000)) AS utc_day
    FROM days_touched
),

span_touched AS (
    SELECT min(starts_at) AS starts_at, max(ends_at) AS ends_at FROM days_touched
),

entries_placed AS NOT MATERIALIZED (
    -- A time that cannot be believed counts in no interval, but on the day of its coming it is said to be left out.
    SELECT *, CASE WHEN time_quality IN ('missing', 'suspect') THEN first_seen_at ELSE published_at END AS mentioned_at
    FROM staging.entries
),

entries_sourced AS (
    SELECT e.entry_id, s.campaign_id, s.source_id, s.source_kind, s.scope
    FROM entries_placed AS e
    INNER JOIN staging.entry_feeds AS f USING (entry_id)
    INNER JOIN staging.sources AS s ON f.feed_url = s.source_key
    WHERE e.mentioned_at >= (SELECT starts_at FROM span_touched) AND e.mentioned_at < (SELECT ends_at FROM span_touched)
    QUALIFY row_number() OVER (PARTITION BY s.campaign_id, s.source_kind, e.entry_id ORDER BY s.source_id) = 1
),

first_versions_seen AS (
    SELECT post_id FROM staging.posts WHERE post_id IN (SELECT edit_of FROM staging.posts WHERE edit_of IS NOT NULL)
),

posts_placed AS NOT MATERIALIZED (
    -- A time that the network's own clock denies is no hour of anything: as with entries, the day of its coming.
    SELECT * REPLACE (CASE WHEN time_quality = 'suspect' THEN observed_at ELSE posted_at END AS posted_at)
    FROM staging.posts
),

posts_sourced AS NOT MATERIALIZED (
    SELECT
        coalesce(p.edit_of, p.post_id) AS item_id,
        s.campaign_id,
        s.source_id,
        s.source_kind,
        s.scope,
        nullif(p.author_key, '') AS author_key,
        p.posted_at,
        coalesce(p.time_quality, 'exact') AS time_quality,
        p.post_type,
        p.text,
        p.edit_of IS NOT NULL OR b.source_key IS NOT NULL AS may_be_repeated
    FROM posts_placed AS p
    LEFT JOIN staging.posts_by_source AS b USING (post_id, source_kind)
    INNER JOIN staging.sources AS s ON coalesce(b.source_key, p.source_key) = s.source_key
    -- An edit is no further item; it stands in for a first version that was never seen.
    WHERE (p.edit_of IS NULL OR p.edit_of NOT IN (FROM first_versions_seen))
        AND p.posted_at >= (SELECT starts_at FROM span_touched) AND p.posted_at < (SELECT ends_at FROM span_touched)
),

items_dated AS (
    SELECT
        s.entry_id AS item_id,
        s.campaign_id,
        s.source_id,
        s.source_kind,
        s.scope,
        NULL AS author_key,
        e.mentioned_at,
        e.time_quality,
        'original' AS post_type,
        -- A unit separator stands for a word of its own: no phrase runs from the title into the summary.
        e.title || ' ' || chr(31) || ' ' || e.summary AS text
    FROM entries_sourced AS s
    INNER JOIN entries_placed AS e USING (entry_id)
    UNION ALL
    SELECT item_id, campaign_id, source_id, source_kind, scope, author_key, posted_at, time_quality, post_type, text
    FROM posts_sourced
    WHERE NOT may_be_repeated
    UNION ALL
    SELECT item_id, campaign_id, source_id, source_kind, scope, author_key, posted_at, time_quality, post_type, text
    FROM posts_sourced
    WHERE may_be_repeated
    QUALIFY row_number() OVER (PARTITION BY campaign_id, source_kind, item_id ORDER BY source_id, posted_at, text) = 1
),

texts_judged AS (
    SELECT i.*, d.local_on, has_accents(i.text) AS is_accented
    FROM items_dated AS i
    INNER JOIN days_in_utc AS d
        ON i.campaign_id = d.campaign_id AND epoch_us(i.mentioned_at) // 86400000000 = d.utc_day
        AND i.mentioned_at >= d.starts_at AND i.mentioned_at < d.ends_at
),

texts_bare AS (
    SELECT * REPLACE (bare_text(text, is_accented, getvariable('domains_kept')) AS text)
    FROM texts_judged
),

names_written AS (
    SELECT
        * EXCLUDE (text, is_accented),
        names_in(text, is_accented, getvariable('names_spaced'), getvariable('names_plain')) AS names
    FROM texts_bare
),

items AS (
    -- Whom a text names is decided by its words of phrases in a row, and few texts differ in these.
    SELECT * REPLACE (array_to_string(names, ' ' || chr(31) || ' ') AS names)
    FROM names_written
),

names_folded AS (
    SELECT DISTINCT campaign_id, names, ' ' || regexp_replace(names, '[^\p{L}\p{N}\x1F]+', '  ', 'g') || ' ' AS folded
    FROM items
    WHERE names != ''
),

words AS (
    SELECT DISTINCT campaign_id, names, unnest(string_split(trim(folded), '  ')) AS word
    FROM names_folded
),

phrases_found AS (
    SELECT n.campaign_id, n.names, n.folded, p.phrase, p.candidate_id
    FROM words AS w
    INNER JOIN staging.phrases AS p ON w.campaign_id = p.campaign_id AND w.word = p.first_word
    INNER JOIN names_folded AS n
        ON w.campaign_id = n.campaign_id AND w.names = n.names AND contains(n.folded, p.phrase)
),

longer_phrases AS (
    -- "Hunter Biden" takes its words away from "Biden"; the longest phrase first.
    SELECT s.campaign_id, s.names, s.phrase, list(l.phrase ORDER BY length(l.phrase) DESC, l.phrase) AS phrases
    FROM phrases_found AS s
    INNER JOIN phrases_found AS l
        ON s.campaign_id = l.campaign_id AND s.names = l.names AND length(l.phrase) > length(s.phrase)
    GROUP BY ALL
),

phrases_standing AS (
    SELECT f.campaign_id, f.names, f.candidate_id
    FROM phrases_found AS f
    LEFT JOIN longer_phrases AS l USING (campaign_id, names, phrase)
    WHERE l.phrases IS NULL
        OR contains(list_reduce(list_prepend(f.folded, l.phrases), lambda rest, longer : replace(rest, longer, ' | ')), f.phrase)
),

candidates_named AS (
    SELECT campaign_id, names, candidate_id, count(*) OVER (PARTITION BY campaign_id, names) = 1 AS is_solo
    FROM (SELECT DISTINCT campaign_id, names, candidate_id FROM phrases_standing WHERE candidate_id IS NOT NULL)
)

SELECT
    i.campaign_id,
    i.local_on,
    i.item_id,
    i.source_id,
    i.source_kind,
    i.scope,
    n.candidate_id,
    i.mentioned_at,
    i.time_quality,
    i.post_type,
    n.is_solo,
    i.author_key
FROM items AS i
INNER JOIN candidates_named AS n USING (campaign_id, names)
