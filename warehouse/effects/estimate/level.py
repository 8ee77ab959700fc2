"""What the baseline leaves behind a window predicts part of what it leaves inside: a ridge trained on placebos.

Source: Hoerl, Kennard 1970 (ridge); Golub, Heath, Wahba 1979 (generalised cross-validation).
"""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Floats

# Numerical tolerances: a grid, and where features stop to speak.
_RIDGES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 1e6)
_MOST_LEVERAGE = 0.6
_FURTHEST = 4.0  # standard deviations: beyond, a feature is not extrapolated
_FLAT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Expected log ratio of the event's window, and the leave-out error of each placebo window."""

    predicted: float
    errors: Floats
    weights: Floats  # of the placebo windows, mean 1


def predict_level(log_ratio: Floats, expected: Floats, features: Floats, at_event: Floats, overlap: float) -> Level:
    """Ridge of the placebo windows' log ratios on their features, evaluated at the event.

    `overlap` is how many placebo windows share a row: leverages count that often.

    Source: Hoerl, Kennard 1970; Golub, Heath, Wahba 1979.
    """
    weights = expected / (expected + np.median(expected))
    weights = weights / weights.mean()
    centre, scale = features.mean(axis=0), features.std(axis=0) + _FLAT
    z = (features - centre) / scale
    z_event = np.clip((at_event - centre) / scale, -_FURTHEST, _FURTHEST)
    mean = float(np.average(log_ratio, weights=weights))
    rest = log_ratio - mean
    slopes, leverage = _choose_ridge(z, rest, weights, overlap)
    left_out = 1 - np.minimum(overlap * (leverage + 1 / len(rest)), _MOST_LEVERAGE)
    return Level(predicted=mean + float(z_event @ slopes), errors=(rest - z @ slopes) / left_out, weights=weights)


def _choose_ridge(z: Floats, rest: Floats, weights: Floats, overlap: float) -> tuple[Floats, Floats]:
    """Slopes and leverages of the ridge with the least cross-validated error."""
    weighted = z * weights[:, None]
    # One decomposition serves every ridge.
    strengths, axes = np.linalg.eigh(weighted.T @ z)
    moment, along = axes.T @ (weighted.T @ rest), (z @ axes) ** 2
    best_score, best = np.inf, (np.zeros(z.shape[1]), np.zeros(len(rest)))
    for ridge in _RIDGES:
        shrunk = 1 / (np.maximum(strengths, 0) + ridge * len(rest))
        slopes, leverage = axes @ (shrunk * moment), (along @ shrunk) * weights
        left_out = 1 - np.minimum(overlap * leverage, _MOST_LEVERAGE)
        score = float((weights * ((rest - z @ slopes) / left_out) ** 2).sum())
        if score < best_score:
            best_score, best = score, (slopes, leverage)
    return best
