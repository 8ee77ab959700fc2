-- A founding claim and what the data say of it.
-- grain:  one row for each claim
-- key:    campaign_id, claim_id
-- units:  estimate in the unit of `statistic`
-- column claim_id: Number of the claim.
-- column claim: The claim in words.
-- column statistic: What is computed to judge it.
-- column estimate: Its value; NULL where there is none.
-- column verdict: supports, contradicts or insufficient; with status ok an insufficient estimate is there, and decides nothing.
-- column reason: Why the verdict is what it is.
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
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
