"""What analysts open: `published/afterdebate.duckdb` and one Parquet file a table, each replaced in one step.

A reader keeps the file that he opened; the next one to open gets the next file. Only tables whose files do not hold
the run that the warehouse holds are rewritten: see `manifest`. A warehouse that was made anew has another run for every
table, so all are published, in a database without pages of the one before. The database is replaced after the Parquet
files and the manifest last: a crash before that leaves a publication that the next build sees to be old.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.publish.datapackage import PACKAGE, write_datapackage
from warehouse.publish.manifest import (
    DATABASE,
    Manifest,
    file_hash,
    parquet_name,
    put_in_place,
    read_manifest,
    tables_standing,
    write_manifest,
)
from warehouse.sql_files import statement_of, table_files
from warehouse.sql_text import quoted
from warehouse.store import open_file, transaction
from warehouse.tables.models import comment, models, sql_hash

_OF_THE_PUBLICATION = {
    "TABLE publication.facts.publication": "What this file holds: one row. Key: run_id.",
    "COLUMN publication.facts.publication.run_id": "The build that wrote the file last: see metrics.runs.",
    "COLUMN publication.facts.publication.sql_hash": "A hash of the SQL that its tables were built with.",
}
# Schema `facts` holds what a campaign's folder says, so that a query can join events to numbers.
FACTS = ("campaigns", "candidates", "events", "sources", "source_health", "rejects", "territories")


def published_file(home: Path) -> Path:
    """Where the published database of a home is, or will be."""
    return home / "published" / DATABASE


def tables_to_publish() -> list[str]:
    """The tables of the warehouse that are published, as schema.table."""
    metrics = [model.name for model in models() if model.name.startswith("metrics.")]
    return metrics + [f"staging.{name}" for name in FACTS]


def publish(con: duckdb.DuckDBPyConnection, home: Path, tell: Callable[[str], None]) -> list[str]:
    """Publish what the warehouse holds and the files do not; returns the tables that were rewritten."""
    folder = published_file(home).parent
    folder.mkdir(parents=True, exist_ok=True)
    for left_by_a_crash in folder.glob(".*.partial*"):
        left_by_a_crash.unlink()
    held = dict(con.execute("SELECT table_name, run_id FROM staging.changed_tables").fetchall())
    last = read_manifest(folder)
    standing = tables_standing(folder, last)
    changed = [table for table in held if standing.get(table) != held[table]]
    if changed or file_hash(folder / PACKAGE) != last.files.get(PACKAGE):
        files = {name: sha256 for name, sha256 in last.files.items() if name in map(parquet_name, held)}
        for table in changed:
            tell(f"publishing {_target(table)}.parquet")
            files[parquet_name(table)] = publish_parquet(con, table, folder)
        for name in last.files.keys() - files.keys() - {DATABASE, PACKAGE}:
            (folder / name).unlink(missing_ok=True)  # of a table that this version has no more
        files[DATABASE] = last.files.get(DATABASE, "")
        if changed:
            tell(f"publishing {DATABASE}")
            files[DATABASE] = publish_database(con, folder, changed, is_new=len(changed) == len(held))
        paths = {model.name: model.path for model in models()}
        files[PACKAGE] = write_datapackage(folder, {_target(table): paths[table] for table in held}, files)
        write_manifest(folder, Manifest(files=files, tables=held))
    return changed


def publish_parquet(con: duckdb.DuckDBPyConnection, table: str, folder: Path, *, order: str = "") -> str:
    """Replace the Parquet file of a table; returns its SHA-256. `order` is a clause of SQL on its rows."""
    target = folder / parquet_name(table)
    partial = folder / f".{target.name}.partial"
    con.execute(f"COPY (FROM {table} {order}) TO {quoted(partial)} (FORMAT parquet, COMPRESSION zstd)")
    return _put(partial, target)


def publish_database(con: duckdb.DuckDBPyConnection, folder: Path, changed: list[str], *, is_new: bool) -> str:
    """Replace the database: the changed tables of the one before, or all of a new one; returns its SHA-256."""
    partial = folder / f".{DATABASE}.partial"
    if not is_new:
        shutil.copyfile(folder / DATABASE, partial)
    paths = {model.name: model.path for model in models()}
    with _attached(con, partial), transaction(con):
        for table in changed:
            target = _target(table)
            con.execute(f"CREATE SCHEMA IF NOT EXISTS publication.{target.partition('.')[0]}")
            con.execute(f"CREATE OR REPLACE TABLE publication.{target} AS FROM {table}")
            comment(con, f"publication.{target}", paths[table])
        con.execute("CREATE SCHEMA IF NOT EXISTS publication.facts")
        con.execute(
            "CREATE OR REPLACE TABLE publication.facts.publication AS"
            " SELECT run_id, ? AS sql_hash FROM staging.this_run",
            [sql_hash()],
        )
        for target, told in _OF_THE_PUBLICATION.items():
            con.execute(f"COMMENT ON {target} IS '{told}'")
    _create_views(partial)
    return _put(partial, folder / DATABASE)


def _create_views(path: Path) -> None:
    # In a connection of the file's own: a view keeps the name of the database that its tables stood in.
    with open_file(path) as con:
        for view in table_files("views"):
            name = f"metrics.{view.stem}"
            con.execute(f"CREATE OR REPLACE VIEW {name} AS {statement_of(view)}")
            comment(con, name, view, kind="VIEW")


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    con.execute(f"ATTACH {quoted(path)} AS publication")
    try:
        yield
        # Else a .wal stays behind that the rename would orphan.
        con.execute("CHECKPOINT publication")
    finally:
        con.execute("DETACH publication")


def _put(partial: Path, target: Path) -> str:
    sha256 = file_hash(partial)
    put_in_place(partial, target)
    return sha256


def _target(table: str) -> str:
    return table.replace("staging.", "facts.")
