-- What one poll found of one candidate, as its file says.
-- grain:  one row for each poll and candidate of each file
-- key:    campaign_id, source_id, file_sha256, line_number, candidate_id
-- units:  share of those asked, 0 to 1; days are local days
CREATE TABLE raw.polls (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    line_number BIGINT NOT NULL,
    candidate_id VARCHAR NOT NULL,
    pollster VARCHAR NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    sample BIGINT NOT NULL,
    population VARCHAR,
    share DOUBLE NOT NULL,
    territory VARCHAR,
    known_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
