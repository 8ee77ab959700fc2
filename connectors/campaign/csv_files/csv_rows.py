"""The rows of a small CSV of a campaign folder, each with its line, and what is wrong with its header or its shape."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.campaign.fault_texts import explain
from connectors.campaign.values import is_misspelt, mend_from
from connectors.errors import Fault

Row = TypeVar("Row", bound=BaseModel)


class BrokenCsvError(Exception):
    """The text is no CSV from `line` on."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(fault)
        self.line = line


class NumberedRow(NamedTuple, Generic[Row]):
    """One row that fits its model."""

    line: int
    row: Row


class ReadRows(NamedTuple, Generic[Row]):
    """The rows that could be read, and what is wrong with the others."""

    rows: list[NumberedRow[Row]]
    faults: list[Fault]


def read_rows(
    path: Path, text: str, model: type[Row], *, required: Collection[str], examples: Mapping[str, str]
) -> ReadRows[Row]:
    """Every row of the text that fits the model, whose fields are the columns; an empty cell is a missing one.

    A line that begins with # is a comment; a file of comments alone has no rows and no fault.
    """
    columns = tuple(model.model_fields)
    rows: list[NumberedRow[Row]] = []
    faults: list[Fault] = []

    def blame(line: int, fault: str, mend: str) -> None:
        faults.append(Fault(file=path, line=line, fault=fault, mend=mend))

    bare = re.sub(r"(?m)^#.*$", "", text)
    if text.strip() and not bare.strip():
        return ReadRows(rows, faults)
    try:
        numbered = numbered_rows(bare)
        line, header = next(numbered, (1, []))
        wrong = list(header_faults(header, columns, required))
        for fault, mend in wrong:
            blame(line, fault, mend)
        for at, cells in () if wrong else numbered:
            if len(cells) != len(header):
                blame(at, *width_fault(cells, header))
                continue
            filled = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
            try:
                rows.append(NumberedRow(at, model.model_validate(filled)))
            except ValidationError as error:
                faults += explain(
                    error,
                    lambda _, fault, mend, at=at: Fault(file=path, line=at, fault=fault, mend=mend),  # type: ignore[misc]
                    examples,
                    {"": columns},
                )
    except BrokenCsvError as broken:
        blame(broken.line, str(broken), "close the double quotes; write a double quote inside them twice")
    return ReadRows(rows, faults)


def numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with its line, its cells stripped.

    Raises:
        BrokenCsvError: it is no CSV.
    """
    # A quoted cell may span lines: a row is named by its first one. The csv module counts the lines that it has read.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BrokenCsvError(line, f"not CSV: {error}") from error


def header_faults(header: list[str], columns: Collection[str], required: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a header, and its mend."""
    whole = ",".join(columns)
    if not header:
        yield "the file is empty", f"write at least the header line: {whole}"
        return
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            yield f"the columns are separated by {name}", "save the file as CSV with commas, in UTF-8"
            return
    slips = [name for name in header if name not in columns]
    for name in dict.fromkeys(header):
        if name in slips:
            yield f"unknown column {name!r}", mend_from(name, columns)
        elif header.count(name) > 1:
            yield f"the column {name!r} is there twice", "keep one of them"
    for name in required:
        if name not in header and not is_misspelt(name, slips, columns):
            yield f"the header has no column {name!r}", f"begin the file with: {whole}"


def width_fault(cells: list[str], header: list[str]) -> tuple[str, str]:
    """What is said of a row that has not as many cells as the header."""
    mend = "give it as many: leave unknown cells empty, put a text with a comma in double quotes"
    return f"the row has {len(cells)} cells, the header {len(header)}", mend
