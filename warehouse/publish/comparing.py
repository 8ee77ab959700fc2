"""Two publications side by side: which cells of which rows differ, by the key that each table's SQL file names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.sql_files import header_of, table_files
from warehouse.sql_text import quoted
from warehouse.store import attach_to_read

_LEFT_OUT = ("run_id", "local_on")  # which build it was, and what a key says already
_SAME_WITHIN = 1e-9  # of doubles, relatively: the order of a sum is no news


class Published(NamedTuple):
    """The build that a published database is of."""

    run_id: str
    built_at: datetime
    version: str
    campaign_hash: str
    spec_hash: str


class Change(NamedTuple):
    """One cell that differs; a row that only one has is told by `kind`, without its cells."""

    table: str
    campaign_id: str
    key: str  # column=value, ...
    kind: str  # changed, added, removed
    column: str | None
    before: str | None
    after: str | None


class NotComparable(Exception):
    """A file is no publication of ours; the message names it."""


@contextmanager
def both_open(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both published databases under the names `before` and `after`, to read only.

    Raises:
        NotComparable: one of them cannot be read.
    """
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        for name, file in (("before", before), ("after", after)):
            try:
                attach_to_read(con, file, f"{name}_")
                con.execute(f"SELECT 1 FROM {name}_.metrics.runs")
            except duckdb.Error as error:
                raise NotComparable(f"{file} is no published database that can be read") from error
        yield con


def run_of(con: duckdb.DuckDBPyConnection, name: str) -> Published:
    """The build of `before` or `after`."""
    row = con.execute(
        f"SELECT run_id, built_at, version, campaign_hash, spec_hash FROM {name}_.metrics.runs"
        " ORDER BY built_at DESC, run_id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise NotComparable(f"{name}: its list of runs is empty")
    return Published(*row)


def changes(con: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    """Every cell of a metric table that differs, by table and key."""
    for path in table_files("metrics"):
        columns = {name: _columns(con, name, path.stem) for name in ("before", "after")}
        shared = {name: kind for name, kind in columns["before"].items() if columns["after"].get(name) == kind}
        key = [name for name in header_of(path).key if name in shared]
        if path.stem == "runs" or "campaign_id" not in key:
            continue
        for row in con.execute(_query(path.stem, key, shared)).fetchall():
            yield Change(path.stem, *row)


def _columns(con: duckdb.DuckDBPyConnection, name: str, table: str) -> dict[str, str]:
    rows = con.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'metrics'"
        " AND table_name = ?",
        [f"{name}_", table],
    ).fetchall()
    return dict(rows)


def _query(table: str, key: list[str], columns: dict[str, str]) -> str:
    same_key = " AND ".join(f"b.{name} IS NOT DISTINCT FROM a.{name}" for name in key)
    said = " || ', ' || ".join(f"'{name}=' || coalesce(coalesce(a.{name}, b.{name})::VARCHAR, '')" for name in key)
    cells = [(name, kind) for name, kind in columns.items() if name not in (*key, *_LEFT_OUT)]
    found = [
        f"SELECT campaign_id, key_told, 'changed' AS kind, {quoted(name)} AS col, b_row.{name}::VARCHAR AS was,"
        f" a_row.{name}::VARCHAR AS is_ FROM joined WHERE has_both AND {_differs(name, kind)}"
        for name, kind in cells
    ]
    one_sided = (
        "SELECT campaign_id, key_told, CASE WHEN has_a THEN 'added' ELSE 'removed' END, NULL, NULL, NULL FROM joined"
    )
    union = " UNION ALL ".join([*found, f"{one_sided} WHERE NOT has_both"])
    return f"""
        WITH joined AS (
            SELECT coalesce(a.campaign_id, b.campaign_id) AS campaign_id, {said} AS key_told, a AS a_row, b AS b_row,
                a.campaign_id IS NOT NULL AS has_a, a.campaign_id IS NOT NULL AND b.campaign_id IS NOT NULL AS has_both
            FROM before_.metrics.{table} AS b FULL OUTER JOIN after_.metrics.{table} AS a ON {same_key}
        )
        {union} ORDER BY 1, 2, 4
    """


def _differs(name: str, kind: str) -> str:
    plain = f"b_row.{name} IS DISTINCT FROM a_row.{name}"
    if kind != "DOUBLE":
        return plain
    least = f"{_SAME_WITHIN} * greatest(abs(b_row.{name}), abs(a_row.{name}))"
    return f"{plain} AND coalesce(abs(b_row.{name} - a_row.{name}) > {least}, true)"
