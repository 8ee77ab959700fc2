"""How much support moves where nothing happened, and what an event's change is beside it.

Support drifts without any event. So the error of a change is that of the polls together with what quiet dates show
beyond their own errors; both are known by few numbers, and the interval is Student's with Satterthwaite's freedom.

Source: Satterthwaite 1946; docs/methods.md, section 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from warehouse.effects.polls.change import Change, measure_change
from warehouse.effects.polls.windows import Polls
from warehouse.effects.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Changes on quiet dates. in squared points how much they move, and beyond their errors (None: unknown)."""

    changes: tuple[Change, ...]
    drift2: float | None
    windows: float  # of which no two share a poll
    moved2: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A change with its interval, in percentage points; p of two sides."""

    change: float
    low: float
    high: float
    se: float
    freedom: float
    p: float
    p_placebo: float | None


def quiet_changes(polls: Polls, events: Sequence[tuple[int, int]], spec: Spec) -> Quiet:
    """The change on every date in whose windows no event lies and that has polls enough: every one, so they overlap.

    `events` are first and last days.

    Source: docs/methods.md, section 7.
    """
    if not len(polls.share):
        return Quiet(changes=(), drift2=None, windows=0.0)
    days = [
        day
        for day in range(int(polls.first_day.min()), int(polls.last_day.max()) + 1)
        if all(day + spec.poll_days < first or day - spec.poll_days > last for first, last in events)
    ]
    found = [(day, change) for day in days if (change := measure_change(polls, day, day, spec)).change is not None]
    windows = _windows([day for day, _ in found], 2 * spec.poll_days)
    changes = tuple(change for _, change in found)
    if len(changes) < spec.min_quiet_polls:
        return Quiet(changes=changes, drift2=None, windows=windows)
    moved = np.array([change.change for change in changes], dtype=np.float64)
    errors = np.array([change.se for change in changes], dtype=np.float64)
    moved2 = float(np.mean(moved**2))
    drift2 = max(0.0, moved2 - float(np.mean(errors**2)))
    return Quiet(changes=changes, drift2=drift2, windows=windows, moved2=moved2)


def _windows(days: Sequence[int], length: int) -> float:
    """How many dates are so far apart that they share no poll, the last one in part."""
    count, last = 0.0, -np.inf
    for day in days:
        if day - last >= length:
            count, last = count + 1, day
    return count


def judge(change: Change, quiet: Quiet, spec: Spec) -> Judged | None:
    """The change beside quiet dates; None where the polls are too few.

    Source: Satterthwaite 1946; docs/methods.md, section 5.
    """
    if change.change is None or change.se is None or change.freedom is None:
        return None
    own, drift2 = change.se**2, quiet.drift2 or 0.0
    total = own + drift2
    # Drift is a difference: it is known no better than the larger of the two that it is taken from.
    doubt = drift2 * max(quiet.moved2, drift2) / max(quiet.windows, 1.0)
    freedom = total**2 / (own**2 / change.freedom + doubt)
    se = float(np.sqrt(total))
    reach = float(stdtrit(freedom, 1 - spec.level / 2)) * se
    z = abs(change.change) / change.se
    at_least = sum(abs(one.change or 0.0) / (one.se or 1.0) >= z for one in quiet.changes)
    return Judged(
        change=change.change,
        low=change.change - reach,
        high=change.change + reach,
        se=se,
        freedom=freedom,
        p=float(2 * stdtr(freedom, -abs(change.change) / se)),
        p_placebo=(1 + at_least) / (1 + len(quiet.changes)) if quiet.changes else None,
    )
