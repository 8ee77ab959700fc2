"""Cells of the CSV files of `afterdebate effects`."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from connectors.errors import CampaignFault, Fault

_LARGEST = 1e15  # beyond, a double no longer counts one by one


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it starts on; values stripped, absent ones empty."""
    if not path.is_file():
        raise CampaignFault([Fault(file=path, line=None, fault="no such file", mend="check the path")])
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file)
        try:
            header = [name.strip() for name in next(reader, [])]
            missing = [name for name in columns if name not in header]
            if missing:
                mend = f"the header must name {', '.join(columns)}"
                raise CampaignFault([Fault(file=path, line=1, fault=f"no column {', '.join(missing)}", mend=mend)])
            for values in reader:
                if any(values):
                    filled = values + [""] * (len(header) - len(values))
                    yield reader.line_num, dict(zip(header, (v.strip() for v in filled), strict=False))
        except csv.Error as error:
            fault = Fault(file=path, line=reader.line_num, fault=str(error), mend="save the file as plain CSV")
            raise CampaignFault([fault]) from error


def read_whole(text: str, name: str) -> int:
    """A whole number.

    Raises:
        ValueError: it is not one.
    """
    value = read_number(text, name)
    if math.isnan(value) or value != int(value):
        raise ValueError(f"{name} {text!r} is not a whole number")
    return int(value)


def read_amount(row: dict[str, str], name: str) -> float:
    """A count or an amount; NaN where blank.

    Raises:
        ValueError: not a number, too large, or a count below zero.
    """
    text = row.get(name, "")
    value = read_number(text, name)
    if abs(value) > _LARGEST:
        raise ValueError(f"{name} {text} is too large to be a count")
    if name == "count" and value < 0:
        raise ValueError(f"count {text} is below zero")
    return value


def read_number(text: str, name: str) -> float:
    """NaN where blank."""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.inf
    if not math.isfinite(value) or "_" in text:
        raise ValueError(f"{name} {text!r} is not a number")
    return value
