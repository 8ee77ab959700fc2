"""What `published/` holds, by content: `manifest.json` has the SHA-256 of each file and the run of each table.

A table is known by the run that made its rows, never by a number that could start again. A file that is gone, was
changed by other hands or comes from another moment has another hash, and counts as not published.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

DATABASE = "afterdebate.duckdb"
_NAME = "manifest.json"


@dataclass(kw_only=True)
class Manifest:
    """The files of one publication and the tables in them."""

    files: dict[str, str] = field(default_factory=dict)  # name -> SHA-256
    tables: dict[str, str] = field(default_factory=dict)  # schema.table -> run_id


def read_manifest(folder: Path) -> Manifest:
    """What was published last; nothing where there is no manifest that could be read."""
    try:
        read = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        return Manifest(files=dict(read["files"]), tables=dict(read["tables"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Manifest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest, whole or not at all."""
    partial = folder / f".{_NAME}.partial"
    partial.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    put_in_place(partial, folder / _NAME)


def tables_standing(folder: Path, manifest: Manifest) -> dict[str, str]:
    """The run of each table whose files hold what the manifest says; of none where the database does not."""
    whole = {name for name, sha256 in manifest.files.items() if file_hash(folder / name) == sha256}
    if DATABASE not in whole:
        return {}
    return {table: run_id for table, run_id in manifest.tables.items() if parquet_name(table) in whole}


def parquet_name(table: str) -> str:
    """The name of a published table's Parquet file."""
    return f"{table.partition('.')[2]}.parquet"


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes in hex digits; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def put_in_place(partial: Path, target: Path) -> None:
    """Flush a file to disk and give it its name."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    # A group that may enter the folder may read what is in it; nobody else may.
    partial.chmod(0o600 | target.parent.stat().st_mode & 0o040)
    partial.replace(target)
