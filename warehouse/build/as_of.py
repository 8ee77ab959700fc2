"""The tables as the data stood at an instant: only rows known by then are loaded, and all is told as of then.

Erasures and reductions made since hold all the same, because they rewrote the landing zone itself. Nothing of the home
is written: the warehouse is made in the target folder and is gone at the end, since it holds people.

The same instant gives the same files byte for byte: one thread adds up, rows of a file have an order, no clock is read.
DuckDB gives each database a random id, so that file is the same row for row, and the manifest, which is the
same each time, names the Parquet files alone.
"""

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.build.loading import load_landed
from warehouse.build.run import Asked, Built, Tell, build_in_one_transaction
from warehouse.build.stopwatch import Stopwatch
from warehouse.landing.erasing import is_unfinished
from warehouse.landing.files import landed_files
from warehouse.landing.known_by import refuse_before_first
from warehouse.publish.manifest import Manifest, parquet_name, read_manifest, write_manifest
from warehouse.publish.publishing import publish_database, publish_parquet, published_file, tables_to_publish
from warehouse.store import StoreBusy, open_store

_SCRATCH = ".building"  # left by a crash; holds what landed, so the next attempt removes it first


class TargetInUse(Exception):
    """The folder to build into holds something; the message says what to do."""


def build_as_of(home: Path, as_of: datetime, into: Path, version: str, tell: Tell) -> Built:
    """Publish into `into` what the tables would have said at that instant.

    Raises:
        NothingKnown: no campaign had landed by then.
        TargetInUse: `into` holds something, or lies in the home.
        StoreBusy: something was erased meanwhile; nothing was published.
        ChecksFailed: a table would hold what must never be; nothing was published.
    """
    refuse_before_first(home, as_of)
    _make_ready(home, into)
    scratch = into / _SCRATCH
    watch = Stopwatch()
    built = Built(published=published_file(into))
    try:
        watch.begin("load")
        with open_store(scratch) as con:
            # The order in which numbers are added up decides their last digits.
            con.execute("SET threads = 1")
            con.execute("SET preserve_insertion_order = true")
            before = _stamps(home)
            loaded = load_landed(con, home, as_of, by=as_of)
            if is_unfinished(home) or any(_stamps(home).get(path) != stamp for path, stamp in before.items()):
                raise StoreBusy(f"{home}: something is erased just now. Mend: build again when that has ended")
            built.files_loaded, built.rows_loaded = loaded.files, loaded.rows
            built.unreadable = {path: broken.fault for path, broken in loaded.broken.items()}
            asked = Asked(now=as_of, version=version, is_as_of=True)
            built.run_id = build_in_one_transaction(con, asked, [], loaded.rows, tell, watch)
            [built.days_touched] = con.execute("SELECT count(*) FROM staging.touched_days").fetchone() or (0,)
            watch.begin("publish")
            built.tables_published = _publish_whole(con, published_file(scratch).parent, tell)
        published_file(scratch).parent.replace(published_file(into).parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    watch.end()
    built.seconds = dict(watch.seconds)
    return built


def hash_of_tables(into: Path) -> str:
    """One hash of all published tables: of the names and hashes of their Parquet files."""
    files = sorted(read_manifest(published_file(into).parent).files.items())
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _make_ready(home: Path, into: Path) -> None:
    if into.resolve().is_relative_to(home.resolve()):
        raise TargetInUse(f"{into} lies in the home. Mend: name a folder outside of {home}")
    into.mkdir(parents=True, exist_ok=True)
    if any(path.name != _SCRATCH for path in into.iterdir()):
        raise TargetInUse(f"{into} is not empty. Mend: name a folder that is not there yet")
    shutil.rmtree(into / _SCRATCH, ignore_errors=True)
    (into / _SCRATCH).mkdir(mode=0o700)


def _stamps(home: Path) -> dict[Path, tuple[int, int]]:
    found = ((path, path.stat()) for path in landed_files(home))
    return {path: (stat.st_mtime_ns, stat.st_ino) for path, stat in found}


def _publish_whole(con: duckdb.DuckDBPyConnection, folder: Path, tell: Tell) -> list[str]:
    folder.mkdir()
    held = dict(con.execute("SELECT table_name, run_id FROM staging.changed_tables").fetchall())
    tables = [table for table in tables_to_publish() if table in held]
    files = {}
    for table in tables:
        tell(f"publishing {parquet_name(table)}")
        files[parquet_name(table)] = publish_parquet(con, table, folder, order="ORDER BY ALL")
    publish_database(con, folder, tables, is_new=True)
    write_manifest(folder, Manifest(files=files, tables=held))
    return tables
