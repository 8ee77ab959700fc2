"""Does a channel's return against the rest keep its level? Invented campaigns with and without a difference.

`python -m bench.effects.scorecard [WORLDS]`: a table of size, coverage and power.
"""

import sys
from dataclasses import dataclass

import numpy as np

from warehouse.effects.describe.scorecard import Flow, compare_rates
from warehouse.effects.spec import Spec

RATIO = 0.6
SPEC = Spec()


@dataclass(frozen=True, kw_only=True)
class Season:
    """How what came depends on what was laid out; spreads are of logs."""

    name: str
    weeks: int = 30
    a_week: float = 12.0  # sign-ups by the channel
    rest: float = 60.0
    common: float = 0.4  # of weeks, autocorrelated
    own: float = 0.3
    memory: float = 0.3
    starts: int = 0  # first week of the channel
    growth: float = 0.0  # of all, over the season
    is_money: bool = False  # amounts, with a heavy tail


SEASONS = (
    Season(name="plain"),
    Season(name="starts late, in a growing campaign", starts=15, growth=1.5),
    Season(name="loud weeks for all", common=1.0),
    Season(name="few sign-ups", a_week=2.0, rest=8.0),
    Season(name="over-dispersed", own=0.8),
    Season(name="twelve weeks", weeks=12),
    Season(name="amounts", is_money=True),
)


def _noise(season: Season, spread: float, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    steps = rng.normal(0, spread * np.sqrt(1 - season.memory**2), season.weeks)
    steps[0] = rng.normal(0, spread)
    for week in range(1, season.weeks):
        steps[week] += season.memory * steps[week - 1]
    return np.asarray(np.exp(steps - spread**2 / 2), dtype=np.float64)


def draw(season: Season, rng: np.random.Generator, ratio: float) -> tuple[Flow, Flow]:
    """The channel and the rest; a unit laid out on the channel brings `ratio` times what it brings elsewhere."""
    on_air = np.arange(season.weeks) >= season.starts
    trend = np.exp(season.growth * np.arange(season.weeks) / season.weeks) * _noise(season, season.common, rng)
    found = []
    for laid_out, mean in ((on_air * season.a_week, ratio), (np.full(season.weeks, season.rest), 1.0)):
        counts = rng.poisson(laid_out * mean * trend * _noise(season, season.own, rng)).astype(np.float64)
        came = np.array([rng.lognormal(3, 1.2, int(n)).sum() for n in counts]) if season.is_money else counts
        found.append(Flow(laid_out=laid_out.astype(np.float64), came=came, counted=counts))
    return found[0], found[1]


def main(worlds: int) -> None:
    """Print one line a season."""
    print("| season | size | coverage, no difference | coverage, ratio 0.6 | power | answered |")
    print("|---|---|---|---|---|---|")
    for number, season in enumerate(SEASONS):
        told = {}
        for ratio in (1.0, RATIO):
            found = [
                compare_rates(*draw(season, np.random.default_rng([number, seed]), ratio), SPEC)
                for seed in range(worlds)
            ]
            sound = [one for one in found if one.value is not None]
            told[ratio] = (
                np.mean([not (one.low or 0) <= 1 <= (one.high or 0) for one in sound]),
                np.mean([(one.low or 0) <= ratio <= (one.high or 0) for one in sound]),
                len(sound),
            )
        (size, covered, _), (power, covers, n) = told[1.0], told[RATIO]
        numbers = f"{size:.3f} | {covered:.3f} | {covers:.3f} | {power:.2f} | {n} of {worlds}"
        print(f"| {season.name} | {numbers} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
