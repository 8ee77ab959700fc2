"""How often makers and own voice see something where nothing changed.

python -m bench.descriptions
"""

import numpy as np

from warehouse.effects.cadence import find_regimes
from warehouse.effects.concentration import measure_makers
from warehouse.effects.spec import Spec

DRAWS = 200
SPEC = Spec(resamples=20)


def quiet_concentration(rng: np.random.Generator) -> float | None:
    """p of a window drawn like the quiet ones: authors of unlike weight, windows of unlike size."""
    weights = rng.pareto(1.2, 80) + 0.1
    windows = [rng.multinomial(int(rng.integers(60, 300)), weights / weights.sum()) for _ in range(31)]
    return measure_makers(windows[0], windows[1:], SPEC).p_concentrated


def main() -> None:
    rng = np.random.default_rng(1)
    found = [p for p in (quiet_concentration(rng) for _ in range(DRAWS)) if p is not None]
    print(f"makers: {np.mean([p <= 0.05 for p in found]):.3f} of {len(found)} quiet windows look concentrated at 5 %")
    weeks = [rng.negative_binomial(5, 5 / 25, 40) for _ in range(DRAWS)]
    split = np.mean([bool(find_regimes(weekly, SPEC)) for weekly in weeks])
    print(f"own voice: {split:.3f} of {DRAWS} steady accounts of 40 weeks are split (level 0.01)")


if __name__ == "__main__":
    main()
