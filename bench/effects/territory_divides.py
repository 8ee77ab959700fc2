"""What an interval of the digital divide is worth: size, coverage and power on invented territories.

    python -m bench.effects.territory_divides [--worlds 400] [--permutations 499] [--seed 70000]

Territories are of unequal size, and counts vary between them more than chance alone would have it, by a gamma of the
given spread. Where the truth is none, `wrong` is how often an effect is told; elsewhere `found`.
"""

import argparse
from dataclasses import dataclass
from time import process_time

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.describe.divide import measure_divide
from warehouse.effects.spec import Spec


@dataclass(frozen=True, kw_only=True)
class Land:
    """How territories and their counts come about; spreads are of logs, but for that of the shares."""

    name: str
    territories: int = 51
    sizes: float = 1.0
    mean: float = 400.0  # givers in a territory of middling size
    spread: float = 0.4
    share_spread: float = 0.04
    by_size: float = 0.0  # correlation of the share online with the logarithm of the population
    income: float = 0.0  # what doubling the control does to the log rate; it goes with the share by half
    heavy: bool = False  # the spread between territories has long tails
    ratio: float = 1.0  # the truth, for 10 points
    is_income_given: bool = False


_ALIKE = (
    Land(name="states"),
    Land(name="states, uneven counts", spread=0.7),
    Land(name="states, even counts", spread=0.1),
    Land(name="states, long tails", heavy=True),
    Land(name="larger are more online", by_size=0.5),
    Land(name="very unequal sizes", sizes=1.6),
    Land(name="few territories", territories=24),
    Land(name="counties, small counts", territories=200, mean=60.0, sizes=1.2),
    Land(name="income held fixed", income=0.6, is_income_given=True),
)
LANDS = (*_ALIKE, *(Land(**{**land.__dict__, "ratio": 1.5}) for land in _ALIKE))


def make_land(land: Land, seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Counts, population, share online and control of one invented land."""
    rng = np.random.default_rng(seed)
    n = land.territories
    size, other, income = rng.normal(size=n), rng.normal(size=n), rng.normal(size=n)
    population = np.round(4e6 * np.exp(land.sizes * size))
    by_income = 0.5 if land.income else 0.0
    own = np.sqrt(1 - land.by_size**2 - by_income**2)
    share = np.clip(0.8 + land.share_spread * (land.by_size * size + by_income * income + own * other), 0.4, 0.99)
    control = 50_000 * np.exp(0.2 * income)
    logs = np.log(land.ratio) * (share - 0.8) / 0.1 + land.income * np.log2(control / 50_000)
    if land.heavy:
        uneven = np.exp(land.spread * rng.standard_t(4, size=n) / np.sqrt(2))
        uneven /= np.exp(land.spread**2 / 2)  # about one in the mean; the level takes the rest
    else:
        shape = 1 / land.spread**2
        uneven = rng.gamma(shape, 1 / shape, size=n)
    counts = rng.poisson(land.mean * population / 4e6 * np.exp(logs) * uneven)
    return counts.astype(np.float64), population, share, control


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--permutations", type=int, default=499)
    parser.add_argument("--seed", type=int, default=70_000)
    given = parser.parse_args()
    spec = Spec(permutations=given.permutations)
    print(f"{given.worlds} worlds each, seeds from {given.seed}, {given.permutations} permutations")
    print(
        f"{'':26s}{'truth':>6s}{'told':>6s}{'covered':>9s}{'wrong':>7s}{'found':>7s}{'p <= .05':>9s}{'half width':>11s}"
    )
    began = process_time()
    for land in LANDS:
        rows = []
        for seed in range(given.seed, given.seed + given.worlds):
            counts, population, share, control = make_land(land, seed)
            held = control if land.is_income_given else None
            found = measure_divide(counts, population, share, spec, control=held)
            if found.ci_low is not None and found.ci_high is not None:
                is_effect, is_within = found.verdict == "effect", found.ci_low <= land.ratio <= found.ci_high
                width = np.log(found.ci_high / found.ci_low) / 2
                rows.append((is_within, is_effect, (found.p_perm or 1) <= spec.level, width))
        within, effect, dealt, width = np.mean(rows, axis=0)
        wrong, power = (f"{effect:7.3f}", "") if land.ratio == 1 else ("", f"{effect:7.3f}")
        print(
            f"{land.name:26s}{land.ratio:6.2f}{len(rows) / given.worlds:6.2f}{within:9.3f}{wrong:>7s}{power:>7s}"
            f"{dealt:9.3f}{width:11.2f}",
            flush=True,
        )
    print(f"{process_time() - began:.0f} s of processor")


if __name__ == "__main__":
    main()
