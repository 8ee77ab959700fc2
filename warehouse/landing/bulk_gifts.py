"""Bulk files, read by DuckDB at its own speed into the landing zone, with every row that it refuses kept.

Only the columns that a layout names are read; whoever gave is there only inside a keyed hash. HMAC is written in SQL:
`sha256(outer || unhex(sha256(inner || text)))` equals Python's.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.landing.files import Record, arrow_schema, land_table
from warehouse.sql_text import quoted

ROWS_A_BATCH = 200_000
KEY_DIGITS = 32  # of a giver's keyed hash: 128 bits tell all of mankind apart, and half the digits are half the bytes
_NO_CELL = "<no cell>"  # told apart from an empty one: a short line is padded with it
# Told anew in nearly every row: to try a dictionary of these takes half as long again as to write them.
_TOLD_ONCE = {"line_number", "donation_id", "donor_key", "amount"}
_BLOCK = 64  # bytes of a SHA-256 block


class Layout(Protocol):
    """What a shape of bulk file says of itself; see the connectors' `BulkLayout`."""

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """Our names for the cells that are read."""
        ...

    @property
    def unsaid(self) -> Collection[str]:
        """Our names for cells that are looked at, and are no part of what a row says."""
        ...

    @property
    def person(self) -> str:
        """SQL: who gave."""
        ...

    @property
    def row(self) -> Mapping[str, str]:
        """Field of the record -> SQL."""
        ...

    @property
    def plain_id(self) -> str:
        """Pattern of the ids that may be kept as they stand."""
        ...

    @property
    def faults(self) -> Sequence[tuple[str, str]]:
        """SQL condition -> why the row is set aside."""
        ...

    @property
    def doubts(self) -> Collection[str]:
        """Those reasons of `faults` that may be mended where the whole line is looked at."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkFile:
    """One delimited file that holds one line a row."""

    path: Path
    sha256: str
    rows: int  # lines below the header


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the lines of some files are laid out, the same in all of them."""

    delimiter: str
    width: int  # cells of a whole line
    named: int  # cells that the header names; those beyond are empty
    positions: Mapping[str, int]  # our name for a cell -> its place in the line
    has_header: bool


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
    lines = f"SELECT row_number() OVER () AS row_index, * FROM {_read_csv([file.path for file in files], shape)}"
    landed = BulkLanded()
    with _connect() as con:
        try:
            batches = _run(con, _query(lines, names, layout, _blank_from(shape)), target)
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
        query = _query("SELECT * FROM given_cells", {name: name for name in layout.columns}, layout)
        given = BulkFile(path=Path(), sha256=sha256, rows=len(rows))
        _land_batches(_run(con, query, target), [given], target, landed, header_lines=0)
    return landed


def _connect() -> duckdb.DuckDBPyConnection:
    """A database in memory. Files are read side by side, each by one thread: row numbers follow the lines."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET enable_progress_bar = false")
    return con


def _read_csv(paths: Sequence[Path], shape: Shape) -> str:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(shape.width))
    quote = "" if shape.delimiter == "|" else '"'
    listed = ", ".join(quoted(path) for path in paths)
    return (
        f"read_csv([{listed}], auto_detect = false, header = {shape.has_header}, strict_mode = true, filename = true, "
        f"delim = {quoted(shape.delimiter)}, quote = '{quote}', escape = '{quote}', columns = {{{columns}}}, "
        f"null_padding = true, nullstr = '{_NO_CELL}', parallel = false, max_line_size = 1000000)"
    )


def _blank_from(shape: Shape) -> str:
    """SQL: whether a line has text beyond the cells that the header names."""
    beyond = [f"coalesce(c{place}, '') <> ''" for place in range(shape.named, shape.width)]
    return " OR ".join(beyond) or "false"


def _query(lines: str, names: Mapping[str, str], layout: Layout, is_long: str = "false") -> str:
    """One SELECT from lines of text to records and the fault of those that are none."""
    cells = [f"{_cell(names.get(name))} AS {name}" for name in layout.columns]
    is_short = " OR ".join(f"{column} IS NULL" for name, column in names.items() if name not in layout.unsaid)
    content = ", ".join(f"coalesce({name}, '')" for name in layout.columns if name not in layout.unsaid)
    content_key = f"'row-' || left({_hmac(f'concat_ws(chr(31), {content})')}, {KEY_DIGITS})"
    fields = ", ".join(f"{sql} AS {name}" for name, sql in layout.row.items())
    faults = [
        ("is_short", "the line ends before its last column that matters"),
        ("is_long", "more cells than the header has"),
        *layout.faults,
    ]
    fault = " ".join(f"WHEN {condition} THEN {quoted(reason)}" for condition, reason in faults)
    return f"""
        WITH lines AS ({lines}),
        cells AS (
            SELECT row_index, filename, {is_short} AS is_short, {is_long} AS is_long, {", ".join(cells)} FROM lines
        ),
        people AS (SELECT *, {layout.person} AS person FROM cells),
        keyed AS (
            SELECT
                *,
                CASE WHEN person <> '' THEN left({_hmac("person")}, {KEY_DIGITS}) END AS donor_key,
                CASE
                    WHEN regexp_full_match(transaction, {quoted(layout.plain_id)}) THEN NULL
                    WHEN transaction IS NULL THEN {content_key}
                    ELSE left({_hmac("'id|' || lower(transaction)")}, {KEY_DIGITS})
                END AS stand_in
            FROM people
        )
        SELECT row_index, filename, donor_key, {fields}, CASE {fault} END AS fault
        FROM keyed
    """


def _cell(column: str | None) -> str:
    """SQL: a column's text without blanks and without a second pair of quotes; NULL where it is empty or not there."""
    if column is None:
        return "CAST(NULL AS VARCHAR)"
    # Looked at before it is trimmed: that costs a tenth, and few cells need it.
    needs_trim = f"ends_with({column}, '\"') OR ends_with({column}, ' ') OR starts_with({column}, ' ')"
    return f"nullif(CASE WHEN {needs_trim} THEN trim({column}, ' \"') ELSE {column} END, '')"


