"""Every text that a home holds, decoded: Parquet, databases and archives inflated, then the raw bytes of the rest."""

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb


def found_in_home(home: Path, texts: list[str]) -> list[tuple[str, str]]:
    """(text, file) for each of the texts that some file of the home holds, whatever its letters' case."""
    return [
        (text, str(path.relative_to(home)))
        for path in sorted(home.rglob("*"))
        if path.is_file()
        for content in [_decoded(path).lower()]
        for text in texts
        if text.lower() in content
    ]


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    unpacked = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return "\n".join([unpacked.decode("latin-1"), unpacked.decode("utf-8", errors="replace"), *_cells(path)])


def _cells(path: Path) -> Iterator[str]:
    with duckdb.connect() as con:
        if path.suffix == ".parquet":
            yield str(con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall())
        elif path.suffix == ".duckdb":
            con.execute(f"ATTACH '{path}' AS d (READ_ONLY)")
            tables = con.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'd'"
            ).fetchall()
            for schema, table in tables:
                yield str(con.execute(f'SELECT * FROM d."{schema}"."{table}"').fetchall())
        elif path.suffix == ".sqlite":
            state = sqlite3.connect(path)
            for (table,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                yield str(state.execute(f'SELECT * FROM "{table}"').fetchall())
            state.close()
