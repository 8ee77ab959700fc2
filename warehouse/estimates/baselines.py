"""Rows of `staging.baselines`: what is expected of each interval of a series."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.effects.baseline.panel import Panel
from warehouse.effects.spec import MINUTES_A_DAY
from warehouse.series.panel import SourcePanel
from warehouse.series.times import at_minute, midnight

OUTCOMES = ("mentions", "amount")  # those that an interval table shows beside what is expected


@dataclass(slots=True)
class _Day:
    """One local day of one series; its hours may lie in two parts, where the series broke in between."""

    shared: dict[str, Any] = field(default_factory=dict)
    has_fit: bool = False
    hours: list[float | None] = field(default_factory=list)


def baseline_rows(parts: Iterable[tuple[SourcePanel, Panel]], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """What is expected of each row that was not unseen, and of each local day, without the campaign.

    `parts` are the panels of one source between its breaks, with their baselines. A day is expected only where all of
    its observed hours are, and where nothing broke within it: before and after, something else was counted.
    """
    days: dict[tuple[str, int], _Day] = defaultdict(_Day)
    broken: set[int] = set()
    for panel, fitted in parts:
        broken |= {_local_day(at, zone) for at in panel.broke_at if not _is_midnight(at, zone)}
        for series, candidate_id in enumerate(panel.names):
            fit, unit = fitted.fits[series], panel.units[series]
            shared = {
                "metric": panel.key.outcome,
                "candidate_id": candidate_id,
                "source_kind": panel.key.source_kind,
                "source_id": panel.key.source_id,
                "scope": panel.key.scope,
                "dispersion": None if fit is None else fit.dispersion * unit,
            }
            for row in (panel.coverage[series] != 0).nonzero()[0]:
                is_usable = fit is not None and bool(fitted.usable[series, row])
                expected = float(fitted.expected[series, row]) * unit if is_usable else None
                interval = {
                    "interval_minutes": panel.key.interval_minutes,
                    "interval_start_at": panel.start_at(int(row)),
                }
                yield shared | interval | _expectation([expected], has_fit=fit is not None)
                if not panel.grid.is_daily:
                    day = days[candidate_id, int(fitted.grid.day[row])]
                    day.shared, day.has_fit = shared, fit is not None
                    day.hours.append(expected)
    for (_, ordinal), day in days.items():
        start_at = midnight(date.fromordinal(ordinal), zone)
        interval = {"interval_minutes": MINUTES_A_DAY, "interval_start_at": start_at}
        if ordinal in broken:
            yield day.shared | interval | {"dispersion": None, "expected": None, "status": "series_break"}
        else:
            yield day.shared | interval | _expectation(day.hours, has_fit=day.has_fit)


def _local_day(minute: int, zone: ZoneInfo) -> int:
    return at_minute(minute).astimezone(zone).toordinal()


def _is_midnight(minute: int, zone: ZoneInfo) -> bool:
    return at_minute(minute) == midnight(date.fromordinal(_local_day(minute, zone)), zone)


def _expectation(parts: list[float | None], *, has_fit: bool) -> dict[str, Any]:
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        return {"expected": sum(known), "status": "ok"}
    return {"expected": None, "status": "insufficient_coverage" if has_fit else "insufficient_history"}
