-- What the feed collector must know again of a feed after one poll; the last row of a feed holds.
-- grain:  one row for each feed and poll
-- key:    feed_url, polled_at
-- units:  times in UTC; interval_s, period_s and habit_s in seconds
CREATE TABLE raw.feed_states (
    feed_url VARCHAR NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    is_silent BOOLEAN,
    asked_url VARCHAR NOT NULL,
    answered_url VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    document_sha256 VARCHAR,
    document_outcome VARCHAR,
    document_fault VARCHAR,
    period_s DOUBLE,
    next_poll_at TIMESTAMPTZ NOT NULL,
    interval_s DOUBLE NOT NULL,
    failures BIGINT NOT NULL,
    is_gone BOOLEAN NOT NULL,
    is_retired BOOLEAN NOT NULL,
    host VARCHAR NOT NULL,
    host_waits_until TIMESTAMPTZ,
    refusal VARCHAR,
    shown_ids VARCHAR[],
    newest_at TIMESTAMPTZ,
    habit_s DOUBLE,
    observed_at TIMESTAMPTZ,
    proved TIMESTAMPTZ[] NOT NULL,
    load_id BIGINT NOT NULL
);
