import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.effects.invented import MONDAY, debate, many_series, one_series, weekly_counts
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.estimate.effect import Effect, estimate_effect, estimate_so_far
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.verdicts import in_counts, verdict_of
from warehouse.effects.spec import Spec


def effect_of(panel: Panel, length: int = 3, series: int = 0, occasion: int = 0) -> Effect:
    return estimate_effect(Study(panel), series, panel.occasions[occasion], length)


def test_a_doubled_window_is_a_rate_ratio_of_two() -> None:
    counts = weekly_counts(200)
    counts[100:103] *= 2
    estimate = effect_of(one_series(counts, debate(100, True))).estimate
    assert estimate is not None
    assert np.exp(estimate.log_rr) == pytest.approx(2.0, rel=0.15)
    assert estimate.evidence.low > 0
    assert estimate.evidence.p < 0.001


def test_nothing_is_found_where_nothing_was_done() -> None:
    estimate = effect_of(one_series(weekly_counts(200), debate(100, True))).estimate
    assert estimate is not None
    assert estimate.evidence.low < 0 < estimate.evidence.high


def test_the_interval_holds_zero_just_where_p_is_above_five_per_cent() -> None:
    for bump in np.linspace(0.7, 1.5, 17):
        counts = weekly_counts(200)
        counts[100:103] = np.round(counts[100:103] * bump)
        estimate = effect_of(one_series(counts, debate(100, True))).estimate
        assert estimate is not None
        holds_zero = estimate.evidence.low <= 0 <= estimate.evidence.high
        assert holds_zero == (estimate.evidence.p > 0.05)


def test_a_collector_that_doubles_its_rate_and_says_so_moves_nothing() -> None:
    counts = weekly_counts(200, mean=200)
    coverage = np.where(np.arange(200) < 95, 0.5, 1.0)
    whole = effect_of(one_series(counts, debate(100, True))).estimate
    thinned = effect_of(one_series(np.round(counts * coverage), debate(100, True), coverage=coverage)).estimate
    assert whole is not None
    assert thinned is not None
    assert thinned.log_rr == pytest.approx(whole.log_rr, abs=0.02)


def test_news_that_lifts_everyone_is_not_an_effect() -> None:
    rng = np.random.default_rng(3)
    news = np.exp(0.5 * rng.standard_normal(200).repeat(4)[:200])
    news[100:103] = 2.0
    counts = rng.poisson(100 * news, (3, 200)).astype(np.float64)
    estimate = effect_of(many_series(counts, debate(100, True, False, False))).estimate
    assert estimate is not None
    assert estimate.n_controls == 2
    assert abs(estimate.log_rr) < abs(estimate.log_rr_without_controls) / 2


def test_who_was_absent_gets_an_answer_that_asking_does_not_change() -> None:
    counts = np.array([weekly_counts(200, seed=1), weekly_counts(200, seed=2)])
    panel = many_series(counts, debate(100, True, False))
    effect = effect_of(panel, series=1)
    assert effect.status == "ok"
    assert panel.clean[1].all()


@pytest.mark.parametrize(
    ("status", "panel", "length"),
    [
        ("insufficient_history", one_series(weekly_counts(35), debate(20, True)), 3),
        ("insufficient_history", one_series(np.zeros(200), debate(100, True)), 3),
        ("insufficient_baseline", one_series(weekly_counts(200, mean=1), debate(100, True)), 3),
        ("insufficient_placebo", one_series(weekly_counts(47), debate(30, True)), 6),
        ("right_censored", one_series(weekly_counts(200), debate(198, True)), 3),
        ("right_censored", one_series(weekly_counts(200), debate(400, True)), 3),
        ("no_data", one_series(weekly_counts(200), debate(-4, True)), 3),
        (
            "insufficient_coverage",
            one_series(
                weekly_counts(200),
                debate(100, True),
                coverage=np.where(np.isin(np.arange(200), [100, 102]), 0.0, 1.0),
            ),
            3,
        ),
        ("confounded_deadline", one_series(weekly_counts(200), debate(100, True), deadlines=(MONDAY + 101,)), 3),
    ],
)
def test_there_is_a_reason_and_no_number(status: str, panel: Panel, length: int) -> None:
    effect = effect_of(panel, length)
    assert effect.status == status
    assert effect.estimate is None


def test_the_next_debate_ends_the_window() -> None:
    panel = one_series(weekly_counts(200), debate(100, True, event_id="a"), debate(102, True, event_id="b"))
    effect = effect_of(panel)
    assert effect.rows == 2
    assert "truncated" in effect.flags


def test_what_an_earlier_debate_still_does_is_not_the_next_ones() -> None:
    truth = np.full(240, 200.0)
    for start in (60, 100, 103, 160):
        truth[start:] *= np.exp(1.2 * np.exp(-np.arange(240 - start) / 1.5)) if start != 103 else 1.0
    counts = np.random.default_rng(5).poisson(truth).astype(np.float64)
    occasions = [debate(start, True, event_id=str(start)) for start in (60, 100, 103, 160)]
    effect = effect_of(one_series(counts, *occasions), occasion=2)
    assert "carry_over" in effect.flags
    assert effect.estimate is not None
    assert effect.estimate.log_rr == pytest.approx(0, abs=0.12)


