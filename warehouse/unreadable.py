"""Landed files that cannot be read: why, and when the rows were collected that are lost with them.

They stay where they are, for a good copy to be put in their place. Until then nothing is proved of the time in which
their rows were collected: the attempts of it may say "seen whole", what was seen is not here.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# When a row of a table was collected; of other tables nothing is counted.
_COLLECTED_AT = {
    "entries": "fetched_at",
    "posts": "observed_at",
    "post_counts": "retrieved_at",
    "donations": "known_at",
    "donation_totals": "known_at",
}
_BESIDE = timedelta(minutes=1)  # an attempt is dated a moment after its rows
_EVER = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


class Column(NamedTuple):
    """One column of a raw table."""

    name: str
    kind: str
    is_nullable: bool


def envelope_fault(path: Path) -> str | None:
    """Why the file is no Parquet file, or None where it is one; its rows are not looked at."""
    try:
        pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        return f"no whole Parquet file ({type(error).__name__})"
    return None


def body_fault(con: duckdb.DuckDBPyConnection, path: Path, columns: list[Column]) -> str | None:
    """Why the rows of the file cannot be loaded, or None where they can; all of them are read, none is kept."""
    if not columns:
        return "this version has no table of this name"
    source = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')"
    try:
        found = {name for (name, *_) in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        lacking = [c.name for c in columns if not c.is_nullable and c.name not in found and c.name != "load_id"]
        if lacking:
            return f"it has no column {lacking[0]}"
        kept = [column for column in columns if column.name in found]
        cast = ", ".join(f'"{column.name}"::{column.kind}' for column in kept)
        filled = " AND ".join(f'"{column.name}" IS NOT NULL' for column in kept if not column.is_nullable) or "true"
        # A hash of every cell: what is not asked for is not decoded.
        select = f"SELECT bit_xor(hash({cast})), count(*) FILTER (NOT ({filled})) FROM {source}"
        _, empty = con.execute(select).fetchone() or (0, 0)
    except (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.FatalException):
        raise
    except duckdb.Error:
        return "its rows cannot be decoded"  # never the error's words: they may quote a cell
    return f"{empty} of its rows lack a value that every row has" if empty else None


def doubted_span(path: Path) -> tuple[datetime, datetime]:
    """From when to when the rows of an unreadable file may have been collected: as its end says, else at any time."""
    column = _COLLECTED_AT.get(path.parent.name)
    try:
        file = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return _EVER
    notes = [
        file.row_group(group).column(place).statistics
        for group in range(file.num_row_groups)
        for place in range(file.num_columns)
        if file.row_group(group).column(place).path_in_schema == column
    ]
    if not notes or not all(note and note.has_min_max and isinstance(note.min, datetime) for note in notes):
        return _EVER
    return min(note.min for note in notes) - _BESIDE, max(note.max for note in notes) + _BESIDE
