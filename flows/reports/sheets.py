"""Answers as a spreadsheet."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

from flows.reports.ask import Asked, written

_NOT_IN_SHEETS = "[]:*?/\\"  # Excel's own rule, as is the length of 31


def workbook(sheets: Sequence[tuple[str, Asked]]) -> bytes:
    """The answers as sheets of one workbook, text as text: no cell is a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        for number, (name, asked) in enumerate(sheets, start=1):
            sheet = book.add_worksheet(
                f"{number} {''.join(letter for letter in name if letter not in _NOT_IN_SHEETS)}"[:31]
            )
            sheet.write_row(0, 0, asked.columns)
            for line, row in enumerate(asked.rows, start=1):
                for column, key in enumerate(asked.columns):
                    value = row[key]
                    # By kind: the general `write` looks into each cell for links, formulas and the like.
                    if isinstance(value, bool):
                        sheet.write_boolean(line, column, value)
                    elif isinstance(value, int | float | Decimal):
                        sheet.write_number(line, column, float(value))
                    elif text := str(written(value)):
                        sheet.write_string(line, column, text)
            sheet.freeze_panes(1, 0)
    return out.getvalue()
