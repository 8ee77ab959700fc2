-- Something personal that was removed: when it was asked for, when it was done, and nothing of what it was.
-- grain:  one row for each erasure
-- key:    erasure_id
-- units:  times in UTC; hours_elapsed in hours from asked_at to erased_at
CREATE TABLE raw.erasures (
    erasure_id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    reason VARCHAR,
    asked_at TIMESTAMPTZ NOT NULL,
    erased_at TIMESTAMPTZ NOT NULL,
    hours_elapsed DOUBLE NOT NULL,
    rows_changed BIGINT NOT NULL,
    files_rewritten BIGINT NOT NULL,
    subject_hash VARCHAR,
    load_id BIGINT NOT NULL
);
