"""SERIES and ASKS of `afterdebate effects`, read row by row with every fault kept by its line."""

import math
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.effects_csv.cells import header_of, read_amount, read_rows, read_share, read_whole, refuse_surplus
from flows.effects_csv.events import EventRow
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, SHORTEST_ON_DAYS
from warehouse.series.events import EVERYONE

SERIES_COLUMNS = ("case_id", "candidate_id", "start_local", "interval_minutes")
_VALUE_COLUMNS = ("count", "amount")  # one of them
ASK_COLUMNS = ("case_id", "candidate_id", "event_id", "horizon_minutes")


def _floats() -> "array[float]":
    return array("d")


def _ints() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class SeriesRows:
    """The rows of one (case, candidate), in file order. NaN where a cell is blank."""

    lines: "array[int]" = field(default_factory=_ints)
    starts: list[str] = field(default_factory=list)
    minutes: "array[int]" = field(default_factory=_ints)
    counts: "array[float]" = field(default_factory=_floats)
    amounts: "array[float]" = field(default_factory=_floats)
    coverage: "array[float]" = field(default_factory=_floats)
    zones: set[str] = field(default_factory=set)  # of the optional column `tz`
    whose: set[str] = field(default_factory=set)  # of the optional column `candidates`: whom a series ALL belongs to
    gift_sizes: set[float] = field(default_factory=set)  # of the optional column `mean_gift`: of sums, the mean gift
    is_sampled: bool = False  # by the optional column `sampling`: a constant part of all
    faults: list[str] = field(default_factory=list)


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
    is_plain: bool = False  # two columns, of dates and counts: a series without a name, of every case
    nameless: int  # rows that cannot be read and name no candidate: they cost no series, and must not pass unseen


def read_series(path: Path) -> SeriesFile:
    """The series of a SERIES file, wrong rows included as faults of their series.

    Raises:
        CampaignFault: no such file, not a CSV, or a column is missing.
    """
    cases: dict[str, dict[str, SeriesRows]] = defaultdict(lambda: defaultdict(SeriesRows))
    has_coverage, nameless = False, 0
    is_plain = set(header_of(path)) in ({"date", "count"}, {"date", "amount"})
    needed = ("date",) if is_plain else SERIES_COLUMNS
    for line, told in read_rows(path, needed, one_of=_VALUE_COLUMNS):
        row = told | _of_a_plain_row(told["date"]) if is_plain else told
        rows = cases[row["case_id"]][row["candidate_id"]]
        try:
            refuse_surplus(row)
            minutes = read_whole(row["interval_minutes"], "interval_minutes")
            count, amount = read_amount(row, "count"), read_amount(row, "amount")
            coverage = read_share(row.get("coverage", ""), "coverage")
            is_sampled, gift_size = _is_sampled(row.get("sampling", "")), _gift_size(row)
        except ValueError as error:
            rows.faults.append(f"line {line}: {error}")
            nameless += not row["candidate_id"]
            continue
        has_coverage |= bool(row.get("coverage"))
        rows.lines.append(line)
        # Series of one file share their times: one string each.
        rows.starts.append(sys.intern(row["start_local"]))
        rows.minutes.append(minutes)
        rows.counts.append(count)
        rows.amounts.append(amount)
        rows.coverage.append(coverage)
        rows.is_sampled |= is_sampled
        if not math.isnan(gift_size):
            rows.gift_sizes.add(gift_size)
        if zone := row.get("tz"):
            rows.zones.add(zone)
        rows.whose.update(name.strip() for name in row.get("candidates", "").split("|") if name.strip())
    return SeriesFile(cases=cases, has_coverage=has_coverage, is_plain=is_plain, nameless=nameless)


def _is_sampled(told: str) -> bool:
    if told.strip() not in ("", "constant"):
        raise ValueError("sampling is neither blank nor constant")
    return bool(told.strip())


def _gift_size(row: dict[str, str]) -> float:
    """The mean gift behind a sum; NaN where nobody knows."""
    size = read_amount(row, "mean_gift")
    if size <= 0:
        raise ValueError(f"mean_gift {row['mean_gift']} is not above zero")
    return size


def _of_a_plain_row(date: str) -> dict[str, str]:
    minutes = MINUTES_AN_HOUR if ":" in date else MINUTES_A_DAY
    return {"case_id": "", "candidate_id": EVERYONE, "start_local": date, "interval_minutes": str(minutes)}


def of_every_case(series: SeriesFile, cases: Iterable[str]) -> SeriesFile:
    """The series; one without names is that of every case."""
    if not series.is_plain:
        return series
    return replace(series, cases={case_id: rows for case_id in cases for rows in series.cases.values()})


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


def default_asks(events: Mapping[str, list[EventRow]], series: SeriesFile, horizons: tuple[int, ...]) -> list[Ask]:
    """Every participant of every debate: every horizon, of day rows those of two days and more."""
    of_days = tuple(horizon for horizon in horizons if horizon >= SHORTEST_ON_DAYS)
    asks: dict[Ask, None] = {}
    for case_id, case in events.items():
        found = series.cases.get(case_id, {})
        for event in case:
            # A debate for all, or that names nobody, is asked about for every series of the case.
            names = event.participants if event.participants - {EVERYONE} and not series.is_plain else found.keys()
            for candidate_id in sorted(names) if event.kind == "debate" else ():
                rows = found.get(candidate_id)
                is_fine = rows is not None and bool(rows.minutes) and max(rows.minutes) <= MINUTES_AN_HOUR
                for horizon in horizons if is_fine else of_days:
                    ask = Ask(
                        line=0,
                        case_id=case_id,
                        candidate_id=candidate_id,
                        event_id=event.event_id,
                        horizon_minutes=horizon,
                    )
                    asks[ask] = None
    return list(asks)
