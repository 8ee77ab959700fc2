"""Small races: how often nothing looks like an effect where a window holds a handful, and how often a peak is found.

    python -m bench.effects.few_counts [--cases 10] [--seed 980000]

Three hours from 20:00 in seasons of 120 days; nulls are events that were never held. The peak is of six times.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.effects.worlds import World, make_case
from warehouse.effects.estimate.effect import Effect, estimate_effect
from warehouse.effects.estimate.self_test import null_effects
from warehouse.effects.estimate.study import Study

_HOUR = 20
_ROWS = 3
_MOST_DAYS = 25
_TIMES = 6
LOG_TIMES = float(np.log(_TIMES))
_A_DAY = (5.0, 8.0, 20.0, 40.0)
POISSON, _RESTLESS = 1e6, 10.0  # shape of the gamma that mixes the counts
WORLD = World(
    name="few counts",
    is_hourly=True,
    candidates=2,
    days=120,
    debates=5,
    horizon_days=_ROWS / 24,
    tau=0.2,
    wobble=0.15,
    null_share=1.0,
)


def nulls(world: World, seed: int) -> Iterator[Effect]:
    """What is said of events that were never held."""
    study = Study(make_case(world, seed).fit())
    for series, fit in enumerate(study.panel.fits):
        if fit is not None:
            yield from null_effects(study, series, _HOUR, _ROWS, _MOST_DAYS)


def peaks(world: World, seed: int) -> Iterator[Effect]:
    """What is said of debates that multiply the first series' three hours."""
    case, rng = make_case(world, seed), np.random.default_rng(seed)
    counts = case.counts.copy()
    for debate in case.debates:
        rows = slice(debate.start_row, debate.start_row + _ROWS)
        counts[0, rows] += rng.poisson((_TIMES - 1) * case.mean_without[0, rows])
    everyone = np.ones(len(counts), dtype=np.bool_)
    study = Study(
        replace(case, counts=counts, occasions=tuple(replace(o, attends=everyone) for o in case.debates)).fit()
    )
    yield from (estimate_effect(study, 0, debate, _ROWS) for debate in case.debates)


def _line(effects: list[Effect], truth: float) -> str:
    """Answered, expected, share with p of 5 % at most, coverage, median width of the interval as a ratio."""
    known = [one.estimate for one in effects if one.estimate is not None]
    found = [one.evidence for one in known]
    clear = np.mean([one.p <= 0.05 for one in found])
    covers = np.mean([one.low <= truth <= one.high for one in found])
    width = np.exp(np.median([one.high - one.low for one in found]))
    usual = np.mean([one.baseline for one in known])
    return f"{len(effects):6d}{len(known) / len(effects):10.3f}{usual:10.2f}{clear:9.3f}{covers:10.3f}{width:8.1f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--seed", type=int, default=980_000)
    given = parser.parse_args()
    print(f"{'a day':>6s} {'counts':10s}{'':8s}{'n':>6s}  answered  expected  p<=.05  coverage   width")
    for a_day in _A_DAY:
        for name, shape in (("poisson", POISSON), ("restless", _RESTLESS)):
            world, seeds = replace(WORLD, mean=a_day, counting=shape), range(given.seed, given.seed + given.cases)
            for title, told, truth in (("nulls", nulls, 0.0), ("peaks", peaks, LOG_TIMES)):
                effects = [one for seed in seeds for one in told(world, seed)]
                print(f"{a_day:6.0f} {name:10s}{title:8s}{_line(effects, truth)}", flush=True)


if __name__ == "__main__":
    main()
