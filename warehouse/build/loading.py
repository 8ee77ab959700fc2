"""From the landing zone into `raw`: each landed file once, all of a load in one transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.landing.files import landed_files
from warehouse.landing.known_by import files_known_by, rows_known_by
from warehouse.landing.unreadable import Broken, broken_files, look_at_all
from warehouse.sql_text import listed
from warehouse.store import transaction

FILES_A_STATEMENT = 500


@dataclass(kw_only=True)
class Loaded:
    """What one load brought in."""

    load_id: int
    files: int = 0
    rows: int = 0
    broken: dict[Path, Broken] = field(default_factory=dict)  # left where they are; the next load tries again


def load_landed(
    con: duckdb.DuckDBPyConnection,
    home: Path,
    now: datetime,
    on_news: Callable[[], object] = lambda: None,
    *,
    by: datetime | None = None,
) -> Loaded:
    """Load every landed file that was not loaded before; one that cannot be read is left where it is and named.

    Where there is one, `on_news` is called before the first of them is loaded. With `by`, only rows that were known
    by that instant are loaded.
    """
    known = set(con.execute("SELECT table_name, file_name FROM raw.landed_files WHERE unreadable IS NULL").fetchall())
    waiting = [path for path in landed_files(home) if (path.parent.name, path.name) not in known]
    [last] = con.execute("SELECT coalesce(max(load_id), 0) FROM raw.landed_files").fetchone() or (0,)
    loaded = Loaded(load_id=last + 1)
    broken = broken_files(waiting)
    loaded.broken = {path: found for path, found in broken.items() if by is None or found.from_at <= by}
    readable = [path for path in waiting if path not in broken]
    if readable:
        on_news()
    try:
        _load_or_note(con, readable if by is None else files_known_by(con, readable, by), loaded, now, by)
    except duckdb.Error:
        # Only then is each looked at: that costs as much as loading them.
        broken = look_at_all(readable)
        if not broken:
            raise
        loaded.broken |= broken
        whole = [path for path in readable if path not in broken]
        _load_or_note(con, whole if by is None else files_known_by(con, whole, by), loaded, now, by)
    return loaded


def _load_or_note(
    con: duckdb.DuckDBPyConnection, paths: list[Path], loaded: Loaded, now: datetime, by: datetime | None
) -> None:
    by_table: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_table[path.parent.name].append(path)
    rows = 0
    with transaction(con):
        _note_unreadable(con, loaded, now)
        for table, files in by_table.items():
            columns = _columns(con, table)
            for start in range(0, len(files), FILES_A_STATEMENT):
                batch = files[start : start + FILES_A_STATEMENT]
                rows += _load_files(con, table, columns, batch, loaded.load_id, by)
                _remember(con, table, batch, loaded.load_id, now)
    loaded.files, loaded.rows = len(paths), rows


def _load_files(  # noqa: PLR0917 - one caller, and each is of another type
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: set[str],
    paths: list[Path],
    load_id: int,
    by: datetime | None,
) -> int:
    source = f"read_parquet({listed(paths)}, union_by_name = true)"
    found = [name for (name, *_) in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    # A field that this version does not know stays in the file; a later version may load it.
    kept = ", ".join(f'"{name}"' for name in found if name in columns)
    insert = f"INSERT INTO raw.{table} BY NAME SELECT {kept}, {load_id}::BIGINT AS load_id FROM {source}"
    if by is not None:
        insert += f" WHERE {rows_known_by(table, by)}"
    [rows] = con.execute(insert).fetchone() or (0,)
    return int(rows)


def _remember(con: duckdb.DuckDBPyConnection, table: str, paths: list[Path], load_id: int, now: datetime) -> None:
    names = listed(path.name for path in paths)
    # The time in doubt of a file that was unreadable before stays known: its coverage has to be computed again.
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE loaded_files AS
        SELECT ? AS table_name, unnest({names}) AS file_name, ?::BIGINT AS load_id, ?::TIMESTAMPTZ AS loaded_at""",
        [table, load_id, now],
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE loaded_files AS
        SELECT l.*, f.doubted_from_at, f.doubted_to_at
        FROM loaded_files AS l LEFT JOIN raw.landed_files AS f USING (table_name, file_name)"""
    )
    con.execute(
        """DELETE FROM raw.landed_files WHERE unreadable IS NOT NULL
        AND (table_name, file_name) IN (SELECT (table_name, file_name) FROM loaded_files)"""
    )
    con.execute("INSERT INTO raw.landed_files BY NAME FROM loaded_files")
    con.execute("DROP TABLE loaded_files")


def _note_unreadable(con: duckdb.DuckDBPyConnection, loaded: Loaded, now: datetime) -> None:
    """Keep which files could not be read; what is known of them already is no news."""
    if not loaded.broken:
        return
    noted = set(con.execute("SELECT table_name, file_name FROM raw.landed_files").fetchall())
    for path, broken in loaded.broken.items():
        if (path.parent.name, path.name) not in noted:
            con.execute(
                "INSERT INTO raw.landed_files VALUES (?, ?, ?, ?, ?, ?, ?)",
                [path.parent.name, path.name, loaded.load_id, now, *broken],
            )


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = ?", [table]
    ).fetchall()
    return {name for (name,) in rows}
