from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.effects.invented import debate
from warehouse.effects.baseline.grid import hour_grid
from warehouse.effects.baseline.panel import fit_panel
from warehouse.effects.describe.cadence import OwnVoice, burstiness, find_regimes, measure_voice
from warehouse.effects.describe.claims.claim_rows import NEXT_STEPS, Chosen
from warehouse.effects.describe.claims.judge import Findings, judge_claims
from warehouse.effects.describe.concentration import gini, half_of, measure_makers, rarefied_half
from warehouse.effects.describe.decay import measure_decay, share_reached
from warehouse.effects.describe.lead_lag import find_lead
from warehouse.effects.describe.share import measure_share, share_dispersion, wilson
from warehouse.effects.describe.timing import measure_timing
from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.estimate.paths import Path, fit_spread, trace_path
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

SPEC = Spec(resamples=99, draws=200)
DAY = 86_400.0


def hourly_path(half_life_h: float, *, extra: float = 2000.0, mean: float = 20.0) -> Path:
    """An excess of `extra` that halves every `half_life_h` after hour 1000 of fifty days."""
    rng = np.random.default_rng(2)
    counts = rng.poisson(mean, 1200).astype(np.float64)
    age = np.arange(72)
    counts[1000:1072] += rng.poisson(extra * (2 ** (-age / half_life_h) - 2 ** (-(age + 1) / half_life_h)))
    grid = hour_grid(datetime(2011, 8, 1, tzinfo=UTC), 1200, ZoneInfo("Europe/Paris"))
    panel = fit_panel(grid, counts[None], np.ones((1, 1200)), names=("a",), occasions=(debate(1000, True),))
    path = trace_path(Study(panel), 0, 1000, 72)
    assert path is not None
    return path


@pytest.mark.parametrize("half_life_h", [2.0, 6.0, 12.0])
def test_a_half_life_is_found_within_its_interval(half_life_h: float) -> None:
    decay = measure_decay(hourly_path(half_life_h), SPEC)
    assert decay.ci_low is not None
    assert decay.ci_high is not None
    assert decay.ci_low <= half_life_h <= decay.ci_high
    assert decay.half_life_h == pytest.approx(half_life_h, rel=0.25)


def test_noise_that_multiplies_grows_with_the_mean_and_counting_noise_with_its_root() -> None:
    rng = np.random.default_rng(5)
    mean = rng.uniform(5, 50, (400, 24))
    counted = fit_spread(rng.poisson(mean) - mean, mean)
    multiplied = fit_spread(rng.poisson(mean * rng.gamma(10, 0.1, mean.shape)) - mean, mean)
    assert (counted.per_count, counted.square) == pytest.approx((1, 0), abs=0.15)
    assert multiplied.square == pytest.approx(0.1, abs=0.02)
    assert counted.variance(np.array([200.0])) == pytest.approx(200, rel=0.25)


def test_a_short_excess_that_three_days_would_drown_is_seen() -> None:
    path = hourly_path(0.5, extra=100.0)
    assert path.excess_z(72) < 3 < path.excess_z(3)
    assert measure_decay(path, SPEC).status == "ok"


def test_gifts_that_halve_in_two_hours_are_in_within_a_day() -> None:
    timing = measure_timing(hourly_path(2.0), SPEC)
    assert timing.net_share_24h is not None
    assert timing.net_share_24h > 0.9
    assert timing.median_net_h == pytest.approx(2.0, abs=0.6)
    assert timing.q25_net_h is not None
    assert timing.q75_net_h is not None
    assert timing.median_net_h is not None
    assert timing.q25_net_h < timing.median_net_h < timing.q75_net_h


def test_without_a_clear_excess_there_is_no_half_life_and_no_timing() -> None:
    path = hourly_path(2.0, extra=10.0)
    assert measure_decay(path, SPEC).half_life_h is None
    assert measure_timing(path, SPEC).status == "insufficient_sample"


def test_a_handful_of_items_has_no_half_life() -> None:
    path = hourly_path(2.0, mean=0.05, extra=8.0)
    assert path.excess_z(24) > SPEC.clear_excess  # that something happened is clear, how it faded is not
    decay = measure_decay(path, SPEC)
    assert (decay.status, decay.half_life_h) == ("insufficient_sample", None)


