"""How often the intervals of half-lives and of timing hold what is true, and how often a lead is seen that is none.

    python -m bench.effects.decays [--cases 40] [--seed 700000] [--only decays|leads]

Hours of one account with a daily rhythm, a slow wave, over-dispersed and autocorrelated counts; three debates with
an excess of known course. `proportional` worlds spread the excess with the daily rhythm, so that no half-life is true.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from warehouse.effects.baseline.grid import day_grid, hour_grid
from warehouse.effects.baseline.panel import Occasion, Panel, fit_panel
from warehouse.effects.describe.decay import measure_decay
from warehouse.effects.describe.lead_lag import find_lead, log_residuals
from warehouse.effects.describe.timing import measure_timing
from warehouse.effects.estimate.paths import trace_path
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

Floats = NDArray[np.float64]
DAYS, HORIZON, EVENING = 90, 72, 21
STARTS = np.array([24 * day + EVENING for day in (25, 48, 71)])
TIMES = {"q25_net_h": 0.25, "median_net_h": 0.5, "q75_net_h": 0.75}
SHARES = {"net_share_1h": 1, "net_share_24h": 24}


@dataclass(frozen=True, kw_only=True)
class DecayWorld:
    """One kind of course; `first_hours` is the mean rate of the first hours, in usual rates."""

    name: str
    half_life_h: float
    first_hours: float = 6.0
    mean: float = 20.0  # an hour
    wobble: float = 0.2
    memory: float = 0.5  # of the wobble, a day
    counting: float = 20.0
    is_proportional: bool = False


WORLDS = (
    DecayWorld(name="half-life 1.5 h", half_life_h=1.5, first_hours=10.0),
    DecayWorld(name="half-life 3 h", half_life_h=3.0),
    DecayWorld(name="half-life 6 h", half_life_h=6.0),
    DecayWorld(name="half-life 12 h", half_life_h=12.0, first_hours=4.0),
    DecayWorld(name="half-life 24 h", half_life_h=24.0, first_hours=4.0),
    DecayWorld(name="few counts, 4 h", half_life_h=4.0, mean=4.0, first_hours=8.0),
    DecayWorld(name="restless, 6 h", half_life_h=6.0, wobble=0.4, memory=0.7),
    DecayWorld(name="proportional", half_life_h=8.0, is_proportional=True),
)


def decay_of_world(world: DecayWorld, seed: int) -> list[tuple[str, str, float]]:
    """World, statistic, and whether its interval held the truth (1 or 0) or there was none (NaN)."""
    rng = np.random.default_rng([seed, *world.name.encode()])
    rows = np.arange(24 * DAYS)
    rhythm = np.exp(0.7 * np.sin(2 * np.pi * (rows % 24 - 13) / 24))
    rhythm /= rhythm.mean()
    wave = np.exp(0.4 * np.sin(2 * np.pi * rows / (24 * rng.uniform(40, 120)) + rng.uniform(0, 6)))
    usual = world.mean * rhythm * wave
    age = rows[None] - STARTS[:, None]
    course = np.where(age >= 0, 2.0 ** (-np.maximum(age, 0) / world.half_life_h), 0.0)
    course *= 1 - 2.0 ** (-1 / world.half_life_h)
    if world.is_proportional:
        course *= rhythm
    first = course[:, STARTS[0] : STARTS[0] + 3].sum(axis=1)[0] / 3
    excess = (world.first_hours - 1) * world.mean / first * course
    noise = np.exp(world.wobble * autoregression(rng, len(rows), world.memory ** (1 / 24)))
    mixed = rng.gamma(world.counting, 1 / world.counting, len(rows))
    counts = rng.poisson((usual * noise + excess.sum(axis=0)) * mixed).astype(np.float64)
    occasions = tuple(
        Occasion(event_id=f"e{k}", kind="debate", start_row=int(row), attends=np.array([True]))
        for k, row in enumerate(STARTS)
    )
    grid = hour_grid(datetime(2011, 4, 4, tzinfo=UTC), len(rows), ZoneInfo("UTC"))
    study = Study(fit_panel(grid, counts[None], np.ones((1, len(rows))), names=("a",), occasions=occasions))
    found: list[tuple[str, str, float]] = []
    for k, start in enumerate(STARTS):
        found += [(world.name, name, held) for name, held in _held(study, world, int(start), excess[k])]
    return found


def _held(study: Study, world: DecayWorld, start: int, excess: Floats) -> Iterator[tuple[str, float]]:
    path = trace_path(study, 0, start, HORIZON)
    if path is None:
        raise ValueError("a season of 90 days has placebo windows")
    decay, timing = measure_decay(path, study.panel.spec), measure_timing(path, study.panel.spec)
    if not world.is_proportional:
        yield "half_life_h", _holds(world.half_life_h, decay.ci_low, decay.ci_high, decay.status)
        if decay.ci_low is not None:
            yield "half_life_h, width in logs", float(np.log((decay.ci_high or HORIZON) / decay.ci_low))
    running = np.cumsum(excess[start : start + HORIZON])
    for name, hours in SHARES.items():
        yield name, _held_by(timing, name, float(running[hours - 1] / running[-1]))
    for name, share in TIMES.items():
        yield name, _held_by(timing, name, float(np.interp(share * running[-1], [0, *running], np.arange(HORIZON + 1))))
    yield "peak_hour", _held_by(timing, "peak_hour", float(np.argmax(excess[start : start + HORIZON])))


def _held_by(timing: object, name: str, truth: float) -> float:
    low, high = getattr(timing, f"{name}_ci_low"), getattr(timing, f"{name}_ci_high")
    return _holds(truth, low, high, "ok" if low is not None else "")


def _holds(truth: float, low: float | None, high: float | None, status: str) -> float:
    if status != "ok" or low is None:
        return np.nan
    return float(low <= truth + 1e-9 and (high is None or truth <= high + 1e-9))


def autoregression(rng: np.random.Generator, rows: int, memory: float) -> Floats:
    """Stationary, of unit spread."""
    shocks = rng.standard_normal(rows + 500) * np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], shocks)[500:], dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class LeadWorld:
    """Buzz and money that share debates; `link` is how much of a row's buzz comes back as money `lag` rows later."""

    name: str
    is_hourly: bool
    link: float = 0.0
    lag: int = 2
    wobble: float = 0.3
    memory: float = 0.5  # a day
    days: int = 270


