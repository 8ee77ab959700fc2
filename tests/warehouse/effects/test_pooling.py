import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.effects.invented import debate, one_series, weekly_counts
from warehouse.effects.describe.contrast import KindEffect, contrast_kinds
from warehouse.effects.describe.trend import find_trend
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.effect_rows import effect_row, pooled_row, with_q_values
from warehouse.effects.estimate.multiplicity import benjamini_hochberg, q_by_family
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

SPEC = Spec(draws=400)


def test_q_values_are_those_of_the_paper_in_any_order() -> None:
    assert benjamini_hochberg([0.04, 0.01, None, 0.02]) == pytest.approx([0.04, 0.03, None, 0.03])


def test_families_do_not_share_their_chances() -> None:
    assert q_by_family(["a", "b", "a"], [0.01, 0.04, 0.5]) == pytest.approx([0.02, 0.04, 0.5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_q_value_is_never_below_its_p_value(p_values: list[float]) -> None:
    assert all(
        q is not None and p <= q + 1e-12 <= 1 + 1e-9
        for p, q in zip(p_values, benjamini_hochberg(list(p_values)), strict=True)
    )


def test_equal_effects_pool_to_themselves_and_are_known_better_than_one() -> None:
    pooled = pool([0.5, 0.5, 0.5, 0.5], [0.2] * 4, SPEC)
    assert pooled.mean == pytest.approx(0.5)
    # Better than one (.2); but that they agree to the last digit is chance, and no reason to be ever so sure.
    assert 0.07 < pooled.se < 0.1


def test_effects_that_differ_widen_the_interval() -> None:
    assert pool([0.0, 1.0, 0.2, 0.8], [0.1] * 4, SPEC).tau2 > 0.1


def test_one_event_is_its_own_mean_with_its_own_interval() -> None:
    assert pool([0.5], [0.25], SPEC).low == pytest.approx(0.5 - 1.96 * 0.25, abs=0.001)
    assert pool([0.5], [0.25], SPEC, [9.0]).low == pytest.approx(0.5 - 2.262 * 0.25, abs=0.001)


def test_interval_and_p_of_a_pool_agree() -> None:
    pooled = pool([0.2, 0.6, 0.4], [0.2, 0.3, 0.25], SPEC, [12.0, 20.0, 20.0])
    shifted = pool([y - pooled.low for y in (0.2, 0.6, 0.4)], [0.2, 0.3, 0.25], SPEC, [12.0, 20.0, 20.0])
    assert shifted.p == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize("spread", [0.0, 0.3])
@pytest.mark.parametrize("events", [2, 3, 5, 8])
def test_the_pooled_interval_holds_the_mean_of_few_events_as_often_as_it_says(events: int, spread: float) -> None:
    rng = np.random.default_rng(events)
    held = 0
    for _ in range(800):
        errors = 0.25 * rng.uniform(0.7, 1.4, events)
        seen = np.hypot(errors, spread) * rng.standard_normal(events)
        told = errors * np.sqrt(rng.chisquare(25) / 25)  # the same windows tell the errors of all events
        pooled = pool(list(seen), list(told), SPEC, [25.0] * events)
        held += pooled.low <= 0 <= pooled.high
    # Between .93 and .97, with two standard errors of 800 draws to either side.
    assert 0.912 < held / 800 < 0.982


def test_three_debates_are_enough_to_see_a_large_effect() -> None:
    assert pool([0.55, 0.7, 0.6], [0.2, 0.2, 0.2], SPEC, [25.0] * 3).p < 0.02


def test_a_pooled_row_needs_two_events_that_were_answered() -> None:
    counts = weekly_counts(200)
    counts[100:103] *= 2
    study = Study(one_series(counts, debate(100, True, event_id="seen"), debate(198, True, event_id="too late")))
    effects = [estimate_effect(study, 0, occasion, 3) for occasion in study.panel.occasions]
    assert [effect.status for effect in effects] == ["ok", "right_censored"]
    row = pooled_row(effects, SPEC)
    assert (row.status, row.n_events, row.rr, row.verdict) == ("insufficient_sample", 1, None, "not_enough_data")


def test_rows_over_all_events_add_windows_and_pool_effects() -> None:
    counts = weekly_counts(260)
    starts = (60, 100, 150, 200)
    for start in starts:
        counts[start : start + 3] *= 2
    study = Study(one_series(counts, *(debate(start, True, event_id=str(start)) for start in starts)))
    effects = [estimate_effect(study, 0, occasion, 3) for occasion in study.panel.occasions]
    rows = [effect_row(effect, SPEC) for effect in effects]
    together = pooled_row(effects, SPEC, weekdays=study.panel.grid.weekday[list(starts)])
    assert together.n_events == 4
    assert together.rr == pytest.approx(2, rel=0.1)
    assert together.observed == sum(row.observed for row in rows)
    assert together.p_placebo is not None
    assert together.p_placebo < 0.01
    assert [row.verdict for row in with_q_values(rows, ["same"] * 4, SPEC)] == ["effect"] * 4


def test_events_without_an_estimate_leave_a_reason() -> None:
    study = Study(one_series(np.zeros(200), debate(100, True)))
    row = pooled_row([estimate_effect(study, 0, study.panel.occasions[0], 3)], SPEC)
    assert (row.status, row.rr, row.n_events) == ("insufficient_history", None, 0)


def test_debates_that_do_more_than_rallies_stand_apart() -> None:
    sizes = {"debate": [0.9, 1.0, 1.1, 1.0], "rally": [0.0, 0.1, -0.1, 0.0]}
    effects = [
        KindEffect(event_id=f"{kind}{i}", kind=kind, log_rr=size, se=0.1)
        for kind, of_kind in sizes.items()
        for i, size in enumerate(of_kind)
    ]
    found = contrast_kinds(effects, "debate", "rally", SPEC)
    assert found.difference == pytest.approx(1.0)
    assert found.ci_low is not None
    assert found.ci_low > 0.5
    assert found.p_perm == pytest.approx(2 / 70)


def test_two_debates_are_too_few_to_contrast() -> None:
    effects = [KindEffect(event_id=str(i), kind="debate", log_rr=0.1, se=0.1) for i in range(2)]
    assert contrast_kinds(effects, "debate", "rally", SPEC).status == "insufficient_sample"


def test_effects_that_grow_have_a_slope() -> None:
    trend = find_trend([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.02] * 6, SPEC)
    assert trend.mean == pytest.approx(0.1)
    assert trend.low > 0
