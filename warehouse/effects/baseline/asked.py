"""The window that is asked about, and the rows before it that its event has already touched.

Money and talk rise for hours before a debate. Those hours are no part of its window, and they show neither what is
usual nor the level just before: they are asked about as a window of their own, the anticipation.
"""

from dataclasses import dataclass

from warehouse.effects.baseline.grid import Grid
from warehouse.effects.spec import MINUTES_AN_HOUR, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Rows `[start, start + length)`; the `before` rows ahead of them may have been touched by the event as well."""

    start: int
    length: int
    before: int


def ask_window(grid: Grid, start: int, length: int, spec: Spec) -> Asked:
    """The window of an event that starts in that row; `length` below zero asks for so many rows before it.

    Source: docs/methods.md, section 3.
    """
    before = rows_before(grid, start, spec)
    if length < 0:
        return Asked(start=start + length, length=-length, before=max(before + length, 0))
    return Asked(start=start, length=length, before=before)


def rows_before(grid: Grid, start: int, spec: Spec) -> int:
    """Rows ahead of an event's start that it may touch: its own local day's, and never fewer than are anticipated.

    Source: docs/methods.md, section 3.
    """
    if grid.is_daily:
        return 0
    since_midnight = int(grid.hour[start]) if 0 <= start < grid.rows else 0
    return max(anticipation_rows(grid, spec), since_midnight)


def anticipation_rows(grid: Grid, spec: Spec) -> int:
    """Rows in which an event is awaited; none on day rows, which hold their event's hours before as well.

    Source: docs/methods.md, section 3.
    """
    return 0 if grid.is_daily else spec.anticipation_hours * MINUTES_AN_HOUR // grid.interval_minutes
