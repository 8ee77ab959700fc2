"""The published database, opened read-only: what `sql`, `status` and the demo's tables answer from.

The writer's own file is never opened, so that a reader and a build cannot stop each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

ExportFormat = Literal["csv", "json", "parquet"]

_COPY_OPTIONS: dict[ExportFormat, str] = {
    "csv": "FORMAT csv, HEADER",
    "json": "FORMAT json, ARRAY true",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}


class NothingPublishedError(Exception):
    """No build has published anything in this home yet."""


class BadQueryError(Exception):
    """DuckDB cannot answer the query; the message is DuckDB's own, with the line."""


class Answer(NamedTuple):
    """What a query gave; `is_whole` is False where more rows than asked for are left."""

    columns: list[str]
    rows: list[tuple[object, ...]]
    is_whole: bool


def published_database(home: Path) -> Path:
    """Where the database lies that readers open."""
    return home / "published" / "afterdebate.duckdb"


def query_published(home: Path, sql: str, *, max_rows: int | None = None) -> Answer:
    """The answer of the last statement in `sql`; no rows and no columns where it gives none.

    Raises:
        NothingPublishedError: nothing is published in this home.
        BadQueryError: DuckDB refuses the query, or the query would write.
    """
    with _open_published(home) as con:
        try:
            relation = con.sql(sql)
            if relation is None:
                return Answer([], [], is_whole=True)
            rows = relation.fetchall() if max_rows is None else relation.fetchmany(max_rows + 1)
        except duckdb.Error as error:
            raise BadQueryError(str(error)) from error
        return Answer(relation.columns, rows[:max_rows], is_whole=max_rows is None or len(rows) <= max_rows)


def export_published(home: Path, sql: str, path: Path, export_format: ExportFormat) -> None:
    """Write the answer of `sql` to `path`, whole.

    Raises:
        NothingPublishedError: nothing is published in this home.
        BadQueryError: DuckDB refuses the query, or it gives no rows that could be written.
    """
    with _open_published(home) as con:
        try:
            relation = con.sql(sql)
            if relation is None:
                raise BadQueryError("the statement gives no table that could be written")
            target = str(path).replace("'", "''")
            # Through the relation, not around its text: DESCRIBE, SHOW and SUMMARIZE can be exported as well.
            relation.query("_answer", f"COPY (FROM _answer) TO '{target}' ({_COPY_OPTIONS[export_format]})")
        except duckdb.Error as error:
            raise BadQueryError(str(error)) from error


@contextmanager
def _open_published(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = published_database(home)
    if not path.is_file():
        raise NothingPublishedError(f"{path}: nothing is published here yet")
    # One short connection a question: within a process DuckDB answers from the file that is already open,
    # and a connection that stays would never see the next build.
    with duckdb.connect(path, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        if con.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'metrics'").fetchone():
            con.execute("SET search_path = 'metrics,main'")
        yield con
