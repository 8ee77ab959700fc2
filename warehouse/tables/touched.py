"""Narrows SELECTs to what a build is about: what landed since the last one, and the keys that this touches.

A first build is about everything. To list a million touched keys and to join every table with them costs as much as
the tables themselves, so its touched tables stay empty, and its SELECTs are run without them. Only the touched days
are listed, which are few.
"""

import re
from pathlib import Path

import duckdb

from warehouse.sql_files import header_of, statement_of

_DAYS = ("staging.touched_days", "staging.restated_days")


def last_built(con: duckdb.DuckDBPyConnection) -> int:
    """The last load that was built; 0 at a first build, to which everything is news."""
    row = con.execute("SELECT last_built_load_id FROM staging.this_run").fetchone()
    return int(row[0]) if row else 0


def is_wholly_touched(con: duckdb.DuckDBPyConnection, touched: str) -> bool:
    """Whether a touched table is empty because everything is touched."""
    if touched in _DAYS or last_built(con):
        return False
    return con.execute(f"SELECT EXISTS (FROM {touched})").fetchone() == (False,)


def narrowed(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    """The file's SELECT of a model that is restated in part; not narrowed where everything is touched."""
    restates = header_of(path).restates
    statement = statement_of(path)
    if restates is None or not is_wholly_touched(con, restates[1]):
        return statement
    return re.sub(rf"SEMI JOIN {re.escape(restates[1])} USING \([^)]*\)", "", statement)
