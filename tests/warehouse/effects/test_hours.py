"""Hour rows: what an event is compared with, and the hours in which it is awaited."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.warehouse.effects.invented import debate
from warehouse.effects.arrays import Floats
from warehouse.effects.baseline.asked import ask_window
from warehouse.effects.baseline.grid import hour_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel
from warehouse.effects.estimate.effect import Effect, estimate_effect
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.verdicts import in_counts
from warehouse.effects.estimate.windows import placebo_starts
from warehouse.effects.spec import Spec, spec_with

ZONE = ZoneInfo("America/New_York")
FIRST = datetime(2019, 3, 4, 5, tzinfo=UTC)  # a Monday's midnight
EVENING = 21


def hours_of(counts: Floats, *occasions: Occasion, spec: Spec | None = None) -> Panel:
    grid = hour_grid(FIRST, len(counts), ZONE)
    ones = np.ones((1, len(counts)))
    return fit_panel(grid, counts[None], ones, names=("a",), occasions=occasions, spec=spec)


def effect_of(panel: Panel, length: int) -> Effect:
    return estimate_effect(Study(panel), 0, panel.occasions[0], length)


def evening_of(panel: Panel, day: int) -> int:
    return int(np.flatnonzero((panel.grid.day == panel.grid.day[0] + day) & (panel.grid.hour == EVENING))[0])


@pytest.mark.parametrize("days", [40, 270, 281, 293, 305, 581, 600, 881, 905, 1000])
def test_a_season_of_any_length_is_seen_at_the_hour_of_the_event_and_on_every_weekday(days: int) -> None:
    panel = hours_of(np.full(days * 24, 5.0), debate(20 * 24 + EVENING, True))
    asked = ask_window(panel.grid, panel.occasions[0].start_row, 3, panel.spec)
    starts = placebo_starts(panel, asked)
    assert set(panel.grid.hour[starts]) == {panel.grid.hour[asked.start]}
    assert set(panel.grid.weekday[starts]) == set(range(7))
    assert len(starts) > 0.24 * days


def test_evenings_that_vary_more_than_days_do_not_make_effects_of_nothing() -> None:
    rng = np.random.default_rng(4)
    days = 295
    mean = np.full(days * 24, 20.0)
    panel = hours_of(mean)
    is_evening = (panel.grid.hour >= 19) & (panel.grid.hour < 24)
    each = np.exp(rng.normal(0, 0.5, days + 1))[panel.grid.day - panel.grid.day[0]]
    panel = hours_of(rng.poisson(np.where(is_evening, mean * each, mean)).astype(np.float64))
    study, rejected = Study(panel), []
    for day in range(10, 280, 3):
        # Nobody attends: an event that was never held.
        found = estimate_effect(study, 0, debate(evening_of(panel, day), False), 3).estimate
        # A single evening so quiet that its interval is a hundredfold wide gets no number.
        rejected.append(found is not None and found.evidence.p <= 0.05)
    assert np.mean(rejected) < 0.1


def awaited(ramp_hours: int, ratio: float) -> Panel:
    """A debate on the hundredth evening of 160 days; talk doubles in the hours before, and then follows the ratio."""
    mean = np.full(160 * 24, 200.0)
    start = 100 * 24 + EVENING
    mean[start - ramp_hours : start] *= 2
    mean[start : start + 24] *= ratio
    return hours_of(np.random.default_rng(6).poisson(mean).astype(np.float64), debate(start, True))


@pytest.mark.parametrize("ramp_hours", [0, 2, 4, 6])
@pytest.mark.parametrize("length", [3, 24])
def test_what_comes_before_an_event_is_not_taken_for_usual(ramp_hours: int, length: int) -> None:
    estimate = effect_of(awaited(ramp_hours, 1.5), length).estimate
    assert estimate is not None
    assert estimate.log_rr == pytest.approx(np.log(1.5), abs=0.06)


def test_the_hours_before_are_told_as_a_window_of_their_own() -> None:
    effect = effect_of(awaited(4, 1.5), -6)
    assert effect.estimate is not None
    assert effect.rows == -6
    told = in_counts(effect.observed, effect.estimate)
    assert told.excess_low < 800 < told.excess_high  # four hours of 200 more than usual
    assert told.excess == pytest.approx(800, rel=0.1)
    assert effect.estimate.evidence.p < 0.001


def test_the_day_of_an_event_is_no_baseline_before_it_begins() -> None:
    panel = awaited(0, 1.0)
    start = panel.occasions[0].start_row
    midnight = start - int(panel.grid.hour[start])
    assert panel.clean[0, midnight - 1]
    assert not panel.clean[0, midnight:start].any()


def test_an_event_soon_after_midnight_is_awaited_on_the_evening_before() -> None:
    start = 50 * 24 + 2
    panel = hours_of(np.full(100 * 24, 9.0), debate(start, True))
    assert panel.grid.hour[start] == 3  # summer time has begun
    assert not panel.clean[0, start - 6 : start].any()
    assert panel.clean[0, start - 7]


def test_who_expects_no_waiting_says_so() -> None:
    with pytest.raises(ValueError, match="anticipation_hours must be less than a day"):
        spec_with({"anticipation_hours": 24})
    assert Spec(anticipation_hours=0).asked_minutes(60) == (180, 1440, 4320)
    assert Spec().asked_minutes(60) == (180, 1440, 4320, -360)
    assert Spec().asked_minutes(1440) == (180, 1440, 4320)


def test_a_peak_of_a_small_race_is_seen() -> None:
    """2.5 gifts expected in three hours, and six times as many came."""
    counts = np.random.default_rng(6).poisson(2.5 / 3, 160 * 24).astype(np.float64)
    panel = hours_of(counts)
    start = evening_of(panel, 100)
    counts[start : start + 3] = 5
    panel = hours_of(counts, debate(start, True))
    found = estimate_effect(Study(panel), 0, panel.occasions[0], 3)
    assert found.status == "ok"
    assert found.estimate is not None
    assert found.estimate.evidence.p < 0.01
