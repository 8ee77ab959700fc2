"""What the absent candidates did meanwhile: the common part of the news, seen where the event is not."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.asked import Asked
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.spec import Spec

# Definitions: what the residual of the absent is.
_SMOOTHING = 2.0
_HALF_LIFE_ROWS = {True: 1.5, False: 4.0}
_LEAST_SQUARE = 1e-12  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Log residual ratio of the absent, inside and before each window; `has` says where there was one to see."""

    count: int
    inside: Floats
    before: Floats
    has: Bools
    expected_in_event: float


def usable_controls(panel: Panel, occasion: Occasion, series: int, asked: Asked) -> list[int]:
    """Series that sit the event out, have a baseline, were seen in its window and have no event of their own there.

    Source: docs/methods.md, section 3.
    """
    absent = [
        other
        for other, fit in enumerate(panel.fits)
        if other != series and fit is not None and not occasion.attends[other]
    ]
    takes_part = _take_part(panel, absent, np.array([asked.start]), asked.length)
    return [other for other, can in zip(absent, takes_part[:, 0], strict=True) if can]


def measure_controls(panel: Panel, controls: list[int], starts: Ints, asked: Asked) -> Controls:
    """The controls' pooled residual in each window; the last start is the event's.

    A placebo window pools those of the same controls that are free and seen in it.

    Source: Bottomley, Scott, Isham 2019 (controls in interrupted time series).
    """
    length = asked.length
    takes_part = _take_part(panel, controls, starts, length)
    observed = (_window_sums(panel.counts[controls], starts, length) * takes_part).sum(axis=0)
    expected = (_window_sums(panel.expected[controls], starts, length) * takes_part).sum(axis=0)
    return Controls(
        count=len(controls),
        inside=np.log((observed + _SMOOTHING) / (expected + _SMOOTHING)),
        before=_recent_residuals(panel, controls)[:, np.maximum(starts - asked.before, 0)].mean(axis=0),
        has=np.asarray(takes_part.any(axis=0), dtype=np.bool_),
        expected_in_event=float(expected[-1]),
    )


def _take_part(panel: Panel, controls: list[int], starts: Ints, length: int) -> Bools:
    """Whether each control (controls x starts) is free of own events and seen well enough in each window."""
    rates = np.array([fit.rate for fit in (panel.fits[other] for other in controls) if fit is not None])
    rates = rates.reshape(len(controls), panel.grid.rows)
    busy = _window_sums(panel.guarded[controls].astype(np.float64), starts, length)
    mass = _window_sums(rates, starts, length)
    seen = _window_sums(rates * panel.usable[controls], starts, length)
    return np.asarray((busy == 0) & (seen >= panel.spec.min_window_seen * mass), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spill:
    """What such events do to the absent themselves, and how uncertain that is (squared logs)."""

    mean: float
    variance: float


def estimate_spill(usual: Floats, at_other_events: Floats, spec: Spec) -> Spill:
    """What the absent lost or gained at the other events of the kind, shrunk to nothing unless it stands out.

    A control that the event itself moves would pass its own loss on as the participants' gain.
    Source: James, Stein 1961 (positive part).
    """
    n = len(at_other_events)
    if n < spec.min_for_spill:
        return Spill(mean=0.0, variance=0.0)
    mean = float(at_other_events.mean() - usual.mean())
    variance = float(usual.var()) / n
    kept = max(0.0, 1 - spec.spill_doubt * variance / max(mean**2, _LEAST_SQUARE))
    return Spill(mean=kept * mean, variance=kept * variance)


def _window_sums(values: Floats, starts: Ints, length: int) -> Floats:
    running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    last = values.shape[1]
    return np.asarray(
        running[:, np.clip(starts + length, 0, last)] - running[:, np.clip(starts, 0, last)], dtype=np.float64
    )


def _recent_residuals(panel: Panel, controls: list[int]) -> Floats:
    """Exponentially weighted log residual ratio of the clean rows before every row (controls x rows)."""
    keep = 2.0 ** (-1 / _HALF_LIFE_ROWS[panel.grid.is_daily])
    clean = panel.clean[controls]

    def remember(values: Floats) -> Floats:
        found = lfilter([0.0, 1.0], [1.0, -keep], np.where(clean, values, 0.0), axis=1)
        return np.maximum(np.asarray(found, dtype=np.float64), 0)

    counts, expected = remember(panel.counts[controls]), remember(panel.expected[controls])
    return np.log((counts + _SMOOTHING) / (expected + _SMOOTHING))
