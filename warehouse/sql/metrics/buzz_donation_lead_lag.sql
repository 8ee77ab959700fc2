-- Whether buzz leads money.
-- grain:  one row for each candidate, kind of source, donation source and interval length
-- key:    campaign_id, candidate_id, source_kind, source_id, interval_minutes
-- units:  lags in intervals; above zero buzz comes first
-- column best_lag: Lag of the greatest correlation.
-- column r_at_lag: Correlation at that lag.
-- column p_buzz_leads: p-value of buzz before money.
-- column p_donations_lead: p-value of money before buzz.
-- column p_masked: p-value of buzz first, with the guards of events left out.
-- column p_unmasked: p-value of buzz first, with the events in: one debate moves both, which is no cause.
-- column n: Intervals compared.
-- column verdict: buzz_leads, donations_lead, both, neither or not_enough_data.
CREATE TABLE metrics.buzz_donation_lead_lag (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    interval_minutes INTEGER NOT NULL,
    best_lag INTEGER,
    r_at_lag DOUBLE,
    p_buzz_leads DOUBLE,
    p_donations_lead DOUBLE,
    p_masked DOUBLE,
    p_unmasked DOUBLE,
    n BIGINT,
    verdict VARCHAR,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
