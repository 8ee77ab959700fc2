"""The rows of a panel in time: evenly spaced in UTC for hours, local dates for days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from warehouse.effects.arrays import Ints
from warehouse.effects.spec import DAYS_A_WEEK, MINUTES_A_DAY, MINUTES_AN_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Local clock of each row. `day` counts local days from a fixed one, so deadlines and rows compare."""

    interval_minutes: int  # 60 or 1440
    day: Ints
    weekday: Ints  # 0 is Monday
    hour: Ints  # 0 on day rows

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.day)

    @property
    def is_daily(self) -> bool:
        """Whether a row is a local day."""
        return self.interval_minutes == MINUTES_A_DAY

    @property
    def rows_a_day(self) -> int:
        """24 or 1. A clock-change day has one hour row more or less."""
        return MINUTES_A_DAY // self.interval_minutes


def day_grid(first_day: int, rows: int) -> Grid:
    """Rows of one local day each; `first_day` is a proleptic ordinal, as `date.toordinal` gives it.

    Source: docs/methods.md, section 2.
    """
    day = np.arange(first_day, first_day + rows, dtype=np.int64)
    # Ordinal 1 was a Monday.
    return Grid(interval_minutes=MINUTES_A_DAY, day=day, weekday=(day - 1) % DAYS_A_WEEK, hour=np.zeros_like(day))


def hour_grid(first_at: datetime, rows: int, zone: ZoneInfo) -> Grid:
    """Rows of one hour each, evenly spaced in UTC; clock-change days have 23 or 25 of them.

    Source: docs/methods.md, section 2.
    """
    first = first_at.astimezone(UTC)
    local = [(first + timedelta(hours=i)).astimezone(zone) for i in range(rows)]

    def per_row(read: Callable[[datetime], int]) -> Ints:
        return np.fromiter((read(moment) for moment in local), dtype=np.int64, count=rows)

    return Grid(
        interval_minutes=MINUTES_AN_HOUR,
        day=per_row(datetime.toordinal),
        weekday=per_row(datetime.weekday),
        hour=per_row(lambda moment: moment.hour),
    )
