"""Cells of the CSV files of `afterdebate effects`."""

import csv
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.errors import CampaignFault, Fault

SURPLUS = ""  # as a column: what a row holds beyond the last one
UNKNOWN = "unknown"  # as a coverage: nobody knows, where a column of blanks would be taken as whole
_LARGEST = 1e15  # beyond, a double no longer counts one by one


def read_rows(
    path: Path, columns: tuple[str, ...], *, one_of: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it ends on; values stripped, absent ones empty, those beyond the header in `SURPLUS`.

    Cells may be parted by commas, semicolons or tabs: spreadsheets of half of Europe write semicolons.

    Raises:
        CampaignFault: no such file, not UTF-8, not a CSV, or a column is missing, or all of `one_of`, or stands twice.
    """
    if not path.is_file():
        raise _fault(path, None, "is a folder" if path.is_dir() else "no such file", "check the path")
    line = 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            separator = _separator(file.readline(), columns)
            file.seek(0)
            reader = csv.reader(file, delimiter=separator)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header, columns, one_of)
            for values in reader:
                line = reader.line_num
                if any(values):
                    cells = [value.strip() for value in values] + [""] * (len(header) - len(values))
                    surplus = separator.join(filter(None, cells[len(header) :]))
                    yield line, dict(zip(header, cells, strict=False)) | {SURPLUS: surplus}
        except csv.Error as error:
            raise _fault(path, line, str(error), "save the file as plain CSV") from error
        except UnicodeDecodeError as error:
            raise _fault(path, None, "is not UTF-8 text", "save the file as CSV in UTF-8") from error


def header_of(path: Path) -> list[str]:
    """The names of the columns; none where there is no such file, or no text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except (OSError, UnicodeDecodeError):
        return []
    return [name.strip() for name in next(csv.reader([first], delimiter=max(",;\t", key=first.count)), [])]


def parse_start(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant of a local time; None where a clock change makes it two instants or none.

    Raises:
        ValueError: not an ISO time, or beyond the calendar.
    """
    moment = datetime.fromisoformat(text)
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        early, late = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError as error:
        raise ValueError(f"{text} is beyond the calendar") from error
    return early if early == late else None


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


def read_share(text: str, name: str) -> float:
    """A share between 0 and 1; NaN where blank or `unknown`.

    Raises:
        ValueError: it is none.
    """
    value = math.nan if text == UNKNOWN else read_number(text, name)
    if value < 0 or value > 1:
        raise ValueError(f"{name} {value:g} is not a share between 0 and 1")
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


def refuse_surplus(row: dict[str, str]) -> None:
    """Nothing, where a row has as many cells as the header has columns: with more, none can be trusted.

    Raises:
        ValueError: it has more.
    """
    if row[SURPLUS]:
        raise ValueError(f"more cells than the header has columns: {row[SURPLUS]} (a number takes no separator)")


def _check_header(path: Path, header: list[str], columns: tuple[str, ...], one_of: tuple[str, ...]) -> None:
    missing = [name for name in columns if name not in header]
    if one_of and not set(one_of) & set(header):
        missing.append(" or ".join(one_of))
    if missing:
        what = f"no column {', '.join(missing)}" if header else "the file is empty"
        named = [*columns, " or ".join(one_of)] if one_of else columns
        raise _fault(path, 1, what, f"the header must name {', '.join(named)}")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise _fault(path, 1, f"column {', '.join(twice)} stands twice", "keep one of them")


def _separator(header: str, columns: tuple[str, ...]) -> str:
    def found(separator: str) -> int:
        names = next(csv.reader([header], delimiter=separator), [])
        return len({name.strip() for name in names} & set(columns))

    return max(",;\t", key=found)


def _fault(path: Path, line: int | None, fault: str, mend: str) -> CampaignFault:
    return CampaignFault([Fault(file=path, line=line, fault=fault, mend=mend)])
