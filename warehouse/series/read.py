"""The estimator's input out of the store: panels of series that share a source, and the events of a campaign."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR
from warehouse.series.events import CampaignEvent
from warehouse.series.panel import rows_from
from warehouse.series.source import SeriesKey, SourcePanel

# Hours counted from local midnight, local days, and hours that start at the minute of an event.
ALL_SERIES = "(SELECT *, 0 AS anchor_minutes FROM staging.effect_series UNION ALL BY NAME FROM staging.anchored_series)"
EVERYWHERE = "ALL"  # as a scope: national and local together
_KEY = ("outcome", "source_kind", "scope", "source_id", "precision", "interval_minutes")
_OF_KEY = f"""campaign_id = $1 AND outcome = $2 AND source_kind = $3 AND source_id = $4 AND interval_minutes = $5
    AND $6 IN (scope, '{EVERYWHERE}')"""
_PLACES = """anchor_minutes, list_position($7, candidate_id) - 1 AS series,
    epoch(interval_start_at)::BIGINT // 60 AS minute, local_on - DATE '0001-01-01' + 1 AS day"""
_ROWS = f"""SELECT {_PLACES}, value, coalesce(coverage, 'NaN'::DOUBLE) AS coverage, is_synthetic, is_sampled
    FROM {ALL_SERIES} WHERE {_OF_KEY}"""
_ROWS_OF_ALL_SCOPES = f"""WITH series AS (FROM {ALL_SERIES} WHERE {_OF_KEY})
    SELECT
        {_PLACES},
        sum(value) AS value,
        -- Each by its part; one that nobody saw is part of the whole.
        CASE WHEN count(coverage) = count(*) THEN sum(coverage) / (SELECT count(DISTINCT scope) FROM series)
            ELSE 'NaN'::DOUBLE
        END AS coverage,
        bool_or(is_synthetic) AS is_synthetic,
        bool_or(is_sampled) AS is_sampled
    FROM series
    GROUP BY ALL"""


def read_events(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo) -> list[CampaignEvent]:
    """The events of a campaign by time."""
    rows = con.execute(
        "SELECT event_id, event_kind, starts_on, starts_at, ends_at, timezone, participants, is_held"
        " FROM staging.events WHERE campaign_id = ? ORDER BY starts_on, starts_at, event_id",
        [campaign_id],
    ).fetchall()
    return [
        CampaignEvent(
            event_id=event_id,
            event_kind=kind,
            starts_on=on,
            starts_at=at,
            ends_at=end,
            zone=ZoneInfo(own_zone) if own_zone else zone,
            participants=frozenset(participants),
            is_held=is_held,
        )
        for event_id, kind, on, at, end, own_zone, participants, is_held in rows
    ]


def read_panels(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo) -> Iterator[list[SourcePanel]]:
    """The panels of each source or kind and outcome: one for each minute at which an hour starts, cut at breaks."""
    for key in _keys(con, campaign_id):
        yield _read_key(con, campaign_id, key, zone)


def read_kinds(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo) -> Iterator[list[SourcePanel]]:
    """The same of mentions, one for each kind of source, national and local together."""
    kinds = [replace(key, scope=EVERYWHERE) for key in _keys(con, campaign_id) if key.outcome == "mentions"]
    for key in dict.fromkeys(kinds):
        yield _read_key(con, campaign_id, key, zone)


def read_gifts(
    con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo, known: Mapping[SeriesKey, list[SourcePanel]]
) -> Iterator[list[SourcePanel]]:
    """The same of gifts, one for each source: its counts, or its amounts where it gives no counts.

    `known` are panels that this build has read already.
    """
    for key in described_keys(_keys(con, campaign_id)):
        if key.source_kind == "donations":
            yield known.get(key) or _read_key(con, campaign_id, key, zone)


def described_keys(keys: Iterable[SeriesKey]) -> list[SeriesKey]:
    """Those that are described: mentions, and of each source of gifts its counts, or amounts where it has no counts."""
    own = list(keys)
    gifts = {(key.source_id, key.outcome): key for key in own if key.source_kind == "donations"}
    sources = sorted({source_id for source_id, _ in gifts})
    chosen = [gifts.get((source_id, "count"), gifts.get((source_id, "amount"))) for source_id in sources]
    return [key for key in own if key.source_kind != "donations"] + [key for key in chosen if key is not None]


