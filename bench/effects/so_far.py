"""Windows that still run: the estimate of their elapsed part, at a quarter, a half and three quarters.

    python -m bench.effects.so_far [--cases 6] [--seed 910000]

Each debate is looked at with nothing known that came after the elapsed part: the baseline has no later rows.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from bench.effects.calibration import OURS, Result, print_scores
from bench.effects.worlds import OTHER, PUBLIC, Case, World, make_case
from warehouse.effects.estimate.effect import estimate_so_far
from warehouse.effects.estimate.study import Study

_PARTS = (0.25, 0.5, 0.75)
_LEAST_ROWS = {True: 2, False: 1}
_NAMES = ("season and trend", "autocorrelation", "random walk", "hours, 24 h", "hours, 3 h", "hours, news")


def run_case(world: World, seed: int) -> Iterator[Result]:
    """One debate of the second half of each case: what comes after it is cut off."""
    case = make_case(world, seed)
    half = len(case.debates) // 2
    which = half + seed % max(len(case.debates) - half, 1)
    # Of three days a half and three quarters are the same two rows.
    for elapsed, part in {round(part * case.length): part for part in _PARTS}.items():
        if elapsed < _LEAST_ROWS[case.grid.is_daily]:
            continue
        known = case.until(case.debates[which].start_row + elapsed)
        study = Study(known.fit())
        for one in np.flatnonzero(case.debates[which].attends):
            found = estimate_so_far(study, int(one), case.debates[which], case.length).estimate
            truth, is_null = _truth(case, int(one), which, elapsed)
            numbers = (np.nan,) * 4
            if found is not None:
                numbers = (found.log_rr, found.evidence.low, found.evidence.high, found.evidence.p)
            yield OURS, f"{world.name}, {part:.2f}", truth, is_null, *numbers, 0.0


def _truth(case: Case, one: int, which: int, elapsed: int) -> tuple[float, bool]:
    """The log rate ratio of the elapsed rows. Other debates of these worlds are over by then."""
    rows = slice(case.debates[which].start_row, case.debates[which].start_row + elapsed)
    ratio = float(case.mean_with[one, rows].sum() / case.mean_without[one, rows].sum())
    return float(np.log(ratio)), bool(case.is_null[one, which])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=6)
    parser.add_argument("--seed", type=int, default=910_000)
    given = parser.parse_args()
    worlds = [world for world in PUBLIC + OTHER if world.name in _NAMES]
    jobs = [(world, given.seed + i) for world in worlds for i in range(given.cases)]
    print_scores([result for world, seed in jobs for result in run_case(world, seed)])


if __name__ == "__main__":
    main()
