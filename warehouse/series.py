"""The estimator's input out of the store: panels of series that share a source, and the events of a campaign."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.effects.grid import day_grid, hour_grid
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR
from warehouse.source_panel import EPOCH, CampaignEvent, SeriesKey, SourcePanel

_MONEY_ROWS_TO = 1000.0  # the unit of money must not matter: the median row becomes this many


def read_events(con: duckdb.DuckDBPyConnection, campaign_id: str) -> list[CampaignEvent]:
    """The events of a campaign by time."""
    rows = con.execute(
        "SELECT event_id, event_kind, starts_on, starts_at, participants, is_held FROM staging.events"
        " WHERE campaign_id = ? ORDER BY starts_on, starts_at, event_id",
        [campaign_id],
    ).fetchall()
    return [
        CampaignEvent(
            event_id=event_id,
            event_kind=kind,
            starts_on=on,
            starts_at=at,
            participants=frozenset(participants),
            is_held=is_held,
        )
        for event_id, kind, on, at, participants, is_held in rows
    ]


def read_panels(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo) -> Iterator[SourcePanel]:
    """The panels of a campaign, one for each source or kind and outcome."""
    keys = con.execute(
        "SELECT DISTINCT outcome, source_kind, scope, source_id, precision, interval_minutes FROM staging.effect_series"
        " WHERE campaign_id = ? ORDER BY ALL",
        [campaign_id],
    ).fetchall()
    for outcome, source_kind, scope, source_id, precision, minutes in keys:
        key = SeriesKey(
            outcome=outcome,
            source_kind=source_kind,
            scope=scope,
            source_id=source_id,
            precision=precision,
            interval_minutes=minutes,
        )
        yield _read_panel(con, campaign_id, key, zone)


def _read_panel(con: duckdb.DuckDBPyConnection, campaign_id: str, key: SeriesKey, zone: ZoneInfo) -> SourcePanel:
    found = con.execute(
        """SELECT
            candidate_id,
            epoch(interval_start_at)::BIGINT // 60 AS minute,
            local_on - DATE '0001-01-01' + 1 AS day,
            value,
            coalesce(coverage, 'NaN'::DOUBLE) AS coverage,
            is_synthetic
        FROM staging.effect_series
        WHERE campaign_id = ? AND outcome = ? AND source_kind = ? AND scope = ?
            AND source_id = ? AND interval_minutes = ?
        ORDER BY ALL""",
        [campaign_id, key.outcome, key.source_kind, key.scope, key.source_id, key.interval_minutes],
    ).fetchnumpy()
    names = tuple(dict.fromkeys(str(name) for name in found["candidate_id"]))
    is_daily = key.interval_minutes == MINUTES_A_DAY
    at = np.asarray(found["day" if is_daily else "minute"], dtype=np.int64)
    first, step = int(at.min()), 1 if is_daily else MINUTES_AN_HOUR
    rows = (int(at.max()) - first) // step + 1
    place = np.array([names.index(str(name)) for name in found["candidate_id"]]), (at - first) // step
    values, coverage = np.zeros((len(names), rows)), np.zeros((len(names), rows))
    values[place], coverage[place] = found["value"], found["coverage"]
    grid = day_grid(first, rows) if is_daily else hour_grid(EPOCH + timedelta(minutes=first), rows, zone)
    panel = SourcePanel(
        key=key,
        grid=grid,
        names=names,
        values=values,
        coverage=coverage,
        starts=_row_starts(first, rows, zone, is_daily=is_daily),
        unit=1.0,
        is_synthetic=bool(np.any(found["is_synthetic"])),
    )
    return _in_units(panel) if key.outcome == "amount" else panel


def _row_starts(first: int, rows: int, zone: ZoneInfo, *, is_daily: bool) -> NDArray[np.int64]:
    if not is_daily:
        return first + MINUTES_AN_HOUR * np.arange(rows, dtype=np.int64)
    days = [datetime.combine(date.fromordinal(first + row), datetime.min.time(), tzinfo=zone) for row in range(rows)]
    return np.array([int((day - EPOCH) // timedelta(minutes=1)) for day in days], dtype=np.int64)


def _in_units(panel: SourcePanel) -> SourcePanel:
    above = panel.values[panel.values > 0]
    unit = float(np.median(above)) / _MONEY_ROWS_TO if len(above) else 1.0
    return replace(panel, values=panel.values / unit, unit=unit)
