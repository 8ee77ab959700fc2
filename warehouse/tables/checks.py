"""What must never be: keys named in the SQL headers are unique, and no SELECT of `sql/checks` finds a row."""

import duckdb

from warehouse.sql_files import header_of, statement_of, table_files
from warehouse.tables.models import Model, models
from warehouse.tables.touched import is_wholly_touched

ROWS_SHOWN = 3


class ChecksFailed(Exception):
    """Rows that must never be; nothing of the build was kept and what is published stands."""


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Pass silently where every check does.

    Raises:
        ChecksFailed: names each check that failed, how many rows it found, and the first of them.
    """
    faults = [fault for name, select in _checks(con) if (fault := _fault(con, name, select))]
    if faults:
        raise ChecksFailed("\n".join(faults))


def _checks(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    keys = [(f"{model.name}: a key stands twice", _twice(con, model)) for model in models()]
    return keys + [(f"check {path.stem}", statement_of(path)) for path in table_files("checks")]


def _twice(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SQL: keys that stand twice. Only rows whose hash stands twice are grouped: a tenth of the cost of all of them."""
    key = ", ".join(header_of(model.path).key)
    rows = f"FROM {model.name} {_touched(con, model)}"
    suspects = f"SELECT hash({key}) {rows} GROUP BY ALL HAVING count(*) > 1"
    return f"SELECT {key}, count(*) AS times {rows} WHERE hash({key}) IN ({suspects}) GROUP BY ALL HAVING count(*) > 1"


def _touched(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SQL: no rows but those that this build touched; the others were checked by the build that made them."""
    restates = header_of(model.path).restates
    if restates is None or is_wholly_touched(con, restates[1]):
        return ""
    return f"SEMI JOIN {restates[1]} USING ({', '.join(restates[0])})"


def _fault(con: duckdb.DuckDBPyConnection, name: str, select: str) -> str | None:
    [found] = con.execute(f"SELECT count(*) FROM ({select})").fetchone() or (0,)
    if not found:
        return None
    relation = con.execute(f"SELECT * FROM ({select}) LIMIT {ROWS_SHOWN}")
    columns = [column[0] for column in relation.description or []]
    rows = [", ".join(f"{c} = {v}" for c, v in zip(columns, row, strict=True)) for row in relation.fetchall()]
    return f"{name}: {found} rows, such as " + " | ".join(rows)
