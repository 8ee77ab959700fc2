"""Any series whatever: a finite answer or a reason, no exception, no warning."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.effects.invented import MONDAY, debate, many_series, weekly_counts
from warehouse.effects.arrays import Floats
from warehouse.effects.baseline.grid import Grid, day_grid, hour_grid
from warehouse.effects.baseline.panel import Panel, fit_panel
from warehouse.effects.describe.decay import measure_decay
from warehouse.effects.describe.timing import measure_timing
from warehouse.effects.estimate.effect import Effect, estimate_effect
from warehouse.effects.estimate.paths import trace_path
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.verdicts import in_counts
from warehouse.effects.spec import Spec

pytestmark = pytest.mark.filterwarnings("error")
PARIS = ZoneInfo("Europe/Paris")
RNG = np.random.default_rng(8)
ODD = {
    "constant": np.full(150, 7.0),
    "zeros": np.zeros(150),
    "huge": weekly_counts(150) * 1e12,
    "huge and still": np.full(150, 1e12),
    "tiny": weekly_counts(150) * 1e-9,
    "not whole": weekly_counts(150) + RNG.random(150),
    "one spike": np.where(np.arange(150) == 40, 1e6, 5.0),
    "a spike at the debate": np.where(np.arange(150) == 100, 1e12, 0.0),
    "mostly unknown": np.where(np.arange(150) % 3 == 0, weekly_counts(150), np.nan),
    "unknown": np.full(150, np.nan),
    "a step": np.where(np.arange(150) < 75, 1.0, 1e5),
    "every other day": np.where(np.arange(150) % 2 == 0, 80.0, 0.0),
    "negative": -weekly_counts(150),
    "some below zero": weekly_counts(150) - 40,
    "without end": np.where(np.arange(150) == 20, np.inf, 5.0),
}


def all_effects(panel: Panel, length: int = 3) -> Iterator[Effect]:
    study = Study(panel)
    for series in range(len(panel.names)):
        for occasion in panel.occasions:
            yield estimate_effect(study, series, occasion, length)


def is_sensible(effect: Effect) -> bool:
    if effect.estimate is None:
        return effect.status != "ok"
    told, evidence = in_counts(effect.observed, effect.estimate), effect.estimate.evidence
    numbers = [told.rr, told.rr_low, told.rr_high, told.excess, told.expected, evidence.mde80, evidence.se]
    return bool(
        np.isfinite(numbers).all()
        and told.rr_low <= told.rr <= told.rr_high
        and 0 <= evidence.p <= 1
        and 0 < evidence.p_placebo <= 1
        and evidence.mde80 > 1
    )


def panel_of(grid: Grid, counts: Floats, *starts: int, attends: tuple[bool, ...]) -> Panel:
    return fit_panel(
        grid,
        counts,
        np.ones_like(counts),
        names=tuple(f"c{i}" for i in range(len(counts))),
        occasions=tuple(debate(start, *attends, event_id=str(start)) for start in starts),
    )


@pytest.mark.parametrize("name", ODD)
def test_an_odd_series_gets_a_finite_answer_or_a_reason(name: str) -> None:
    counts = np.array([ODD[name], weekly_counts(150, seed=3), weekly_counts(150, seed=4)])
    panel = many_series(counts, debate(60, True, True, False), debate(100, True, True, False, event_id="e"))
    effects = list(all_effects(panel))
    assert all(is_sensible(effect) for effect in effects)
    assert all(effect.status == "ok" for effect in effects[2:])


@pytest.mark.parametrize("rows", [0, 1, 2, 5, 39])
def test_next_to_no_rows_are_too_short_a_history(rows: int) -> None:
    effects = list(all_effects(many_series(np.ones((2, rows)), debate(0, True, False))))
    assert {effect.status for effect in effects} <= {"insufficient_history", "right_censored", "no_data"}


def test_the_same_series_under_several_names_gets_the_same_answer() -> None:
    counts = np.tile(weekly_counts(150), (4, 1))
    one, *others = all_effects(many_series(counts, debate(100, True, True, True, True)))
    assert one.estimate is not None
    for other in others:
        assert other.estimate is not None
        assert other.estimate.log_rr == pytest.approx(one.estimate.log_rr, abs=1e-9)


@pytest.mark.parametrize("level", [7.0, 50.0, 12345.0])
def test_one_count_more_than_ever_in_a_still_series_is_no_effect(level: float) -> None:
    counts = np.full((2, 300), level)
    counts[0, 150] += 1
    effect, _ = all_effects(panel_of(day_grid(MONDAY, 300), counts, 150, attends=(True, False)))
    assert effect.estimate is not None
    assert effect.estimate.evidence.p > 0.5
    assert not effect.estimate.evidence.is_heavy_tailed


def test_an_absent_one_who_rises_as_much_is_told_as_disagreement() -> None:
    counts = weekly_counts(150)
    counts[100:103] *= 3
    effect, _ = all_effects(many_series(np.tile(counts, (2, 1)), debate(100, True, False)))
    assert effect.estimate is not None
    assert effect.estimate.log_rr < effect.estimate.log_rr_without_controls
    assert "control_disagree" in effect.flags


def test_one_who_never_debates_is_a_control_and_needs_no_event() -> None:
    counts = np.array([weekly_counts(150, seed=1), weekly_counts(150, seed=2)])
    effect, _ = all_effects(many_series(counts, debate(100, True, False)))
    assert effect.estimate is not None
    assert effect.estimate.n_controls == 1


def test_a_season_of_45_days_is_answered_or_says_that_it_is_short() -> None:
    panel = panel_of(day_grid(MONDAY, 45), weekly_counts(45)[None], 20, 38, attends=(True,))
    assert {effect.status for effect in all_effects(panel)} == {"insufficient_history"}
    hours = RNG.poisson(20.0, (1, 45 * 24)).astype(np.float64)
    grid = hour_grid(datetime(2011, 9, 1, tzinfo=UTC), 45 * 24, PARIS)
    assert {effect.status for effect in all_effects(panel_of(grid, hours, 500, 800, attends=(True,)), 24)} == {"ok"}


def test_a_night_of_the_clock_change_is_a_window_like_others() -> None:
    first = datetime(2011, 9, 1, tzinfo=UTC)
    grid = hour_grid(first, 90 * 24, PARIS)
    rhythm = np.exp(np.sin(2 * np.pi * (grid.hour - 14) / 24))
    counts = np.random.default_rng(2).poisson(30 * rhythm)[None].astype(np.float64)
    start = (datetime(2011, 10, 29, 19, tzinfo=UTC) - first) // timedelta(hours=1)
    panel = panel_of(grid, counts, start, attends=(True,))
    (effect,) = all_effects(panel, 24)
    assert effect.estimate is not None
    assert effect.estimate.log_rr == pytest.approx(0, abs=0.1)
    path = trace_path(Study(panel), 0, start, 72)
    assert path is not None
    assert measure_decay(path, Spec()).status == "insufficient_sample"
    assert measure_timing(path, Spec()).status == "insufficient_sample"


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(4)))
def test_the_order_of_the_candidates_changes_no_answer(order: list[int]) -> None:
    counts = np.array([weekly_counts(150, mean=mean, seed=i) for i, mean in enumerate((60, 30, 90, 45))])
    attends = np.array([True, True, False, False])
    whole = list(all_effects(many_series(counts, debate(100, *attends))))
    dealt = list(all_effects(many_series(counts[order], debate(100, *attends[order]))))
    for place, series in enumerate(order):
        one, other = whole[series].estimate, dealt[place].estimate
        assert one is not None
        assert other is not None
        assert other.log_rr == pytest.approx(one.log_rr, abs=1e-6)
        assert other.evidence.p == pytest.approx(one.evidence.p, abs=1e-6)


def test_every_public_function_of_the_estimator_names_its_source() -> None:
    folder = Path(__file__).parents[3] / "warehouse" / "effects"
    silent = [
        f"{path.stem}.{node.name}"
        for path in sorted(folder.rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if "Source:" not in (ast.get_docstring(node) or "")
    ]
    assert silent == []
