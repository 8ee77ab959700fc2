"""Landed files that cannot be read: why, and when the rows were collected that are lost with them.

They stay where they are, for a good copy to be put in their place. Until then nothing is proved of the time in which
their rows were collected: the attempts of it may say "seen whole", what was seen is not here.

A file that is named by the hash of its content is as it was landed. Any other (rewritten by an erasure, written by a
bulk import, or broken) is looked at by a process of its own: bytes that are no Parquet can end the process that reads
them, without an error to catch. Run as `python -m warehouse.landing.unreadable`, it takes paths and answers each in a
line.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.store import prepare

# When a row of a table was collected; of other tables nothing is counted.
_COLLECTED_AT = {
    "entries": "fetched_at",
    "posts": "observed_at",
    "post_counts": "retrieved_at",
    "donations": "known_at",
    "donation_totals": "known_at",
    "polls": "known_at",
}
_BESIDE = timedelta(minutes=1)  # an attempt is dated a moment after its rows
_EVER = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


class LandedUnreadable(Exception):
    """A landed file cannot be read; the message names it and never quotes it."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path} cannot be read ({fault}). Mend: put a whole copy in its place")
        self.path = path


class Broken(NamedTuple):
    """What is wrong with a landed file, and from when to when its rows may have been collected."""

    fault: str
    from_at: datetime
    to_at: datetime


def broken_files(paths: Iterable[Path]) -> dict[Path, Broken]:
    """Those of the landed files that cannot be read; of the others those named by their content are not opened."""
    return look_at_all([path for path in paths if not _is_as_landed(path)])


def refuse_broken(paths: Sequence[Path]) -> None:
    """Pass where each of the landed files can be read.

    Raises:
        LandedUnreadable: one cannot.
    """
    for path, broken in broken_files(paths).items():
        raise LandedUnreadable(path, broken.fault)


def look_at_all(paths: Sequence[Path]) -> dict[Path, Broken]:
    """Those of the landed files that cannot be read, each looked at whole."""
    broken: dict[Path, Broken] = {}
    left = list(paths)
    while left:
        told = list(_told_apart(left))
        broken |= {path: found for path, found in zip(left, told, strict=False) if found}
        if len(told) < len(left):
            broken[left[len(told)]] = Broken("reading it breaks the reader", *_EVER)
        left = left[len(told) + 1 :]
    return broken


def _told_apart(paths: Sequence[Path]) -> Iterator[Broken | None]:
    """What a process of its own says of each file; fewer than there are files where one of them ended it."""
    # That process stands in another folder.
    names = "".join(f"{json.dumps(str(path.absolute()))}\n" for path in paths)
    command = [sys.executable, "-m", "warehouse.landing.unreadable"]
    root = Path(__file__).parents[2]
    ran = subprocess.run(  # noqa: S603 — our own module
        command, input=names, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root, check=False
    )
    for line in ran.stdout.splitlines():
        found = json.loads(line)
        yield found and Broken(found[0], datetime.fromisoformat(found[1]), datetime.fromisoformat(found[2]))


def main() -> None:
    """Look at each file that is named on the standard input."""
    with duckdb.connect() as con:
        prepare(con)
        for line in sys.stdin:
            path = Path(json.loads(line))
            fault = _envelope_fault(path) or _body_fault(con, path)
            sys.stdout.write(json.dumps(fault and (fault, *_doubted_span(path)), default=datetime.isoformat) + "\n")
            sys.stdout.flush()


def _is_as_landed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32] == path.stem
    except OSError:
        return False


class _Column(NamedTuple):
    name: str
    kind: str
    is_nullable: bool


def _envelope_fault(path: Path) -> str | None:
    """Why the file is no Parquet file, or None where it is one; its rows are not looked at."""
    try:
        pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        return f"no whole Parquet file ({type(error).__name__})"
    return None


def _body_fault(con: duckdb.DuckDBPyConnection, path: Path) -> str | None:
    """Why the rows of the file cannot be loaded, or None where they can; all of them are read, none is kept."""
    columns = [
        _Column(*row)
        for row in con.execute(
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
            " WHERE schema_name = 'raw' AND table_name = ? AND column_name != 'load_id'",
            [path.parent.name],
        ).fetchall()
    ]
    if not columns:
        return "this version has no table of this name"
    source = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')"
    try:
        found = {name for (name, *_) in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        lacking = [c.name for c in columns if not c.is_nullable and c.name not in found]
        if lacking:
            return f"it has no column {lacking[0]}"
        kept = [column for column in columns if column.name in found]
        cast = ", ".join(f'"{column.name}"::{column.kind}' for column in kept)
        filled = " AND ".join(f'"{column.name}" IS NOT NULL' for column in kept if not column.is_nullable) or "true"
        # A hash of every cell: what is not asked for is not decoded.
        select = f"SELECT bit_xor(hash({cast})), count(*) FILTER (NOT ({filled})) FROM {source}"
        _, empty = con.execute(select).fetchone() or (0, 0)
    except (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.FatalException):
        raise
    except duckdb.Error:
        return "its rows cannot be decoded"  # never the error's words: they may quote a cell
    return f"{empty} of its rows lack a value that every row has" if empty else None


def _doubted_span(path: Path) -> tuple[datetime, datetime]:
    """From when to when the rows of an unreadable file may have been collected: as its end says, else at any time."""
    column = _COLLECTED_AT.get(path.parent.name)
    try:
        file = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return _EVER
    notes = [
        file.row_group(group).column(place).statistics
        for group in range(file.num_row_groups)
        for place in range(file.num_columns)
        if file.row_group(group).column(place).path_in_schema == column
    ]
    if not notes or not all(note and note.has_min_max and isinstance(note.min, datetime) for note in notes):
        return _EVER
    return min(note.min for note in notes) - _BESIDE, max(note.max for note in notes) + _BESIDE


if __name__ == "__main__":
    main()
