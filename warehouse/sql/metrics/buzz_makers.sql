-- How few voices make the buzz.
-- grain:  one row for each candidate, kind of source and event
-- key:    campaign_id, candidate_id, source_kind, event_id
-- units:  shares 0 to 1; NULL under 10 authors (flag small_cell)
-- column n_items: Items in the window.
-- column n_authors: Authors in the window.
-- column gini: Gini coefficient of items per author, 0 = all alike.
-- column hhi: Sum of squared shares of the authors.
-- column top1_share: Share of the most active author.
-- column top10_share: Share of the ten most active authors.
-- column authors_for_half: Fewest authors that make half of the items.
-- column authors_for_half_ci_low: Lower end of its 95 % interval.
-- column authors_for_half_ci_high: Upper end of its 95 % interval.
-- column placebo_authors_for_half: The same in quiet windows, rarefied to as many items; NULL where none holds as many: p_concentrated compares all the same.
-- column p_concentrated: Share of quiet windows, cut to as many items, in which as few authors make half; NULL under 20 quiet windows of 50 items (flag no_placebo).
CREATE TABLE metrics.buzz_makers (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    n_items BIGINT,
    n_authors BIGINT,
    gini DOUBLE,
    hhi DOUBLE,
    top1_share DOUBLE,
    top10_share DOUBLE,
    authors_for_half BIGINT,
    authors_for_half_ci_low BIGINT,
    authors_for_half_ci_high BIGINT,
    placebo_authors_for_half DOUBLE,
    p_concentrated DOUBLE,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
