"""How often makers and own voice see something: where nothing changed, and where something did.

    python -m bench.effects.descriptions [--draws 1000] [--seed 1]

Quiet windows: 80 authors of unlike weight (or nearly equal ones) write 60 to 300 items. Loud: five of them write six
times as much as usual. Steady accounts: weekly counts with more spread than Poisson's, alone or leaning on the week
before. Changed: a pace that trebles for a third of the season and falls back.
"""

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from warehouse.effects.describe.cadence import find_regimes
from warehouse.effects.describe.concentration import measure_makers
from warehouse.effects.spec import Spec

SPEC = Spec(resamples=20)
QUIET_WINDOWS, AUTHORS, WEEKS, PACE = 30, 80, 40, 20
Rng = np.random.Generator


def p_of_window(rng: Rng, *, tail: float, louder: float) -> float | None:
    """p of one window among quiet ones; `tail` is the Pareto index of the authors' weights."""
    weights = rng.pareto(tail, AUTHORS) + 0.1
    loud = weights.copy()
    loud[rng.choice(AUTHORS, 5, replace=False)] *= louder
    quiet = [_items(rng, weights) for _ in range(QUIET_WINDOWS)]
    return measure_makers(_items(rng, loud), quiet, SPEC).p_concentrated


def _items(rng: Rng, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    return rng.multinomial(int(rng.integers(60, 300)), weights / weights.sum())


def is_split(rng: Rng, *, leaning: float, threefold: bool) -> bool:
    """Whether an account of 40 weeks is cut into regimes; `leaning` ties its log pace to the week before."""
    shocks, pace = rng.normal(0, 0.3, WEEKS), np.zeros(WEEKS)
    for week in range(WEEKS):
        pace[week] = (leaning * pace[week - 1] if week else 0.0) + shocks[week] * np.sqrt(1 - leaning**2)
    mean = PACE * np.exp(pace) * np.where(threefold & (np.arange(WEEKS) // 13 == 1), 3.0, 1.0)
    return bool(find_regimes(rng.poisson(mean), SPEC))


MAKERS: dict[str, Callable[[Rng], float | None]] = {
    "quiet, few loud voices": lambda rng: p_of_window(rng, tail=1.2, louder=1.0),
    "quiet, nearly equal voices": lambda rng: p_of_window(rng, tail=6.0, louder=1.0),
    "five voices six times as loud": lambda rng: p_of_window(rng, tail=6.0, louder=6.0),
}
VOICES: dict[str, Callable[[Rng], bool]] = {
    "steady": lambda rng: is_split(rng, leaning=0.0, threefold=False),
    "steady, leaning .3 on the week before": lambda rng: is_split(rng, leaning=0.3, threefold=False),
    "pace trebles and falls back": lambda rng: is_split(rng, leaning=0.0, threefold=True),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{given.draws} draws each, seed {given.seed}\n\nmakers: share of windows with p_concentrated <= .05")
    for name, draw in MAKERS.items():
        rng = np.random.default_rng([given.seed, *name.encode()])
        found = [p for p in (draw(rng) for _ in range(given.draws)) if p is not None]
        print(f"  {name:40s}{np.mean([p <= 0.05 for p in found]):7.3f}  of {len(found)}")
    print("own voice: share of accounts that are split (level .01 a cut)")
    for name, split in VOICES.items():
        rng = np.random.default_rng([given.seed, *name.encode()])
        print(f"  {name:40s}{np.mean([split(rng) for _ in range(given.draws)]):7.3f}")


if __name__ == "__main__":
    main()
