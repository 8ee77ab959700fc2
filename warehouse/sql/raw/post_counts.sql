-- How many posts a network counted for a query in a bucket.
-- grain:  one row for each bucket and retrieval
-- key:    source_key, candidate_id, query_hash, interval_start_at, interval_minutes, retrieved_at
-- units:  posts in posts
CREATE TABLE raw.post_counts (
    source_key VARCHAR NOT NULL,
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    query_hash VARCHAR NOT NULL,
    interval_start_at TIMESTAMPTZ NOT NULL,
    interval_minutes BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    retrieved_at TIMESTAMPTZ NOT NULL,
    network VARCHAR,
    load_id BIGINT NOT NULL
);
