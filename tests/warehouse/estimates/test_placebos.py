"""The comparable windows that are published are those that the effect table counts."""

from tests.demo_run import Demo

_AS_EXTREME = """
    WITH effects AS (
        SELECT campaign_id, source_id, 'donations' AS source_kind, NULL AS scope, metric, candidate_id, event_id,
            horizon_minutes, p_placebo, n_placebo, status
        FROM metrics.debate_donation_effect
        UNION ALL BY NAME
        SELECT campaign_id, NULL AS source_id, source_kind, scope, 'mentions' AS metric, candidate_id, event_id,
            horizon_minutes, p_placebo, n_placebo, status
        FROM metrics.debate_buzz_effect
        WHERE source_kind != 'ALL'
    )

    SELECT len(p.quiet_rr), len(p.quiet_starts_at), e.n_placebo, round(e.p_placebo * (e.n_placebo + 1)) - 1,
        -- As far from 1; a hair less, for the event's own distance is rounded too.
        len(list_filter(p.quiet_rr, rr -> abs(ln(rr)) >= abs(ln(p.rr)) * (1 - 1e-9)))
    FROM effects AS e
    LEFT JOIN metrics.effect_placebos AS p
        ON e.campaign_id = p.campaign_id AND e.source_kind = p.source_kind AND e.metric = p.metric
        AND e.source_id IS NOT DISTINCT FROM p.source_id AND e.scope IS NOT DISTINCT FROM p.scope
        AND e.candidate_id = p.candidate_id AND e.event_id = p.event_id AND e.horizon_minutes = p.horizon_minutes
    WHERE e.event_id != 'ALL' AND e.status = 'ok' AND e.metric IN ('amount', 'count', 'mentions')
"""


def test_as_many_windows_are_as_far_from_one_as_the_effect_table_counts(demo: Demo) -> None:
    rows = demo.rows(_AS_EXTREME)
    assert len(rows) > 20
    for windows, starts, counted, as_extreme, found in rows:
        assert windows == starts == counted
        assert found == as_extreme


def test_no_comparable_window_lies_over_a_debate_that_was_held(demo: Demo) -> None:
    assert (
        demo.rows(
            """SELECT p.event_id, w.start_at, e.event_id
            FROM metrics.effect_placebos AS p, unnest(p.quiet_starts_at) AS w(start_at)
            INNER JOIN facts.events AS e ON e.campaign_id = p.campaign_id AND e.event_kind = 'debate' AND e.is_held
                AND e.starts_at >= w.start_at AND e.starts_at < w.start_at + to_minutes(abs(p.horizon_minutes))
            WHERE p.source_kind = 'donations'"""
        )
        == []
    )
