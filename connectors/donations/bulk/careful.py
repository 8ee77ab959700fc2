"""A bulk file that is not plain, read line by line -> its layout, its rows by our names, and the rows set aside."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from connectors.donations.bulk.layout import BulkLayout, match_columns
from connectors.donations.cells.headers import listed_headers
from connectors.donations.cells.json_rows import read_entries, text_of
from connectors.donations.cells.tables import ReadLong, Row, Table, decode, inflate, read_table
from connectors.donations.formats.known_headers import format_of
from connectors.donations.source import SetAside

LayoutOf = Callable[[Sequence[str]], BulkLayout | None]


class CarefulRead(NamedTuple):
    """What one file held; `layout` is None where no header is known, and then every row is set aside."""

    layout: BulkLayout | None
    rows: list[tuple[int, dict[str, str]]]  # line number, our name for a cell -> its text
    set_aside: list[SetAside]


def read_carefully(content: bytes, layout_of: LayoutOf) -> CarefulRead:
    """Read delimited text, or the JSON of an API's pages.

    Raises:
        SourceUnreadable: JSON that is none, or holds no list of results.
    """
    text = decode(inflate(content)[0][:100]).lstrip()
    if text[:1] in ("{", "["):
        table = _table_of_json(decode(inflate(content)[0]))
        layout = layout_of(table.columns)
    else:
        table, layout = _table_of_text(content, layout_of)
    if layout is None:
        reason = f"the header is none that this format knows: {listed_headers(table.columns)}"
        if (known := format_of(table.columns)) not in (None, "fec-schedule-a"):
            reason += f'. Mend: say format = "{known}" in this [[donations]] table'
        else:
            reason += (
                ". Mend: download Schedule A of the FEC again, with its header, or move the file to another source"
            )
        unknown = [SetAside(row.line_number, reason) for row in table.rows]
        return CarefulRead(None, [], sorted([*table.set_aside, *unknown]) or [SetAside(1, reason)])
    found = match_columns(layout, table.columns) or {}
    rows = [(row.line_number, {ours: row.cells[theirs] for ours, theirs in found.items()}) for row in table.rows]
    return CarefulRead(layout, rows, table.set_aside)


def _table_of_text(content: bytes, layout_of: LayoutOf) -> tuple[Table, BulkLayout | None]:
    def least_cells(columns: Sequence[str]) -> int:
        layout = layout_of(columns)
        found = match_columns(layout, columns) if layout else None
        if layout is None or found is None:
            return len(columns)
        # Programs leave the last, optional cells of a line out.
        return 1 + max(columns.index(theirs) for ours, theirs in found.items() if ours not in layout.unsaid)

    def long_rows(columns: Sequence[str]) -> ReadLong | None:
        layout = layout_of(columns)
        if layout is None or not layout.editions.of_header(columns):
            return None
        wanted = list((match_columns(layout, columns) or {}).values())
        return partial(layout.editions.cells_by_column, columns, wanted=wanted)

    table = read_table(content, least_cells=least_cells, long_rows=long_rows)
    layout = layout_of(table.columns)
    if layout is not None and layout.unheaded:
        return read_table(content, columns=layout.unheaded), layout
    return table, layout


def _table_of_json(text: str) -> Table:
    results, torn = read_entries(text, ("results", "data"))
    rows = [
        Row(number, {text_of(key): text_of(value) for key, value in result.items()})
        for number, result in enumerate(results, start=1)
    ]
    columns = list(dict.fromkeys(key for row in rows for key in row.cells))
    whole = [Row(row.line_number, {column: row.cells.get(column, "") for column in columns}) for row in rows]
    return Table(columns, ",", whole, torn)
