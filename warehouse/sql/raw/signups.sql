-- A sign-up as a file told it.
-- grain:  one row for each row of an imported file
-- key:    campaign_id, source_id, file_sha256, line_number, known_at
-- units:  signed_up_at in UTC, NULL where the source gives days; signed_up_on a day of the campaign's zone
CREATE TABLE raw.signups (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,
    signup_id VARCHAR NOT NULL,
    candidate_id VARCHAR,
    signed_up_at TIMESTAMPTZ,
    signed_up_on DATE NOT NULL,
    precision VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    event_id VARCHAR,
    channel VARCHAR,
    scope VARCHAR,
    territory VARCHAR,
    person_key VARCHAR,
    known_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
