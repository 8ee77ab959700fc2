-- When the extra gifts came after an event.
-- grain:  one row for each candidate, source and event
-- key:    campaign_id, candidate_id, source_id, event_id
-- units:  hours from the start of the event; shares of the net excess of 72 hours
-- column net_share_1h: Share of the net excess that came in the first hour.
-- column net_share_1h_ci_low: Lower end of the 95 % interval of net_share_1h.
-- column net_share_1h_ci_high: Upper end of the 95 % interval of net_share_1h.
-- column net_share_24h: Share that came in the first 24 hours.
-- column net_share_24h_ci_low: Lower end of the 95 % interval of net_share_24h.
-- column net_share_24h_ci_high: Upper end of the 95 % interval of net_share_24h.
-- column net_share_72h: Share that came in 72 hours: 1 by definition where it stands.
-- column net_share_72h_ci_low: Lower end of the 95 % interval of net_share_72h.
-- column net_share_72h_ci_high: Upper end of the 95 % interval of net_share_72h.
-- column median_net_h: Hours until half of the net excess had come.
-- column median_net_h_ci_low: Lower end of the 95 % interval of median_net_h.
-- column median_net_h_ci_high: Upper end of the 95 % interval of median_net_h.
-- column q25_net_h: Hours until a quarter had come.
-- column q25_net_h_ci_low: Lower end of the 95 % interval of q25_net_h.
-- column q25_net_h_ci_high: Upper end of the 95 % interval of q25_net_h.
-- column q75_net_h: Hours until three quarters had come.
-- column q75_net_h_ci_low: Lower end of the 95 % interval of q75_net_h.
-- column q75_net_h_ci_high: Upper end of the 95 % interval of q75_net_h.
-- column half_life_h: Hours in which the excess halves.
-- column half_life_h_ci_low: Lower end of the 95 % interval of half_life_h.
-- column half_life_h_ci_high: Upper end of the 95 % interval of half_life_h.
-- column peak_hour: Hour with the greatest excess, 0 = the first.
-- column peak_hour_ci_low: Lower end of the 95 % interval of peak_hour.
-- column peak_hour_ci_high: Upper end of the 95 % interval of peak_hour.
CREATE TABLE metrics.donation_timing (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    net_share_1h DOUBLE,
    net_share_1h_ci_low DOUBLE,
    net_share_1h_ci_high DOUBLE,
    net_share_24h DOUBLE,
    net_share_24h_ci_low DOUBLE,
    net_share_24h_ci_high DOUBLE,
    net_share_72h DOUBLE,
    net_share_72h_ci_low DOUBLE,
    net_share_72h_ci_high DOUBLE,
    median_net_h DOUBLE,
    median_net_h_ci_low DOUBLE,
    median_net_h_ci_high DOUBLE,
    q25_net_h DOUBLE,
    q25_net_h_ci_low DOUBLE,
    q25_net_h_ci_high DOUBLE,
    q75_net_h DOUBLE,
    q75_net_h_ci_low DOUBLE,
    q75_net_h_ci_high DOUBLE,
    half_life_h DOUBLE,
    half_life_h_ci_low DOUBLE,
    half_life_h_ci_high DOUBLE,
    peak_hour DOUBLE,
    peak_hour_ci_low DOUBLE,
    peak_hour_ci_high DOUBLE,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
