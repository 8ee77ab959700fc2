"""Reads a case: a folder `<schema.table>/<a_sentence>/` with `given.<schema.table>.csv` files and an `expect.csv`.

A given file holds only the columns that matter: a missing column is NULL, or plain (empty, 0, false) where the table
wants a value. Times without an offset are UTC. An empty cell is NULL,
and "" is an empty text.
"""

import csv
from pathlib import Path

import duckdb

from warehouse.sql_files import SQL_FOLDER, header_of, statement_of
from warehouse.tables.models import models, restate, set_variables

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.csv"))

_PLAIN = {
    "VARCHAR": "''",
    "BIGINT": "0",
    "INTEGER": "0",
    "DOUBLE": "0",
    "BOOLEAN": "false",
    "DATE": "DATE '2000-01-01'",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ '2000-01-01 00:00:00+00'",
    "VARCHAR[]": "[]",
}


def differences(con: duckdb.DuckDBPyConnection, case: Path) -> list[str]:
    """Build the model of the case from its given tables; returns each row that is too many or missing."""
    given = {path.name.removeprefix("given.").removesuffix(".csv"): path for path in sorted(case.glob("given.*.csv"))}
    for table, path in given.items():
        _fill(con, table, path)
    if "staging.this_run" not in given:
        con.execute("INSERT INTO staging.this_run VALUES ('a-run', TIMESTAMPTZ '2000-01-01 00:00:00+00', 0, 1, '')")
    built = _build(con, case.parent.name, list(given))
    columns = _header(case / "expect.csv")
    found = ", ".join(_compared(built[column], column) for column in columns)
    wanted = ", ".join(_compared(built[column], column, f"{column}::{built[column]}") for column in columns)
    con.execute(f"CREATE TEMP TABLE found AS SELECT {found} FROM built")
    con.execute(f"CREATE TEMP TABLE wanted AS SELECT {wanted} FROM {_read(case / 'expect.csv')}")
    too_many = con.execute("FROM found EXCEPT ALL FROM wanted ORDER BY ALL").fetchall()
    missing = con.execute("FROM wanted EXCEPT ALL FROM found ORDER BY ALL").fetchall()
    return [f"not expected: {_shown(columns, row)}" for row in too_many] + [
        f"missing: {_shown(columns, row)}" for row in missing
    ]


def _build(con: duckdb.DuckDBPyConnection, name: str, given: list[str]) -> dict[str, str]:
    """Leave the rows of the model, or of the SELECT, in the temporary table `built`; returns its column types."""
    model = next((model for model in models() if model.name == name), None)
    if model is None:
        folder, _, stem = name.replace("touched_", "touched/").partition(".")
        select = statement_of(SQL_FOLDER / folder / f"{stem}.sql")
        set_variables(con, select)
        con.execute(f"CREATE TEMP TABLE built AS {select}")
    else:
        _touch_all(con, model.path, given)
        restate(con, model)
        con.execute(f"CREATE TEMP TABLE built AS FROM {model.name}")
    return _types(con, "built")


def _touch_all(con: duckdb.DuckDBPyConnection, model: Path, given: list[str]) -> None:
    """Touch every key that a given table names, unless the case says itself what is touched."""
    restates = header_of(model).restates
    if restates is None or restates[1] in given:
        return
    keys = ", ".join(restates[0])
    for table in given:
        if set(restates[0]) <= _types(con, table).keys():
            con.execute(f"INSERT INTO {restates[1]} SELECT DISTINCT {keys} FROM {table}")


def _fill(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    types, given = _types(con, table), _header(path)
    values = {name: f"{name}::{types[name]}" for name in given}
    for name, plain in _plain_values(con, table).items():
        values[name] = f"coalesce({values[name]}, {plain})" if name in values else plain
    select = ", ".join(f"{value} AS {name}" for name, value in values.items())
    con.execute(f"INSERT INTO {table} BY NAME SELECT {select} FROM {_read(path)}")


def _plain_values(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """What stands in for a value that the table wants and the case does not care for."""
    schema, _, name = table.partition(".")
    columns = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        " WHERE NOT is_nullable AND schema_name = ? AND table_name = ?",
        [schema, name],
    ).fetchall()
    return {name: _PLAIN.get(kind, "0") for name, kind in columns}


def _read(path: Path) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _header(path))
    options = "header = true, delim = ',', quote = '\"', allow_quoted_nulls = false, auto_detect = false"
    return f"read_csv('{path}', {options}, columns = {{{columns}}})"


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _types(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in con.execute(f"DESCRIBE {table}").fetchall()}


def _compared(kind: str, column: str, value: str | None = None) -> str:
    # A double is compared to nine decimals: a person wrote the expectation.
    value = value or column
    return f"round({value}, 9) AS {column}" if kind == "DOUBLE" else f"{value} AS {column}"


def _shown(columns: list[str], row: tuple[object, ...]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(columns, row, strict=True))
