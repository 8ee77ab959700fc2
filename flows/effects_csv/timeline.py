"""The rows of one series of `afterdebate effects`, placed on the time line."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from flows.effects_csv.cells import parse_start
from flows.effects_csv.inputs import SeriesRows
from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR
from warehouse.series.events import EVERYONE
from warehouse.series.panel import SAMPLED, money_unit
from warehouse.series.times import minute_of

_MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSeries:
    """One series on the time line. `at`: ordinals of local days, or minutes since 1970 in UTC."""

    candidate_id: str
    zone: ZoneInfo
    interval_minutes: int
    at: Ints
    values: Floats  # as the file gives them; NaN unknown
    coverage: Floats  # NaN unknown
    unit: float  # what one count stands for
    gift_size: float  # of sums: the mean gift, NaN unknown; of counts 1
    flags: tuple[str, ...]
    whose: frozenset[str] = frozenset()  # of a series ALL: the candidates it belongs to; empty: nobody says

    @property
    def phase(self) -> int:
        """Minute of the UTC hour at which rows start; 0 on day rows."""
        return 0 if self.interval_minutes == MINUTES_A_DAY else int(self.at[0]) % min(self.interval_minutes, 60)


def place_series(candidate_id: str, rows: SeriesRows, zone: ZoneInfo, *, has_coverage: bool) -> PlacedSeries:
    """The rows of one series in order of time, on one grid; local times are of `zone` where the file names none.

    Raises:
        ValueError: what is wrong with the series, by its line.
    """
    if rows.faults:
        more = f" (and {len(rows.faults) - 1} more)" if len(rows.faults) > 1 else ""
        raise ValueError(rows.faults[0] + more)
    if not rows.lines:
        raise ValueError("no rows")
    interval = rows.minutes[0]
    if interval != MINUTES_A_DAY and (interval < 1 or MINUTES_AN_HOUR % interval):
        raise ValueError(f"line {rows.lines[0]}: interval_minutes {interval} is not 1440 nor a part of an hour")
    zone = _own_zone(rows, zone)
    values, unit, flags = _values(rows)
    if not has_coverage:
        flags.add("coverage_assumed")
    if rows.is_sampled:
        flags.add(SAMPLED)
    placed, is_set_aside = _places(rows, interval, zone)
    if is_set_aside:
        flags.add("clock_change_row_set_aside")
    if not placed:
        raise ValueError("no rows")
    order = sorted(placed)
    chosen = np.array([placed[at] for at in order])
    at = np.array(order, dtype=np.int64)
    step = 1 if interval == MINUTES_A_DAY else interval
    if ((at - at[0]) % step).any():
        raise ValueError(f"line {rows.lines[0]}: rows do not start every {interval} minutes")
    if (at[-1] - at[0]) // step >= _MOST_ROWS * max(1, MINUTES_AN_HOUR // interval):
        raise ValueError(f"lines {rows.lines[0]} to {rows.lines[-1]}: the first and last row are too far apart")
    return PlacedSeries(
        candidate_id=candidate_id,
        zone=zone,
        interval_minutes=interval,
        at=at,
        values=values[chosen],
        coverage=np.array(rows.coverage)[chosen] if has_coverage else np.ones(len(at)),
        unit=unit,
        gift_size=_gift_size(rows) if "amount_as_count" in flags else 1.0,
        flags=tuple(sorted(flags)),
        whose=frozenset() if EVERYONE in rows.whose else frozenset(rows.whose),
    )


def in_hours(one: PlacedSeries, minute: int) -> PlacedSeries:
    """The series added up to hours that start at `minute`; a missing part counts as not covered."""
    first = int(one.at[0] - (one.at[0] - minute) % MINUTES_AN_HOUR)
    hour = (one.at - first) // MINUTES_AN_HOUR
    share = one.coverage * one.interval_minutes / MINUTES_AN_HOUR
    seen, place = np.unique(hour, return_inverse=True)
    return replace(
        one,
        interval_minutes=MINUTES_AN_HOUR,
        at=first + MINUTES_AN_HOUR * seen,
        values=np.bincount(place, weights=one.values).astype(np.float64),
        coverage=np.minimum(np.bincount(place, weights=share), 1.0),
    )


def _own_zone(rows: SeriesRows, zone: ZoneInfo) -> ZoneInfo:
    if not rows.zones:
        return zone
    if len(rows.zones) > 1:
        raise ValueError(f"line {rows.lines[0]}: rows in more than one tz: {', '.join(sorted(rows.zones))}")
    [name] = rows.zones
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"line {rows.lines[0]}: tz {name!r} is not an IANA zone") from error


def _gift_size(rows: SeriesRows) -> float:
    if len(rows.gift_sizes) > 1:
        raise ValueError(f"line {rows.lines[0]}: rows with more than one mean_gift")
    return next(iter(rows.gift_sizes), math.nan)


def _values(rows: SeriesRows) -> tuple[Floats, float, set[str]]:
    """What is estimated on, its unit and its flags: counts, or amounts where the file has no counts."""
    if not all(map(math.isnan, rows.counts)) or all(map(math.isnan, rows.amounts)):
        return np.array(rows.counts), 1.0, set()
    amounts = np.array(rows.amounts)
    below = np.flatnonzero(amounts < 0)
    if len(below):
        raise ValueError(f"line {rows.lines[int(below[0])]}: amount below zero")
    return amounts, money_unit(amounts), {"amount_as_count"}


def _places(rows: SeriesRows, interval: int, zone: ZoneInfo) -> tuple[dict[int, int], bool]:
    """Which row lies where on the time line, and whether a clock change left some row without a place."""
    placed: dict[int, int] = {}
    given: set[str] = set()
    for i, (line, start) in enumerate(zip(rows.lines, rows.starts, strict=True)):
        if rows.minutes[i] != interval:
            raise ValueError(f"line {line}: interval_minutes {rows.minutes[i]}, but {interval} before")
        try:
            at = _place(start, interval, zone)
        except ValueError as error:
            raise ValueError(f"line {line}: {error}") from error
        if start in given:
            why = " (the repeated hour of a clock change needs its offset)" if at is None else ""
            raise ValueError(f"line {line}: a second row for {start}{why}")
        given.add(start)
        if at is None:
            continue
        if at in placed:
            raise ValueError(f"line {line}: a second row for {start}")
        placed[at] = i
    return placed, len(placed) < len(rows.lines)


@lru_cache(maxsize=1 << 18)
def _place(start: str, interval: int, zone: ZoneInfo) -> int | None:
    """Where a row lies on the time line; None where a clock change leaves that open."""
    try:
        day = datetime.fromisoformat(start)
        instant = day if interval == MINUTES_A_DAY else parse_start(start, zone)
    except ValueError as error:
        raise ValueError(f"start_local {start!r} is not an ISO time") from error
    if interval != MINUTES_A_DAY:
        return None if instant is None else minute_of(instant)
    if (day.hour, day.minute) != (0, 0):
        raise ValueError(f"a day starts at midnight, not at {start}")
    return day.toordinal()
