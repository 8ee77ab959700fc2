-- What the estimator expects in an interval; joined into the interval tables.
-- grain:  one row for each series and interval that was estimated
-- key:    campaign_id, metric, candidate_id, source_kind, source_id, scope, interval_minutes, interval_start_at
-- units:  expected in the unit of the metric (mentions, gifts, or amount in the source's currency)
-- column metric: mentions, count or amount.
-- column dispersion: Variance over mean of the counts around what is expected.
CREATE TABLE staging.baselines (
    campaign_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,  -- mentions, count or amount
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    interval_minutes INTEGER NOT NULL,
    interval_start_at TIMESTAMPTZ NOT NULL,
    expected DOUBLE,
    dispersion DOUBLE,
    status VARCHAR NOT NULL
);
