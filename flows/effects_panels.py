"""Series and events of one case as panels: one grid for the series that share its rows."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from flows.effects_input import MINUTES_A_DAY, MINUTES_AN_HOUR, EventRow, SeriesRows, parse_start
from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.grid import Grid, day_grid, hour_grid
from warehouse.effects.panel import Occasion, Panel, fit_panel
from warehouse.effects.spec import Spec

EVERYONE = "ALL"  # as a candidate: a series of the whole race; as a participant: all who have a series
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_ROWS = 100_000
_AMOUNT_ROWS_TO = 1000.0  # the median row of a series without counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSeries:
    """One series on the time line. `at`: ordinals of local days, or minutes since 1970 in UTC."""

    candidate_id: str
    interval_minutes: int
    at: tuple[int, ...]
    counts: tuple[float, ...]
    coverage: tuple[float, ...]  # NaN unknown
    unit: float  # one count is this much of what the file gives
    flags: tuple[str, ...]

    @property
    def phase(self) -> int:
        """Minute of the UTC hour at which rows start; 0 on day rows."""
        return 0 if self.interval_minutes == MINUTES_A_DAY else self.at[0] % min(self.interval_minutes, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelInput:
    """What `fit_panel` takes, and how an event finds its row."""

    grid: Grid
    first: int  # `at` of the first row
    names: tuple[str, ...]
    counts: Floats
    coverage: Floats
    events: tuple[EventRow, ...]

    def start_row(self, event: EventRow) -> int:
        """The row in which the event starts; may lie outside."""
        return self.start_minute(event) // self.grid.interval_minutes

    def start_minute(self, event: EventRow) -> int:
        """Minutes from the first row to the event's start."""
        if self.grid.is_daily:
            return (event.on.toordinal() - self.first) * MINUTES_A_DAY
        return minute_of(event) - self.first

    def fit(self, spec: Spec) -> Panel:
        """The fitted panel."""
        occasions = tuple(
            Occasion(
                event_id=event.event_id,
                kind=event.kind,
                start_row=self.start_row(event),
                attends=_attends(event, self.names),
            )
            for event in self.events
            if event.kind != "deadline" and event.fault is None
        )
        deadlines = [e.on.toordinal() for e in self.events if e.kind == "deadline" and e.fault is None]
        return fit_panel(
            self.grid,
            self.counts,
            self.coverage,
            names=self.names,
            occasions=occasions,
            deadline_days=np.array(sorted(deadlines), dtype=np.int64),
            spec=spec,
        )


