"""Builds staging and metrics from raw: one `.sql` file a table, in the order in which they read each other.

A table whose header says `-- restates: <columns> of <touched table>` is rebuilt only where what landed touches it:
those keys are deleted and selected anew. Every other table is small and is selected whole. The touched tables are
filled first, by the SELECTs of their folder under `sql/touched`; see `touched` for what a first build leaves out.
A variable is set by the file of its name in `sql/variables`. Everything happens in the caller's transaction.
"""

import hashlib
import json
import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.sql_files import SQL_FOLDER, header_of, is_definition, schema_of, statement_of, table_files
from warehouse.sql_text import quoted
from warehouse.tables.touched import is_wholly_touched, last_built, narrowed

BUILT_SCHEMAS = ("staging", "metrics")
_COMMON_COLUMNS = SQL_FOLDER / "common_columns.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One table of staging or metrics and the file that defines it."""

    name: str  # schema.table
    path: Path
    is_definition: bool  # filled by other hands: a touched table, an estimate
    reads: frozenset[str]


@cache
def models() -> tuple[Model, ...]:
    """Every model, each behind all that it reads."""
    found = {f"{schema}.{path.stem}": path for schema in BUILT_SCHEMAS for path in table_files(schema)}
    with duckdb.connect() as parser:
        parsed = {name: _model(parser, name, path) for name, path in found.items()}
    order = TopologicalSorter({name: model.reads & parsed.keys() - {name} for name, model in parsed.items()})
    return tuple(parsed[name] for name in order.static_order())


