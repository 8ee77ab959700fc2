"""The same gifts told by two sources of a campaign: noticed by their ids, or by when and how much was given."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.landing.files import landed_files

_FEWEST = 3  # equal ids that are no chance
_FEWEST_MOMENTS = 10  # gifts of equal times and amounts that are none
_OTHER_MINUTES = (1, 2, 5, 15, 30, 60)  # before and after: what meets there meets by chance
_ALL_BUT = 0.05  # of sums of a day, where no time is told, so many may differ: round sums are alike anyhow


class Twins(NamedTuple):
    """Two sources, and how many gifts of the smaller one stand in the other as well."""

    source_id: str
    other_id: str
    gifts: int
    of_gifts: int


def find_twins(home: Path, campaign_id: str, standing: Sequence[tuple[str, str, datetime]]) -> list[Twins]:
    """The pairs of sources that share half of the gifts of one of them.

    `standing` is source, hash and import time of each file that was not taken back. Where neither id nor second is
    told, more gifts must share minute and amount than chance brings together; by the day alone, the sums of nearly
    every day.
    """
    paths = [str(path) for path in landed_files(home, "donations")]
    if not paths or len({source_id for source_id, _, _ in standing}) < 2:  # noqa: PLR2004 - a pair
        return []
    with duckdb.connect() as con:
        con.register("files_standing", _as_table(standing))
        con.execute(_GIFTS, {"paths": paths, "campaign": campaign_id})
        con.execute(_MINUTES)
        compared = con.execute(_PAIRS).fetchall()
        found = [_judged(con, *row) for row in compared]
    return [twins for twins in found if twins]


def _judged(  # noqa: PLR0917 - the columns of one row
    con: duckdb.DuckDBPyConnection, one: str, other: str, fewer: int, ids: int, seconds: int, sums: int, of_sums: int
) -> Twins | None:
    if ids >= _FEWEST and ids * 2 >= fewer:
        return Twins(one, other, min(ids, fewer), fewer)
    if seconds >= _FEWEST_MOMENTS and seconds * 2 >= fewer:
        return Twins(one, other, min(seconds, fewer), fewer)
    if sums >= _FEWEST_MOMENTS and sums >= of_sums * (1 - _ALL_BUT):
        return Twins(one, other, fewer, fewer)
    together, alone = _met(con, one, other, 0), _minutes_of(con, one, other)
    if together < _FEWEST_MOMENTS or together * 2 < alone:
        return None
    by_chance = max(_met(con, one, other, sign * minutes) for minutes in _OTHER_MINUTES for sign in (-1, 1))
    return Twins(one, other, together, fewer) if (together - by_chance) * 2 > alone - by_chance else None


def _met(con: duckdb.DuckDBPyConnection, one: str, other: str, minutes: int) -> int:
    """How many gifts of one meet one of the other of the same amount, so many minutes later."""
    [(met,)] = con.execute(_MET, {"one": one, "other": other, "minutes": minutes}).fetchall()
    return int(met)


def _minutes_of(con: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """How many gifts of one of the two have a minute: of the one that has fewer."""
    [(gifts,)] = con.execute(
        "SELECT least(coalesce(sum(gifts) FILTER (source_id = $one), 0),"
        " coalesce(sum(gifts) FILTER (source_id = $other), 0)) FROM by_minute",
        {"one": one, "other": other},
    ).fetchall()
    return int(gifts)


_GIFTS = """
    CREATE TABLE gifts AS
    SELECT DISTINCT
        source_id, donation_id, occurred_at, occurred_on, amount, precision,
        -- Ids that were made of what a row says are alike where nobody is named and much is given.
        donor_key IS NOT NULL OR NOT regexp_matches(donation_id, '^[0-9a-f]{32}-[0-9]+$|/row-') AS is_told
    FROM read_parquet($paths)
    WHERE campaign_id = $campaign AND amount > 0 AND NOT is_memo
    AND (source_id, file_sha256, known_at) IN (SELECT (source_id, file_sha256, known_at) FROM files_standing)
"""
_MINUTES = """
    -- A full hour may be an hour that was floored.
    CREATE TABLE by_minute AS
    SELECT source_id, date_trunc('minute', occurred_at) AS minute_at, amount, count(*) AS gifts
    FROM gifts
    WHERE precision IN ('instant', 'minute') AND date_part('minute', occurred_at) > 0
    GROUP BY ALL
"""
_MET = """
    SELECT coalesce(sum(least(a.gifts, b.gifts)), 0)
    FROM by_minute AS a
    INNER JOIN by_minute AS b ON a.amount = b.amount AND b.minute_at = a.minute_at + to_minutes($minutes)
    WHERE a.source_id = $one AND b.source_id = $other
"""
_PAIRS = """
    WITH sizes AS (
        SELECT source_id, count(DISTINCT donation_id) AS gifts, count(DISTINCT (occurred_on, amount)) AS sums
        FROM gifts GROUP BY ALL
    ),
    -- Seconds past the minute: times that were floored to it, or to the day, meet by chance.
    seconds AS (
        SELECT DISTINCT source_id, occurred_at, amount FROM gifts WHERE date_part('second', occurred_at) > 0
    ),
    by_day AS (SELECT source_id, occurred_on, amount, count(*) AS gifts FROM gifts GROUP BY ALL),
    ids_met AS (
        SELECT a.source_id AS one, b.source_id AS other, count(DISTINCT a.donation_id) AS met
        FROM gifts AS a INNER JOIN gifts AS b USING (donation_id, occurred_on, amount)
        WHERE a.source_id < b.source_id AND a.is_told GROUP BY ALL
    ),
    seconds_met AS (
        SELECT a.source_id AS one, b.source_id AS other, count(*) AS met
        FROM seconds AS a INNER JOIN seconds AS b USING (occurred_at, amount)
        WHERE a.source_id < b.source_id GROUP BY ALL
    ),
    -- As many gifts of the same amount on the same day.
    days_met AS (
        SELECT a.source_id AS one, b.source_id AS other, count(*) FILTER (a.gifts = b.gifts) AS met
        FROM by_day AS a INNER JOIN by_day AS b USING (occurred_on, amount)
        WHERE a.source_id < b.source_id GROUP BY ALL
    )
    SELECT
        d.one, d.other, least(s.gifts, t.gifts), coalesce(i.met, 0), coalesce(m.met, 0), d.met,
        greatest(s.sums, t.sums)
    FROM days_met AS d  -- what is the same has its days in common
    INNER JOIN sizes AS s ON s.source_id = d.one
    INNER JOIN sizes AS t ON t.source_id = d.other
    LEFT JOIN ids_met AS i ON (d.one, d.other) = (i.one, i.other)
    LEFT JOIN seconds_met AS m ON (d.one, d.other) = (m.one, m.other)
    ORDER BY d.one, d.other
"""


def _as_table(standing: Sequence[tuple[str, str, datetime]]) -> pa.Table:
    return pa.table(
        {
            "source_id": pa.array([source_id for source_id, _, _ in standing], pa.string()),
            "file_sha256": pa.array([sha256 for _, sha256, _ in standing], pa.string()),
            "known_at": pa.array([known_at for _, _, known_at in standing], pa.timestamp("us", tz="UTC")),
        }
    )
