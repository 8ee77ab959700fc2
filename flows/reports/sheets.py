"""Answers as a spreadsheet."""

import io
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from flows.reports.ask import Asked, written

MOST_ROWS = 1_048_575  # of a sheet, below its line of names: Excel's own rule, as are the next three
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_NOT_IN_SHEETS = "[]:*?/\\"


class TooManyRows(Exception):
    """The answer does not fit a sheet; the message says how many rows would."""


def workbook(sheets: Sequence[tuple[str, Asked]]) -> bytes:
    """The answers as sheets of one workbook: numbers, dates (in UTC) and truths as such, text as text.

    No cell is a formula or a link.

    Raises:
        TooManyRows: an answer has more rows than a sheet.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats: dict[type[object], Any] = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for number, (name, asked) in enumerate(sheets, start=1):
            if len(asked.rows) > MOST_ROWS:
                raise TooManyRows(f"{len(asked.rows)} rows; a sheet holds {MOST_ROWS}")
            plain = "".join(letter for letter in name if letter not in _NOT_IN_SHEETS)
            sheet = book.add_worksheet(f"{number} {plain}"[:_LONGEST_NAME])
            sheet.write_row(0, 0, asked.columns)
            for line, row in enumerate(asked.rows, start=1):
                for column, key in enumerate(asked.columns):
                    cell = _cell(row[key])
                    sheet.write(line, column, cell, formats.get(type(cell)))
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def _cell(value: object) -> object:
    """The value as a cell takes it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        # A sheet knows no zones: all of its times are UTC, but for clocks without one.
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) or type(value).__name__ == "Decimal":
        number = float(value)  # type: ignore[arg-type]  # a Decimal, by its name
        return number if math.isfinite(number) else str(value)
    cell = written(value)
    return cell[:_LONGEST_CELL] if isinstance(cell, str) else str(cell)
