"""Bulk files, read by DuckDB at its own speed into the landing zone, with every row that it refuses kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.landing.bulk_rows import (
    ROWS_A_BATCH,
    BulkFile,
    Target,
    as_records,
    gathered,
    placed,
    places,
    without_erased,
)
from warehouse.landing.bulk_sql import Layout, Shape, blank_from, gifts_query, hmac_pads, read_csv_of
from warehouse.landing.files import land_table

# Told anew in nearly every row: to try a dictionary of these takes half as long again as to write them.
_TOLD_ONCE = {"line_number", "donation_id", "donor_key", "amount"}


@dataclass(slots=True)
class BulkLanded:
    """What landed of some files, by the file's hash; what was set aside as (line number, reason)."""

    files: list[Path] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    set_aside: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    days: dict[str, tuple[date, date]] = field(default_factory=dict)  # first and last that a file's rows speak of


class NotPlain(Exception):
    """The files cannot be read at full speed without losing a row: read them one by one, or line by line.

    It says what kind of error it stands for and nothing more: the database's own words quote the line.
    """


def land_bulk(files: Sequence[BulkFile], shape: Shape, layout: Layout, target: Target) -> BulkLanded:
    """Land the rows of files of one shape as the target's records.

    One statement for all of them: planning it takes longer than reading a small file.

    Raises:
        NotPlain: rows would be lost; nothing is left in the landing zone.
    """
    names = {name: f"c{place}" for name, place in shape.positions.items()}
    lines = f"SELECT row_number() OVER () AS row_index, * FROM {read_csv_of([file.path for file in files], shape)}"
    landed = BulkLanded()
    with _connect() as con:
        try:
            batches = _run(con, gifts_query(lines, names, layout, blank_from(shape)), target)
            _land_batches(batches, files, target, landed, header_lines=int(shape.has_header))
        except NotPlain:
            _take_back(landed)
            raise
    is_short = any(landed.rows[file.sha256] + len(landed.set_aside[file.sha256]) != file.rows for file in files)
    if is_short or any(reason in layout.doubts for rows in landed.set_aside.values() for _, reason in rows):
        _take_back(landed)
        raise NotPlain
    return landed


def land_cells(
    rows: Sequence[tuple[int, Mapping[str, str]]], sha256: str, layout: Layout, target: Target
) -> BulkLanded:
    """Land one file's rows that were read line by line: (line number, our name for a cell -> its text).

    Raises:
        NotPlain: the database refuses them all the same.
    """
    columns: dict[str, Any] = {
        "row_index": pa.array([number for number, _ in rows], pa.int64()),
        "filename": pa.repeat("", len(rows)),
    }
    columns |= {name: pa.array([cells.get(name, "") for _, cells in rows], pa.string()) for name in layout.columns}
    landed = BulkLanded()
    with _connect() as con:
        con.register("given_cells", pa.table(columns))
        query = gifts_query("SELECT * FROM given_cells", {name: name for name in layout.columns}, layout)
        given = BulkFile(path=Path(), sha256=sha256, rows=len(rows))
        _land_batches(_run(con, query, target), [given], target, landed, header_lines=0)
    return landed


def _connect() -> duckdb.DuckDBPyConnection:
    """A database in memory. Files are read side by side, each by one thread: row numbers follow the lines."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET enable_progress_bar = false")
    return con


def _run(con: duckdb.DuckDBPyConnection, query: str, target: Target) -> Iterator[pa.RecordBatch]:
    """Yield the query's rows. Only what reading raises is caught here: where rows are written a full disk is one.

    Raises:
        NotPlain: the database refuses a line.
    """
    inner, outer = hmac_pads(target.secret)
    # As parameters: a key written into the text of a query would show in its error messages.
    keys = {"inner": inner + f"{target.salt}|".encode(), "outer": outer}
    try:
        yield from con.execute(query, keys).to_arrow_reader(ROWS_A_BATCH)
    # Arrow hands the database's errors on as its own or the system's, as it sees fit.
    except (duckdb.Error, pa.ArrowException, OSError, UnicodeError) as error:
        raise NotPlain(type(error).__name__) from None


def _land_batches(
    batches: Iterable[pa.RecordBatch],
    files: Sequence[BulkFile],
    target: Target,
    landed: BulkLanded,
    *,
    header_lines: int,
) -> None:
    above = places(files, header_lines)
    repeats: Counter[tuple[str, str]] = Counter()
    for many in gathered(batches):
        table = placed(many, above, files)
        is_whole = pc.is_null(table["fault"])
        faulty = table.filter(pc.invert(is_whole)).select(["file_sha256", "line_number", "fault"]).to_pydict()
        for sha256, line_number, fault in zip(*faulty.values(), strict=True):
            landed.set_aside[sha256].append((line_number, fault))
        whole = without_erased(table.filter(is_whole), target)
        if whole.num_rows:
            records = as_records(whole, target, repeats)
            repeating = [name for name in records.column_names if name not in _TOLD_ONCE]
            landed.files.append(land_table(target.home, target.kind.TABLE, records, repeating=repeating))
            _count(whole, landed)


def _count(rows: pa.Table, landed: BulkLanded) -> None:
    by_file = rows.group_by("file_sha256").aggregate([("occurred_on", "count"), ("occurred_on", "min_max")])
    for counted in by_file.to_pylist():
        sha256, days = counted["file_sha256"], counted["occurred_on_min_max"]
        landed.rows[sha256] += counted["occurred_on_count"]
        first, last = landed.days.get(sha256, (days["min"], days["max"]))
        landed.days[sha256] = (min(first, days["min"]), max(last, days["max"]))


def _take_back(landed: BulkLanded) -> None:
    for path in landed.files:
        path.unlink(missing_ok=True)
