-- How the rate of givers or gifts follows internet access, from territory to territory: an association between places, not between people. Income and density are not held fixed unless the campaign gives a `control`.
-- grain:  one row for each candidate, donation source that says where gifts come from, and outcome
-- key:    campaign_id, candidate_id, source_id, outcome
-- units:  rate_ratio_per_10_points and its interval are ratios of rates
-- column candidate_id: A candidate of the campaign's roster; ALL = a whole platform or party, or all candidates of the source together.
-- column source_id: The donation source; ALL = all local feeds, for mentions.
-- column outcome: donors: givers told apart; gifts: where the source does not know its givers; mentions: in local feeds.
-- column n_territories: Territories of one level with a share of people online; those with few givers are among them.
-- column n_small: Those of them with fewer than ten givers.
-- column rate_ratio_per_10_points: Ratio of rates where 10 points more are online; 1 is no divide. NULL where status is not ok.
-- column p_perm: Share of the ways to deal the shares at random among the territories that give as clear a slope.
-- column spread: How much the rates differ from territory to territory beyond chance, as a share of the rate; 0 is chance alone.
-- column verdict: effect (the interval lies off 1 and p_perm is at most 5 %), no_detectable_effect (the interval lies within 1/1.10 and 1.10: `[spec] margin`), or not_enough_data.
CREATE TABLE metrics.territory_divide (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    n_territories INTEGER,
    n_small INTEGER,
    rate_ratio_per_10_points DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    p_perm DOUBLE,
    spread DOUBLE,
    verdict VARCHAR NOT NULL,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
