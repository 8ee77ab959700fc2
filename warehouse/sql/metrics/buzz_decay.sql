-- How the excess of mentions fades after an event.
-- grain:  one row for each candidate, kind of source and event
-- key:    campaign_id, candidate_id, source_kind, event_id
-- units:  hours; excess_total in mentions; every number NULL where the excess is not clear or under 20 items (flag excess_unclear)
-- column half_life_h: Hours in which the excess halves.
-- column ci_high: Upper end of the 95 % interval; NULL with flag censored where it passes the horizon.
-- column peak_offset_h: Hours from the start of the event to the peak.
-- column cum50_h: Hours until half of the excess had come.
-- column cum90_h: Hours until 90 % of the excess had come.
-- column excess_total: Excess mentions over the whole horizon.
CREATE TABLE metrics.buzz_decay (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    half_life_h DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    peak_offset_h DOUBLE,
    cum50_h DOUBLE,
    cum90_h DOUBLE,
    excess_total DOUBLE,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