def test_half_of_a_steady_excess_is_in_at_half_time() -> None:
    assert share_reached(np.ones(10), 0.5) == 5


def test_gini_of_equals_is_zero_and_of_one_voice_is_one() -> None:
    assert gini(np.array([3, 3, 3])) == pytest.approx(0)
    assert gini(np.array([0, 0, 9])) == pytest.approx(1)


def test_half_of_the_items_are_by_the_busiest() -> None:
    assert half_of(np.array([1, 5, 2, 2])) == 1
    assert half_of(np.array([4, 3, 2, 2])) == 2


@given(st.lists(st.integers(1, 30), min_size=2, max_size=40), st.integers(1, 20))
def test_fewer_items_never_need_more_authors(counts: list[int], items: int) -> None:
    rng = np.random.default_rng(1)
    assert rarefied_half(np.array(counts), items, rng) <= half_of(np.ones(max(items, sum(counts)), dtype=np.int64))


def test_one_loud_author_is_fewer_voices_than_usual() -> None:
    quiet = [np.random.default_rng(i).poisson(3, 60) for i in range(30)]
    loud = np.append(np.ones(60, dtype=np.int64), 200)
    makers = measure_makers(loud, quiet, SPEC)
    assert makers.authors_for_half == 1
    assert makers.p_concentrated == pytest.approx(1 / 31)


def test_nine_authors_are_too_few_to_be_told_apart() -> None:
    makers = measure_makers(np.full(9, 20), [], SPEC)
    assert (makers.n_authors, makers.flags) == (None, ("small_cell",))


def test_a_clock_is_not_bursty_and_a_poisson_process_is_zero() -> None:
    assert burstiness(np.ones(50)) == pytest.approx(-1, abs=0.05)
    assert np.mean([burstiness(np.random.default_rng(i).exponential(1, 40)) for i in range(200)]) == pytest.approx(
        0, abs=0.03
    )


def test_a_pace_that_doubles_and_falls_has_three_regimes() -> None:
    weekly = np.random.default_rng(1).poisson([10] * 12 + [40] * 12 + [8] * 12)
    assert find_regimes(weekly, SPEC) == pytest.approx([12, 24], abs=1)


def test_posts_while_he_is_on_the_air_are_counted() -> None:
    at = np.arange(0, 70 * DAY, DAY / 2)
    rows = measure_voice(at, ["original"] * len(at), start_s=0, end_s=70 * DAY, on_air=[(0, DAY)], spec=SPEC)
    assert len(rows) == 1
    assert rows[0].on_air_share == pytest.approx(2 / 140)
    assert rows[0].per_day == pytest.approx(2)
    assert rows[0].active_days_share == pytest.approx(1)
    assert rows[0].regime == "steady"


def test_money_that_follows_buzz_by_two_days_is_led() -> None:
    rng = np.random.default_rng(3)
    buzz = rng.normal(0, 0.3, 300)
    money = 0.6 * np.roll(buzz, 2) + rng.normal(0, 0.3, 300)
    found = find_lead(buzz, money, np.ones(300, dtype=bool), interval_minutes=1440, spec=SPEC)
    assert (found.verdict, found.best_lag) == ("buzz_leads", 2)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_two_months_are_too_short_to_say_what_leads(rows: int) -> None:
    noise = np.random.default_rng(1).normal(size=(2, rows))
    found = find_lead(noise[0], noise[1], np.ones(rows, dtype=bool), interval_minutes=1440, spec=SPEC)
    assert (found.verdict, found.status) == ("not_enough_data", "insufficient_sample")


def test_over_dispersed_counts_are_worth_fewer() -> None:
    low, high = wilson(50, 100, 1, SPEC)
    wider_low, wider_high = wilson(50, 100, 4, SPEC)
    assert [low, high] == pytest.approx([0.404, 0.596], abs=0.001)
    assert wider_low < low < high < wider_high


def test_a_share_that_doubles_at_the_debate_changed() -> None:
    rng = np.random.default_rng(1)
    own, rest = rng.poisson(20, 200).astype(float), rng.poisson(80, 200).astype(float)
    own[100:103] *= 2
    clean = np.ones(200, dtype=bool)
    clean[100:106] = False
    share = measure_share(own, own + rest, clean, start=100, length=3, rows_a_day=1, dispersion=1.0, spec=SPEC)
    assert share.change == pytest.approx(np.log(2), abs=0.25)
    assert share.p_placebo is not None
    assert share.p_placebo < 0.05


