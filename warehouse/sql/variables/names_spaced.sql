-- What to look for in a text of any letters: words of phrases in a row, at least one whole phrase among them.
-- grain:  one row, or one of NULL where no campaign has a phrase
-- key:    pattern
-- units:  a regular expression, for a folded text whose words are two spaces apart and have a space around
WITH phrases AS (
    SELECT DISTINCT phrase, unnest(string_split(trim(phrase), '  ')) AS word FROM staging.phrases
),

alternatives AS (
    SELECT
        string_agg(DISTINCT word, '|' ORDER BY word) AS word,
        string_agg(DISTINCT phrase, '|' ORDER BY phrase) AS phrase
    FROM phrases
)

SELECT '(?: (?:' || word || ') )*(?:' || phrase || ')(?: (?:' || word || ') )*' AS pattern
FROM alternatives
