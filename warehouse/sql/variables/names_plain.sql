-- What to look for in a text of plain letters (a to z): words of phrases in a row, at least one whole phrase among them.
-- grain:  one row, or one of NULL where no campaign has a phrase
-- key:    pattern
-- units:  a regular expression, for a text in lower case, without accents and without "_"
WITH phrases AS (
    SELECT DISTINCT phrase, unnest(string_split(trim(phrase), '  ')) AS word FROM staging.phrases
),

alternatives AS (
    SELECT
        string_agg(DISTINCT word, '|' ORDER BY word) AS word,
        -- \x1F stands between title and summary, which no phrase crosses.
        string_agg(DISTINCT replace(trim(phrase), '  ', '[^a-z0-9\x1f]+'), '|') AS phrase
    FROM phrases
)

SELECT '\b(?:(?:' || word || ')[^a-z0-9\x1f]+)*(?:' || phrase || ')(?:[^a-z0-9\x1f]+(?:' || word || '))*\b' AS pattern
FROM alternatives
