from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.signal import lfilter

from tests.warehouse.effects.invented import MONDAY, debate, many_series, one_series, weekly_counts
from warehouse.effects.arrays import Floats
from warehouse.effects.baseline.design import build_design, deadline_columns, spline_columns
from warehouse.effects.baseline.grid import day_grid, hour_grid
from warehouse.effects.baseline.one_step import leave_rows_out
from warehouse.effects.baseline.panel import Panel, fit_panel
from warehouse.effects.baseline.poisson import fit_poisson
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec, spec_hash, spec_with

PARIS = ZoneInfo("Europe/Paris")


def test_the_day_of_a_deadline_is_the_day_of_its_own_column() -> None:
    columns = deadline_columns(np.arange(10), np.array([7]))
    assert columns.argmax(axis=1)[1:9].tolist() == [2, 2, 2, 2, 1, 1, 0, 3]
    assert columns.sum(axis=1).tolist() == [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]


def test_a_night_of_the_clock_change_has_25_hours_and_two_of_them_are_two_oclock() -> None:
    grid = hour_grid(datetime(2011, 10, 29, 22, tzinfo=UTC), 26, PARIS)
    assert grid.hour.tolist() == [0, 1, 2, 2, *range(3, 24), 0]
    assert grid.day.tolist() == [grid.day[0]] * 25 + [grid.day[0] + 1]


def test_four_april_2011_is_a_monday() -> None:
    assert day_grid(datetime(2011, 4, 4, tzinfo=UTC).toordinal(), 8).weekday.tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


def test_trend_columns_sum_to_one_so_the_intercept_is_among_them() -> None:
    assert spline_columns(100, 28).sum(axis=1) == pytest.approx(np.ones(100))


def test_the_baseline_finds_the_week() -> None:
    panel = one_series(weekly_counts(140, mean=1000))
    week = panel.expected[0, 63:70]
    assert week[5:].mean() / week[:5].mean() == pytest.approx(0.5 / 1.2, rel=0.03)


def test_half_coverage_is_exposure_and_no_loss() -> None:
    counts = weekly_counts(140, mean=1000)
    coverage = np.where(np.arange(140) < 70, 0.5, 1.0)
    whole, half = one_series(counts), one_series(counts * coverage, coverage=coverage)
    assert half.fits[0] is not None
    assert whole.fits[0] is not None
    assert half.fits[0].rate == pytest.approx(whole.fits[0].rate, rel=0.01)


def test_leaving_rows_out_is_what_a_fit_without_them_gives() -> None:
    counts = weekly_counts(120)
    counts[61:67] += 40
    design = build_design(day_grid(MONDAY, 120), np.array([], dtype=np.int64), Spec())
    penalty, towards = design.penalty + 8 * design.bend, np.zeros(design.columns.shape[1])
    used = np.ones(120, dtype=bool)
    whole = fit_poisson(design, counts, np.ones(120), used, penalty=penalty, towards=towards)
    rows = np.arange(61, 67)[None]
    shift, _ = leave_rows_out(
        design.columns, whole, counts=counts, expected=whole.rate, rows=rows, used=np.ones((1, 6), dtype=bool)
    )
    used[61:67] = False
    refit = fit_poisson(design, counts, np.ones(120), used, penalty=penalty, towards=towards)
    assert np.exp(design.columns @ (whole.coefficients + shift[0])) == pytest.approx(refit.rate, rel=0.02)


def misfit(panel: Panel, truth: Floats) -> float:
    return float(np.std(np.log(panel.expected[0] / truth)))


def test_a_trend_follows_autocorrelated_noise_less_than_a_free_one_would() -> None:
    rng = np.random.default_rng(4)
    noise = lfilter([1.0], [1.0, -0.7], rng.normal(0, 0.2, 300))
    counts = rng.poisson(200 * np.exp(noise)).astype(np.float64)
    truth = np.full(300, 200.0)
    free = fit_panel(day_grid(MONDAY, 300), counts[None], np.ones((1, 300)), names=("a",), spec=Spec(trend_bend=100.0))
    assert misfit(one_series(counts), truth) < 0.85 * misfit(free, truth)


