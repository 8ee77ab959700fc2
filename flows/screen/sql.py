"""`afterdebate sql`: one query, or a shell, on the published database."""

import codecs
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import typer

from flows.faults import UsageFault
from flows.reports.ask import Asked
from flows.reports.sheets import workbook
from flows.screen.tables import print_answer
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import (
    BadQuery,
    ExportFormat,
    NothingPublished,
    PublishedUnreadable,
    export_published,
    query_published,
)

Format = Literal["table", "csv", "spreadsheet", "json", "parquet", "xlsx"]

_OF_THE_PROGRAM = ("warehouse.duckdb", "state.sqlite", ".")  # and every folder of a home
_SHOWN_ROWS = 200  # of a table on the screen; the other formats give every row
_WELCOME = "The published database, read-only. End a statement with ;   Tables: SHOW TABLES;   Leave: Ctrl-D"


def answer_sql(home: Path, query: str | None, written_as: Format, output: Path | None) -> None:
    """Write what the published database answers; without a query, open a shell.

    Raises:
        UsageFault: nothing is published, DuckDB refuses the query, or the output cannot be written.
    """
    if written_as in {"parquet", "xlsx"} and output is None:
        raise UsageFault(f"{written_as} does not go to a screen. Mend: name a file with --output")
    if output is not None and not output.parent.is_dir():
        raise UsageFault(f"{output}: there is no folder {output.parent}. Mend: make it, or name another file")
    if output is not None and _is_of_the_home(output, home):
        raise UsageFault(f"{output}: is a file of the home, which only the program writes. Mend: name another file")
    if not published_file(home).is_file():
        raise UsageFault(_nothing_published(home))
    if query is not None:
        _answer(home, query, written_as, output)
    elif output is not None:
        raise UsageFault("a shell writes to the screen only. Mend: give a QUERY, or leave out --output")
    elif sys.stdin.isatty():
        _answer_a_person(home, written_as)
    else:
        for statement in statements(sys.stdin):
            _answer(home, statement, written_as, None)


def statements(lines: Iterable[str]) -> Iterable[str]:
    """Statements as they end with a semicolon; what is left at the end counts as one."""
    statement = ""
    for line in lines:
        statement += f"{line.rstrip()}\n"
        if statement.endswith(";\n"):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _answer_a_person(home: Path, written_as: Format) -> None:
    typer.echo(_WELCOME)
    for statement in statements(_lines_typed()):
        try:
            _answer(home, statement, written_as, None)
        except UsageFault as fault:
            typer.echo(str(fault), err=True)


def _lines_typed() -> Iterable[str]:
    with suppress(ImportError):  # Windows has none, and input() works without it
        import readline  # noqa: F401, PLC0415  # gives input() its history and arrow keys
    with suppress(EOFError):
        while True:
            yield input("afterdebate> ")


def _answer(home: Path, query: str, written_as: Format, output: Path | None) -> None:
    try:
        if written_as == "table":
            _write_table(home, query, output)
        elif written_as == "xlsx":
            _write_workbook(home, query, output)
        else:
            _write_rows(home, query, written_as, output)
    except PublishedUnreadable as error:
        raise UsageFault(str(error)) from error
    except NothingPublished as error:
        raise UsageFault(_nothing_published(home)) from error
    except BadQuery as error:
        raise UsageFault(str(error)) from error


def _write_table(home: Path, query: str, output: Path | None) -> None:
    if output is not None:
        answer = query_published(home, query)
        with output.open("w", encoding="utf-8") as file:
            print_answer(answer, file)
        return
    answer = query_published(home, query, max_rows=_SHOWN_ROWS)
    print_answer(answer, sys.stdout)
    if not answer.is_whole:
        typer.echo(f"First {_SHOWN_ROWS} rows; --format csv, or --output FILE, gives them all.", err=True)


def _write_workbook(home: Path, query: str, output: Path | None) -> None:
    answer = query_published(home, query)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if output is not None:
        output.write_bytes(workbook([("answer", Asked(sql=query, columns=answer.columns, rows=rows))]))


def _write_rows(home: Path, query: str, written_as: ExportFormat, output: Path | None) -> None:
    if output is not None:
        export_published(home, query, output, written_as)
        if written_as == "spreadsheet":  # without the mark a spreadsheet takes UTF-8 for Windows-1252
            output.write_bytes(codecs.BOM_UTF8 + output.read_bytes())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        export_published(home, query, path, written_as)
        with path.open(encoding="utf-8", newline="") as file:
            shutil.copyfileobj(file, sys.stdout)


def _is_of_the_home(output: Path, home: Path) -> bool:
    target, own = output.resolve(), home.resolve()
    if target.is_relative_to(own) and (target.parent != own or target.name.startswith(_OF_THE_PROGRAM)):
        return True
    # A second name of the same file: a hard link, where no link is to be followed.
    is_linked = target.is_file() and target.stat().st_nlink > 1
    return is_linked and any(path != target and path.samefile(target) for path in _files_of(own))


def _files_of(home: Path) -> Iterable[Path]:
    return (path for path in home.rglob("*") if path.is_file())


def _nothing_published(home: Path) -> str:
    return (
        f"{home}: nothing is published here yet. "
        "Mend: `afterdebate run CAMPAIGN` or `afterdebate demo` first, or name another home with --home"
    )
