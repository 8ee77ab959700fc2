"""SERIES, EVENTS and ASKS files of `afterdebate effects`, read row by row with every fault kept by its line."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.effects_cells import read_amount, read_number, read_rows, read_whole

SERIES_COLUMNS = ("case_id", "candidate_id", "start_local", "interval_minutes")
EVENT_COLUMNS = ("case_id", "event_id", "event_kind", "start_local", "tz")
ASK_COLUMNS = ("case_id", "candidate_id", "event_id", "horizon_minutes")
MINUTES_A_DAY = 1440
MINUTES_AN_HOUR = 60
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class SeriesRows:
    """The rows of one (case, candidate), in file order. `at`: local date as ordinal, or minutes of UTC."""

    lines: list[int] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)  # NaN where blank
    amounts: list[float] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event; `at` is None where the file gives the day only."""

    line: int
    event_id: str
    kind: str
    on: date
    at: datetime | None
    zone: ZoneInfo
    participants: frozenset[str]
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: the effect of an event on a candidate's series within a horizon."""

    line: int  # 0: not from a file
    case_id: str
    candidate_id: str
    event_id: str
    horizon_minutes: int | None  # None: not a whole number


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFile:
    """All series of a file; `has_coverage` is False where the whole column is empty."""

    cases: dict[str, dict[str, SeriesRows]]  # by case, by candidate
    has_coverage: bool


def read_series(path: Path) -> SeriesFile:
    """The series of a SERIES file, wrong rows included as faults of their series.

    Raises:
        CampaignFault: no such file, not a CSV, or a column is missing.
    """
    cases: dict[str, dict[str, SeriesRows]] = defaultdict(lambda: defaultdict(SeriesRows))
    has_coverage = False
    for line, row in read_rows(path, SERIES_COLUMNS):
        rows = cases[row["case_id"]][row["candidate_id"]]
        try:
            minutes = read_whole(row["interval_minutes"], "interval_minutes")
            count, amount = read_amount(row, "count"), read_amount(row, "amount")
            coverage = read_number(row.get("coverage", ""), "coverage")
            if coverage < 0 or coverage > 1:
                raise ValueError(f"coverage {coverage:g} is not a share between 0 and 1")  # noqa: TRY301
        except ValueError as error:
            rows.faults.append(f"line {line}: {error}")
            continue
        has_coverage |= not math.isnan(coverage)
        rows.lines.append(line)
        rows.starts.append(row["start_local"])
        rows.minutes.append(minutes)
        rows.counts.append(count)
        rows.amounts.append(amount)
        rows.coverage.append(coverage)
    return SeriesFile(cases=cases, has_coverage=has_coverage)


def read_events(path: Path) -> dict[str, dict[str, EventRow]]:
    """The events of an EVENTS file by case and id; a wrong row stays, with its fault.

    Raises:
        CampaignFault: no such file, not a CSV, or a column is missing.
    """
    cases: dict[str, dict[str, EventRow]] = defaultdict(dict)
    for line, row in read_rows(path, EVENT_COLUMNS):
        event = _read_event(line, row)
        if event.event_id in cases[row["case_id"]]:
            first = cases[row["case_id"]][event.event_id].line
            event = _broken_event(line, row, f"event {event.event_id} is on line {first} too")
        cases[row["case_id"]][event.event_id] = event
    return dict(cases)


def read_asks(path: Path) -> list[Ask]:
    """The questions of an ASKS file, in file order.

    Raises:
        CampaignFault: no such file, not a CSV, or a column is missing.
    """
    asks = []
    for line, row in read_rows(path, ASK_COLUMNS):
        try:
            horizon: int | None = read_whole(row["horizon_minutes"], "horizon_minutes")
        except ValueError:
            horizon = None
        asks.append(
            Ask(
                line=line,
                case_id=row["case_id"],
                candidate_id=row["candidate_id"],
                event_id=row["event_id"],
                horizon_minutes=horizon,
            )
        )
    return asks


def default_asks(events: dict[str, dict[str, EventRow]], series: SeriesFile) -> list[Ask]:
    """Every participant of every debate: 4320 minutes, and 180 and 1440 where his rows are hourly or finer."""
    asks = []
    for case_id, case in events.items():
        for event in case.values():
            for candidate_id in sorted(event.participants) if event.kind == "debate" else ():
                rows = series.cases.get(case_id, {}).get(candidate_id)
                is_fine = rows is not None and bool(rows.minutes) and max(rows.minutes) <= MINUTES_AN_HOUR
                asks += [
                    Ask(
                        line=0,
                        case_id=case_id,
                        candidate_id=candidate_id,
                        event_id=event.event_id,
                        horizon_minutes=horizon,
                    )
                    for horizon in ((180, 1440, 4320) if is_fine else (4320,))
                ]
    return asks


def parse_start(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant of a local time; None where a clock change makes it two instants or none.

    Raises:
        ValueError: not an ISO time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    early, late = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return early if early == late else None


def _read_event(line: int, row: dict[str, str]) -> EventRow:
    try:
        zone = ZoneInfo(row["tz"]) if row["tz"] else _UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _broken_event(line, row, f"tz {row['tz']!r} is not an IANA zone")
    try:
        moment = datetime.fromisoformat(row["start_local"])
    except ValueError:
        return _broken_event(line, row, f"start_local {row['start_local']!r} is not an ISO time")
    is_day_only = len(row["start_local"]) <= len("2011-09-15")
    local = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return EventRow(
        line=line,
        event_id=row["event_id"],
        kind=row["event_kind"],
        on=local.date(),
        at=None if is_day_only else local.astimezone(UTC),
        zone=zone,
        participants=frozenset(p.strip() for p in row.get("participants", "").split("|") if p.strip()),
    )


def _broken_event(line: int, row: dict[str, str], fault: str) -> EventRow:
    return EventRow(
        line=line,
        event_id=row["event_id"],
        kind=row["event_kind"],
        on=date.min + timedelta(days=1),
        at=None,
        zone=_UTC,
        participants=frozenset(),
        fault=f"events line {line}: {fault}",
    )
