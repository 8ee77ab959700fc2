-- A founding claim and what the data say of it.
-- grain:  one row for each claim
-- key:    campaign_id, claim_id
-- units:  estimate and its interval in `unit`
-- column claim_id: Number of the claim.
-- column claim: The claim in words.
-- column statistic: What is computed to judge it.
-- column estimate: Its value; NULL where there is none.
-- column verdict: supports, contradicts, insufficient (open: the data do not decide) or not_measurable (no source of the campaign can show it).
-- column reason: Why the verdict is what it is, as a sentence to print.
-- column unit: What the estimate is counted in.
-- column horizon_minutes: Length of the window that it is judged on, in minutes; NULL where there is none.
-- column n_events: Events that the estimate rests on.
-- column rests_on: The rows that it rests on, as SQL on the published tables; add the campaign_id where a home has several.
-- column next_step: What would settle it; NULL where it is settled.
-- column status: ok where there is an estimate or an answer; insufficient_sample: too few; no_data: it needs a source of yours, which next_step names; not_estimated: this version has no input that could show it.
CREATE TABLE metrics.claims (
    campaign_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    statistic VARCHAR NOT NULL,
    estimate DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    p DOUBLE,
    verdict VARCHAR NOT NULL,
    reason VARCHAR,
    unit VARCHAR,
    horizon_minutes INTEGER,
    n_events INTEGER,
    rests_on VARCHAR,
    next_step VARCHAR,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
