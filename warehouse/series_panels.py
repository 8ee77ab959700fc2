"""Counts of staging as panels of the estimator: one panel a source, one series a candidate."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.grid import day_grid, hour_grid
from warehouse.effects.panel import Occasion, fit_panel
from warehouse.effects.study import Study

EVERYONE = "ALL"
_AMOUNT_ROWS_TO = 1000.0

_BUZZ = """
    SELECT campaign_id, source_kind, candidate_id, epoch(interval_start_at)::BIGINT, local_on, sum(mentions),
        CASE WHEN count(coverage) = count(*) THEN avg(coverage) END, bool_or(list_contains(flags, 'synthetic'))
    FROM staging.buzz_counted SEMI JOIN staging.touched_days USING (campaign_id)
    WHERE interval_minutes = ? GROUP BY ALL ORDER BY ALL
"""
_GIFTS = """
    SELECT campaign_id, source_id, coalesce(candidate_id, 'ALL'), epoch(interval_start_at)::BIGINT, local_on,
        coalesce(gifts, amount)::DOUBLE, coverage, list_contains(flags, 'synthetic')
    FROM staging.money_counted SEMI JOIN staging.touched_days USING (campaign_id)
    WHERE interval_minutes = ? AND list_contains(flags, 'other_currency') IS NOT TRUE ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEvent:
    """One event of a campaign that was held, or a deadline."""

    event_id: str
    kind: str
    starts_on: date
    start_s: float | None  # None: only the day is known
    participants: frozenset[str]

    def concerns(self, candidate_id: str) -> bool:
        """Whether the candidate takes part; what names nobody concerns everyone, unless it is a debate."""
        if candidate_id == EVERYONE or candidate_id in self.participants:
            return True
        return not self.participants and self.kind != "debate"


@dataclass(slots=True)
class SourceSeries:
    """One candidate's rows: seconds since 1970 (or ordinal of the local day), count and coverage (NaN unknown)."""

    at: list[int] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePanel:
    """The fitted panel of one source of one campaign."""

    campaign_id: str
    source: str  # source_kind of buzz, source_id of gifts
    interval_minutes: int
    first: int  # `at` of the first row
    unit: float  # what one count stands for
    flags: tuple[str, ...]
    study: Study


def read_events(con: duckdb.DuckDBPyConnection) -> dict[str, list[HeldEvent]]:
    """The held events of each campaign, deadlines included, by time."""
    rows = con.execute(
        "SELECT campaign_id, event_id, event_kind, starts_on, epoch(starts_at), participants FROM staging.events "
        "WHERE is_held ORDER BY starts_on, event_id"
    ).fetchall()
    events: dict[str, list[HeldEvent]] = defaultdict(list)
    for campaign_id, event_id, kind, starts_on, start_s, participants in rows:
        event = HeldEvent(
            event_id=event_id,
            kind=kind,
            starts_on=starts_on,
            start_s=start_s,
            participants=frozenset(participants or ()),
        )
        events[campaign_id].append(event)
    return events


def read_panels(
    con: duckdb.DuckDBPyConnection, what: Literal["buzz", "gifts"], interval_minutes: int
) -> Iterator[SourcePanel]:
    """One fitted panel for each touched campaign and source that has rows of this length."""
    events, is_daily = read_events(con), interval_minutes == 1440  # noqa: PLR2004
    zones = dict(con.execute("SELECT campaign_id, timezone FROM staging.campaigns").fetchall())
    found: dict[tuple[str, str], dict[str, SourceSeries]] = defaultdict(lambda: defaultdict(SourceSeries))
    synthetic: set[tuple[str, str]] = set()
    rows = con.execute(_BUZZ if what == "buzz" else _GIFTS, [interval_minutes]).fetchall()
    for campaign_id, source, candidate_id, at, day, count, coverage, is_synthetic in rows:
        series = found[campaign_id, source][candidate_id]
        series.at.append(day.toordinal() if is_daily else at)
        series.counts.append(np.nan if count is None else float(count))
        series.coverage.append(np.nan if coverage is None else coverage)
        if is_synthetic:
            synthetic.add((campaign_id, source))
    for (campaign_id, source), members in found.items():
        flags = ("synthetic",) if (campaign_id, source) in synthetic else ()
        zone = ZoneInfo(zones[campaign_id])
        yield _fit(campaign_id, source, members, events[campaign_id], zone, interval_minutes, flags)


def _fit(  # noqa: PLR0917 - one caller, and each is of another type
    campaign_id: str,
    source: str,
    members: dict[str, SourceSeries],
    events: list[HeldEvent],
    zone: ZoneInfo,
    interval_minutes: int,
    flags: tuple[str, ...],
) -> SourcePanel:
    names = tuple(sorted(members))
    is_daily = interval_minutes == 1440  # noqa: PLR2004
    step = 1 if is_daily else interval_minutes * 60
    first = min(series.at[0] for series in members.values())
    rows = (max(series.at[-1] for series in members.values()) - first) // step + 1
    counts, coverage = np.zeros((len(names), rows)), np.zeros((len(names), rows))
    for i, name in enumerate(names):
        place = (np.array(members[name].at) - first) // step
        counts[i, place], coverage[i, place] = members[name].counts, members[name].coverage
        if np.isnan(members[name].coverage).all():
            # Nobody says how complete the source is: it is taken as whole, and the row says so.
            coverage[i, place] = 1.0
            flags = tuple(dict.fromkeys((*flags, "coverage_assumed")))
    unit = _unit(counts) if np.nanmax(counts, initial=0) > 0 else 1.0
    start = datetime.fromtimestamp(first, UTC) if not is_daily else None
    occasions = []
    for event in events:
        if event.kind == "deadline":
            continue
        row = event.starts_on.toordinal() - first if is_daily else int((_start_s(event, zone) - first) // step)
        attends = np.array([event.concerns(name) for name in names], dtype=np.bool_)
        occasions.append(Occasion(event_id=event.event_id, kind=event.kind, start_row=row, attends=attends))
    deadlines = [event.starts_on.toordinal() for event in events if event.kind == "deadline"]
    panel = fit_panel(
        day_grid(first, rows) if start is None else hour_grid(start, rows, zone),
        counts / unit,
        coverage,
        names=names,
        occasions=tuple(occasions),
        deadline_days=np.array(deadlines, dtype=np.int64),
    )
    return SourcePanel(
        campaign_id=campaign_id,
        source=source,
        interval_minutes=interval_minutes,
        first=first,
        unit=unit,
        flags=flags,
        study=Study(panel),
    )


def _start_s(event: HeldEvent, zone: ZoneInfo) -> float:
    """Seconds since 1970 of the start; of the local midnight where only the day is known."""
    if event.start_s is not None:
        return event.start_s
    return (datetime(event.starts_on.year, event.starts_on.month, event.starts_on.day, tzinfo=zone)).timestamp()


def _unit(counts: Floats) -> float:
    """1 for counts; for money, which is no whole numbers or large ones, a thousandth of the median row."""
    above = counts[np.isfinite(counts) & (counts > 0)]
    is_money = bool((above != np.round(above)).any()) or float(np.median(above)) > _AMOUNT_ROWS_TO * 10
    return float(np.median(above)) / _AMOUNT_ROWS_TO if is_money else 1.0


def day_of(seconds: float) -> datetime:
    """The instant of seconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
