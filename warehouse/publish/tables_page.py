"""The page that lists every published table: `python -m warehouse.publish.tables_page > docs/tables.md`.

It reads nothing but the comments that the SQL files put into the database.
"""

import sys

import duckdb

from warehouse.publish.publishing import FACTS
from warehouse.sql_files import header_of, table_files
from warehouse.store import prepare
from warehouse.tables.models import create_tables

_TOP = """# Tables

Made by `python -m warehouse.publish.tables_page > docs/tables.md` from the comments in the database, which come from
`warehouse/sql/`. The schema `metrics` and the tables of `facts` are what readers open; `staging` is the writer's own.
Times ending in `_at` are UTC, days ending in `_on` are local days, shares are 0 to 1.
"""
_RELIED_ON = ("entries", "posts", "post_counts", "mentions", "donations", "baselines")


def tables_page() -> str:
    """The page as Markdown: metrics, facts, and the tables of staging that other programs rely on."""
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        metrics = [f"metrics.{name}" for name in _names(con, "metrics")]
        parts = [_section(con, "metrics", metrics), _views()]
        parts.append(_section(con, "facts", [f"staging.{name}" for name in FACTS]))
        parts.append(_section(con, "staging", [f"staging.{name}" for name in _RELIED_ON]))
    return _TOP + "".join(parts)


def _section(con: duckdb.DuckDBPyConnection, title: str, tables: list[str]) -> str:
    return f"\n## {title}\n" + "".join(_table(con, f"{title}.{name.partition('.')[2]}", name) for name in tables)


def _views() -> str:
    told = [(path.stem, header_of(path)) for path in table_files("views")]
    lines = [
        f"| `metrics.{name}` | {header.tells} | {header.grain} | {', '.join(header.key)} | {header.units} |"
        for name, header in told
    ]
    top = "\n### Views of one interval length\nFor sums: each gift and each mention stands in one row.\n\n"
    return f"{top}| view | a row tells | grain | key | units |\n|---|---|---|---|---|\n" + "\n".join(lines) + "\n"


def _table(con: duckdb.DuckDBPyConnection, title: str, table: str) -> str:
    schema, _, name = table.partition(".")
    [comment] = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?", [schema, name]
    ).fetchone() or ("",)
    columns = con.execute(
        "SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()"
        " WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, name],
    ).fetchall()
    lines = [f"| `{column}` | {_short(kind)} | {words} |" for column, kind, words in columns]
    return f"\n### {title}\n{comment}\n\n| column | type | what it says |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _names(con: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = ? ORDER BY 1", [schema]).fetchall()
    return [name for (name,) in rows]


if __name__ == "__main__":
    sys.stdout.write(tables_page())
