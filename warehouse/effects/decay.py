"""How the excess of an event fades: its half-life, and when half of it was in.

Source: docs/methods.md, section 7.1; the bootstrap is Efron, Tibshirani 1993, chapter 13 (basic interval).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.paths import Path
from warehouse.effects.spec import Spec

HORIZON_HOURS = 72
LEAST_Z = 3.0
_HALF_LIVES = np.geomspace(0.3, HORIZON_HOURS, 60)
_LATEST_PEAK_HOURS = 6
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
    """Half-life of the excess from its peak within six hours, on hourly rows; None where there is no clear excess."""
    total = float(path.excess.sum())
    if path.excess_z() < LEAST_Z:
        return Decay(excess_total=total, status="insufficient_sample", flags=("excess_unclear",))
    peak = int(np.argmax(path.excess[:_LATEST_PEAK_HOURS]))
    tail = path.after(peak)
    fitted, half_life = fit_tail(tail)
    rng = np.random.default_rng(spec.seed)
    redrawn = tail.resample(fitted, spec.resamples, rng)
    drawn = np.log(fit_decay(redrawn, tail, fitted)[1] / half_life)
    # The basic interval: an estimate that runs short of the truth it was drawn from, is taken to do so here too.
    above, below = np.quantile(drawn, [spec.level / 2, 1 - spec.level / 2])
    low, high = float(half_life * np.exp(-below)), float(half_life * np.exp(-above))
    low = min(low, float(half_life * np.exp(above)))
    high = max(high, float(half_life * np.exp(below)))
    is_censored = high >= HORIZON_HOURS
    return Decay(
        half_life_h=half_life,
        ci_low=low,
        ci_high=None if is_censored else high,
        peak_offset_h=float(peak),
        cum50_h=share_reached(path.excess, 0.5),
        cum90_h=share_reached(path.excess, 0.9),
        excess_total=total,
        flags=("censored",) if is_censored else (),
    )


def fit_tail(path: Path) -> tuple[Floats, float]:
    """The fitted excess of one path that begins at its peak, and its half-life in rows."""
    # Weights from the counts themselves would favour rows that chance made low: weigh by a first fit.
    guess, _ = fit_decay(path.excess[None], path, np.zeros(len(path.observed)))
    fitted, half_life = fit_decay(path.excess[None], path, guess[0])
    return fitted[0], float(half_life[0])


def fit_decay(excess: Floats, path: Path, guess: Floats) -> tuple[Floats, Floats]:
    """For each row of `excess` (paths x rows): the fitted excess, and the half-life that fits best, in rows.

    An exponential, added up over each row, beside a level of `path` that may be off; least squares weighted by
    the expected counts and a guess of the excess.
    """
    expected = path.expected
    rows = np.arange(excess.shape[1])
    curves = 2.0 ** (-rows[None] / _HALF_LIVES[:, None]) - 2.0 ** (-(rows[None] + 1) / _HALF_LIVES[:, None])
    best_misfit = np.full(len(excess), np.inf)
    best_fit, best_half_life = np.zeros_like(excess), np.full(len(excess), _HALF_LIVES[0])
    weight = 1 / np.maximum(expected + guess, 1e-3)
    doubt = 1 / max(path.level_spread, _LEAST_LEVEL_SPREAD) ** 2
    for half_life, curve in zip(_HALF_LIVES, curves, strict=True):
        x = np.column_stack([curve, expected])
        gram = (x * weight[:, None]).T @ x + np.diag([1e-9, doubt])
        slopes = (excess * weight) @ x @ np.linalg.inv(gram)
        slopes[:, 0] = np.maximum(slopes[:, 0], 0)
        fitted = slopes @ x.T
        misfit = ((excess - fitted) ** 2 @ weight) + doubt * slopes[:, 1] ** 2
        better = misfit < best_misfit
        best_misfit[better] = misfit[better]
        best_fit[better] = slopes[better, :1] * curve
        best_half_life[better] = half_life
    return best_fit, best_half_life


def share_reached(excess: Floats, share: float) -> float:
    """Hours after which the running excess, never taken to fall, first reaches a share of its end."""
    running = np.maximum.accumulate(np.cumsum(excess))
    if running[-1] <= 0:
        return float(len(excess))
    return float(np.argmax(running >= share * running[-1]) + 1)
