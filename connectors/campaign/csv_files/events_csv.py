"""Reads `events.csv`: one row an event, times local or with an offset, a date alone where only the day is known."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from connectors.campaign.csv_files.csv_rows import BrokenCsvError, header_faults, numbered_rows, width_fault
from connectors.campaign.fault_texts import explain
from connectors.campaign.times import read_time
from connectors.campaign.values import Id, Text, Url, Zone, mend_from, refusal
from connectors.errors import Fault
from connectors.records import CallsFor, Event, EventKind, Scope


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _check_once(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if names.count(name) > 1:
            raise refusal(f"{name!r} is named twice", "name each once")
    return names


Names = Annotated[tuple[Text, ...], BeforeValidator(_split_list), AfterValidator(_check_once)]


Calls = Annotated[tuple[CallsFor, ...], BeforeValidator(_split_list)]


class EventRow(BaseModel):
    """One row as it is written; an empty cell is a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_id: Id
    event_kind: EventKind
    title: Text
    starts_at: str
    ends_at: str | None = None
    timezone: Zone | None = None
    channels: Names = ()
    participants: Names = ()
    audience_millions: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    scope: Scope | None = None
    territory: Text | None = None
    held: bool = True
    source_url: Url | None = None
    calls_for: Calls = ()
    channel: Id | None = None


COLUMNS = tuple(EventRow.model_fields)
REQUIRED = COLUMNS[:4]
HEADER = ",".join(COLUMNS)
_EXAMPLES = {
    "event_id": "debate-2020-09-29",
    "event_kind": "debate",
    "title": "First debate",
    "starts_at": "2020-09-29T21:00",
    "audience_millions": "73.1",
    "held": "false",
}


class ReadEvents(NamedTuple):
    """The events that could be read, and what is wrong with the others."""

    events: list[Event]
    faults: list[Fault]


class EventFile:
    """One `events.csv` being read; `timezone` holds where a row names none, and a roster of None is not known."""

    def __init__(self, path: Path, *, campaign_id: str, timezone: str, roster: Collection[str] | None) -> None:
        self._path, self._campaign_id, self._timezone, self._roster = path, campaign_id, timezone, roster
        self._line_of: dict[str, int] = {}  # event id -> where it was first seen
        self._faults: list[Fault] = []

    def read(self, text: str) -> ReadEvents:
        """The events of the file; their `campaign_hash` is still empty, because it is a hash of the events too."""
        events: list[Event] = []
        try:
            rows = numbered_rows(text)
            line, header = next(rows, (1, []))
            if self._has_header(line, header):
                events = [event for line, cells in rows for event in self._read_cells(line, header, cells)]
        except BrokenCsvError as broken:
            self._blame(broken.line, str(broken), "close the double quotes; write a double quote inside them twice")
        return ReadEvents(events, self._faults)

    def _blame(self, line: int, fault: str, mend: str) -> None:
        self._faults.append(Fault(file=self._path, line=line, fault=fault, mend=mend))

    def _has_header(self, line: int, header: list[str]) -> bool:
        faults = list(header_faults(header, COLUMNS, REQUIRED))
        for fault, mend in faults:
            self._blame(line, fault, mend)
        return not faults

    def _read_cells(self, line: int, header: list[str], cells: list[str]) -> Iterator[Event]:
        if len(cells) != len(header):
            self._blame(line, *width_fault(cells, header))
            return
        filled = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        try:
            row = EventRow.model_validate(filled)
            self._check_names(line, row)
            yield self._as_event(row)
        except ValidationError as error:
            self._faults += explain(error, lambda _, *said: _fault(self._path, line, *said), _EXAMPLES, {"": COLUMNS})
        except PydanticCustomError as refused:
            said = refused.context or {}
            self._blame(line, str(said["fault"]), str(said["mend"]))

    def _check_names(self, line: int, row: EventRow) -> None:
        first = self._line_of.setdefault(row.event_id, line)
        if first != line:
            self._blame(line, f"event_id {row.event_id!r} is also in line {first}", "give each event an id of its own")
        for name in row.participants:
            if self._roster is not None and name not in self._roster:
                meant = mend_from(name, self._roster)
                self._blame(line, f"participant {name!r} is not on the roster", f"{meant} (ids of [[candidates]])")

    def _as_event(self, row: EventRow) -> Event:
        zone = ZoneInfo(row.timezone or self._timezone)
        starts_on, starts_at = read_time(row.starts_at, zone)
        ends_on, ends_at = read_time(row.ends_at, zone) if row.ends_at else (starts_on, None)
        mend = "mend ends_at (after midnight it is the next day), or leave it empty"
        if ends_on < starts_on or (starts_at and ends_at and ends_at < starts_at):
            raise refusal(f"the event ends at {row.ends_at}, before it starts at {row.starts_at}", mend)
        if ends_at and ends_at == starts_at:
            raise refusal(f"the event ends at {row.ends_at}, when it starts", mend)
        if ends_at and not starts_at:
            fault = f"ends_at has a time of day and starts_at, {row.starts_at}, has none"
            raise refusal(fault, "write both with a time, or both as days")
        return Event(
            campaign_id=self._campaign_id,
            campaign_hash="",
            event_id=row.event_id,
            event_kind=row.event_kind,
            title=row.title,
            starts_on=starts_on,
            starts_at=starts_at,
            ends_at=ends_at,
            timezone=zone.key,
            channels=row.channels,
            participants=row.participants,
            audience_millions=row.audience_millions,
            scope=row.scope,
            territory=row.territory,
            is_held=row.held,
            source_url=row.source_url,
            calls_for=row.calls_for or None,
            channel=row.channel,
        )


def _fault(path: Path, line: int, fault: str, mend: str) -> Fault:
    return Fault(file=path, line=line, fault=fault, mend=mend)
