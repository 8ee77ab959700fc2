"""From the landing zone into `raw`: each landed file once, all of a load in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.landing import landed_files
from warehouse.store import transaction

FILES_A_STATEMENT = 500


@dataclass(kw_only=True)
class Loaded:
    """What one load brought in."""

    load_id: int
    files: int = 0
    rows: int = 0
    unreadable: dict[Path, str] = field(default_factory=dict)  # left where they are; the next load tries again


def load_landed(
    con: duckdb.DuckDBPyConnection, home: Path, now: datetime, on_news: Callable[[], object] = lambda: None
) -> Loaded:
    """Load every landed file that was not loaded before; a file that is no whole Parquet file is left and named.

    Where there is one, `on_news` is called before the first of them is loaded.
    """
    known = set(con.execute("SELECT table_name, file_name FROM raw.landed_files").fetchall())
    waiting = [path for path in landed_files(home) if (path.parent.name, path.name) not in known]
    [last] = con.execute("SELECT coalesce(max(load_id), 0) FROM raw.landed_files").fetchone() or (0,)
    loaded = Loaded(load_id=last + 1)
    by_table: dict[str, list[Path]] = defaultdict(list)
    for path in waiting:
        # Looked at before the transaction begins: an error within one would end it.
        if _is_readable(path, loaded):
            by_table[path.parent.name].append(path)
    if by_table:
        on_news()
    with transaction(con):
        for table, paths in by_table.items():
            columns = _columns(con, table)
            for start in range(0, len(paths), FILES_A_STATEMENT):
                readable = [path for path in paths[start : start + FILES_A_STATEMENT] if _is_readable(path, loaded)]
                if readable:
                    loaded.rows += _load_files(con, table, columns, readable, loaded.load_id)
                    _remember(con, table, readable, loaded.load_id, now)
                    loaded.files += len(readable)
    return loaded


def _load_files(con: duckdb.DuckDBPyConnection, table: str, columns: set[str], paths: list[Path], load_id: int) -> int:
    source = f"read_parquet({_listed(str(path) for path in paths)}, union_by_name = true)"
    found = [name for (name, *_) in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    # A field that this version does not know stays in the file; a later version may load it.
    kept = ", ".join(f'"{name}"' for name in found if name in columns)
    insert = f"INSERT INTO raw.{table} BY NAME SELECT {kept}, {load_id}::BIGINT AS load_id FROM {source}"
    [rows] = con.execute(insert).fetchone() or (0,)
    return int(rows)


def _remember(con: duckdb.DuckDBPyConnection, table: str, paths: list[Path], load_id: int, now: datetime) -> None:
    names = _listed(path.name for path in paths)
    con.execute(f"INSERT INTO raw.landed_files SELECT ?, unnest({names}), ?, ?", [table, load_id, now])


def _listed(texts: Iterable[str]) -> str:
    """A SQL list of the texts: as a parameter a long list is slow, DuckDB looks for pandas at each element."""
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def _is_readable(path: Path, loaded: Loaded) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError) as error:
        loaded.unreadable[path] = str(error).splitlines()[0]
        return False
    return True


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = ?", [table]
    ).fetchall()
    return {name for (name,) in rows}
