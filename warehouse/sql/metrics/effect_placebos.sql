-- The comparable windows without an event that an effect was set beside.
-- grain:  one row for each effect of one event on mentions, amounts or counts of gifts that has an estimate; its windows are lists
-- key:    campaign_id, source_kind, scope, source_id, metric, candidate_id, event_id, horizon_minutes
-- units:  ratios; times in UTC
-- column source_id: The donation source; NULL for mentions, which are those of all sources of a kind.
-- column scope: national or local; NULL for gifts.
-- column metric: mentions, amount or count.
-- column rr: Rate ratio of the event, as in the effect table.
-- column quiet_starts_at: Start of each comparable window.
-- column quiet_rr: What each window's own difference from its expected is as a ratio of the event's precision: as many are at least as far from 1 as p_placebo of the effect table counts.
CREATE TABLE metrics.effect_placebos (
    campaign_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    scope VARCHAR,
    source_id VARCHAR,
    metric VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    horizon_minutes INTEGER NOT NULL,
    rr DOUBLE NOT NULL,
    quiet_starts_at TIMESTAMPTZ[] NOT NULL,
    quiet_rr DOUBLE[] NOT NULL,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
