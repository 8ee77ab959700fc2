"""EVENTS of `afterdebate effects`: what happened when, and whom it concerns; a wrong row stays, with its fault."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.effects_csv.cells import parse_start, read_rows, refuse_surplus

EVENT_COLUMNS = ("case_id", "event_id", "event_kind", "start_local", "tz")
EVERYONE = "ALL"  # as a candidate: a series of the whole race; as a participant: all who have a series
CANCELLED = "cancelled"  # a control: it was announced, and never held
_UTC = ZoneInfo("UTC")
_NO = ("false", "no", "0")
_YEARS = range(1900, 2200)  # beyond, clocks and calendars run out


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event; `at` is None where the file gives the day only."""

    line: int
    event_id: str
    kind: str
    on: date
    at: datetime | None
    zone: ZoneInfo
    participants: frozenset[str]  # empty: it concerns everyone
    fault: str | None = None  # why nothing can be asked about it
    is_placed: bool = True  # False: nobody can say when it was, so that no other estimate can take it into account

    def concerns(self, candidate_id: str, whose: frozenset[str] = frozenset()) -> bool:
        """Whether it may move the series of that candidate; `whose` are those to whom a series ALL belongs."""
        if candidate_id == EVERYONE:
            return not whose or any(self.concerns(name) for name in whose)
        return not self.participants or not self.participants.isdisjoint({candidate_id, EVERYONE})


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
    start, kind = row["start_local"], row["event_kind"].casefold()
    event = EventRow(
        line=line,
        event_id=row["event_id"],
        kind=CANCELLED if row.get("held", "").casefold() in _NO else kind,
        on=date.min,
        at=None,
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
        return replace(event, on=day.date(), zone=zone)
    if instant is None:
        return _broken(event, f"start_local {start} is twice or never on that clock-change night: add its offset")
    return replace(event, on=instant.astimezone(zone).date(), at=instant.astimezone(UTC), zone=zone)


def _broken(event: EventRow, fault: str) -> EventRow:
    return replace(event, fault=f"events line {event.line}: {fault}", is_placed=False)
