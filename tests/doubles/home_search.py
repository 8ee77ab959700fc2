"""A search of all that a folder holds: Parquet and databases decoded, archives inflated, and the raw bytes of each."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq


def where_found(folder: Path, needle: str) -> list[str]:
    """Every file of a folder that holds `needle`, decoded or raw."""
    return sorted({name for name, text in _texts(folder) if needle in text})


def found_in_home(home: Path, texts: list[str]) -> list[tuple[str, str]]:
    """(text, file) for each of the texts that some file of the home holds, whatever its letters' case."""
    found = {(text, name) for name, held in _texts(home) for text in texts if text.lower() in held.lower()}
    return sorted(found, key=lambda pair: pair[1])


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.exists():  # the log beside a database goes when the last reader closes it
            for text in _decoded(path, path.read_bytes()):
                yield path.relative_to(folder).as_posix(), text


def _decoded(path: Path, raw: bytes) -> Iterator[str]:
    content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    yield raw.decode("latin-1")
    yield content.decode("latin-1")
    yield content.decode("utf-8", errors="replace")
    if raw[:4] == b"PAR1":
        yield str(pq.ParquetFile(path).read().to_pylist())
    elif path.suffix == ".duckdb":
        yield from _duckdb(path)
    elif raw[:15] == b"SQLite format 3":
        yield from _sqlite(path)


def _duckdb(path: Path) -> Iterator[str]:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path}' AS d (READ_ONLY)")
        tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'd'")
        for schema, table in tables.fetchall():
            yield str(con.execute(f'SELECT * FROM d."{schema}"."{table}"').fetchall())


def _sqlite(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as con:
        for (table,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            yield str(con.execute(f'SELECT * FROM "{table}"').fetchall())
