-- Support in polls before and after an event.
-- grain:  one row for each candidate and event of a campaign with polls, and one for each kind of event (event_id ALL)
-- key:    campaign_id, candidate_id, event_id, event_kind
-- units:  share_before and share_after 0 to 1; change, ci_low and ci_high in percentage points; polls of the whole country only
-- column event_id: The event; ALL = pooled over the held events of the kind that share no poll with another one.
-- column n_events: Events that the row rests on.
-- column n_before: Polls whose fieldwork ended within 14 days before the event; those of one pollster that overlap count once.
-- column n_after: Polls whose fieldwork began within 14 days after it, likewise.
-- column share_before: Their mean share, weighted by sample size; not adjusted for who polled.
-- column share_after: The same after the event.
-- column change: After less before, within the same pollsters and kinds of people asked.
-- column p: Two-sided p-value of the change: by the polls' errors, and by how much support moves on quiet dates where these are known.
-- column p_placebo: Share of quiet dates, with no event in either window, whose change stands out as much; cannot be less than 1/(n_placebo + 1).
-- column n_placebo: Quiet dates compared with.
-- column verdict: effect (p at most 5 %), no_detectable_effect (the interval lies within 2 points of zero: `[spec] poll_margin`), or not_enough_data.
CREATE TABLE metrics.poll_change (
    campaign_id VARCHAR NOT NULL,
    candidate_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    event_kind VARCHAR NOT NULL,
    n_events INTEGER NOT NULL,
    n_before INTEGER,
    n_after INTEGER,
    share_before DOUBLE,
    share_after DOUBLE,
    change DOUBLE,
    ci_low DOUBLE,
    ci_high DOUBLE,
    p DOUBLE,
    p_placebo DOUBLE,
    n_placebo INTEGER,
    verdict VARCHAR NOT NULL,
    coverage DOUBLE,
    status VARCHAR NOT NULL,
    flags VARCHAR[] NOT NULL,
    run_id VARCHAR NOT NULL
);
