-- A version of a feed entry as it stood at `fetched_at`.
-- grain:  one row for each entry and poll that saw a new version
-- key:    entry_id, feed_url, fetched_at
-- units:  times in UTC
CREATE TABLE raw.entries (
    entry_id VARCHAR NOT NULL,
    feed_url VARCHAR NOT NULL,
    guid VARCHAR,
    link VARCHAR,
    title VARCHAR NOT NULL,
    author VARCHAR,
    summary VARCHAR NOT NULL,
    published_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ,
    time_quality VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    load_id BIGINT NOT NULL
);
