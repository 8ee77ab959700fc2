"""Answers as tables of text, on a screen or in a file."""

from decimal import Decimal
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.publish.reading import Answer

Row = dict[str, Any]  # by column name


def print_answer(answer: Answer, file: TextIO) -> None:
    """Write an answer as a table; numbers stand to the right, a missing value is blank."""
    if not answer.columns:
        return
    # A file or a pipe has no width: nothing may be cut there.
    console = Console(file=file, width=None if file.isatty() else 10_000)
    table = Table(show_edge=False)
    for place, name in enumerate(answer.columns):
        is_number = any(isinstance(row[place], int | float | Decimal) for row in answer.rows)
        table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def rows_of(answer: Answer) -> list[Row]:
    """The rows by column name."""
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
