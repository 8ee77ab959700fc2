"""What must never be: keys named in the SQL headers are unique, and no SELECT of `sql/checks` finds a row."""

import duckdb

from warehouse.models import Model, models
from warehouse.sql_files import header_of, statement_of, table_files

ROWS_SHOWN = 3


class ChecksFailed(Exception):
    """Rows that must never be; nothing of the build was kept and what is published stands."""


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Pass silently where every check does.

    Raises:
        ChecksFailed: names each check that failed, how many rows it found, and the first of them.
    """
    suspects = [model for model in models() if _may_stand_twice(con, model)]
    faults = [fault for name, select in _checks(suspects) if (fault := _fault(con, name, select))]
    if faults:
        raise ChecksFailed("\n".join(faults))


def _checks(suspects: list[Model]) -> list[tuple[str, str]]:
    keys = [(f"{model.name}: a key stands twice", _twice(model)) for model in suspects]
    return keys + [(f"check {path.stem}", statement_of(path)) for path in table_files("checks")]


def _may_stand_twice(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether two rows share the hash of their keys: a tenth of the cost of grouping the keys themselves."""
    key = ", ".join(header_of(model.path).key)
    hashes = f"SELECT count(*) > count(DISTINCT hash({key})) FROM {model.name} {_touched(model)}"
    return con.execute(hashes).fetchone() == (True,)


def _twice(model: Model) -> str:
    header = header_of(model.path)
    key = ", ".join(header.key)
    return f"SELECT {key}, count(*) AS times FROM {model.name} {_touched(model)} GROUP BY ALL HAVING count(*) > 1"


def _touched(model: Model) -> str:
    """Rows that this build did not touch were checked by the build that made them."""
    restates = header_of(model.path).restates
    return f"SEMI JOIN {restates[1]} USING ({', '.join(restates[0])})" if restates else ""


def _fault(con: duckdb.DuckDBPyConnection, name: str, select: str) -> str | None:
    [found] = con.execute(f"SELECT count(*) FROM ({select})").fetchone() or (0,)
    if not found:
        return None
    relation = con.execute(f"SELECT * FROM ({select}) LIMIT {ROWS_SHOWN}")
    columns = [column[0] for column in relation.description or []]
    rows = [", ".join(f"{c} = {v}" for c, v in zip(columns, row, strict=True)) for row in relation.fetchall()]
    return f"{name}: {found} rows, such as " + " | ".join(rows)
