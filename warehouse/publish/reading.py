"""The published database, opened read-only: what `sql`, `status` and the demo's tables answer from.

The writer's own file is never opened, so that a reader and a build cannot stop each other.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from warehouse.publish.formulas import FORMULA, bare_of_formula
from warehouse.publish.publishing import published_file
from warehouse.sql_files import SQL_FOLDER, statement_of
from warehouse.sql_text import quoted
from warehouse.store import make_macros, open_to_read
from warehouse.tables.models import set_variables

ExportFormat = Literal["csv", "spreadsheet", "json", "parquet"]

_COPY_OPTIONS: dict[ExportFormat, str] = {
    "csv": "FORMAT csv, HEADER",
    "spreadsheet": "FORMAT csv, HEADER, DELIMITER ';'",
    "json": "FORMAT json, ARRAY true",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}

_WRITING = (
    duckdb.StatementType.CALL,  # switches logging and the like
    duckdb.StatementType.COPY,
    duckdb.StatementType.COPY_DATABASE,
    duckdb.StatementType.EXPORT,
    duckdb.StatementType.PREPARE,  # could hold any of them
)
_ONLY_TABLES = (
    "a query reaches the published tables alone, and no other file. "
    "Mend: write its answer with --output FILE; join files of your own in DuckDB itself"
)


class NothingPublished(Exception):
    """No build has published anything in this home yet."""


class PublishedUnreadable(NothingPublished):
    """What was published cannot be read any more; the message says what to do."""


class BadQuery(Exception):
    """DuckDB cannot answer the query; the message is DuckDB's own, with the line."""


class Answer(NamedTuple):
    """What a query gave; `is_whole` is False where more rows than asked for are left."""

    columns: list[str]
    rows: list[tuple[object, ...]]
    is_whole: bool


def query_published(home: Path, sql: str, *, max_rows: int | None = None) -> Answer:
    """The answer of the last statement in `sql`; no rows and no columns where it gives none.

    Raises:
        NothingPublished: nothing is published in this home.
        BadQuery: DuckDB refuses the query, or the query would write.
    """
    with _open_published(home) as con:
        try:
            relation = _ask(con, sql)
            if relation is None:
                return Answer([], [], is_whole=True)
            rows = relation.fetchall() if max_rows is None else relation.fetchmany(max_rows + 1)
        except duckdb.Error as error:
            raise _refused(error) from error
        return Answer(relation.columns, rows[:max_rows], is_whole=max_rows is None or len(rows) <= max_rows)


@contextmanager
def read_published(home: Path) -> Iterator[Callable[[str], Answer]]:
    """A function from a query to its answer; all answers are of one publication, though a build may end meanwhile.

    Raises:
        NothingPublished: nothing is published in this home.
        BadQuery: out of the function, where DuckDB refuses the query, or the query would write.
    """
    with _open_published(home) as con:

        def answer(sql: str) -> Answer:
            try:
                relation = _ask(con, sql)
                return Answer([], [], is_whole=True) if relation is None else _whole(relation)
            except duckdb.Error as error:
                raise _refused(error) from error

        yield answer


def _whole(relation: duckdb.DuckDBPyRelation) -> Answer:
    return Answer(relation.columns, relation.fetchall(), is_whole=True)


def query_report(home: Path, report: str) -> Answer:
    """The answer of `sql/reports/<report>.sql`.

    Raises:
        NothingPublished: nothing is published in this home.
        BadQuery: the published database lacks a table that the report reads.
    """
    return query_published(home, statement_of(SQL_FOLDER / "reports" / f"{report}.sql"))


