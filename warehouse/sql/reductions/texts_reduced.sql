-- What is left of a text that must go: the phrases that it holds, each with those that it overlaps.
-- grain:  one row for each text of texts_whole
-- key:    place
-- units:  phrases are folded, each once, in the order of the alphabet; chr(31) between them, which no phrase crosses
WITH texts_judged AS (
    SELECT place, text, has_accents(text) AS is_accented FROM texts_whole
),

names_written AS (
    SELECT
        place,
        unnest(
            names_in(
                bare_text(text, is_accented, getvariable('domains_kept')),
                is_accented,
                getvariable('names_spaced'),
                getvariable('names_plain')
            )
        ) AS names
    FROM texts_judged
),

names_split AS (
    SELECT names, string_split(trim(regexp_replace(names, '[^\p{L}\p{N}]+', ' ', 'g')), ' ') AS words
    FROM (SELECT DISTINCT names FROM names_written)
),

words_placed AS (
    SELECT names, unnest(words) AS word, generate_subscripts(words, 1) AS position FROM names_split
),

phrases_split AS (
    SELECT DISTINCT first_word, string_split(trim(phrase), '  ') AS words FROM staging.phrases
),

phrases_found AS (
    SELECT w.names, w.position AS first_position, w.position + len(p.words) - 1 AS last_position
    FROM words_placed AS w
    INNER JOIN phrases_split AS p ON w.word = p.first_word
    INNER JOIN names_split AS n ON w.names = n.names
    WHERE list_slice(n.words, w.position, w.position + len(p.words) - 1) = p.words
),

words_covered AS (
    -- Phrases that share a word stay together: which of them stands is decided as in the whole text.
    SELECT names, position, bool_or(position > first_position) AS is_joined
    FROM (SELECT names, first_position, unnest(generate_series(first_position, last_position)) AS position FROM phrases_found)
    GROUP BY names, position
),

words_grouped AS (
    SELECT
        w.names,
        w.position,
        w.word,
        count(*) FILTER (WHERE NOT c.is_joined) OVER (PARTITION BY w.names ORDER BY w.position) AS group_number
    FROM words_covered AS c
    INNER JOIN words_placed AS w USING (names, position)
),

phrases_kept AS (
    SELECT names, string_agg(word, ' ' ORDER BY position) AS kept
    FROM words_grouped
    GROUP BY names, group_number
),

texts_kept AS (
    SELECT place, string_agg(DISTINCT kept, ' |' || chr(31) || ' ' ORDER BY kept) AS kept
    FROM names_written
    INNER JOIN phrases_kept USING (names)
    GROUP BY place
)

SELECT w.place, '≈ ' || coalesce(k.kept, '') AS text
FROM texts_whole AS w
LEFT JOIN texts_kept AS k USING (place)
ORDER BY w.place
