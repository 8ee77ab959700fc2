-- How sure a share of voice is, and how it changed; joined into metrics.share_of_voice.
-- grain:  one row for each candidate, kind of source, debate and horizon of which the estimator can say anything
-- key:    campaign_id, candidate_id, source_kind, event_id, horizon_minutes
-- units:  ci_low and ci_high shares 0 to 1; change a difference of log odds
CREATE TABLE staging.share_evidence (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    horizon_minutes INTEGER NOT NULL,
    ci_low DOUBLE,
    ci_high DOUBLE,
    change DOUBLE,
    p_placebo DOUBLE,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