def sql_hash() -> str:
    """A hash of every SQL file: another hash means that all tables must be built from raw again."""
    texts = [path.read_bytes() for path in sorted(SQL_FOLDER.rglob("*.sql"))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Drop whatever staging and metrics hold, but for the list of runs, and create every table empty and commented."""
    has_runs = _has_rows(con, "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'metrics' AND table_name = 'runs'")
    if has_runs:
        con.execute("CREATE OR REPLACE TEMP TABLE kept_runs AS FROM metrics.runs")
    for schema in BUILT_SCHEMAS:
        con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        con.execute(f"CREATE SCHEMA {schema}")
    for model in models():
        if model.is_definition:
            con.execute(statement_of(model.path))
        else:
            con.execute(f"CREATE TABLE {model.name} AS SELECT * FROM ({statement_of(model.path)}) LIMIT 0")
        comment(con, model.name, model.path)
    if has_runs:
        con.execute("INSERT INTO metrics.runs BY NAME SELECT * FROM kept_runs")
        con.execute("DROP TABLE kept_runs")


def comment(
    con: duckdb.DuckDBPyConnection, table: str, path: Path, *, kind: Literal["TABLE", "VIEW"] = "TABLE"
) -> None:
    """Carry the header of a SQL file into the database as comments on the table or view and its columns."""
    header = header_of(path)
    lines = f"{header.tells} Grain: {header.grain}. Key: {', '.join(header.key)}. Units: {header.units}."
    con.execute(f"COMMENT ON {kind} {table} IS {quoted(lines)}")
    words = common_columns() | header.columns
    for (column,) in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall():
        if column in words:
            con.execute(f"COMMENT ON COLUMN {table}.{column} IS {quoted(words[column])}")


@cache
def common_columns() -> dict[str, str]:
    """What the columns mean that many tables share."""
    return header_of(_COMMON_COLUMNS).columns


def touch(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the touched tables: what landed since the last build, and what it concerns."""
    for model in models():
        if model.is_definition and (touching := table_files(model.path.stem.replace("touched_", "touched/"))):
            con.execute(f"DELETE FROM {model.name}")
            if not is_wholly_touched(con, model.name):
                _touch(con, model.name, touching)


def build_models(
    con: duckdb.DuckDBPyConnection, schema: str, tell: Callable[[str], None], changed: Set[str]
) -> set[str]:
    """Restate every table of a schema that what landed touches; returns the names of the tables that changed.

    `changed` names the tables that changed before, raw ones among them: what reads none of them stands as it is.
    """
    found: set[str] = set()
    for model in models():
        if schema_of(model.path) == schema and not model.is_definition:
            tell(f"building {model.name}")
            if _reads_news(con, model, changed | found) and restate(con, model):
                found.add(model.name)
    return found


def raw_tables_with_news(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The raw tables of which rows landed since the last build."""
    since, names = last_built(con), [f"raw.{path.stem}" for path in table_files("raw")]
    return {name for name in names if _has_rows(con, f"SELECT 1 FROM {name} WHERE load_id > {since}")}


def _reads_news(con: duckdb.DuckDBPyConnection, model: Model, changed: Set[str]) -> bool:
    filled_by_others = {other.name for other in models() if other.is_definition}
    return not last_built(con) or bool(model.reads & (changed | filled_by_others))


def restate(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Build one model anew where it is touched; returns whether any row of it changed."""
    set_variables(con, statement_of(model.path))
    restates = header_of(model.path).restates
    if restates is None:
        return _restate_whole(con, model.name, statement_of(model.path))
    columns, touched = restates
    if is_wholly_touched(con, touched):
        con.execute(f"INSERT INTO {model.name} BY NAME {narrowed(con, model.path)}")
        return True
    select = narrowed(con, model.path)
    if not _has_rows(con, f"SELECT 1 FROM {touched}"):
        return False
    key = ", ".join(columns)
    same = " AND ".join(f"restated.{column} = touched.{column}" for column in columns)
    con.execute(f"DELETE FROM {model.name} AS restated USING {touched} AS touched WHERE {same}")
    con.execute(f"INSERT INTO {model.name} BY NAME SELECT * FROM ({select}) SEMI JOIN {touched} USING ({key})")
    return True


def set_variables(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Set each variable that a SELECT reads, by the file of its name: DuckDB plans a variable as a constant."""
    for name in sorted(set(re.findall(r"getvariable\('(\w+)'\)", select))):
        con.execute(f"SET VARIABLE {name} = ({statement_of(SQL_FOLDER / 'variables' / f'{name}.sql')})")


def _restate_whole(con: duckdb.DuckDBPyConnection, table: str, select: str) -> bool:
    con.execute(f"CREATE OR REPLACE TEMP TABLE restated AS {select}")
    columns = [name for (name,) in con.execute("SELECT column_name FROM (DESCRIBE restated)").fetchall()]
    # The build that computed a row is no news of its own: an unchanged table keeps the build it has.
    compared = ", ".join(name for name in columns if name != "run_id")
    is_changed = _has_rows(
        con, f"(SELECT {compared} FROM restated EXCEPT ALL SELECT {compared} FROM {table})"
    ) or _has_rows(con, f"(SELECT {compared} FROM {table} EXCEPT ALL SELECT {compared} FROM restated)")
    if is_changed:
        con.execute(f"DELETE FROM {table}")
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM restated")
    con.execute("DROP TABLE restated")
    return is_changed


def _touch(con: duckdb.DuckDBPyConnection, table: str, selects: list[Path]) -> None:
    union = "\nUNION\n".join(f"({statement_of(path)})" for path in selects)
    set_variables(con, union)
    con.execute(f"INSERT INTO {table} BY NAME SELECT DISTINCT * FROM ({union})")


def _has_rows(con: duckdb.DuckDBPyConnection, select: str) -> bool:
    return con.execute(f"SELECT EXISTS (FROM ({select}))").fetchone() == (True,)


def _model(parser: duckdb.DuckDBPyConnection, name: str, path: Path) -> Model:
    if is_definition(path):
        return Model(name=name, path=path, is_definition=True, reads=frozenset())
    return Model(name=name, path=path, is_definition=False, reads=_tables_read(parser, path))


def _tables_read(parser: duckdb.DuckDBPyConnection, path: Path) -> frozenset[str]:
    [text] = parser.execute("SELECT json_serialize_sql(?)", [statement_of(path)]).fetchone() or ("{}",)
    parsed = json.loads(text)
    if parsed.get("error"):
        raise ValueError(f"{path}: {parsed['error_message']}")
    found: set[str] = set()
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
                found.add(f"{node['schema_name']}.{node['table_name']}")
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return frozenset(found)
