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
-- column on_air_share: Share of posts sent while the candidate was on the air: these cannot be his own typing; NULL where no debate or interview has a start and an end.
-- column burstiness: Burstiness of the gaps between posts, corrected for their number: 0 = by chance, near 1 = in bursts, below 0 = by the clock; NULL under 30 gaps.
-- column memory: Correlation of successive gaps.
-- column regime: steady (one pace throughout), first, rise, fall (by a third or more) or change, against the period before.
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
