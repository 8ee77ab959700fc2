"""What analysts open: `published/afterdebate.duckdb` and one Parquet file a table, each replaced in one step.

A reader keeps the file that he opened; the next one to open gets the next file. Only tables that changed since the
last publication are rewritten. The database is replaced last: a crash before that leaves a publication that the next
build sees to be old.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.models import comment, models, sql_hash
from warehouse.store import transaction

# Schema `facts` holds what a campaign's folder says, so that a query can join events to numbers.
FACTS = ("campaigns", "candidates", "events", "sources", "source_health")


def published_file(home: Path) -> Path:
    """Where the published database of a home is, or will be."""
    return home / "published" / "afterdebate.duckdb"


def is_published(home: Path, load_id: int) -> bool:
    """Whether the published database holds what the build of this load made, by the SQL of this version."""
    return _published_load(published_file(home)) == load_id


def publish(con: duckdb.DuckDBPyConnection, home: Path, load_id: int, tell: Callable[[str], None]) -> list[str]:
    """Publish what the warehouse holds; returns the tables that were rewritten."""
    path = published_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left_by_a_crash in path.parent.glob(".*.partial*"):
        left_by_a_crash.unlink()
    since = _published_load(path)
    changed = _changed_tables(con, since)
    for table in changed:
        tell(f"publishing {_target(table)}.parquet")
        _publish_parquet(con, table, path.parent)
    tell(f"publishing {path.name}")
    _publish_database(con, path, changed, is_new=since is None, load_id=load_id)
    return changed


def _publish_parquet(con: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    target = folder / f"{table.partition('.')[2]}.parquet"
    partial = folder / f".{target.name}.partial"
    con.execute(f"COPY (FROM {table}) TO '{_escaped(partial)}' (FORMAT parquet, COMPRESSION zstd)")
    _replace(partial, target)


def _publish_database(
    con: duckdb.DuckDBPyConnection, path: Path, changed: list[str], *, is_new: bool, load_id: int
) -> None:
    partial = path.parent / f".{path.name}.partial"
    if not is_new:
        shutil.copyfile(path, partial)
    with _attached(con, partial), transaction(con):
        for table in changed:
            target = _target(table)
            con.execute(f"CREATE SCHEMA IF NOT EXISTS publication.{target.partition('.')[0]}")
            con.execute(f"CREATE OR REPLACE TABLE publication.{target} AS FROM {table}")
            comment(con, f"publication.{target}", _paths()[table])
        con.execute("CREATE SCHEMA IF NOT EXISTS publication.facts")
        con.execute(
            "CREATE OR REPLACE TABLE publication.facts.publication AS SELECT ?::BIGINT AS load_id, ? AS sql_hash",
            [load_id, sql_hash()],
        )
    _replace(partial, path)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    con.execute(f"ATTACH '{_escaped(path)}' AS publication")
    try:
        yield
        # Else a .wal stays behind that the rename would orphan.
        con.execute("CHECKPOINT publication")
    finally:
        con.execute("DETACH publication")


def _published_load(path: Path) -> int | None:
    """The load that is published, or None where there is none of this version's shape."""
    if not path.exists():
        return None
    try:
        with duckdb.connect(path, read_only=True) as published:
            row = published.execute("SELECT load_id FROM facts.publication WHERE sql_hash = ?", [sql_hash()]).fetchone()
    except (duckdb.IOException, duckdb.CatalogException):
        return None
    return row[0] if row else None


def _changed_tables(con: duckdb.DuckDBPyConnection, since: int | None) -> list[str]:
    published = [table for table in _paths() if table.startswith("metrics.")] + [f"staging.{name}" for name in FACTS]
    if since is None:
        return published
    rows = con.execute("SELECT table_name FROM staging.changed_tables WHERE load_id > ?", [since]).fetchall()
    changed = {name for (name,) in rows}
    return [table for table in published if table in changed]


def _paths() -> dict[str, Path]:
    return {model.name: model.path for model in models()}


def _target(table: str) -> str:
    return table.replace("staging.", "facts.")


def _replace(partial: Path, target: Path) -> None:
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    # A group that may enter the folder may read what is in it; nobody else may.
    partial.chmod(0o600 | target.parent.stat().st_mode & 0o040)
    partial.replace(target)


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