def _run(con: duckdb.DuckDBPyConnection, query: str, target: Target) -> Iterator[pa.RecordBatch]:
    """Yield the query's rows. Only what reading raises is caught here: where rows are written a full disk is one.

    Raises:
        NotPlain: the database refuses a line.
    """
    inner, outer = _pads(target.secret)
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
    places = _places(files, header_lines)
    repeats: Counter[tuple[str, str]] = Counter()
    for gathered in _gathered(batches):
        table = _placed(gathered, places, files)
        is_whole = pc.is_null(table["fault"])
        faulty = table.filter(pc.invert(is_whole)).select(["file_sha256", "line_number", "fault"]).to_pydict()
        for sha256, line_number, fault in zip(*faulty.values(), strict=True):
            landed.set_aside[sha256].append((line_number, fault))
        whole = _without_erased(table.filter(is_whole), target)
        if whole.num_rows:
            records = _as_records(whole, target, repeats)
            repeating = [name for name in records.column_names if name not in _TOLD_ONCE]
            landed.files.append(land_table(target.home, target.kind.TABLE, records, repeating=repeating))
            _count(whole, landed)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield tables of many rows: DuckDB hands over small batches, and each would become a file of its own."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(rows.num_rows for rows in waiting) >= ROWS_A_BATCH:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _without_erased(rows: pa.Table, target: Target) -> pa.Table:
    """The rows; those of givers who were erased have no key."""
    if target.is_erased is None:
        return rows
    erased = [key for key in pc.unique(rows["donor_key"]).to_pylist() if key is not None and target.is_erased(key)]
    is_erased = pc.is_in(rows["donor_key"], pa.array(erased, pa.string()))
    place = rows.column_names.index("donor_key")
    return rows.set_column(place, "donor_key", pc.if_else(is_erased, pa.scalar(None, pa.string()), rows["donor_key"]))


def _count(rows: pa.Table, landed: BulkLanded) -> None:
    by_file = rows.group_by("file_sha256").aggregate([("occurred_on", "count"), ("occurred_on", "min_max")])
    for counted in by_file.to_pylist():
        sha256, days = counted["file_sha256"], counted["occurred_on_min_max"]
        landed.rows[sha256] += counted["occurred_on_count"]
        first, last = landed.days.get(sha256, (days["min"], days["max"]))
        landed.days[sha256] = (min(first, days["min"]), max(last, days["max"]))


def _places(files: Sequence[BulkFile], header_lines: int) -> pa.Array:
    """For each file what its row indexes, which run on from file to file, are above its line numbers."""
    return pa.array(list(accumulate((file.rows for file in files[:-1]), initial=-header_lines)), pa.int64())


def _placed(table: pa.Table, places: pa.Array, files: Sequence[BulkFile]) -> pa.Table:
    """The rows with their file's hash and their line number in it."""
    indexes = pc.index_in(
        table["filename"], pa.array(["" if file.path == Path() else str(file.path) for file in files])
    )
    hashes = pa.array([file.sha256 for file in files])
    line_numbers = pc.subtract(table["row_index"], pc.take(places, indexes))
    table = table.append_column("line_number", line_numbers)
    return table.append_column("file_sha256", pc.take(hashes, indexes))


def _as_records(table: pa.Table, target: Target, repeats: Counter[tuple[str, str]]) -> pa.Table:
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


def _hmac(text: str) -> str:
    return f"sha256($outer || unhex(sha256($inner || encode({text}))))"


def _pads(secret: bytes) -> tuple[bytes, bytes]:
    block = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def _take_back(landed: BulkLanded) -> None:
    for path in landed.files:
        path.unlink(missing_ok=True)
