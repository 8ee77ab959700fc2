"""How many rows of an import tell what an earlier row told: counted over the landing zone, without the warehouse."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

# What a row tells, whatever file, line and version it stands in: another amount or day is news.
_TOLD = {
    "donations": "donation_id, candidate_id, occurred_at, occurred_on, amount, currency, gift_kind, is_memo, "
    "refunded_at",
    "donation_totals": "candidate_id, interval_start_at, interval_minutes, amount, gifts, currency",
    "ticker_readings": "candidate_id, observed_at, total, currency",
}
_WHEN = {"donations": "occurred_on", "donation_totals": "interval_start_at", "ticker_readings": "observed_at"}


def count_repeats(
    home: Path,
    table_name: str,
    source: tuple[str, str],
    standing: Sequence[tuple[str, datetime]],
    read_at: datetime,
) -> int:
    """How many rows of a source's import of `read_at` were told before, by a file that stands or a row beside them.

    `source` is campaign id and source id, `standing` the hash and import time of each file that was not taken back.
    """
    paths = sorted((home / "landing" / table_name).glob("[!.]*.parquet"))
    if not paths:
        return 0
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    with duckdb.connect() as con:
        con.register("files_standing", _as_table(standing))
        [repeats] = con.execute(_query(listed, table_name), [*source, read_at, *source, read_at]).fetchone() or (0,)
    return int(repeats)


def _query(listed: str, table_name: str) -> str:
    when, told = _WHEN[table_name], f"hash({_TOLD[table_name]})"
    rows = f"SELECT {told} AS told, {when} AS told_on FROM read_parquet([{listed}])"
    stands = "(file_sha256, known_at) IN (SELECT (file_sha256, known_at) FROM files_standing)"
    return f"""
        WITH told_now AS MATERIALIZED (
            {rows} WHERE campaign_id = ? AND source_id = ? AND known_at = ? AND {stands}
        ),
        -- Only the days that the import speaks of: how long the history is does not matter.
        told_before AS (
            {rows} WHERE campaign_id = ? AND source_id = ? AND known_at != ? AND {stands}
            AND {when} BETWEEN (SELECT min(told_on) FROM told_now) AND (SELECT max(told_on) FROM told_now)
        )
        SELECT (SELECT count(*) FROM told_now)
            - (SELECT count(DISTINCT told) FROM told_now ANTI JOIN told_before USING (told))
    """


def _as_table(standing: Sequence[tuple[str, datetime]]) -> pa.Table:
    columns = {
        "file_sha256": pa.array([sha256 for sha256, _ in standing], pa.string()),
        "known_at": pa.array([known_at for _, known_at in standing], pa.timestamp("us", tz="UTC")),
    }
    return pa.table(columns)
