-- Debates against another kind of event.
-- grain:  one row for each pair of kinds, outcome and horizon
-- key:    campaign_id, kind_a, kind_b, outcome, horizon_minutes
-- units:  means and difference in log rate ratios
-- column kind_a: The first kind of event.
-- column kind_b: The kind compared with.
-- column outcome: buzz: mentions, each kind of source an effect of its own; donations: counts of gifts, or amounts where a source counts none.
-- column n_a: Events of the first kind.
-- column n_b: Events of the other.
-- column mean_a: Mean effect of the first kind.
-- column mean_b: Mean effect of the other.
-- column difference: mean_a - mean_b.
-- column p_perm: p-value by permuting the kinds among the events.
CREATE TABLE metrics.event_contrast (
    campaign_id VARCHAR NOT NULL,
    kind_a VARCHAR NOT NULL,
    kind_b VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    horizon_minutes INTEGER NOT NULL,
    n_a INTEGER,
    n_b INTEGER,
    mean_a DOUBLE,
    mean_b DOUBLE,
    difference DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    p_perm DOUBLE,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
