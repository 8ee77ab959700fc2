"""Rows of bulk files of gifts on their way from the database to a record: whose file, which line, which id."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.landing.files import Record, arrow_schema

ROWS_A_BATCH = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkFile:
    """One delimited file that holds one line a row."""

    path: Path
    sha256: str
    rows: int  # lines below the header


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where rows go, what every one of them carries, and what people are hashed with."""

    home: Path
    kind: type[Record]
    campaign_id: str
    source_id: str
    known_at: datetime
    secret: bytes
    salt: str
    is_erased: Callable[[str], bool] | None  # whether a giver's key was erased; None: nobody was


def gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield tables of many rows: DuckDB hands over small batches, and each would become a file of its own."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(rows.num_rows for rows in waiting) >= ROWS_A_BATCH:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def without_erased(rows: pa.Table, target: Target) -> pa.Table:
    """The rows; those of givers who were erased have no key."""
    if target.is_erased is None:
        return rows
    erased = [key for key in pc.unique(rows["donor_key"]).to_pylist() if key is not None and target.is_erased(key)]
    is_erased = pc.is_in(rows["donor_key"], pa.array(erased, pa.string()))
    place = rows.column_names.index("donor_key")
    return rows.set_column(place, "donor_key", pc.if_else(is_erased, pa.scalar(None, pa.string()), rows["donor_key"]))


def places(files: Sequence[BulkFile], header_lines: int) -> pa.Array:
    """For each file what its row indexes, which run on from file to file, are above its line numbers."""
    return pa.array(list(accumulate((file.rows for file in files[:-1]), initial=-header_lines)), pa.int64())


def placed(table: pa.Table, places: pa.Array, files: Sequence[BulkFile]) -> pa.Table:
    """The rows with their file's hash and their line number in it."""
    indexes = pc.index_in(
        table["filename"], pa.array(["" if file.path == Path() else str(file.path) for file in files])
    )
    hashes = pa.array([file.sha256 for file in files])
    line_numbers = pc.subtract(table["row_index"], pc.take(places, indexes))
    table = table.append_column("line_number", line_numbers)
    return table.append_column("file_sha256", pc.take(hashes, indexes))


def as_records(table: pa.Table, target: Target, repeats: Counter[tuple[str, str]]) -> pa.Table:
    """The rows as the target's records; `repeats` counts equal rows of a file, over all of its tables."""
    known = {"campaign_id": target.campaign_id, "source_id": target.source_id, "known_at": target.known_at}
    schema = arrow_schema(target.kind)
    columns = {
        column.name: pa.repeat(pa.scalar(known[column.name], column.type), table.num_rows)
        if column.name in known
        else table[column.name].cast(column.type)
        for column in schema
    }
    columns["donation_id"] = _told_apart(columns["donation_id"], columns["file_sha256"], repeats)
    return pa.table(columns, schema=schema)


def _told_apart(ids: pa.ChunkedArray, files: pa.ChunkedArray, repeats: Counter[tuple[str, str]]) -> pa.ChunkedArray:
    """The ids; equal rows of a file without an id of their own are counted, or all but one would be lost."""
    if not pc.any(pc.match_substring(ids, "/row-")).as_py():
        return ids
    told = []
    for name, file in zip(ids.to_pylist(), files.to_pylist(), strict=True):
        repeats[name, file] += 1
        told.append(f"{name}-{repeats[name, file]}" if "/row-" in name else name)
    return pa.chunked_array([pa.array(told, pa.string())])
