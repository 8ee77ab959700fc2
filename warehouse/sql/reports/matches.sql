-- Hits of each alias in what has been built, to judge the matcher by: the same few as long as the texts are the same.
-- grain:  one row for each candidate, phrase and sampled item
-- key:    candidate_id, phrase, item_id
-- units:  times in UTC; hits counts all items with the phrase, sampled or not
-- column phrase: The alias as it was matched: folded, its words one space apart.
WITH texts AS (
    SELECT entry_id AS item_id, concat_ws(' | ', nullif(title, ''), nullif(summary, '')) AS text
    FROM staging.entries
    UNION ALL
    SELECT post_id, text FROM staging.posts
),

mentions_folded AS (
    SELECT
        m.candidate_id,
        m.source_id,
        m.mentioned_at,
        m.item_id,
        t.text,
        ' ' || regexp_replace(bare_text(t.text, true, getvariable('domains_kept')), '[^\p{L}\p{N}]+', '  ', 'g') || ' ' AS folded
    FROM staging.mentions AS m
    INNER JOIN texts AS t USING (item_id)
    WHERE m.campaign_id = $campaign_id
),

phrases_found AS (
    SELECT m.item_id, m.source_id, p.candidate_id, p.phrase, m.folded
    FROM (SELECT DISTINCT item_id, source_id, folded FROM mentions_folded) AS m
    INNER JOIN staging.phrases AS p ON p.campaign_id = $campaign_id AND contains(m.folded, p.phrase)
),

longer_phrases AS (
    -- As mentions are made: "Joe Biden" takes its words away from "Biden"; the longest phrase first.
    SELECT s.item_id, s.source_id, s.phrase, list(DISTINCT l.phrase ORDER BY length(l.phrase) DESC, l.phrase) AS phrases
    FROM phrases_found AS s
    INNER JOIN phrases_found AS l
        ON s.item_id = l.item_id AND s.source_id = l.source_id AND length(l.phrase) > length(s.phrase)
    GROUP BY ALL
),

phrases_standing AS (
    SELECT f.item_id, f.source_id, f.candidate_id, f.phrase
    FROM phrases_found AS f
    LEFT JOIN longer_phrases AS l USING (item_id, source_id, phrase)
    WHERE l.phrases IS NULL
        OR contains(list_reduce(list_prepend(f.folded, l.phrases), lambda rest, longer : replace(rest, longer, ' | ')), f.phrase)
),

links_folded AS (
    -- A name that stands in a link's domain alone: shown, so that a person sees what is not counted.
    SELECT DISTINCT
        s.source_id,
        s.is_synthetic,
        t.item_id,
        t.posted_at AS mentioned_at,
        t.text,
        ' ' || regexp_replace(strip_accents(lower(t.text)), '[^\p{L}\p{N}]+', '  ', 'g') || ' ' AS folded,
        ' ' || regexp_replace(bare_text(t.text, true, getvariable('domains_kept')), '[^\p{L}\p{N}]+', '  ', 'g') || ' ' AS folded_bare
    FROM (
        SELECT entry_id AS item_id, feed_url AS source_key, published_at AS posted_at,
            concat_ws(' | ', nullif(title, ''), nullif(summary, '')) AS text
        FROM staging.entries
        UNION ALL
        SELECT post_id, source_key, posted_at, text FROM staging.posts
    ) AS t
    INNER JOIN staging.sources AS s ON s.campaign_id = $campaign_id AND s.source_key = t.source_key
    WHERE regexp_matches(t.text, '\w\.\w')
),

links_named AS (
    SELECT l.*, p.candidate_id, trim(replace(p.phrase, '  ', ' ')) || ' (in a link''s domain: not counted)' AS phrase
    FROM links_folded AS l
    INNER JOIN staging.phrases AS p
        ON p.campaign_id = $campaign_id AND p.candidate_id IS NOT NULL
        AND contains(l.folded, p.phrase) AND NOT contains(l.folded_bare, p.phrase)
)

SELECT
    m.candidate_id,
    trim(replace(p.phrase, '  ', ' ')) AS phrase,
    count(*) OVER (PARTITION BY m.candidate_id, p.phrase) AS hits,
    m.source_id,
    s.is_synthetic,
    m.mentioned_at,
    m.text
FROM mentions_folded AS m
INNER JOIN phrases_standing AS p USING (candidate_id, item_id, source_id)
INNER JOIN staging.sources AS s ON s.campaign_id = $campaign_id AND m.source_id = s.source_id
QUALIFY row_number() OVER (PARTITION BY m.candidate_id, p.phrase ORDER BY hash(m.item_id), m.item_id) <= $most
UNION ALL
SELECT candidate_id, phrase, count(*) OVER (PARTITION BY candidate_id, phrase), source_id, is_synthetic, mentioned_at, text
FROM links_named
QUALIFY row_number() OVER (PARTITION BY candidate_id, phrase ORDER BY hash(item_id), item_id) <= $most
ORDER BY candidate_id, phrase, mentioned_at
