"""The same gifts told by two sources of a campaign: noticed by their ids, or by moments and amounts to the second."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.landing.files import landed_files

_FEWEST = 3  # equal ids that are no chance
_FEWEST_MOMENTS = 10  # equal moments with equal amounts that are none


class Twins(NamedTuple):
    """Two sources, and how many gifts of the smaller one stand in the other as well."""

    source_id: str
    other_id: str
    gifts: int
    of_gifts: int


def find_twins(home: Path, campaign_id: str, standing: Sequence[tuple[str, str, datetime]]) -> list[Twins]:
    """The pairs of sources that share half of the gifts of one of them.

    `standing` is source, hash and import time of each file that was not taken back.
    """
    paths = [str(path) for path in landed_files(home, "donations")]
    if not paths or len({source_id for source_id, _, _ in standing}) < 2:  # noqa: PLR2004 - a pair
        return []
    with duckdb.connect() as con:
        con.register("files_standing", _as_table(standing))
        rows = con.execute(_PAIRS, {"paths": paths, "campaign": campaign_id}).fetchall()
    return [Twins(*row) for row in rows]


_PAIRS = f"""
    WITH gifts AS (
        SELECT DISTINCT source_id, donation_id, occurred_at, occurred_on, amount
        FROM read_parquet($paths)
        WHERE campaign_id = $campaign AND amount > 0 AND NOT is_memo
        AND (source_id, file_sha256, known_at) IN (SELECT (source_id, file_sha256, known_at) FROM files_standing)
    ),
    sizes AS (SELECT source_id, count(DISTINCT donation_id) AS gifts FROM gifts GROUP BY ALL),
    -- Seconds past the minute: times that were floored to it, or to the day, meet by chance.
    moments AS (
        SELECT DISTINCT source_id, occurred_at, amount FROM gifts WHERE date_part('second', occurred_at) > 0
    ),
    pairs AS (
        SELECT a.source_id AS one, b.source_id AS other, count(DISTINCT a.donation_id) AS ids, 0 AS moments
        FROM gifts AS a INNER JOIN gifts AS b USING (donation_id, occurred_on, amount)
        WHERE a.source_id < b.source_id GROUP BY ALL
        UNION ALL
        SELECT a.source_id, b.source_id, 0, count(*)
        FROM moments AS a INNER JOIN moments AS b USING (occurred_at, amount)
        WHERE a.source_id < b.source_id GROUP BY ALL
    ),
    compared AS (
        SELECT
            p.one, p.other, max(p.ids) AS ids, max(p.moments) AS moments,
            least(any_value(s.gifts), any_value(t.gifts)) AS fewer
        FROM pairs AS p
        INNER JOIN sizes AS s ON s.source_id = p.one
        INNER JOIN sizes AS t ON t.source_id = p.other
        GROUP BY ALL
    )
    SELECT one, other, least(greatest(ids, moments), fewer), fewer
    FROM compared
    WHERE (ids >= {_FEWEST} AND ids * 2 >= fewer) OR (moments >= {_FEWEST_MOMENTS} AND moments * 2 >= fewer)
    ORDER BY one, other
"""


def _as_table(standing: Sequence[tuple[str, str, datetime]]) -> pa.Table:
    return pa.table(
        {
            "source_id": pa.array([source_id for source_id, _, _ in standing], pa.string()),
            "file_sha256": pa.array([sha256 for _, sha256, _ in standing], pa.string()),
            "known_at": pa.array([known_at for _, _, known_at in standing], pa.timestamp("us", tz="UTC")),
        }
    )
