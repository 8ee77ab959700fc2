"""What a `.sql` file says of itself: header, statement, and what it reads.

A header is the comment block on top: one sentence on what a row tells, then `-- grain:`, `-- key:`, `-- units:`,
`-- column <name>: <what it means>` and, for a table that is restated in part, `-- restates: <columns> of <table>`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SQL_FOLDER = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The comment block on top of a SQL file."""

    tells: str
    grain: str
    key: tuple[str, ...]
    units: str
    restates: tuple[tuple[str, ...], str] | None  # columns, and the table that lists what was touched
    columns: dict[str, str]


def table_files(folder: str) -> list[Path]:
    """The files of one schema, whatever its subject, or of one folder of SELECTs, in the order of their names."""
    return sorted((SQL_FOLDER / folder).rglob("*.sql"), key=lambda path: path.name)


def schema_of(path: Path) -> str:
    """The schema of a file's table: the first folder under `sql/`."""
    return path.relative_to(SQL_FOLDER).parts[0]


def statement_of(path: Path) -> str:
    """The file's SQL without a closing semicolon."""
    return path.read_text(encoding="utf-8").strip().removesuffix(";")


def is_definition(path: Path) -> bool:
    """True where the file is a CREATE TABLE; False where it is a SELECT."""
    return re.search(r"^CREATE TABLE", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


@cache
def header_of(path: Path) -> Header:
    """The header of a SQL file.

    Raises:
        ValueError: a line of the header is missing; the message names file and line.
    """
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    named = _named(r"(grain|key|units|restates):\s*(.+)", lines)
    for name in ("grain", "key", "units"):
        if name not in named:
            raise ValueError(f"{path}: the header has no line '-- {name}: ...'")
    return Header(
        tells=lines[0],
        grain=named["grain"],
        key=_words(named["key"]),
        units=named["units"],
        restates=_restates(path, named.get("restates")),
        columns=_named(r"column (\w+):\s*(.+)", lines),
    )


def _named(pattern: str, lines: list[str]) -> dict[str, str]:
    return {m[1]: m[2] for line in lines if (m := re.match(pattern, line))}


def _restates(path: Path, text: str | None) -> tuple[tuple[str, ...], str] | None:
    if text is None:
        return None
    columns, separator, table = text.partition(" of ")
    if not separator:
        raise ValueError(f"{path}: write '-- restates: <columns> of <table>'")
    return _words(columns), table.strip()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))
