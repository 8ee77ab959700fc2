-- The erasure log: what was taken out of the home on whose request, by keyed hash, and how long it took.
-- grain:  one row for each key that was erased
-- key:    erased_key, asked_at
-- units:  seconds from the request to the rewritten landing zone and warehouse
CREATE TABLE raw.erasures (
    what VARCHAR NOT NULL,
    erased_key VARCHAR NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    rows BIGINT NOT NULL,
    files BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    load_id BIGINT NOT NULL
);
