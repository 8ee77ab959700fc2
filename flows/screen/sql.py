"""`afterdebate sql`: one query, or a shell, on the published database."""

import codecs
import shutil
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Literal

import typer

from flows.faults import UsageFault
from flows.reports.ask import Asked
from flows.reports.sheets import TooManyRows, workbook
from flows.screen.sql_words import ASK_COLUMNS, COMMANDS, vocabulary_of
from flows.screen.tables import print_answer
from flows.sql_examples import example_named, example_names, question_of
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import (
    BadQuery,
    ExportFormat,
    NothingPublished,
    PublishedUnreadable,
    export_published,
    query_published,
)
from warehouse.sql_text import quoted

Format = Literal["table", "csv", "spreadsheet", "json", "parquet", "xlsx"]

_OF_THE_PROGRAM = ("warehouse.duckdb", "state.sqlite", "sql_history", ".")  # and every folder of a home
_SHOWN_ROWS = 200  # of a table on the screen; the other formats give every row
_TABLES = """SELECT schema_name || '.' || table_name AS "table", split_part(comment, ' Grain:', 1) AS "a row tells"
FROM (SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal
      UNION ALL SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal) ORDER BY 1"""
_COLUMNS = "SELECT column_name, data_type, comment AS tells FROM duckdb_columns() WHERE NOT internal"
_NAMES = "table_name, schema_name || '.' || table_name"
_WELCOME = "The published database, read-only. End a statement with ;   Tab completes   .help   Leave: Ctrl-D"


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
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _answer_a_person(home, written_as)
    else:
        for statement in statements(sys.stdin):
            if _answer_typed(home, statement, written_as):
                return


def statements(lines: Iterable[str]) -> Iterable[str]:
    """Statements as they end with a semicolon, and commands, a line each; what is left at the end counts as one."""
    statement = ""
    for line in lines:
        if not statement and line.startswith("."):
            yield line.strip()
            continue
        statement += f"{line.rstrip()}\n"
        if statement.endswith(";\n"):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _answer_a_person(home: Path, written_as: Format) -> None:
    from flows.screen.sql_shell import type_statements  # noqa: PLC0415 - what draws a shell is heavy

    typer.echo(_WELCOME)
    vocabulary = vocabulary_of(query_published(home, ASK_COLUMNS))
    for typed in type_statements(home, vocabulary, partial(typer.echo, err=True)):
        try:
            if _answer_typed(home, typed, written_as):
                return
        except UsageFault as fault:
            typer.echo(str(fault), err=True)


def _answer_typed(home: Path, typed: str, written_as: Format) -> bool:
    """Answer a statement or a command; True where the command ends the shell."""
    if not typed.startswith("."):
        _answer(home, typed, written_as, None)
        return False
    name, _, subject = typed.strip().rstrip(";").partition(" ")
    subject = subject.strip()
    if name in {".quit", ".exit"}:
        return True
    if name == ".tables":
        _answer(home, _TABLES, "table", None)
    elif name == ".schema" and subject:
        _tell_columns(home, subject)
    elif name == ".examples":
        typer.echo("\n".join(f"{one}: {question_of(one)}" for one in example_names()))
    elif name == ".example" and subject:
        query = example_named(subject)
        typer.echo(query)
        _answer(home, query, written_as, None)
    elif name == ".help":
        typer.echo("\n".join(f"{command:<10} {meaning}" for command, meaning in COMMANDS.items()))
    else:
        raise UsageFault(f"{typed.strip()}: no such command, or it lacks a name. Mend: .help tells them all")
    return False


def _tell_columns(home: Path, table: str) -> None:
    answer = query_published(home, f"{_COLUMNS} AND {quoted(table.lower())} IN ({_NAMES}) ORDER BY column_index")
    if not answer.rows:
        raise UsageFault(f"{table}: no such table. Mend: .tables names them all")
    print_answer(answer, sys.stdout)


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
    if output is None:
        return
    try:
        output.write_bytes(workbook([("answer", Asked(sql=query, columns=answer.columns, rows=rows))]))
    except TooManyRows as error:
        raise UsageFault(f"{output}: {error}. Mend: --format csv or parquet, or fewer rows") from error


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
