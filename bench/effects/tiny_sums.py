"""What is said of sums of a few gifts where nothing happened: how often, how often wrongly, and how wide at worst.

    python -m bench.effects.tiny_sums [--cases 60] [--seed 970000]

Days of Poisson gifts of lognormal size, 300 days, eight events that do nothing; the sums once with the size of a gift
known, and once alone.
"""

import argparse

import numpy as np

from bench.effects.worlds import FIRST_DAY
from warehouse.effects.baseline.grid import day_grid
from warehouse.effects.baseline.panel import Occasion, fit_panel
from warehouse.effects.estimate.effect import estimate_effect
from warehouse.effects.estimate.study import Study

_DAYS = 300
_RATES = (0.06, 0.3, 1.0, 3.0, 10.0, 40.0)  # gifts a day
_SIZE = (3.2, 0.9)  # of gifts, in logs
_EVENTS = range(40, 281, 32)
_ROWS = 3
_UNITS = 1000.0  # the median day with money becomes so many counts


def null_answers(rate: float, seed: int, *, is_size_known: bool) -> list[tuple[float, float]]:
    """p and the width of the interval in logs, NaN where nothing is said; one an event."""
    rng = np.random.default_rng([seed, round(100 * rate)])
    gifts = rng.poisson(rate, _DAYS)
    sums = np.array([rng.lognormal(*_SIZE, n).sum() for n in gifts])
    unit = (float(np.median(sums[sums > 0])) if sums.any() else 1.0) / _UNITS
    size = sums.sum() / max(gifts.sum(), 1) / unit if is_size_known else np.nan
    events = [Occasion(event_id=f"e{row}", kind="debate", start_row=row, attends=np.array([True])) for row in _EVENTS]
    study = Study(
        fit_panel(
            day_grid(FIRST_DAY, _DAYS),
            (sums / unit)[None],
            np.ones((1, _DAYS)),
            names=("a",),
            occasions=tuple(events),
            pieces=np.array([size]),
        )
    )
    found = [estimate_effect(study, 0, event, _ROWS).estimate for event in events]
    return [
        (np.nan, np.nan) if one is None else (one.evidence.p, one.evidence.high - one.evidence.low) for one in found
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=970_000)
    given = parser.parse_args()
    print("gifts a day  size known  answered   size  widest ratio")
    for rate in _RATES:
        for is_known in (True, False):
            seeds = range(given.seed, given.seed + given.cases)
            told = np.array([one for seed in seeds for one in null_answers(rate, seed, is_size_known=is_known)])
            p, width = told[np.isfinite(told[:, 0])].T
            size, widest = (np.mean(p <= 0.05), np.exp(width.max())) if len(p) else (np.nan, np.nan)
            print(f"{rate:11.2f}  {is_known!s:10s}{len(p) / len(told):10.3f}{size:7.3f}{widest:14.4g}")


if __name__ == "__main__":
    main()
