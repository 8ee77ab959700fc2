-- A file that was imported.
-- grain:  one row for each import of a file
-- key:    campaign_id, source_id, file_sha256, imported_at
-- units:  rows in rows of the file
CREATE TABLE raw.imported_files (
    campaign_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_landed BIGINT NOT NULL,
    rows_set_aside BIGINT NOT NULL,
    span_from_at TIMESTAMPTZ,
    span_to_at TIMESTAMPTZ,
    rows_from_at TIMESTAMPTZ,
    rows_to_at TIMESTAMPTZ,
    load_id BIGINT NOT NULL
);