def export_published(home: Path, sql: str, path: Path, export_format: ExportFormat) -> None:
    """Write the answer of `sql` to `path`, whole.

    Raises:
        NothingPublished: nothing is published in this home.
        BadQuery: DuckDB refuses the query, or it gives no rows that could be written.
    """
    # DuckDB writes beside the target first, under this name, and moves the whole file.
    with _open_published(home, writable=[path, path.with_name(f"tmp_{path.name}")]) as con:
        try:
            relation = _ask(con, sql)
            if relation is None:
                raise BadQuery("the statement gives no table that could be written")
            # Through the relation, not around its text: DESCRIBE, SHOW and SUMMARIZE can be exported as well.
            cells, options = _cells(relation, export_format), _COPY_OPTIONS[export_format]
            relation.query("_answer", f"COPY (SELECT {cells} FROM _answer) TO {quoted(path)} ({options})")
        except duckdb.Error as error:
            raise _refused(error) from error


def sample_matches(home: Path, campaign_id: str, *, most: int) -> Answer:
    """At most `most` hits of each alias; texts are not published, so this alone reads the writer's file.

    Raises:
        NothingPublished: nothing was built in this home.
        StoreBusy: a build is writing the file.
    """
    path = home / "warehouse.duckdb"
    if not path.is_file():
        raise NothingPublished(f"{path}: nothing is built here yet")
    with _opened(path) as con:
        sql = statement_of(SQL_FOLDER / "reports" / "matches.sql")
        make_macros(con)
        set_variables(con, sql)
        found = con.execute(sql, {"campaign_id": campaign_id, "most": most})
        return Answer([column[0] for column in found.description or []], found.fetchall(), is_whole=True)


def _ask(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyRelation | None:
    # The database's own file stays open to COPY even where external access is off.
    for statement in con.extract_statements(sql):
        is_explained = statement.type == duckdb.StatementType.EXPLAIN and re.search(r"(?i)\bcopy\b", statement.query)
        if statement.type in _WRITING or is_explained:
            raise BadQuery(_ONLY_TABLES)
    return con.sql(sql)


def _cells(relation: duckdb.DuckDBPyRelation, export_format: ExportFormat) -> str:
    """The columns as SQL: of CSV without formulas, for spreadsheets with decimal commas."""
    cells = []
    for column, kind in zip(relation.columns, map(str, relation.types), strict=True):
        name = _quoted_name(column)
        shown = _quoted_name(bare_of_formula(column)) if export_format in ("csv", "spreadsheet") else name
        if kind == "VARCHAR" and export_format in ("csv", "spreadsheet"):
            mark = f"CASE WHEN regexp_matches({name}, '{FORMULA}') THEN chr(39) ELSE '' END"
            cells.append(f"{mark} || {name} AS {shown}")
        elif export_format == "spreadsheet" and kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
            cells.append(f"replace(CAST({name} AS VARCHAR), '.', ',') AS {shown}")
        else:
            cells.append(f"{name} AS {shown}")
    return ", ".join(cells)


def _quoted_name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _refused(error: duckdb.Error) -> BadQuery:
    is_file = "file system operations are disabled" in str(error) or "enable external access" in str(error)
    return BadQuery(f"{_ONLY_TABLES}\n{error}" if is_file else str(error))


@contextmanager
def _open_published(home: Path, *, writable: Sequence[Path] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    path = published_file(home)
    if not path.is_file():
        raise NothingPublished(f"{path}: nothing is published here yet")
    # One short connection a question: within a process DuckDB answers from the file that is already open,
    # and a connection that stays would never see the next build.
    with _opened(path) as con:
        schemas = con.execute("SELECT schema_name FROM duckdb_schemas() WHERE schema_name IN ('metrics', 'facts')")
        # Metrics first: table names may stand alone.
        con.execute(f"SET search_path = '{','.join(sorted((name for (name,) in schemas.fetchall()), reverse=True))}'")
        # Read-only alone still lets COPY write any file. This cannot be taken back while the file is open.
        if writable:
            con.execute("SET allowed_paths = $paths", {"paths": [str(path) for path in writable]})
        con.execute("SET enable_external_access = false")
        yield con


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with ExitStack() as stack:
        try:
            con = stack.enter_context(open_to_read(path))
        except duckdb.IOException as error:
            raise _unreadable(path) from error
        yield con


def _unreadable(path: Path) -> PublishedUnreadable:
    return PublishedUnreadable(f"{path} cannot be read. Mend: `afterdebate build` makes it anew")
