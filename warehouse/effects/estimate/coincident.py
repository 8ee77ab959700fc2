"""Other events in an event's window: what their kind usually does is taken off, or nothing can be said.

A debate on the day of a mailing is not a debate alone. Where the kind has been seen often enough by itself, its usual
effect over the same stretch is part of what would have been expected without the debate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from warehouse.effects.baseline.asked import Asked, ask_window
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import CarryOver
from warehouse.effects.estimate.comparison import compare
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.estimate.study import Study

_NOT_HELD = "cancelled"
_LEAST_MASS = 1e-9  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """A kind's usual log rate ratio over a stretch, and the variance of what one more event of it does."""

    mean: float
    variance: float


def coincident(panel: Panel, series: int, occasion: Occasion, asked: Asked) -> tuple[Occasion, ...]:
    """The series' held events of other kinds that begin in the window, or in the `before` rows ahead of it.

    Source: docs/methods.md, section 3.
    """
    return tuple(
        other
        for other in panel.occasions
        if other.attends[series]
        and other.kind not in (occasion.kind, _NOT_HELD)
        and asked.start - asked.before <= other.start_row < asked.start + asked.length
    )


def usual_lift(study: Study, series: int, others: Sequence[Occasion], asked: Asked) -> CarryOver | None:
    """What the other events usually add to the rows of the window; None where their kind tells too little.

    Source: docs/methods.md, section 3.
    """
    panel = study.panel
    lift, variance = np.zeros(panel.grid.rows), 0.0
    window = slice(asked.start, asked.start + asked.length)
    total = max(float(panel.expected[series, window].sum()), _LEAST_MASS)
    for other in others:
        first = max(asked.start, other.start_row)
        usual = _usual(study, series, other, first - other.start_row, window.stop - first)
        if usual is None:
            return None
        lift[first : window.stop] += usual.mean
        variance += usual.variance * (float(panel.expected[series, first : window.stop].sum()) / total) ** 2
    return CarryOver(log_lift=lift, variance=variance)


def _usual(study: Study, series: int, event: Occasion, after: int, length: int) -> Usual | None:
    """The usual effect of the event's kind, `length` rows long and so many rows after its start, without this event."""
    panel, alone = study.panel, []
    for other in panel.occasions:
        if other.kind != event.kind or other.start_row == event.start_row or not other.attends[series]:
            continue
        plain = ask_window(panel.grid, other.start_row, length, panel.spec)
        asked = Asked(start=plain.start + after, length=length, before=plain.before + after)
        if _is_alone(panel, series, other, asked):
            alone.append((other, asked))
    # Several events of a kind share their others: these are compared, and pooled, once.
    key = series, after, length, tuple(other.event_id for other, _ in alone)
    if key not in study.usual:
        study.usual[key] = _pooled(study, series, alone)
    known = study.usual[key]
    return None if known is None else Usual(mean=known[0], variance=known[1])


def _pooled(study: Study, series: int, alone: list[tuple[Occasion, Asked]]) -> tuple[float, float] | None:
    """Mean log rate ratio of events seen by themselves, and the variance of one more; None of too few."""
    spec, found = study.panel.spec, []
    for other, asked in alone:
        windows, _ = study.placebo(series, asked)
        if len(windows.starts) >= spec.min_placebo:
            found.append(compare(study, series, other, asked, windows, use_controls=False))
    if len(found) < spec.min_of_a_kind:
        return None
    evidence = [one.evidence for one in found]
    pooled = pool([one.log_rr for one in found], [one.se for one in evidence], spec, [one.freedom for one in evidence])
    reach = float(stats.norm.ppf(1 - spec.level / 2))
    return pooled.mean, ((pooled.next_high - pooled.next_low) / 2 / reach) ** 2


def _is_alone(panel: Panel, series: int, event: Occasion, asked: Asked) -> bool:
    """Whether an event was seen, inside the season, and without another of the series' events in the same rows."""
    if asked.start - asked.before < 0 or asked.start + asked.length > int(panel.ends[series]):
        return False
    if not panel.usable[series, asked.start : asked.start + asked.length].all():
        return False
    return not any(
        one.attends[series]
        and one is not event
        and asked.start - asked.before <= one.start_row < asked.start + asked.length
        for one in panel.occasions
    )
