"""Rows of `staging.baselines`: what is expected of each interval of a series."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.effects.baseline.panel import Panel
from warehouse.effects.spec import MINUTES_A_DAY
from warehouse.series.panel import SourcePanel

OUTCOMES = ("mentions", "amount")  # those that an interval table shows beside what is expected


def baseline_rows(panel: SourcePanel, fitted: Panel, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """What is expected of each row that was not unseen, and of each local day, without the campaign.

    A day is expected only where all of its observed hours are.
    """
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
        days: dict[int, list[float | None]] = defaultdict(list)
        for row in (panel.coverage[series] != 0).nonzero()[0]:
            is_usable = fit is not None and bool(fitted.usable[series, row])
            expected = float(fitted.expected[series, row]) * unit if is_usable else None
            days[int(fitted.grid.day[row])].append(expected)
            interval = {"interval_minutes": panel.key.interval_minutes, "interval_start_at": panel.start_at(int(row))}
            yield shared | interval | _expectation([expected], has_fit=fit is not None)
        for day, hours in days.items() if not panel.grid.is_daily else ():
            midnight = datetime.combine(datetime.fromordinal(day), datetime.min.time(), tzinfo=zone)
            interval = {"interval_minutes": MINUTES_A_DAY, "interval_start_at": midnight.astimezone(UTC)}
            yield shared | interval | _expectation(hours, has_fit=fit is not None)


def _expectation(parts: list[float | None], *, has_fit: bool) -> dict[str, Any]:
    known = [part for part in parts if part is not None]
    if len(known) == len(parts):
        return {"expected": sum(known), "status": "ok"}
    return {"expected": None, "status": "insufficient_coverage" if has_fit else "insufficient_history"}
