"""What an earlier event still does when the next one starts."""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.baseline.asked import Asked
from warehouse.effects.baseline.panel import Panel

# Definitions: how an earlier event is held to fade, and how surely that is known.
_DECAY_GRID_DAYS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
_DEFAULT_DECAY_DAYS = 1.5
_PROFILE_DAYS = 7
_ISOLATION_DAYS = 2
_VISIBLE_LOG_LIFT = 0.3  # of the first two days: of less nothing can be read
_MOST_OF_ONE = 30.0  # of usual days: one large event does not speak for all
_LEAST_PROFILE_MASS = 5.0  # usual days
_REACH_DECAYS = 4
_AMPLITUDES = np.linspace(0.1, 3.0, 40)
_SHRINKAGE = 0.9
_AMPLITUDE_BOUNDS = (-1.5, 4.0)
_AMPLITUDE_VARIANCE = 0.1
_ON_AVERAGE = 0.5  # of its first lift, while an amplitude is solved
_SOLVE_DAYS = 3
_HALF = 0.5  # a count
# Numerical tolerances.
_ROUNDS = 40
_CLOSE = 1e-6
_LEAST = 1e-9
_FURTHEST_LOG = 20
_LEAST_LIFT = 1.001


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver:
    """Log lift of each row by earlier own events, and the variance that this knowledge adds."""

    log_lift: Floats
    variance: float


def estimate_decay_rows(panel: Panel) -> float:
    """Decay constant, in rows, of the excess after isolated visible events, common to all series.

    Source: docs/methods.md, section 3.
    """
    day, span = panel.grid.rows_a_day, _PROFILE_DAYS * panel.grid.rows_a_day
    seen, mass = np.zeros(_PROFILE_DAYS), np.zeros(_PROFILE_DAYS)
    for series, fit in enumerate(panel.fits):
        if fit is None:
            continue
        own = own_starts(panel, series)
        for start in own:
            others = own[own != start]
            is_near = bool((np.abs(others - start) < span + _ISOLATION_DAYS * day).any())
            window = slice(start, start + span)
            if is_near or start < 0 or start + span > panel.grid.rows or not panel.usable[series, window].all():
                continue
            counts = panel.counts[series, window].reshape(_PROFILE_DAYS, day).sum(axis=1)
            expected = panel.expected[series, window].reshape(_PROFILE_DAYS, day).sum(axis=1)
            if np.log((counts[:2].sum() + _HALF) / (expected[:2].sum() + _HALF)) < _VISIBLE_LOG_LIFT:
                continue
            scale = _PROFILE_DAYS / max(float(expected.sum()), 1.0)
            seen += np.minimum(counts * scale, _MOST_OF_ONE)
            mass += expected * scale
    return _best_decay_days(seen, mass) * day


def own_starts(panel: Panel, series: int, kinds: tuple[str, ...] = ()) -> Ints:
    """Start rows of the events that the series attends, by time; of the given kinds only, if any are given.

    Source: docs/methods.md, section 1.
    """
    return np.array(
        [o.start_row for o in panel.occasions if o.attends[series] and (not kinds or o.kind in kinds)], dtype=np.int64
    )


def carry_over(panel: Panel, series: int, asked: Asked, decay_rows: float) -> CarryOver:
    """The lift of the window asked about, and after it, by the series' own events that began earlier and still decay.

    Source: docs/methods.md, section 3.
    """
    rows, start = np.arange(panel.grid.rows), asked.start
    lift, variance = np.zeros(panel.grid.rows), 0.0
    reach = _REACH_DECAYS * decay_rows + 2 * panel.grid.rows_a_day
    for earlier in own_starts(panel, series):
        if not 0 < start - earlier < reach:
            continue
        first, last = max(earlier, 0), min(earlier + _SOLVE_DAYS * panel.grid.rows_a_day, start - asked.before)
        window = slice(first, max(last, first))
        expected = panel.expected[series, window] * np.exp(lift[window])
        if expected.sum() < 2:  # noqa: PLR2004
            continue
        kernel = np.where(rows >= earlier, np.exp(-np.maximum(rows - earlier, 0) / decay_rows), 0.0)
        amplitude = _solve_amplitude(expected, kernel[window], float(panel.counts[series, window].sum()))
        lift += _SHRINKAGE * np.clip(amplitude, *_AMPLITUDE_BOUNDS) * kernel
        variance += _AMPLITUDE_VARIANCE * float(_ON_AVERAGE * np.exp(-(start - earlier) / decay_rows)) ** 2
    return CarryOver(log_lift=lift, variance=variance)


def _solve_amplitude(expected: Floats, kernel: Floats, total: float) -> float:
    """The amplitude at which the lifted baseline adds up to the total, by damped Newton steps."""
    amplitude = 0.0
    for _ in range(_ROUNDS):
        lifted = expected * np.exp(np.clip(amplitude * kernel, -_FURTHEST_LOG, _FURTHEST_LOG))
        step = (float(lifted.sum()) - total) / max(float((lifted * kernel).sum()), _LEAST)
        amplitude -= float(np.clip(step, -1, 1))
        if abs(step) < _CLOSE:
            break
    return amplitude


def _best_decay_days(seen: Floats, mass: Floats) -> float:
    if mass.sum() < _LEAST_PROFILE_MASS * _PROFILE_DAYS:
        return _DEFAULT_DECAY_DAYS
    lift = np.log(np.maximum(seen / np.maximum(mass, _LEAST), _LEAST_LIFT))
    age = np.arange(_PROFILE_DAYS)

    def misfit(days: float) -> float:
        curves = _AMPLITUDES[:, None] * np.exp(-age / days)
        return float(((lift - curves) ** 2).sum(axis=1).min())

    return min(_DECAY_GRID_DAYS, key=misfit)
