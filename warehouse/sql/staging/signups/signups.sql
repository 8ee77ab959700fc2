-- A sign-up in its last known version, from files that stand.
-- grain:  one row for each sign-up id of each source
-- key:    campaign_id, source_id, signup_id
-- units:  signed_up_at in UTC, NULL where the source gives days; local_on a day of the campaign's zone
-- column signup_id: The sign-up's id at its source.
-- column signed_up_at: When; NULL where the source gives days.
-- column what: rsvp, volunteer, member, list or other.
-- column channel: How it came: a channel of channels.csv, or a known word.
-- column territory: Where it came from.
-- column is_first: The first sign-up of this person that the source knows of; NULL where nobody is named.
-- column known_at: When the file that tells it was read.
WITH rows_holding AS (
    SELECT s.*
    FROM raw.signups AS s
    INNER JOIN staging.files_standing AS f
        ON s.campaign_id = f.campaign_id AND s.source_id = f.source_id AND s.file_sha256 = f.file_sha256 AND s.known_at > f.withdrawn_at
    QUALIFY row_number() OVER (
        PARTITION BY s.campaign_id, s.source_id, s.signup_id ORDER BY s.known_at DESC, s.file_sha256, s.line_number DESC
    ) = 1
)

SELECT
    campaign_id,
    source_id,
    signup_id,
    candidate_id,
    signed_up_at,
    signed_up_on AS local_on,
    precision,
    what,
    event_id,
    channel,
    scope,
    territory,
    person_key,
    CASE WHEN person_key IS NOT NULL THEN row_number() OVER (
        PARTITION BY campaign_id, source_id, person_key ORDER BY signed_up_on, signed_up_at, signup_id
    ) = 1 END AS is_first,
    known_at
FROM rows_holding
