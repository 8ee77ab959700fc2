"""The SQL that reads bulk files of gifts: from lines of text to cells, from cells to records and faults.

Only the columns that a layout names are read; whoever gave is there only inside a keyed hash. HMAC is written in SQL:
`sha256(outer || unhex(sha256(inner || text)))` equals Python's.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from warehouse.sql_text import quoted

KEY_DIGITS = 32  # of a donor's keyed hash: 128 bits tell all of mankind apart, and half the digits are half the bytes
_NO_CELL = "<no cell>"  # told apart from an empty one: a short line is padded with it
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
class Shape:
    """How the lines of some files are laid out, the same in all of them."""

    delimiter: str
    width: int  # cells of a whole line
    named: int  # cells that the header names; those beyond are empty
    positions: Mapping[str, int]  # our name for a cell -> its place in the line
    has_header: bool


def read_csv_of(paths: Sequence[Path], shape: Shape) -> str:
    """SQL: every line of the files, cell by cell, as text."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(shape.width))
    quote = "" if shape.delimiter == "|" else '"'
    listed = ", ".join(quoted(path) for path in paths)
    return (
        f"read_csv([{listed}], auto_detect = false, header = {shape.has_header}, strict_mode = true, filename = true, "
        f"delim = {quoted(shape.delimiter)}, quote = '{quote}', escape = '{quote}', columns = {{{columns}}}, "
        f"null_padding = true, nullstr = '{_NO_CELL}', parallel = false, max_line_size = 1000000)"
    )


def blank_from(shape: Shape) -> str:
    """SQL: whether a line has text beyond the cells that the header names."""
    beyond = [f"coalesce(c{place}, '') <> ''" for place in range(shape.named, shape.width)]
    return " OR ".join(beyond) or "false"


def gifts_query(lines: str, names: Mapping[str, str], layout: Layout, is_long: str = "false") -> str:
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


def _hmac(text: str) -> str:
    return f"sha256($outer || unhex(sha256($inner || encode({text}))))"


def hmac_pads(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC with SHA-256, as RFC 2104 has them."""
    block = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
