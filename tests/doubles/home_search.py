"""A search that decodes first: every column of Parquet files and databases as text, then the bytes of the rest."""

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq


def where_found(folder: Path, needle: str) -> list[str]:
    """Every place in a folder that holds `needle`, decoded or raw."""
    return sorted({place for place, text in _texts(folder) if needle in text})


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        if not path.exists():  # the log beside a database goes when the last reader closes it
            continue
        content = path.read_bytes()
        yield name, content.decode("utf-8", errors="replace")
        if path.suffix == ".gz":
            yield name, gzip.decompress(content).decode("utf-8", errors="replace")
        elif content[:4] == b"PAR1":
            yield name, str(pq.ParquetFile(path).read().to_pylist())
        elif path.suffix == ".duckdb":
            yield from ((f"{name}:{table}", rows) for table, rows in _duckdb(path))
        elif content[:15] == b"SQLite format 3":
            yield from ((f"{name}:{table}", rows) for table, rows in _sqlite(path))


def _duckdb(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(path, read_only=True) as con:
        for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            yield f"{schema}.{table}", str(con.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall())


def _sqlite(path: Path) -> Iterator[tuple[str, str]]:
    con = sqlite3.connect(path)
    for (table,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        yield table, str(con.execute(f'SELECT * FROM "{table}"').fetchall())
    con.close()
