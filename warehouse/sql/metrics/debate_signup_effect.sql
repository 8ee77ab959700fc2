-- What an event did to sign-ups.
-- grain:  one row for each candidate, source, kind of sign-up, event (ALL = pooled) and horizon
-- key:    campaign_id, candidate_id, source_id, what, event_id, event_kind, horizon_minutes
-- units:  observed, baseline, expected and excess in sign-ups; rr a ratio; times in UTC
-- column what: rsvp (to an event), volunteer, member, list (a mailing list) or other.
CREATE TABLE metrics.debate_signup_effect (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    precision VARCHAR,
    what VARCHAR NOT NULL,
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
