-- An attempt to observe a source: what was due, what came, why not.
-- grain:  one row for each attempt
-- key:    attempt_id
-- units:  times in UTC; cost in US dollars
CREATE TABLE raw.fetch_attempts (
    attempt_id VARCHAR NOT NULL,
    source_key VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    attempted_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    observed_from_at TIMESTAMPTZ,
    observed_to_at TIMESTAMPTZ,
    unknown_from_at TIMESTAMPTZ,
    items BIGINT NOT NULL,
    http_status BIGINT,
    requests BIGINT NOT NULL,
    is_conditional BOOLEAN,
    cost_usd DECIMAL(18, 6),
    load_id BIGINT NOT NULL
);
