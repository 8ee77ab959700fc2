"""What a verdict of "no detectable effect" is worth: how often it stands beside a true effect that matters.

    python -m bench.effects.verdicts [--cases 8] [--seed 940000]

On the public worlds of `bench.effects.worlds`, in which half of the effects are none.
"""

import argparse
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from bench.effects.worlds import OTHER, PUBLIC, World, make_case
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.effect_rows import effect_row
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

Told = tuple[str, float, float, float]  # verdict, true log ratio, lowest and highest ratio of the interval
_LARGE = 2.0
_NOTABLE = 1.3


def verdicts_of(world: World, seed: int) -> list[Told]:
    """The verdict of each effect of one invented campaign, beside its truth."""
    case, spec = make_case(world, seed), Spec()
    study = Study(case.fit())
    told: list[Told] = []
    for one in range(len(case.counts)):
        for debate, occasion in enumerate(case.debates):
            if occasion.attends[one]:
                row = effect_row(estimate_effect(study, one, occasion, case.length), spec)
                told.append((row.verdict, float(case.truth[one, debate]), row.rr_low or np.nan, row.rr_high or np.nan))
    return told


def print_verdicts(told: Iterable[Told]) -> None:
    """How often each verdict is given, and what stands behind those of no effect."""
    rows, margin = list(told), np.log(Spec().null_margin)
    for verdict in ("effect", "no_detectable_effect", "not_enough_data"):
        print(f"{verdict:24s}{np.mean([row[0] == verdict for row in rows]):7.3f}")
    silent = [row for row in rows if row[0] == "no_detectable_effect"]
    print(f"of {len(silent)} verdicts of no effect:")
    truth, high = np.array([row[1] for row in silent]), np.array([row[3] for row in silent])
    print(f"  upper bound above {_LARGE:g}   {np.mean(high > _LARGE):7.3f}")
    print(f"  truth of {_NOTABLE:g} or more   {np.mean(truth >= np.log(_NOTABLE) - 1e-9):7.3f}")
    print(f"  truth beyond the margin{np.mean(np.abs(truth) > margin):7.3f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=8)
    parser.add_argument("--seed", type=int, default=940_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    worlds = [world for world in (*PUBLIC, *OTHER) if not world.is_hourly]
    jobs = [(world, given.seed + i) for world in worlds for i in range(given.cases)]
    print(f"{given.cases} cases a world, seeds from {given.seed}")
    with ProcessPoolExecutor(given.workers) as pool:
        done = pool.map(verdicts_of, *zip(*jobs, strict=True), chunksize=4)
        print_verdicts(row for rows in done for row in rows)


if __name__ == "__main__":
    main()