def minute_of(event: EventRow) -> int:
    """Minutes since 1970 of the event's start; its local midnight where only the day is known."""
    midnight = datetime(event.on.year, event.on.month, event.on.day, tzinfo=event.zone)
    return int(((event.at or midnight) - _EPOCH) // timedelta(minutes=1))


def place_series(candidate_id: str, rows: SeriesRows, zone: ZoneInfo, *, has_coverage: bool) -> PlacedSeries:
    """The rows of one series in order of time, on one grid.

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
    values, unit, flags = _values(rows)
    placed: dict[int, tuple[float, float]] = {}
    given: set[str] = set()
    for i, line in enumerate(rows.lines):
        if rows.minutes[i] != interval:
            raise ValueError(f"line {line}: interval_minutes {rows.minutes[i]}, but {interval} before")
        at = _place(rows.starts[i], interval, zone, line)
        if rows.starts[i] in given:
            why = " (the repeated hour of a clock change needs its offset)" if at is None else ""
            raise ValueError(f"line {line}: a second row for {rows.starts[i]}{why}")
        given.add(rows.starts[i])
        if at is None:
            flags.add("clock_change_row_set_aside")
            continue
        if at in placed:
            raise ValueError(f"line {line}: a second row for {rows.starts[i]}")
        placed[at] = (values[i], rows.coverage[i] if has_coverage else 1.0)
    if not placed:
        raise ValueError("no rows")
    ordered = sorted(placed)
    step = 1 if interval == MINUTES_A_DAY else interval
    astray = [at for at in ordered if (at - ordered[0]) % step]
    if astray:
        raise ValueError(f"line {rows.lines[0]}: rows do not start every {interval} minutes")
    if (ordered[-1] - ordered[0]) // step >= _MOST_ROWS * max(1, MINUTES_AN_HOUR // interval):
        raise ValueError(f"lines {rows.lines[0]} to {rows.lines[-1]}: the first and last row are too far apart")
    return PlacedSeries(
        candidate_id=candidate_id,
        interval_minutes=interval,
        at=tuple(ordered),
        counts=tuple(placed[at][0] for at in ordered),
        coverage=tuple(placed[at][1] for at in ordered),
        unit=unit,
        flags=tuple(sorted(flags if has_coverage else flags | {"coverage_assumed"})),
    )


def build_inputs(
    series: Sequence[PlacedSeries], events: Iterable[EventRow], zone: ZoneInfo, start_minutes: Iterable[int]
) -> dict[tuple[int, int], PanelInput]:
    """Panel inputs by (interval of the rows as given, minute of the hour at which an hour starts).

    Rows finer than an hour are added up to hours that start at an event's own minute: one panel for each of
    `start_minutes`.
    """
    groups: dict[tuple[int, int], list[PlacedSeries]] = defaultdict(list)
    for one in series:
        if one.interval_minutes in (MINUTES_A_DAY, MINUTES_AN_HOUR):
            groups[one.interval_minutes, one.phase].append(one)
            continue
        for minute in sorted({(m - (m - one.phase) % one.interval_minutes) % 60 for m in start_minutes}):
            groups[one.interval_minutes, minute].append(_in_hours(one, minute))
    events = tuple(events)
    return {key: _panel_input(members, events, zone) for key, members in groups.items()}


def _attends(event: EventRow, names: tuple[str, ...]) -> Bools:
    # A vote or a launch without names concerns everyone; a debate's list may be of people we do not follow.
    concerns_all = EVERYONE in event.participants or (not event.participants and event.kind != "debate")
    return np.array([concerns_all or name == EVERYONE or name in event.participants for name in names], dtype=np.bool_)


def _values(rows: SeriesRows) -> tuple[list[float], float, set[str]]:
    """What is estimated on, its unit and its flags: counts, or amounts where the file has no counts."""
    if not all(map(math.isnan, rows.counts)) or all(map(math.isnan, rows.amounts)):
        return rows.counts, 1.0, set()
    negative = next((line for line, a in zip(rows.lines, rows.amounts, strict=True) if a < 0), None)
    if negative is not None:
        raise ValueError(f"line {negative}: amount below zero")
    above = [amount for amount in rows.amounts if amount > 0]
    # The unit of money must not matter: continuity terms of half a unit then vanish.
    unit = float(np.median(above)) / _AMOUNT_ROWS_TO if above else 1.0
    return [amount / unit for amount in rows.amounts], unit, {"amount_as_count"}


def _place(start: str, interval: int, zone: ZoneInfo, line: int) -> int | None:
    """Where a row lies on the time line; None where a clock change leaves that open."""
    try:
        day = datetime.fromisoformat(start)
        instant = day if interval == MINUTES_A_DAY else parse_start(start, zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"line {line}: start_local {start!r} is not an ISO time") from error
    if interval == MINUTES_A_DAY:
        if (day.hour, day.minute) != (0, 0):
            raise ValueError(f"line {line}: a day starts at midnight, not at {start}")
        return day.toordinal()
    return None if instant is None else int((instant - _EPOCH) // timedelta(minutes=1))


def _in_hours(one: PlacedSeries, minute: int) -> PlacedSeries:
    """The series added up to hours that start at `minute`; a missing part counts as not covered."""
    counts: dict[int, float] = defaultdict(float)
    coverage: dict[int, float] = defaultdict(float)
    for at, count, share in zip(one.at, one.counts, one.coverage, strict=True):
        hour = at - (at - minute) % MINUTES_AN_HOUR
        counts[hour] += count
        coverage[hour] += share * one.interval_minutes / MINUTES_AN_HOUR
    hours = sorted(counts)
    return PlacedSeries(
        candidate_id=one.candidate_id,
        interval_minutes=MINUTES_AN_HOUR,
        at=tuple(hours),
        counts=tuple(counts[hour] for hour in hours),
        coverage=tuple(min(coverage[hour], 1.0) for hour in hours),
        unit=one.unit,
        flags=one.flags,
    )


def _panel_input(members: list[PlacedSeries], events: tuple[EventRow, ...], zone: ZoneInfo) -> PanelInput:
    members = sorted(members, key=lambda one: one.candidate_id)
    step = 1 if members[0].interval_minutes == MINUTES_A_DAY else MINUTES_AN_HOUR
    first, last = min(one.at[0] for one in members), max(one.at[-1] for one in members)
    rows = (last - first) // step + 1
    counts, coverage = np.zeros((len(members), rows)), np.zeros((len(members), rows))
    for i, one in enumerate(members):
        row = (np.array(one.at) - first) // step
        counts[i, row], coverage[i, row] = one.counts, one.coverage
    grid = day_grid(first, rows) if step == 1 else hour_grid(_EPOCH + timedelta(minutes=first), rows, zone)
    return PanelInput(
        grid=grid,
        first=first,
        names=tuple(one.candidate_id for one in members),
        counts=counts,
        coverage=coverage,
        events=events,
    )
