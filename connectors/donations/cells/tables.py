"""CSV bytes as people really send them -> rows with their line numbers, and the rows that are none.

Read as they come: gzip, a byte order mark, UTF-16, Latin-1, `;` or tabs or pipes, lines that end in CR only, a
second pair of quotes round a value, trailing delimiters, line breaks inside quotes. One stray quote costs one row, not
the rest of the file.
"""

import csv
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from connectors.donations.source import SetAside
from connectors.errors import SourceUnreadable
from connectors.packed_files import GZIP, MOST_BYTES_IN_MEMORY, gunzip_pieces, most_unpacked

_DELIMITERS = ",;\t|"
_BROKEN_GZIP = "the compressed file is cut or broken at its start: copy it again"
_LINES_IN_A_ROW = 50  # a quoted value may hold line breaks; a quote that never closes must not swallow the file


class Row(NamedTuple):
    """One row: the line that it starts on (the header is line 1), and its cells by column name."""

    line_number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A file's columns, named in lower case with underscores, its rows, and the rows set aside."""

    columns: list[str]
    delimiter: str
    rows: list[Row]
    set_aside: list[SetAside]

    @property
    def has_decimal_comma(self) -> bool:
        """Files with `;` or tabs come from spreadsheets whose decimal sign may be the comma."""
        return self.delimiter in ";\t"


ReadLong = Callable[[Sequence[str]], dict[str, str] | None]  # a long row's cells -> by column; None: they fit nowhere


def read_table(
    content: bytes,
    *,
    columns: Sequence[str] = (),
    least_cells: Callable[[Sequence[str]], int] = len,
    long_rows: Callable[[Sequence[str]], ReadLong | None] = lambda _columns: None,
) -> Table:
    """Read one delimited file; touches nothing but its bytes.

    Without `columns` the first line with text is the header. A line may be shorter than the header, down to the
    number of cells that `least_cells` says for the columns. `long_rows` says for the columns how a row is read that has
    more cells than they are; without it such a row is one only if what it has more is empty.
    """
    inflated, is_cut = inflate(content)
    text = decode(inflated)
    lines, ends_whole = split_lines(text)
    first = _header_index(lines)
    if first == len(lines):
        return Table([], ",", [], [SetAside(1, _BROKEN_GZIP if is_cut else "the file is empty")])
    delimiter = delimiter_of(lines[first])
    start = first if columns else first + 1
    columns = list(columns) or [column_name(cell) for cell in parse_line(lines[first], delimiter)]
    least, read_long = least_cells(columns), long_rows(columns)
    rows: list[Row] = []
    set_aside: list[SetAside] = []
    for index, cells, last in _records(lines, start, delimiter):
        if read_long is not None and len(cells) > len(columns):
            read = read_long([unquote(cell) for cell in cells])
            if read is None:
                set_aside.append(SetAside(index + 1, f"{_widths(cells, columns)}, and no edition of the format fits"))
            else:
                rows.append(Row(index + 1, read))
            continue
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()
        is_last = last == len(lines) - 1
        if least <= len(cells) < len(columns) and not (is_last and not ends_whole):
            cells.extend([""] * (len(columns) - len(cells)))
        if len(cells) != len(columns) or (is_cut and is_last):
            set_aside.append(SetAside(index + 1, _why_not_a_row(cells, columns, is_torn=is_last and not ends_whole)))
        else:
            rows.append(Row(index + 1, dict(zip(columns, map(unquote, cells), strict=True))))
    if is_cut:
        set_aside.append(SetAside(len(lines), "the compressed file ends before its end: copy it again"))
    return Table(columns, delimiter, rows, set_aside)


def inflate(content: bytes) -> tuple[bytes, bool]:
    """The bytes, unpacked if they are gzip, and whether the gzip stream ends before its end.

    Raises:
        SourceUnreadable: they unpack to more than they may, or are more than can be read whole.
    """
    if content[:2] != GZIP:
        if len(content) > MOST_BYTES_IN_MEMORY:
            raise SourceUnreadable(f"larger than {MOST_BYTES_IN_MEMORY:,} bytes. Mend: split it by its lines")
        return content, False
    parts: list[bytes] = []
    try:
        parts.extend(gunzip_pieces(iter([content]), most_unpacked(len(content), MOST_BYTES_IN_MEMORY)))
    except (EOFError, zlib.error):
        return b"".join(parts), True
    return b"".join(parts), False


def decode(content: bytes) -> str:
    """The text: UTF-16 with its mark, UTF-8 with or without one, else Windows' Latin-1."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace").replace("\0", "")
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").replace("\0", "").removeprefix("ï»¿")


def split_lines(text: str) -> tuple[list[str], bool]:
    """The physical lines, and whether the last one was ended. Not `splitlines`: that also splits at form feeds."""
    lines = text.replace("\r\n", "\n").split("\n") if "\n" in text else text.split("\r")
    ends_whole = lines[-1] == ""
    return (lines[:-1] if ends_whole else lines), ends_whole


def delimiter_of(header: str) -> str:
    """The sign that parts the header's cells."""
    return max(_DELIMITERS, key=lambda sign: (header.count(sign), -_DELIMITERS.index(sign)))


def parse_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line; one that defies the rules of quotes is split at its delimiters."""
    try:
        return _parse([line], delimiter)
    except csv.Error:
        return line.split(delimiter)


def column_name(cell: str) -> str:
    """A header cell as a name: `Receipt ID` is `receipt_id`, `Référence` is `reference`."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", unquote(cell)) if not unicodedata.combining(sign))
    return re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")


def unquote(cell: str) -> str:
    """The cell without blanks and without a second pair of quotes."""
    cell = cell.strip()
    while len(cell) > 1 and cell[0] == '"' == cell[-1]:
        cell = cell[1:-1].strip()
    return "" if cell == '"' else cell


def _header_index(lines: list[str]) -> int:
    """The first line with text; a spreadsheet's `sep=;` line is no header."""
    for index, line in enumerate(lines):
        if line.strip() and not line.lower().startswith("sep="):
            return index
    return len(lines)


def _records(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Yield (first line, cells, last line) of each record, blank lines left out."""
    index = start
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            index += 1
        elif '"' not in line:
            yield index, line.split(delimiter), index
            index += 1
        else:
            cells, last = _quoted_record(lines, index, delimiter)
            yield index, cells, last
            index = last + 1


def _quoted_record(lines: list[str], index: int, delimiter: str) -> tuple[list[str], int]:
    for last in range(index, min(index + _LINES_IN_A_ROW, len(lines))):
        try:
            return _parse(lines[index : last + 1], delimiter, strict=True), last
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                break  # a quote inside a quoted value: more lines will not mend it
    return parse_line(lines[index], delimiter), index


def _parse(lines: list[str], delimiter: str, *, strict: bool = False) -> list[str]:
    return next(csv.reader([line + "\n" for line in lines], delimiter=delimiter, strict=strict), [])


def _why_not_a_row(cells: list[str], columns: list[str], *, is_torn: bool) -> str:
    if is_torn or len(cells) == len(columns):
        return "the last line is torn: the file ends inside it"
    return _widths(cells, columns)


def _widths(cells: Sequence[str], columns: Sequence[str]) -> str:
    return f"{len(cells)} cells where the header has {len(columns)}"