LEADS = (
    LeadWorld(name="days, no link", is_hourly=False),
    LeadWorld(name="days, no link, long memory", is_hourly=False, memory=0.8),
    LeadWorld(name="days, linked", is_hourly=False, link=0.8),
    LeadWorld(name="hours, no link", is_hourly=True, days=75),
    LeadWorld(name="hours, linked", is_hourly=True, days=75, link=0.8),
)


def lead_of_world(world: LeadWorld, seed: int) -> tuple[str, float, float, str]:
    """World, masked and unmasked p of buzz leading, and the verdict."""
    rng = np.random.default_rng([seed, *world.name.encode()])
    a_day = 24 if world.is_hourly else 1
    rows = np.arange(world.days * a_day)
    starts = np.arange(20, world.days - 12, 25) * a_day + (EVENING if world.is_hourly else 0)
    rhythm = np.zeros(len(rows))
    if world.is_hourly:
        rhythm = 0.7 * np.sin(2 * np.pi * (rows % 24 - 13) / 24)
    else:
        rhythm = np.array([0.1, 0.1, 0.2, 0.3, 0.0, -0.4, -0.3])[rows % 7]
    noise = [world.wobble * autoregression(rng, len(rows), world.memory ** (1 / a_day)) for _ in range(2)]
    # Fresh news, beside what lingers: only what is new can lead.
    fresh = world.wobble * rng.standard_normal(len(rows))
    noise[0] += fresh
    noise[1] += world.link * np.concatenate([np.zeros(world.lag), fresh[: -world.lag]])
    age = np.maximum(rows[None] - starts[:, None], 0) / a_day
    since = rows[None] >= starts[:, None]
    panels = []
    for own, tau, mean in ((noise[0], 0.5, 30.0), (noise[1], 1.5, 20.0)):
        lift = np.where(since, 1.2 * np.exp(-age / tau), 0.0).sum(axis=0)
        counts = rng.poisson(mean * np.exp(rhythm + own + lift) * rng.gamma(20, 1 / 20, len(rows)))
        panels.append(_lead_panel(world, counts.astype(np.float64), starts))
    (talk, quiet), (money, quiet_too) = (log_residuals(panel, 0) for panel in panels)
    found = find_lead(
        talk, money, quiet & quiet_too, interval_minutes=60 if world.is_hourly else 1440, spec=panels[0].spec
    )
    masked, unmasked = (np.nan if p is None else p for p in (found.p_masked, found.p_unmasked))
    return world.name, masked, unmasked, found.verdict


