-- A post of a network as it stood at `observed_at`.
-- grain:  one row for each post and observation
-- key:    post_id, source_key, observed_at
-- units:  public metrics in counts at `observed_at`
CREATE TABLE raw.posts (
    post_id VARCHAR NOT NULL,
    source_key VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    author_key VARCHAR NOT NULL,
    account VARCHAR,
    posted_at TIMESTAMPTZ NOT NULL,
    post_type VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    edit_of VARCHAR,
    like_count BIGINT,
    repost_count BIGINT,
    reply_count BIGINT,
    quote_count BIGINT,
    observed_at TIMESTAMPTZ NOT NULL,
    file_sha256 VARCHAR,
    network VARCHAR,
    time_quality VARCHAR,
    client VARCHAR,
    load_id BIGINT NOT NULL
);
