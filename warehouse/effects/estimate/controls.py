"""What the absent candidates did meanwhile: the common part of the news, seen where the event is not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
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


class Running:
    """Sums over the rows before each row, of all series of a panel: a window's sum is a difference of two."""

    def __init__(self, panel: Panel) -> None:
        rates = np.array([np.zeros(panel.grid.rows) if fit is None else fit.rate for fit in panel.fits])
        rates = rates.reshape(panel.counts.shape)
        self.panel = panel
        self.counts, self.expected = _running(panel.counts), _running(panel.expected)
        self.guarded = _running(panel.guarded, np.int32)
        self.mass, self.seen = _running(rates), _running(rates * panel.usable)
        self.residual = _recent_residuals(panel)


def usable_controls(running: Running, occasion: Occasion, series: int, asked: Asked) -> list[int]:
    """Series that sit the event out, have a baseline, were seen in its window and have no event of their own there.

    Source: docs/methods.md, section 3.
    """
    panel = running.panel
    absent = [
        other
        for other, fit in enumerate(panel.fits)
        if other != series and fit is not None and not occasion.attends[other]
    ]
    takes_part = _take_part(running, absent, np.array([asked.start]), asked.length)
    return [other for other, can in zip(absent, takes_part[:, 0], strict=True) if can]


def measure_controls(running: Running, controls: list[int], starts: Ints, asked: Asked) -> Controls:
    """The controls' pooled residual in each window; the last start is the event's.

    A placebo window pools those of the same controls that are free and seen in it.

    Source: Bottomley, Scott, Isham 2019 (controls in interrupted time series).
    """
    length = asked.length
    takes_part = _take_part(running, controls, starts, length)
    observed = (_window_sums(running.counts, controls, starts, length) * takes_part).sum(axis=0)
    expected = (_window_sums(running.expected, controls, starts, length) * takes_part).sum(axis=0)
    return Controls(
        count=len(controls),
        inside=np.log((observed + _SMOOTHING) / (expected + _SMOOTHING)),
        before=running.residual[_of(controls, np.maximum(starts - asked.before, 0))].mean(axis=0),
        has=np.asarray(takes_part.any(axis=0), dtype=np.bool_),
        expected_in_event=float(expected[-1]),
    )


def _take_part(running: Running, controls: list[int], starts: Ints, length: int) -> Bools:
    """Whether each control (controls x starts) is free of own events and seen well enough in each window."""
    busy = _window_sums(running.guarded, controls, starts, length)
    mass = _window_sums(running.mass, controls, starts, length)
    seen = _window_sums(running.seen, controls, starts, length)
    return np.asarray((busy == 0) & (seen >= running.panel.spec.min_window_seen * mass), dtype=np.bool_)


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


def _running(values: NDArray[Any], kind: type = np.float64) -> NDArray[Any]:
    """For each series and row, the sum of the rows before; one more for all of them."""
    sums = np.zeros((len(values), values.shape[1] + 1), dtype=kind)
    np.cumsum(values, axis=1, dtype=kind, out=sums[:, 1:])
    return sums


def _window_sums(running: NDArray[Any], controls: list[int], starts: Ints, length: int) -> NDArray[Any]:
    last = running.shape[1] - 1
    until, since = (_of(controls, np.clip(at, 0, last)) for at in (starts + length, starts))
    return np.asarray(running[until] - running[since])


def _of(controls: list[int], rows: Ints) -> tuple[Ints, ...]:
    """The place of each control in each row; nobody has none."""
    return np.ix_(np.array(controls, dtype=np.int64), rows)


def _recent_residuals(panel: Panel) -> Floats:
    """Exponentially weighted log residual ratio of the clean rows before every row (series x rows)."""
    keep = 2.0 ** (-1 / _HALF_LIFE_ROWS[panel.grid.is_daily])

    def remember(values: Floats) -> Floats:
        found = lfilter([0.0, 1.0], [1.0, -keep], np.where(panel.clean, values, 0.0), axis=1)
        return np.maximum(np.asarray(found, dtype=np.float64), 0)

    return np.log((remember(panel.counts) + _SMOOTHING) / (remember(panel.expected) + _SMOOTHING))
