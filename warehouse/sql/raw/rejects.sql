-- A row or document that could not be read, with the reason.
-- grain:  one row for each thing set aside, each time it was seen
-- key:    source_key, what, line_number, seen_at
-- units:  none
CREATE TABLE raw.rejects (
    source_key VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    line_number BIGINT,
    reason VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    file_sha256 VARCHAR,
    load_id BIGINT NOT NULL
);
