"""Time on a chart: the clock of the event's own zone, and steps that break where nobody looked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt

Row = dict[str, Any]

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A stretch of local time. One offset holds throughout, so that a clock change neither folds nor tears a line."""

    from_at: datetime
    to_at: datetime
    zone: ZoneInfo
    width: int

    def ms(self, at: datetime) -> float:
        """The instant as Vega's milliseconds of a clock that shows local time where it says UTC."""
        offset = self.from_at.astimezone(self.zone).utcoffset() or timedelta()
        return (at + offset).timestamp() * 1000

    def x(self, field: str = "t", **options: Any) -> alt.X:
        """The encoding of a field of milliseconds on this stretch."""
        domain = [self.ms(self.from_at), self.ms(self.to_at)]
        return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=domain, nice=False), **options)

    def labels(self) -> alt.Axis:
        """Days by name, and hours between them where there is room."""
        hours = (self.to_at - self.from_at) / HOUR
        room = self.width / 52
        every = next((step for step in (1, 2, 3, 6, 12, 24, 48, 96, 168) if hours / step <= room), 336)
        return alt.Axis(
            title=None,
            grid=False,
            values=self._ticks(every),
            labelExpr="utchours(datum.value) == 0 && utcminutes(datum.value) == 0"
            " ? utcFormat(datum.value, '%-d %b') : utcFormat(datum.value, '%H:%M')",
            labelFlush=False,
        )

    def clipped(self, from_at: datetime, to_at: datetime) -> tuple[float, float] | None:
        """The part of a span that lies on the axis, in milliseconds."""
        first, last = max(from_at, self.from_at), min(to_at, self.to_at)
        return (self.ms(first), self.ms(last)) if first < last else None

    def _ticks(self, every_hours: int) -> list[float]:
        midnight = self.from_at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        first, step = self.ms(midnight), every_hours * 3_600_000
        low, high = self.ms(self.from_at), self.ms(self.to_at)
        return [at for n in range(int((high - first) // step) + 1) if low <= (at := first + n * step) <= high]


def stepped(rows: Iterable[Row], axis: Axis, fields: Sequence[str], *, length: timedelta = HOUR) -> list[Row]:
    """Two points for each interval, none beyond the axis, and a break where the next one does not follow at once."""
    found: list[Row] = []
    ends: float | None = None
    first, last = axis.ms(axis.from_at), axis.ms(axis.to_at)
    for row in rows:
        t, end = max(axis.ms(row["at"]), first), min(axis.ms(row["at"] + length), last)
        if t >= end:
            continue
        if ends is not None and t != ends:
            found.append({"t": ends, **dict.fromkeys(fields)})
        values = {field: row[field] for field in fields}
        found += [{"t": t, **values}, {"t": end, **values}]
        ends = end
    return found
