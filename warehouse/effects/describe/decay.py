"""How the excess of an event fades: its half-life, and when half of it was in.

Source: docs/methods.md, section 7.1; the bootstrap is Efron, Tibshirani 1993, chapter 13.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.estimate.paths import Path
from warehouse.effects.spec import Spec

# Definitions: over which hours an excess is looked at.
HORIZON_HOURS = 72
LATEST_PEAK_HOURS = 6
_SEEN_WITHIN_HOURS = (3, 24, HORIZON_HOURS)  # a short excess drowns in the noise of three days
_NEARLY_ALL = 0.9
# Numerical tolerances.
_HALF_LIVES = np.geomspace(0.3, HORIZON_HOURS, 60)
_LEAST_LEVEL_SPREAD = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay:
    """The columns of `buzz_decay`. `ci_high` is None where the fall is not seen within the window (`censored`)."""

    half_life_h: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    peak_offset_h: float | None = None
    cum50_h: float | None = None
    cum90_h: float | None = None
    excess_total: float | None = None
    status: Literal["ok", "insufficient_sample", "insufficient_placebo", "precision_too_coarse"] = "ok"
    flags: tuple[str, ...] = ()


def measure_decay(path: Path, spec: Spec) -> Decay:
    """Half-life of the excess from its peak within six hours, on hourly rows; None without a clear excess of 20 items.

    Source: docs/methods.md, section 7.1; Efron, Tibshirani 1993, chapter 13.
    """
    total = float(path.excess.sum())
    clearest = max(_SEEN_WITHIN_HOURS, key=path.excess_z)
    if path.excess_z(clearest) < spec.clear_excess or path.excess[:clearest].sum() < spec.min_excess:
        return Decay(excess_total=total, status="insufficient_sample", flags=("excess_unclear",))
    peak = int(np.argmax(path.excess[:LATEST_PEAK_HOURS]))
    tail = path.after(peak)
    fitted, half_life = fit_tail(tail)
    rng = np.random.default_rng(spec.seed)
    redrawn = tail.resample(fitted, spec.resamples, rng)
    drawn = np.log(fit_decay(redrawn, tail, fitted)[1] / half_life)
    first, last = np.quantile(drawn, [spec.level / 2, 1 - spec.level / 2])
    # Halfway between the percentile and the basic interval: neither runs long on the side where the other runs short.
    reach = float(last - first) / 2
    low, high = half_life * np.exp(-reach), half_life * np.exp(reach)
    is_censored = high >= HORIZON_HOURS
    return Decay(
        half_life_h=half_life,
        ci_low=low,
        ci_high=None if is_censored else high,
        peak_offset_h=float(peak),
        cum50_h=share_reached(path.excess, 1 / 2),
        cum90_h=share_reached(path.excess, _NEARLY_ALL),
        excess_total=total,
        flags=("censored",) if is_censored else (),
    )


def fit_tail(path: Path) -> tuple[Floats, float]:
    """The fitted excess of one path that begins at its peak, and its half-life in rows.

    Source: docs/methods.md, section 7.1.
    """
    # Weights from the counts themselves would favour rows that chance made low: weigh by a first fit.
    guess, _ = fit_decay(path.excess[None], path, np.zeros(len(path.observed)))
    fitted, half_life = fit_decay(path.excess[None], path, guess[0])
    return fitted[0], float(half_life[0])


def fit_decay(excess: Floats, path: Path, guess: Floats) -> tuple[Floats, Floats]:
    """For each row of `excess` (paths x rows): the fitted excess, and the half-life that fits best, in rows.

    An exponential, added up over each row, beside a level of `path` that may be off; least squares weighted by
    the expected counts and a guess of the excess.

    Source: docs/methods.md, section 7.1 (profile of a non-linear least squares).
    """
    expected, rows = path.expected, np.arange(excess.shape[1])
    curves = 2.0 ** (-rows[None] / _HALF_LIVES[:, None]) - 2.0 ** (-(rows[None] + 1) / _HALF_LIVES[:, None])
    weight = 1 / path.spread.variance(expected + guess)
    doubt = 1 / max(path.level_spread, _LEAST_LEVEL_SPREAD) ** 2
    weighted = excess * weight
    along_level, level_size = weighted @ expected, float(weight @ expected**2) + doubt
    most_explained = np.full(len(excess), -np.inf)
    height, which = np.zeros(len(excess)), np.zeros(len(excess), dtype=np.int64)
    for i, curve in enumerate(curves):
        # Two normal equations: height of the curve, and level; the squares that they explain.
        along, size, shared = weighted @ curve, float(weight @ curve**2), float(weight @ (curve * expected))
        tall = np.maximum((along - along_level * shared / level_size) / (size - shared**2 / level_size), 0)
        off = (along_level - tall * shared) / level_size
        explained = tall * along + off * along_level
        better = explained > most_explained
        most_explained[better], height[better], which[better] = explained[better], tall[better], i
    return height[:, None] * curves[which], _HALF_LIVES[which]


def share_reached(excess: Floats, share: float) -> float:
    """Hours after which the running excess, never taken to fall, first reaches a share of its end.

    Source: docs/methods.md, section 7.1.
    """
    running = np.maximum.accumulate(np.cumsum(excess))
    if running[-1] <= 0:
        return float(len(excess))
    return float(np.argmax(running >= share * running[-1]) + 1)
