"""What a publication holds, in one number a table: two of the same landing zone can be compared without keeping both.

The number of a table is the sum of its rows' hashes, so it knows rows and how often each stands there, and no order.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.publish.publishing import published_file
from warehouse.store import StoreBusy, open_to_read

_RUNS = ("runs", "publication")  # they say which build it was, and no two builds are one
_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE table_name NOT IN ? ORDER BY ALL"


class Fingerprint(NamedTuple):
    """The rows of one table, without the build that made them."""

    rows: int
    sum_of_hashes: int
    columns: str  # named and in their order: a table of another version has others


def fingerprints(home: Path) -> dict[str, Fingerprint]:
    """Each published table's fingerprint, by schema.table; none where nothing is published that could be read."""
    file = published_file(home)
    with suppress(duckdb.Error, StoreBusy):
        if file.is_file():
            with open_to_read(file) as con:
                return dict(_fingerprints(con))
    return {}


def _fingerprints(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Fingerprint]]:
    for schema, name in con.execute(_TABLES, [_RUNS]).fetchall():
        rows = f"SELECT COLUMNS(c -> c != 'run_id') FROM {schema}.{name}"
        columns = [column for column, *_ in con.execute(f"DESCRIBE {rows}").fetchall()]
        count, total = con.execute(f"SELECT count(*), coalesce(sum(hash(r)), 0) FROM ({rows}) AS r").fetchone() or (
            0,
            0,
        )
        yield f"{schema}.{name}", Fingerprint(int(count), int(total), ", ".join(columns))