@pytest.mark.parametrize("persistence", [0.0, 0.9])
def test_the_interval_of_a_share_holds_it_though_one_hour_follows_from_the_last(persistence: float) -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        wander = np.zeros(600)
        for hour in range(1, 600):
            wander[hour] = persistence * wander[hour - 1] + rng.normal(0, 0.5 * np.sqrt(1 - persistence**2))
        share = 1 / (1 + np.exp(1 - wander))
        total = rng.poisson(40, 600).astype(float)
        own = rng.binomial(total.astype(int), share).astype(float)
        clean = np.ones(600, dtype=bool)
        clean[300:324] = False
        k, n = own[300:324].sum(), total[300:324].sum()
        low, high = wilson(k, n, share_dispersion(own, total, clean, 24, SPEC), SPEC)
        held += low <= share.mean() <= high
    assert 0.9 <= held / 200 <= 0.99


def test_without_findings_every_claim_is_insufficient_and_says_why() -> None:
    rows = judge_claims(Findings(), SPEC)
    assert [row.claim_id for row in rows] == ["1", "2", "3", "4a", "4b", *map(str, range(5, 15))]
    assert {row.claim_id for row in rows if row.status == "no_data"} == set("2356789") | {"10"}
    assert {row.verdict for row in rows if row.status == "no_data"} == {"not_measurable"}
    assert {row.verdict for row in rows if row.status == "insufficient_sample"} == {"insufficient"}
    assert all(row.reason and row.next_step == NEXT_STEPS[row.claim_id] for row in rows)


def test_no_timing_is_told_of_an_excess_that_is_unclear() -> None:
    path = hourly_path(12.0, extra=15.0, mean=0.2)
    assert "excess_unclear" in measure_decay(path, SPEC).flags
    timing = measure_timing(path, SPEC)
    assert (timing.status, timing.flags, timing.net_share_24h) == ("insufficient_sample", ("excess_unclear",), None)


def voice(weeks: float) -> OwnVoice:
    return OwnVoice(
        period_start_s=0.0,
        period_end_s=weeks * 7 * 86_400,
        posts=400,
        per_day=9.0,
        active_days_share=1.0,
        replies_share=None,
        reposts_share=None,
        on_air_share=None,
        burstiness=None,
        memory=None,
        regime="steady",
    )


@pytest.mark.parametrize(("weeks", "verdict"), [(6, "insufficient"), (40, "contradicts")])
def test_six_weeks_are_too_few_to_deny_a_change_of_pace(weeks: float, verdict: str) -> None:
    [claim] = [one for one in judge_claims(Findings(voice=(voice(weeks),)), Spec()) if one.claim_id == "11"]
    assert claim.verdict == verdict


def test_a_claim_names_the_series_it_rests_on_and_says_p_where_there_is_no_q() -> None:
    row = EffectRow(
        n_events=3,
        observed=90.0,
        coverage=1.0,
        status="ok",
        flags=(),
        rr=1.8,
        rr_low=1.3,
        rr_high=2.5,
        p=0.003,
        mde80=1.5,
    )
    found = Findings(new_donors=Chosen(row=row, whose="ada in gifts", of=21))
    [claim] = [one for one in judge_claims(found, Spec()) if one.claim_id == "12"]
    assert claim.verdict == "supports"
    assert claim.reason == (
        "In the 24 hours after 3 debates, new donors (ada in gifts, the best known of 21 series) were 1.80 times the "
        "usual, between 1.30 and 2.50, more than chance would bring (p is 0.003)."
    )
    assert (claim.unit, claim.n_events, claim.next_step) == ("ratio to the usual", 3, None)


def test_what_the_half_life_makes_of_the_median_is_in_its_interval() -> None:
    path = hourly_path(2.0)
    late = path.observed.copy()
    late[30:] += path.excess.sum() / 42  # as much again, a day later: noise, or a second wave
    timing = measure_timing(replace(path, observed=late), SPEC)
    assert timing.median_net_h is not None
    assert timing.median_net_h > 20
    assert timing.median_net_h_ci_low is not None
    assert timing.half_life_h_ci_low is not None
    assert timing.median_net_h_ci_low <= timing.half_life_h_ci_low
