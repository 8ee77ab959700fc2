"""Erasure: the only rewriting of the landing zone. What is left of a row is what an aggregate needs, and no person.

A file is rewritten in its place, under its name. The warehouse is then forgotten whole, because a database keeps
deleted rows in its pages; the next build makes it again from the landing zone.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.landing.files import landed_files
from warehouse.landing.unreadable import refuse_broken
from warehouse.store import store_forgotten

Row = dict[str, Any]
_MARK = ".erasing"
ERASED = "erased-"  # how the id of what is left of an erased post begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What an erasure changed in the landing zone."""

    rows: int = 0
    files: int = 0

    def __add__(self, other: "Rewritten") -> "Rewritten":
        return Rewritten(rows=self.rows + other.rows, files=self.files + other.files)


def count_rows(home: Path, table: str, wanted: Mapping[str, Sequence[str]]) -> int:
    """How many landed rows of `table` have one of the wanted values in one of the columns.

    Raises:
        LandedUnreadable: one of the files cannot be read; whoever is to go may be in it.
    """
    total = 0
    for path in _whole_files(home, table):
        file = pq.ParquetFile(path)
        told = [column for column in wanted if column in file.schema_arrow.names]
        total += pc.sum(_mask(file.read(told), wanted)).as_py() or 0 if told else 0
    return total


def first_versions(home: Path, post_ids: Sequence[str]) -> set[str]:
    """The ids of the first versions of those landed posts that are edits.

    Raises:
        LandedUnreadable: one of the files cannot be read.
    """
    first: set[str] = set()
    for path in _whole_files(home, "posts"):
        rows = pq.ParquetFile(path).read(["post_id", "edit_of"])
        first.update(filter(None, rows.filter(_mask(rows, {"post_id": post_ids}))["edit_of"].to_pylist()))
    return first


def left_of_erased(home: Path, file_sha256: str) -> list[Row]:
    """What erasures left of the posts of one imported file: the rows without a person, one for each post.

    They are known by the file's content alone: its source may have had another id when they were erased.

    Raises:
        LandedUnreadable: one of the files cannot be read.
    """
    found: dict[str, Row] = {}
    wanted = {"file_sha256": [file_sha256]}
    for path in _whole_files(home, "posts"):
        file = pq.ParquetFile(path)
        if (
            "file_sha256" not in file.schema_arrow.names
            or not pc.any(_mask(file.read(["file_sha256"]), wanted)).as_py()
        ):
            continue
        rows = file.read()
        kept = pc.and_(_mask(rows, wanted), pc.starts_with(rows["post_id"].combine_chunks(), ERASED))
        found |= {row["post_id"]: row for row in rows.filter(kept).to_pylist()}
    return list(found.values())


def erased_of_archives(home: Path) -> dict[str, set[str]]:
    """The ids of what erasures left of archived posts, by the key of the source that brought them.

    Raises:
        LandedUnreadable: one of the files cannot be read.
    """
    found: dict[str, set[str]] = {}
    for path in _whole_files(home, "posts"):
        file = pq.ParquetFile(path)
        if "file_sha256" not in file.schema_arrow.names:
            continue
        rows = file.read(["post_id", "source_key", "file_sha256"])
        is_left = pc.and_(pc.starts_with(rows["post_id"], ERASED), pc.is_valid(rows["file_sha256"]))
        for row in rows.filter(is_left).to_pylist():
            found.setdefault(row["source_key"], set()).add(row["post_id"])
    return found


def entries_of_others(home: Path, wanted: Mapping[str, Sequence[str]]) -> set[str]:
    """The ids of the landed entries that rows without any of the wanted values carry.

    Raises:
        LandedUnreadable: one of the files cannot be read.
    """
    others: set[str] = set()
    for path in _whole_files(home, "entries"):
        rows = pq.ParquetFile(path).read(["entry_id", *wanted])
        others.update(rows.filter(pc.invert(_mask(rows, wanted)))["entry_id"].to_pylist())
    return others


def _whole_files(home: Path, table: str) -> list[Path]:
    files = landed_files(home, table)
    refuse_broken(files)
    return files


def is_unfinished(home: Path) -> bool:
    """Was an erasure begun that has not ended?"""
    return (home / _MARK).exists()


def rewrite_rows(
    home: Path, table: str, wanted: Mapping[str, Sequence[str]], change: Callable[[list[Row]], list[Row]]
) -> Rewritten:
    """Change every landed row of `table` that has one of the wanted values in one of the columns, a file at a time."""
    total = Rewritten()
    for path in landed_files(home, table):
        rows = pq.ParquetFile(path).read()
        mask = _mask(rows, wanted)
        count = pc.sum(mask).as_py() or 0
        if count:
            changed = change(rows.filter(mask).to_pylist())
            kept = rows.filter(pc.invert(mask))
            rewrite_file(path, pa.concat_tables([kept, pa.Table.from_pylist(changed, schema=rows.schema)]))
            total += Rewritten(rows=count, files=1)
    return total


def _mask(rows: pa.Table, wanted: Mapping[str, Sequence[str]]) -> pa.Array:
    mask = pa.repeat(pa.scalar(value=False), rows.num_rows)
    for column, values in wanted.items():
        if column in rows.column_names:
            found = pc.is_in(rows[column], pa.array(list(values), pa.string()))
            mask = pc.or_(mask, found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found)
    return mask


@contextmanager
def builder_kept_out(home: Path) -> Iterator[None]:
    """Nobody builds within; afterwards the warehouse is gone, so that the next build makes it from the landing zone.

    A mark stays in the home until `erasure_ended`: whoever asks again after a crash ends what was begun.

    Raises:
        StoreBusy: a build is running; nothing was changed.
    """
    with store_forgotten(home):
        (home / _MARK).touch()
        yield
        _remove_left_by_crashes(home)


def _remove_left_by_crashes(home: Path) -> None:
    """Remove the half files of collectors and imports that were killed: nothing reads them, and they hold people."""
    for partial in half_files(home):
        partial.unlink(missing_ok=True)


def half_files(home: Path) -> list[Path]:
    """The files of the landing zone that are not whole, and whose writers do not live any more."""
    partials = [(path, path.suffix.removeprefix(".")) for path in sorted((home / "landing").glob("*/.*"))]
    return [path for path, writer in partials if writer.isdigit() and not _is_running(int(writer))]


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def erasure_ended(home: Path) -> None:
    """Take the mark away: what is published holds nothing any more of what was erased."""
    (home / _MARK).unlink(missing_ok=True)


def rewrite_file(path: Path, rows: pa.Table) -> None:
    """Replace a landed file by these rows, whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("wb") as file:
        pq.write_table(rows, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
