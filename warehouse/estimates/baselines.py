"""Rows of `staging.baselines`: what is expected of each interval of a series."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.panel import Panel
from warehouse.effects.spec import MINUTES_A_DAY
from warehouse.series.source import SourcePanel
from warehouse.series.times import at_minute, midnight, minute_of

OUTCOMES = ("mentions", "amount")  # those that an interval table shows beside what is expected
_MICROSECONDS = 60_000_000  # of a minute
_Part = tuple[SourcePanel, Panel]


def baseline_tables(parts: Iterable[_Part], zone: ZoneInfo) -> Iterator[pa.Table]:
    """What is expected of each row that was not unseen, and of each local day, without the campaign.

    `parts` are the panels of one source between its breaks, with their baselines. A day is expected only where all of
    its observed hours are, and where nothing broke within it: before and after, something else was counted.
    Long series have a million rows: they go from array to table, a series at a time.
    """
    hours: dict[str, list[_Part]] = defaultdict(list)
    for panel, fitted in parts:
        for series, candidate_id in enumerate(panel.names):
            rows = np.flatnonzero(panel.coverage[series] != 0)
            known = _known(fitted, series)[rows]
            yield _table(
                panel,
                fitted,
                series,
                minutes=panel.key.interval_minutes,
                starts=panel.starts[rows],
                expected=np.where(known, fitted.expected[series, rows] * panel.unit(candidate_id), np.nan),
                status=_status(known, has_fit=fitted.fits[series] is not None),
            )
            if not panel.grid.is_daily:
                hours[candidate_id].append((panel, fitted))
    for candidate_id, own in hours.items():
        yield from _days(own, candidate_id, zone)


def _days(parts: list[_Part], candidate_id: str, zone: ZoneInfo) -> Iterator[pa.Table]:
    """The local days of one series, part by part; a day in which it broke is the last part's, and has no number."""
    broken = {day for panel, _ in parts for at in panel.broke_at if (day := _broken_day(at, zone)) is not None}
    later: set[int] = set()  # days that a part behind has as well
    for panel, fitted in reversed(parts):
        series = panel.names.index(candidate_id)
        rows = np.flatnonzero(panel.coverage[series] != 0)
        known = _known(fitted, series)[rows]
        days, place = np.unique(fitted.grid.day[rows], return_inverse=True)
        # In the order of their hours, as `sum` adds.
        expected = np.zeros(len(days))
        np.add.at(expected, place, np.where(known, fitted.expected[series, rows] * panel.unit(candidate_id), 0.0))
        is_whole = np.bincount(place, weights=~known, minlength=len(days)) == 0
        is_broken = np.isin(days, sorted(broken))
        status = _status(is_whole, has_fit=fitted.fits[series] is not None)
        own = ~np.isin(days, sorted(later))
        later |= set(days.tolist())
        yield _table(
            panel,
            fitted,
            series,
            minutes=MINUTES_A_DAY,
            starts=np.array(
                [minute_of(midnight(date.fromordinal(int(day)), zone)) for day in days[own]], dtype=np.int64
            ),
            expected=np.where(is_whole & ~is_broken, expected, np.nan)[own],
            status=np.where(is_broken, "series_break", status)[own],
        )


def _broken_day(minute: int, zone: ZoneInfo) -> int | None:
    """The local day within which a break lies; None where it lies between two days."""
    at = at_minute(minute)
    day = at.astimezone(zone).date()
    return None if midnight(day, zone) == at else day.toordinal()


def _known(fitted: Panel, series: int) -> Bools:
    if fitted.fits[series] is None:
        return np.zeros(fitted.grid.rows, dtype=np.bool_)
    known: Bools = fitted.usable[series]
    return known


def _status(is_known: Bools, *, has_fit: bool) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    return np.where(is_known, "ok", "insufficient_coverage" if has_fit else "insufficient_history")


def _table(
    panel: SourcePanel,
    fitted: Panel,
    series: int,
    *,
    minutes: int,
    starts: Ints,
    expected: Floats,
    status: "np.ndarray[tuple[int], np.dtype[np.str_]]",
) -> pa.Table:
    """Columns of some rows of one series; where nothing is expected, `expected` is NaN here and NULL there."""
    fit, count = fitted.fits[series], len(starts)
    dispersion = None if fit is None else float(fit.dispersion * panel.unit(panel.names[series]))
    return pa.table(
        {
            "metric": _repeated(panel.key.outcome, count),
            "candidate_id": _repeated(panel.names[series], count),
            "source_kind": _repeated(panel.key.source_kind, count),
            "source_id": _repeated(panel.key.source_id, count),
            "scope": _repeated(panel.key.scope, count),
            "interval_minutes": pa.repeat(minutes, count),
            "interval_start_at": pa.array(starts * _MICROSECONDS, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            "expected": pa.array(expected, pa.float64(), from_pandas=True),
            "dispersion": pa.repeat(pa.scalar(dispersion, pa.float64()), count),
            "status": pa.array(status.tolist(), pa.string()).dictionary_encode(),
        }
    )


def _repeated(text: str, count: int) -> pa.DictionaryArray:
    """One text in every row, kept once."""
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), count), pa.array([text], pa.string()))
