"""How often a pooled interval holds the mean effect of a few events, and how wide it is.

    python -m bench.effects.pooling [--cases 6] [--seed 950000]

The errors are those that the estimator makes in the worlds of `bench.effects.worlds`: what it says less the truth,
several events of one series together, since they share the windows that tell how wrong they are. To each is added
what one event does more than another, with the spread `tau`. Beside ours: DerSimonian and Laird's mean with Hartung and
Knapp's interval, never narrower than the fixed-effect one.
"""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from scipy import stats

from bench.effects.worlds import OTHER, PUBLIC, World, make_case
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

Errors = tuple[list[float], list[float], list[float]]  # error, standard error, degrees of freedom: one an event
Interval = tuple[float, float]
_SIZES = (2, 3, 5, 8)
_SPREADS = (0.0, 0.3)
_REDRAWN = 4  # spreads drawn for the same errors
_LIFT = np.log(1.5)


def errors_of(world: World, seed: int) -> list[Errors]:
    """The events of each series of one invented campaign."""
    case, found = make_case(world, seed), []
    study = Study(case.fit())
    for one in range(len(case.counts)):
        members = []
        for debate, occasion in enumerate(case.debates):
            estimate = estimate_effect(study, one, occasion, case.length).estimate if occasion.attends[one] else None
            if estimate is not None:
                error = estimate.log_rr - float(case.truth[one, debate])
                members.append((error, estimate.evidence.se, estimate.evidence.freedom))
        if members:
            found.append(([one[0] for one in members], [one[1] for one in members], [one[2] for one in members]))
    return found


def hartung_knapp(y: list[float], errors: list[float]) -> Interval:
    """What is usual."""
    seen, variance = np.array(y), np.array(errors) ** 2
    n, weight = len(seen), 1 / variance
    excess = float((weight * (seen - np.average(seen, weights=weight)) ** 2).sum()) - (n - 1)
    tau2 = max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
    pooled = 1 / (variance + tau2)
    mean = float(np.average(seen, weights=pooled))
    knapp = float((pooled * (seen - mean) ** 2).sum() / ((n - 1) * pooled.sum()))
    reach = float(stats.t.ppf(0.975, n - 1)) * np.sqrt(max(knapp, 1 / weight.sum()))
    return mean - reach, mean + reach


def intervals(series: list[Errors], size: int, tau: float) -> Iterator[tuple[Interval, Interval]]:
    """Ours and the usual one about a mean effect of zero, for each handful of events of one series."""
    rng, spec = np.random.default_rng([size, round(100 * tau)]), Spec()
    for error, se, freedom in series:
        for first in range(0, len(error) - size + 1, size):
            chosen = slice(first, first + size)
            for _ in range(_REDRAWN if tau else 1):
                y = list(np.array(error[chosen]) + tau * rng.standard_normal(size))
                ours = pool(y, se[chosen], spec, freedom[chosen])
                yield (ours.low, ours.high), hartung_knapp(y, se[chosen])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=6)
    parser.add_argument("--seed", type=int, default=950_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    worlds = [world for world in (*PUBLIC, *OTHER) if world.debates >= max(_SIZES)]
    jobs = [(world, given.seed + i) for world in worlds for i in range(given.cases)]
    print(f"{given.cases} cases a world, seeds from {given.seed}")
    with ProcessPoolExecutor(given.workers) as workers:
        series = [one for found in workers.map(errors_of, *zip(*jobs, strict=True), chunksize=4) for one in found]
        tasks = [(size, tau) for size in _SIZES for tau in _SPREADS]
        done = workers.map(partial(_row, series), *zip(*tasks, strict=True))
        print("events  tau      n | coverage   width   power | usual: coverage   width   power")
        for row in done:
            print(row)


def _row(series: list[Errors], size: int, tau: float) -> str:
    both = np.array(list(intervals(series, size, tau)))  # cases x method x bound
    low, high = both[:, :, 0], both[:, :, 1]
    covers, width, power = ((low <= 0) & (high >= 0)).mean(0), np.median(high - low, axis=0), (low > -_LIFT).mean(0)
    told = [f"{covers[i]:8.3f}{width[i]:9.3f}{power[i]:8.3f}" for i in range(2)]
    return f"{size:6d}{tau:5.1f}{len(both):7d} | {told[0]} |        {told[1]}"


if __name__ == "__main__":
    main()