def _lead_panel(world: LeadWorld, counts: Floats, starts: NDArray[np.int64]) -> Panel:
    hours = hour_grid(datetime(2011, 4, 4, tzinfo=UTC), len(counts), ZoneInfo("UTC"))
    return fit_panel(
        hours if world.is_hourly else day_grid(734_231, len(counts)),
        counts[None],
        np.ones((1, len(counts))),
        names=("a",),
        occasions=tuple(
            Occasion(event_id=f"e{k}", kind="debate", start_row=int(row), attends=np.array([True]))
            for k, row in enumerate(starts)
        ),
        spec=Spec(resamples=199),
    )


def print_decays(results: list[tuple[str, str, float]]) -> None:
    by: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for world, statistic, held in results:
        by[statistic][world].append(held)
    print(f"\nShare of 95 % intervals that hold the truth (answered)\n{'':28s}{'mean':>7s}  by world")
    for statistic, worlds in by.items():
        of_world = {world: float(np.nanmean(held)) for world, held in worlds.items()}
        each = "  ".join(
            f"{world} {value:.3f} ({np.isfinite(worlds[world]).mean():.2f})" for world, value in of_world.items()
        )
        print(f"{statistic:28s}{np.mean(list(of_world.values())):7.3f}  {each}")


def print_leads(results: list[tuple[str, float, float, str]]) -> None:
    print(
        f"\n{'':30s}{'n':>5s}{'masked p <= .05':>18s}{'unmasked':>10s}{'buzz leads':>12s}{'money leads or both':>21s}"
    )
    for world in dict.fromkeys(row[0] for row in results):
        own = [row for row in results if row[0] == world]
        masked, unmasked = (np.mean(np.array([row[i] for row in own], dtype=np.float64) <= 0.05) for i in (1, 2))
        leads = np.mean([row[3] == "buzz_leads" for row in own])
        wrong = np.mean([row[3] in {"donations_lead", "both"} for row in own])
        print(f"{world:30s}{len(own):5d}{masked:18.3f}{unmasked:10.3f}{leads:12.3f}{wrong:21.3f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--seed", type=int, default=700_000)
    parser.add_argument("--only", choices=["decays", "leads"])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.cases)
    print(f"{given.cases} cases a world, seeds from {given.seed}")
    with ProcessPoolExecutor(given.workers) as pool:
        if given.only != "leads":
            decays = [pool.map(partial(decay_of_world, world), seeds, chunksize=4) for world in WORLDS]
            print_decays([row for world in decays for case in world for row in case])
        if given.only != "decays":
            leads = [pool.map(partial(lead_of_world, world), seeds, chunksize=4) for world in LEADS]
            print_leads([row for world in leads for row in world])


if __name__ == "__main__":
    main()
