"""How many rows of an import are no news, or lie outside the season: counted in the landing zone alone."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from warehouse.landing.files import landed_files
from warehouse.sql_text import listed

# What a row tells, whatever file, line and version it stands in: another amount or day is news.
_TOLD = {
    "donations": "donation_id, candidate_id, occurred_at, occurred_on, amount, currency, gift_kind, is_memo, "
    "refunded_at",
    "signups": "signup_id, candidate_id, signed_up_at, signed_up_on, what, event_id, channel, territory",
    "donation_totals": "candidate_id, interval_start_at, interval_minutes, amount, gifts, currency, territory",
    "ticker_readings": "candidate_id, observed_at, total, currency",
}
_WHEN = {
    "donations": "occurred_on",
    "signups": "signed_up_on",
    "donation_totals": "interval_start_at",
    "ticker_readings": "observed_at",
}


class Season(NamedTuple):
    """Local days of a campaign, both in its season."""

    start_on: date
    end_on: date
    zone: ZoneInfo


class Told(NamedTuple):
    """Rows of an import: those that were told before, and those of the others that lie outside the season."""

    before: int
    outside: int


def count_told(
    home: Path,
    table_name: str,
    source: tuple[str, str],
    standing: Sequence[tuple[str, datetime]],
    read_at: datetime,
    *,
    season: Season,
) -> Told:
    """How many rows of a source's import of `read_at` were told before, by a file that stands or a row beside them.

    `source` is campaign id and source id, `standing` the hash and import time of each file that was not taken back.
    """
    paths = landed_files(home, table_name)
    if not paths:
        return Told(0, 0)
    with duckdb.connect() as con:
        con.register("files_standing", _as_table(standing))
        given = [*source, read_at, *source, read_at, *_bounds(season, table_name)]
        counts = con.execute(_query(listed(paths), table_name), given).fetchone() or (0, 0)
    return Told(*counts)


def _query(files: str, table_name: str) -> str:
    when, told = _WHEN[table_name], f"hash({_TOLD[table_name]})"
    # By name: sums that landed before territories were known have no such column.
    rows = f"SELECT {told} AS told, {when} AS told_on FROM read_parquet({files}, union_by_name = true)"
    stands = "(file_sha256, known_at) IN (SELECT (file_sha256, known_at) FROM files_standing)"
    return f"""
        WITH told_now AS MATERIALIZED (
            {rows} WHERE campaign_id = ? AND source_id = ? AND known_at = ? AND {stands}
        ),
        -- Only the days that the import speaks of: how long the history is does not matter.
        told_before AS (
            {rows} WHERE campaign_id = ? AND source_id = ? AND known_at != ? AND {stands}
            AND {when} BETWEEN (SELECT min(told_on) FROM told_now) AND (SELECT max(told_on) FROM told_now)
        ),
        news AS (SELECT DISTINCT told, told_on FROM told_now ANTI JOIN told_before USING (told))
        SELECT
            (SELECT count(*) FROM told_now) - count(*),
            count(*) FILTER (WHERE told_on < ? OR told_on >= ?)
        FROM news
    """


def _bounds(season: Season, table_name: str) -> tuple[date, date]:
    """When the season begins, and when it is over: in days where rows tell of days, else in moments."""
    after_on = season.end_on + timedelta(days=1)
    if table_name in ("donations", "signups"):
        return season.start_on, after_on
    start_at, after_at = (datetime.combine(day, time(), tzinfo=season.zone) for day in (season.start_on, after_on))
    return start_at, after_at


def _as_table(standing: Sequence[tuple[str, datetime]]) -> pa.Table:
    columns = {
        "file_sha256": pa.array([sha256 for sha256, _ in standing], pa.string()),
        "known_at": pa.array([known_at for _, known_at in standing], pa.timestamp("us", tz="UTC")),
    }
    return pa.table(columns)