def test_excess_and_rate_ratio_tell_the_same_story() -> None:
    counts = weekly_counts(200)
    counts[100:103] *= 2
    effect = effect_of(one_series(counts, debate(100, True)))
    assert effect.estimate is not None
    told = in_counts(effect.observed, effect.estimate)
    assert told.excess == pytest.approx(effect.observed - told.expected)
    assert told.excess_low < told.excess < told.excess_high
    assert told.rr == pytest.approx((effect.observed + 0.5) / told.expected)


@pytest.mark.parametrize(
    ("p", "low", "high", "verdict"),
    [
        (0.05, 1.01, 4.0, "effect"),
        (0.30, 0.68, 1.48, "no_detectable_effect"),
        (0.30, 0.66, 1.10, "not_enough_data"),
        (0.30, 0.95, 1.51, "not_enough_data"),
        # Significant by itself, not in its family, and half as much again is left open.
        (0.08, 1.05, 2.01, "not_enough_data"),
        (None, None, None, "not_enough_data"),
    ],
)
def test_no_effect_is_said_only_where_the_interval_leaves_no_large_one_open(
    p: float | None, low: float | None, high: float | None, verdict: str
) -> None:
    assert verdict_of(p, low, high, Spec()) == verdict


def test_a_campaign_chooses_what_is_too_small_to_matter() -> None:
    assert verdict_of(0.30, 0.8, 1.6, Spec(null_margin=2.0)) == "no_detectable_effect"


SERIES = st.one_of(
    st.just(np.full(120, 7.0)),
    st.just(np.zeros(120)),
    st.just(np.full(120, 1e15)),
    st.just(np.where(np.arange(120) == 60, 1e12, 0.0)),
    st.just(np.where(np.arange(120) < 60, 0.0, 1e6)),
    st.lists(st.floats(0, 1e9), min_size=120, max_size=120).map(np.array),
    st.lists(st.integers(0, 3), min_size=120, max_size=120).map(lambda values: np.array(values, dtype=np.float64)),
)


@settings(max_examples=60, deadline=None)
@given(counts=SERIES, holes=st.lists(st.integers(0, 119), max_size=60), start=st.integers(-10, 130))
def test_any_series_gets_a_finite_answer_or_a_reason(counts: np.ndarray, holes: list[int], start: int) -> None:
    coverage = np.ones(120)
    coverage[holes] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        effect = effect_of(one_series(counts, debate(start, True), coverage=coverage))
    if effect.estimate is not None:
        told = in_counts(effect.observed, effect.estimate)
        evidence = effect.estimate.evidence
        numbers = [told.rr, told.rr_low, told.rr_high, told.excess, evidence.p, evidence.p_placebo, evidence.mde80]
        assert np.isfinite(numbers).all()
        assert 0 <= evidence.p <= 1
    else:
        assert effect.status != "ok"


def test_an_event_on_a_restless_weekday_is_judged_by_that_weekday() -> None:
    rng = np.random.default_rng(9)
    mean = np.full(300, 100.0)
    mean[3::14] *= 3  # every second Thursday, and nobody says why
    counts = rng.poisson(mean).astype(np.float64)
    errors = {}
    for day in (147, 150):  # a Monday and a Thursday
        estimate = effect_of(one_series(counts, debate(day, True)), 2).estimate
        assert estimate is not None
        errors[day] = estimate.evidence.se
    assert errors[150] > 1.15 * errors[147]


def test_a_window_that_still_runs_is_told_by_the_part_that_is_in() -> None:
    counts = weekly_counts(152)
    counts[150:] *= 2
    panel = one_series(counts, debate(150, True))
    running = estimate_so_far(Study(panel), 0, panel.occasions[0], 3)
    assert (running.status, running.rows) == ("so_far", 2)
    assert running.estimate is not None
    assert np.exp(running.estimate.log_rr) == pytest.approx(2, rel=0.2)


@pytest.mark.parametrize(("rows", "status"), [(151, "right_censored"), (153, "ok"), (149, "right_censored")])
def test_a_window_of_which_too_little_is_in_or_all_is_not_so_far(rows: int, status: str) -> None:
    panel = one_series(weekly_counts(rows), debate(150, True))
    assert estimate_so_far(Study(panel), 0, panel.occasions[0], 3).status == status


def test_the_end_of_what_is_known_is_told_less_surely_than_its_middle() -> None:
    rng = np.random.default_rng(2)
    wander = np.zeros(260)
    for day in range(1, 260):
        wander[day] = 0.7 * wander[day - 1] + rng.normal(0, 0.2)
    counts = rng.poisson(200 * np.exp(wander)).astype(np.float64)
    middle, end = (effect_of(one_series(counts[:rows], debate(200, True))).estimate for rows in (260, 203))
    assert middle is not None
    assert end is not None
    assert end.evidence.se > 1.05 * middle.evidence.se


def test_an_interval_that_leaves_everything_open_is_no_estimate() -> None:
    counts = np.random.default_rng(3).negative_binomial(0.15, 0.15 / 3.15, 200).astype(np.float64)
    counts[100:103] = 0
    effect = effect_of(one_series(counts, debate(100, True)))
    assert (effect.status, effect.estimate) == ("insufficient_baseline", None)