def test_a_real_wave_of_the_level_is_followed() -> None:
    truth = 200 * np.exp(0.8 * np.sin(np.arange(300) * 2 * np.pi / 90))
    counts = np.random.default_rng(4).poisson(truth).astype(np.float64)
    assert misfit(one_series(counts), truth) < 0.05


def test_a_zero_beyond_belief_is_an_outage_and_a_quiet_day_is_not() -> None:
    counts = weekly_counts(140, mean=60)
    counts[50], counts[60] = 0, 25
    panel = one_series(counts)
    assert np.flatnonzero(panel.silent[0]).tolist() == [50]


def test_where_half_of_the_series_are_blind_together_all_are() -> None:
    counts = np.array([weekly_counts(140, seed=seed) for seed in range(3)] + [weekly_counts(140, mean=2)])
    counts[:, 50] = 0
    assert many_series(counts).silent[:, 50].tolist() == [True] * 4


def test_the_days_of_a_debate_are_not_clean() -> None:
    panel = one_series(weekly_counts(140), debate(70, True))
    assert np.flatnonzero(~panel.clean[0]).tolist() == [70, 71, 72, 73, 74, 75]


def test_a_deadline_that_only_others_show_is_known() -> None:
    counts = np.array([weekly_counts(140, seed=seed) for seed in range(2)])
    day = MONDAY + 70
    hidden = many_series(counts, debate(66, True, True), deadlines=(day,))
    shown = many_series(counts, debate(66, True, False), deadlines=(day,))
    assert not hidden.deadlines.is_known[0]
    assert shown.deadlines.is_known[0]


def test_a_spec_is_named_by_its_numbers() -> None:
    assert spec_hash(Spec()) == spec_hash(spec_with({}))
    assert spec_hash(spec_with({"horizons": [180]})) != spec_hash(Spec())


def test_a_spec_has_no_unknown_keys() -> None:
    with pytest.raises(ValueError, match="no key 'horizon'"):
        spec_with({"horizon": [180]})


@pytest.mark.parametrize(
    "wrong",
    [{"level": 5.0}, {"power": 1.0}, {"horizons": []}, {"horizons": [-180]}, {"guard_days_on_days": float("nan")}],
)
def test_a_spec_that_no_number_could_come_of_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        spec_with(wrong)


def test_true_zeros_of_money_are_no_outage() -> None:
    """Gifts of unlike size, 0.6 an hour: more than half of the hours are empty, and none of them is a fault."""
    rng = np.random.default_rng(8)
    gifts = rng.poisson(0.6, 1100)
    amounts = np.array([rng.lognormal(3.2, 0.9, n).sum() for n in gifts])
    unit = float(np.median(amounts[amounts > 0])) / 1000
    panel = fit_panel(
        hour_grid(datetime(2020, 9, 1, tzinfo=UTC), 1100, ZoneInfo("UTC")),
        (amounts / unit)[None],
        np.ones((1, 1100)),
        names=("a",),
    )
    assert not panel.silent.any()


@pytest.mark.parametrize("is_size_known", [True, False])
@pytest.mark.parametrize(("gifts_a_day", "status"), [(0.06, "insufficient_history"), (30.0, "ok")])
def test_a_sum_of_a_few_gifts_is_not_known_better_than_the_gifts_are(
    gifts_a_day: float, status: str, *, is_size_known: bool
) -> None:
    rng = np.random.default_rng(2)
    gifts = rng.poisson(gifts_a_day, 300)
    sums = np.array([rng.lognormal(3.2, 0.9, n).sum() for n in gifts])
    unit = float(np.median(sums[sums > 0])) / 1000
    size = sums.sum() / gifts.sum() / unit if is_size_known else np.nan
    panel = fit_panel(
        day_grid(MONDAY, 300),
        (sums / unit)[None],
        np.ones((1, 300)),
        names=("a",),
        occasions=(debate(150, True),),
        pieces=np.array([size]),
    )
    assert estimate_effect(Study(panel), 0, panel.occasions[0], 3).status == status
