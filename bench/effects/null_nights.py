"""Size at every hour of the day, in seasons of many lengths: events that were never held, with the error of each size.

    python -m bench.effects.null_nights [--cases 12] [--days 12] [--seed 930000] [--seasons 270 300 590 600 905]

The worlds are the `NIGHTS` of `bench.effects.worlds`: three hours, evenings alike or restless. Of each series and
hour so many days are asked about. Cases are independent, what is asked of one case is not: errors are of means of
cases.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.effects.worlds import NIGHTS, World, make_case
from warehouse.effects.estimate.self_test import HOURS_A_DAY, null_sizes
from warehouse.effects.estimate.study import Study

_LENGTH = 3
_PARTS = ((0, 6), (6, 12), (12, 18), (18, 24))
Counts = NDArray[np.float64]  # hours x (tested, rejected)


def sizes_of(world: World, seed: int, *, days: int) -> Counts:
    """Of one case, over its series: how many were asked about at each hour, and how many look like an effect."""
    study, found = Study(make_case(world, seed).fit()), np.zeros((HOURS_A_DAY, 2))
    for series, fit in enumerate(study.panel.fits):
        for size in null_sizes(study, series, (_LENGTH,), days) if fit is not None else ():
            found[size.hour] += size.tested, size.rejected
    return found


def size_with_error(cases: Counts) -> tuple[float, float]:
    """The share rejected, and its standard error over cases (cases x hours x 2)."""
    tested, rejected = cases[:, :, 0].sum(axis=1), cases[:, :, 1].sum(axis=1)
    size = float(rejected.sum() / tested.sum())
    each = (rejected - size * tested) / tested.mean()
    return size, float(each.std(ddof=1) / np.sqrt(len(cases)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--days", type=int, default=12)
    parser.add_argument("--seed", type=int, default=930_000)
    parser.add_argument("--seasons", type=int, nargs="+", default=[270, 300, 590, 600, 905])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    worlds = [world for world in NIGHTS if world.days in given.seasons]
    jobs = [(world, given.seed + i) for world in worlds for i in range(given.cases)]
    print(f"{given.cases} cases a world, seeds from {given.seed}, {given.days} days an hour and series")
    with ProcessPoolExecutor(given.workers) as pool:
        done = list(pool.map(partial(sizes_of, days=given.days), *zip(*jobs, strict=True)))
    print(f"{'world':32s}{'n':>8s}{'all':>14s}" + "".join(f"{f'{a} to {b} h':>15s}" for a, b in _PARTS))
    by_world = np.array(done).reshape(len(worlds), given.cases, HOURS_A_DAY, 2)
    for world, cases in zip(worlds, by_world, strict=True):
        told = [size_with_error(cases), *(size_with_error(cases[:, a:b]) for a, b in _PARTS)]
        print(f"{world.name:32s}{cases[..., 0].sum():8.0f}" + "".join(f"  {s:.3f} +- {e:.3f}" for s, e in told))
    together = np.concatenate(list(by_world))
    print("by hour, all worlds: " + ", ".join(_of_hour(together, hour) for hour in range(HOURS_A_DAY)))


def _of_hour(cases: Counts, hour: int) -> str:
    size, error = size_with_error(cases[:, hour : hour + 1])
    return f"{hour}: {size:.3f} +- {error:.3f}"


if __name__ == "__main__":
    main()