def _keys(con: duckdb.DuckDBPyConnection, campaign_id: str) -> list[SeriesKey]:
    found = con.execute(
        f"SELECT DISTINCT {', '.join(_KEY)} FROM staging.effect_series WHERE campaign_id = ? ORDER BY ALL",
        [campaign_id],
    ).fetchall()
    return [SeriesKey(**dict(zip(_KEY, values, strict=True))) for values in found]


def _read_key(con: duckdb.DuckDBPyConnection, campaign_id: str, key: SeriesKey, zone: ZoneInfo) -> list[SourcePanel]:
    breaks = con.execute(
        "SELECT epoch(broke_at)::BIGINT // 60 FROM staging.series_breaks WHERE campaign_id = ? AND source_kind = ?"
        " AND (source_id IS NULL OR ? IN ('', source_id))",
        [campaign_id, key.source_kind, key.source_id],
    ).fetchall()
    broke_at = [minute for (minute,) in breaks]
    whose = con.execute(
        "SELECT unnest(candidates) FROM staging.sources WHERE campaign_id = ? AND source_id = ?",
        [campaign_id, key.source_id],
    ).fetchall()
    named = frozenset(name for (name,) in whose)
    sizes = _gift_sizes(con, campaign_id, key) if key.outcome == "amount" else None
    panels = (
        replace(panel, whose=named, gift_sizes=() if sizes is None else tuple(map(sizes.__getitem__, panel.names)))
        for panel in _read_anchors(con, campaign_id, key, zone)
    )
    return [part for panel in panels for part in panel.cut(broke_at)]


def _gift_sizes(con: duckdb.DuckDBPyConnection, campaign_id: str, key: SeriesKey) -> dict[str, float]:
    """The mean gift of each candidate of a source; NaN where the source tells no counts."""
    # Sums of decimals: those of doubles differ in the last digit with the order in which threads add.
    found = con.execute(
        """SELECT
            candidate_id,
            sum(value::DECIMAL(18, 2)) FILTER (outcome = 'amount')
                / nullif(sum(value::DECIMAL(18, 2)) FILTER (outcome = 'count'), 0)::DOUBLE
        FROM staging.effect_series
        WHERE campaign_id = ? AND source_id = ? AND interval_minutes = ? AND outcome IN ('amount', 'count')
        GROUP BY candidate_id""",
        [campaign_id, key.source_id, key.interval_minutes],
    ).fetchall()
    return {name: math.nan if not size else float(size) for name, size in found}


def _read_anchors(
    con: duckdb.DuckDBPyConnection, campaign_id: str, key: SeriesKey, zone: ZoneInfo
) -> Iterator[SourcePanel]:
    asked = [campaign_id, key.outcome, key.source_kind, key.source_id, key.interval_minutes, key.scope]
    listed = con.execute(f"SELECT DISTINCT candidate_id FROM {ALL_SERIES} WHERE {_OF_KEY}", asked).fetchall()
    names = sorted(name for (name,) in listed)
    select = _ROWS_OF_ALL_SCOPES if key.scope == EVERYWHERE else _ROWS
    # Numbers instead of names: half a million texts would be as many objects.
    found = con.execute(select, [*asked, names]).fetchnumpy()
    anchors = np.asarray(found.pop("anchor_minutes"), dtype=np.int64)
    for anchor in np.unique(anchors):
        rows = {name: np.asarray(column)[anchors == anchor] for name, column in found.items()}
        yield _panel(key, int(anchor), names, rows, zone)


def _panel(
    key: SeriesKey, anchor: int, names: list[str], found: dict[str, NDArray[np.generic]], zone: ZoneInfo
) -> SourcePanel:
    present, series = np.unique(found["series"].astype(np.int64), return_inverse=True)
    is_daily = key.interval_minutes == MINUTES_A_DAY
    at = found["day" if is_daily else "minute"].astype(np.int64)
    grid, starts = rows_from(int(at.min()), int(at.max()), zone, is_daily=is_daily)
    values, coverage = np.zeros((len(present), grid.rows)), np.zeros((len(present), grid.rows))
    place = series, (at - at.min()) // (1 if is_daily else MINUTES_AN_HOUR)
    values[place], coverage[place] = found["value"].astype(np.float64), found["coverage"].astype(np.float64)
    return SourcePanel(
        key=key,
        anchor_minutes=anchor,
        grid=grid,
        names=tuple(names[i] for i in present),
        values=values,
        coverage=coverage,
        starts=starts,
        is_synthetic=bool(np.any(found["is_synthetic"])),
        is_sampled=bool(np.any(found["is_sampled"])),
    )
