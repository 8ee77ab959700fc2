-- What one poll found of one candidate: each poll once, as the file says that was imported last.
-- grain:  one row for each poll and candidate
-- key:    campaign_id, candidate_id, territory, pollster_key, population_key, starts_on, ends_on, sample, share
-- units:  share of those asked, 0 to 1; days are local days; territory and population_key '' = the file says none
-- column pollster_key: The pollster, with case, accents and punctuation folded: two spellings are one house.
-- column population_key: The kind of people asked, folded likewise.
WITH polls_standing AS (
    SELECT
        p.* EXCLUDE (load_id, territory),
        coalesce(p.territory, '') AS territory,
        trim(regexp_replace(lower(strip_accents(p.pollster)), '[^0-9a-z]+', ' ', 'g')) AS pollster_key,
        trim(regexp_replace(lower(strip_accents(coalesce(p.population, ''))), '[^0-9a-z]+', ' ', 'g')) AS population_key
    FROM raw.polls AS p
    INNER JOIN staging.files_standing AS f USING (campaign_id, source_id, file_sha256)
    WHERE p.known_at > f.withdrawn_at
),

polls_latest AS (
    SELECT *
    FROM polls_standing
    -- A poll that a later file tells again is amended by it.
    QUALIFY dense_rank() OVER (
        PARTITION BY campaign_id, candidate_id, territory, pollster_key, population_key, starts_on, ends_on
        ORDER BY known_at DESC, file_sha256
    ) = 1
)

SELECT
    campaign_id, source_id, candidate_id, territory, pollster, pollster_key, population_key, starts_on, ends_on, sample, share
FROM polls_latest
QUALIFY row_number() OVER (
    PARTITION BY campaign_id, candidate_id, territory, pollster_key, population_key, starts_on, ends_on, sample, share
    ORDER BY source_id, line_number, pollster
) = 1
