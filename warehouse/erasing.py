"""Takes rows out of a home for good: out of the landing zone, the warehouse and what is published.

The landing zone is rewritten first: whatever stops the rest, the next build can bring nothing back.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.landing import land_table
from warehouse.store import open_store


@dataclass(slots=True)
class Erased:
    """What was taken out."""

    rows: int = 0
    files: dict[str, str | None] = field(default_factory=dict)  # landed file -> what holds its other rows


def erase_landed(home: Path, table_name: str, column: str, values: Collection[str]) -> Erased:
    """Rewrite every landed file of a table that has a row with one of the values, without those rows."""
    erased = Erased()
    wanted = pa.array(sorted(values), pa.string())
    for path in sorted((home / "landing" / table_name).glob("[!.]*.parquet")):
        if not pc.any(pc.is_in(pq.read_table(path, columns=[column])[column], wanted)).as_py():
            continue
        rows = pq.ParquetFile(path).read()
        kept = rows.filter(pc.invert(pc.is_in(rows[column], wanted)))
        erased.rows += rows.num_rows - kept.num_rows
        erased.files[path.name] = land_table(home, table_name, kept).name if kept.num_rows else None
        path.unlink()
    return erased


def erase_stored(home: Path, table_name: str, column: str, values: Collection[str], erased: Erased) -> None:
    """Take the same rows out of the warehouse; its next build starts from raw, and its file holds no trace of them.

    Raises:
        StoreBusy: another build is running.
    """
    warehouse = home / "warehouse.duckdb"
    if not warehouse.exists():
        return
    with open_store(home) as con:
        con.execute(f"DELETE FROM raw.{table_name} WHERE {column} IN (SELECT unnest(?))", [sorted(values)])
        for old, new in erased.files.items():
            where = "WHERE table_name = ? AND file_name = ?"
            if new is None:
                con.execute(f"DELETE FROM raw.landed_files {where}", [table_name, old])
            else:
                con.execute(f"UPDATE raw.landed_files SET file_name = ? {where}", [new, table_name, old])
        if con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'this_run'").fetchone():
            con.execute("DELETE FROM staging.this_run")
            con.execute("DROP TABLE IF EXISTS staging.donations")
            con.execute("DROP TABLE IF EXISTS staging.donor_firsts")
    _rewrite(warehouse)


def _rewrite(warehouse: Path) -> None:
    """Copy the database to a fresh file: deleted rows stay readable in the free blocks of the one they were in."""
    fresh = warehouse.with_name(f".{warehouse.name}.fresh")
    fresh.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{warehouse}' AS kept (READ_ONLY)")
        con.execute(f"ATTACH '{fresh}' AS fresh")
        con.execute("COPY FROM DATABASE kept TO fresh")
        con.execute("DETACH fresh")
    fresh.replace(warehouse)
