"""Whether the stored databases and the published files can be read to the last page, and are what the manifest says."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.publish.manifest import DATABASE, file_hash, read_manifest
from warehouse.publish.publishing import published_file
from warehouse.store import StoreBusy, open_to_read
from warehouse.tables.models import sql_hash

WAREHOUSE = "warehouse.duckdb"


def store_fault(file: Path) -> str | None:
    """Why a stored database cannot be read whole; None where it can, or is not there.

    Raises:
        StoreBusy: a build is writing it.
    """
    if not file.is_file():
        return None
    try:
        with open_to_read(file) as con:
            tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
            for schema, name in tables:
                # A hash of every cell: what is not asked for is not read.
                con.execute(f'SELECT bit_xor(hash(r)) FROM "{schema}"."{name}" AS r').fetchall()
    except StoreBusy:
        raise
    except duckdb.Error as error:
        return str(error).partition("\n")[0].partition("Error: ")[2] or type(error).__name__
    return None


def publication_faults(home: Path) -> Iterator[tuple[str, str]]:
    """What is not as `manifest.json` says: name and fault. Nothing where nothing was ever published."""
    folder = published_file(home).parent
    files = sorted(path.name for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))
    if not files:
        return
    manifest = read_manifest(folder)
    if not manifest.files:
        yield "manifest.json", "is gone, or cannot be read: nothing says what the published files are"
        return
    for name, sha256 in manifest.files.items():
        if name not in files:
            yield name, "is gone"
        elif file_hash(folder / name) != sha256:
            yield name, "holds other bytes than were published"
    for name in files:
        if name not in manifest.files and name != "manifest.json":
            yield name, "was not published by us"


def is_of_another_version(home: Path) -> bool:
    """Were the published tables made by the SQL of another version?"""
    file = published_file(home)
    try:
        with open_to_read(file) as con:
            row = con.execute("SELECT sql_hash FROM facts.publication").fetchone()
    except (duckdb.Error, StoreBusy):
        return file.is_file() and file.name == DATABASE and _can_be_read(file)
    return row is None or row[0] != sql_hash()


def _can_be_read(file: Path) -> bool:
    try:
        return store_fault(file) is None
    except StoreBusy:
        return False
