"""EVENTS of `afterdebate effects`: what happened when, and whom it concerns; a wrong row stays, with its fault."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.effects_csv.cells import parse_start, read_rows, refuse_surplus
from warehouse.series.events import CampaignEvent

EVENT_COLUMNS = ("case_id", "event_id", "event_kind", "start_local", "tz")
_UTC = ZoneInfo("UTC")
_NO = ("false", "no", "0")
_YEARS = range(1900, 2200)  # beyond, clocks and calendars run out


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow(CampaignEvent):
    """One event as a line of the file gives it; `starts_at` is None where that is the day only."""

    line: int
    fault: str | None = None  # why nothing can be asked about it
    is_placed: bool = True  # False: nobody can say when it was, so that no other estimate can take it into account


def read_events(path: Path) -> dict[str, list[EventRow]]:
    """The events of an EVENTS file by case, in file order.

    Raises:
        CampaignFault: no such file, not a CSV, or a column is missing.
    """
    cases: dict[str, list[EventRow]] = defaultdict(list)
    for line, row in read_rows(path, EVENT_COLUMNS):
        cases[row["case_id"]].append(_read_event(line, row))
    return {case_id: _without_doubles(events) for case_id, events in cases.items()}


def usual_zone(events: Iterable[EventRow]) -> ZoneInfo:
    """The zone of most events, in which local times without an offset are read; UTC where there are none."""
    named = Counter(event.zone.key for event in events if event.is_placed)
    return ZoneInfo(min(named, key=lambda name: (-named[name], name))) if named else _UTC


def _without_doubles(events: list[EventRow]) -> list[EventRow]:
    lines: dict[str, list[int]] = defaultdict(list)
    for event in events:
        lines[event.event_id].append(event.line)
    return [
        replace(event, fault=f"events line {event.line}: {event.event_id} stands on lines {_listed(lines, event)}")
        if len(lines[event.event_id]) > 1 and event.fault is None
        else event
        for event in events
    ]


def _listed(lines: dict[str, list[int]], event: EventRow) -> str:
    return " and ".join(map(str, lines[event.event_id]))


def _read_event(line: int, row: dict[str, str]) -> EventRow:
    start = row["start_local"]
    event = EventRow(
        line=line,
        event_id=row["event_id"],
        event_kind=row["event_kind"].casefold(),
        is_held=row.get("held", "").casefold() not in _NO,
        starts_on=date.min,
        starts_at=None,
        zone=_UTC,
        participants=frozenset(p.strip() for p in row.get("participants", "").split("|") if p.strip()),
    )
    try:
        refuse_surplus(row)
    except ValueError as error:
        return _broken(event, str(error))
    try:
        zone = ZoneInfo(row["tz"]) if row["tz"] else _UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _broken(event, f"tz {row['tz']!r} is not an IANA zone")
    try:
        day = datetime.fromisoformat(start)
        if day.year not in _YEARS:
            raise ValueError(start)  # noqa: TRY301
        instant = parse_start(start, zone)
    except ValueError:
        return _broken(event, f"start_local {start!r} is not an ISO time")
    if len(start) <= len("2011-09-15"):
        return replace(event, starts_on=day.date(), zone=zone)
    if instant is None:
        return _broken(event, f"start_local {start} is twice or never on that clock-change night: add its offset")
    at = instant.astimezone(UTC)
    return replace(event, starts_on=instant.astimezone(zone).date(), starts_at=at, zone=zone)


def _broken(event: EventRow, fault: str) -> EventRow:
    return replace(event, fault=f"events line {event.line}: {fault}", is_placed=False)
