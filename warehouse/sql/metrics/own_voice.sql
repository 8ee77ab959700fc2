-- How a politician uses his own account.
-- grain:  one row for each candidate, kind of source and period
-- key:    campaign_id, candidate_id, source_kind, period_start_at
-- units:  times in UTC; shares 0 to 1
-- column period_start_at: Start of the period.
-- column period_end_at: End of the period.
-- column posts: Posts of the account in the period.
-- column per_day: Posts a day.
-- column active_days_share: Share of days with a post.
-- column replies_share: Share of replies.
-- column reposts_share: Share of reposts.
-- column on_air_share: Share of posts sent while the candidate was on the air: these cannot be his own typing.
-- column burstiness: Burstiness of the gaps between posts, corrected for their number.
-- column memory: Correlation of successive gaps.
-- column regime: The cadence regime that the period belongs to.
CREATE TABLE metrics.own_voice (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    period_start_at TIMESTAMPTZ NOT NULL,
    period_end_at TIMESTAMPTZ NOT NULL,
    posts BIGINT,
    per_day DOUBLE,
    active_days_share DOUBLE,
    replies_share DOUBLE,
    reposts_share DOUBLE,
    on_air_share DOUBLE,
    burstiness DOUBLE,
    memory DOUBLE,
    regime VARCHAR,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
