-- What an event did to the gifts to a candidate.
-- grain:  one row for each candidate, source, metric, event (ALL = pooled) and horizon
-- key:    campaign_id, candidate_id, source_id, metric, event_id, event_kind, horizon_minutes
-- units:  observed, baseline, expected and excess in the unit of `metric`; rr a ratio; times in UTC
-- column metric: What is measured: count (the primary one), amount, small_count, new_donors, or mean_gift, whose observed, baseline and expected are means. Recurring charges are left out; new_donors begins 90 days into a source.
CREATE TABLE metrics.debate_donation_effect (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    precision VARCHAR,
    metric VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    event_kind VARCHAR,
    n_events INTEGER,
    horizon_minutes INTEGER NOT NULL,
    window_start_at TIMESTAMPTZ,
    window_end_at TIMESTAMPTZ,
    observed DOUBLE,
    baseline DOUBLE,
    expected DOUBLE,
    excess DOUBLE,
    excess_low DOUBLE,
    excess_high DOUBLE,
    rr DOUBLE,
    rr_low DOUBLE,
    rr_high DOUBLE,
    p DOUBLE,
    p_placebo DOUBLE,
    p_floor DOUBLE,
    q_bh DOUBLE,
    mde80 DOUBLE,
    n_placebo INTEGER,
    n_controls INTEGER,
    verdict VARCHAR,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
