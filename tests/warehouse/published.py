"""What a home publishes, as a reader opens it."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.publish.publishing import published_file

_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE table_name != 'publication' ORDER BY ALL"


def published(home: Path, query: str) -> list[Any]:
    """The rows of a query to the published database."""
    with duckdb.connect(published_file(home), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        return con.execute(query).fetchall()


def whole_publication(home: Path) -> dict[str, list[str]]:
    """Every published table, from the database; ids and times of builds left out."""
    return {
        name: rows_without_runs(home, f"{schema}.{name}") for schema, name in published(home, _TABLES) if name != "runs"
    }


def whole_parquet(home: Path) -> dict[str, list[str]]:
    """Every published table, from its Parquet file; ids and times of builds left out."""
    return {
        path.stem: rows_without_runs(home, f"'{path}'")
        for path in sorted((home / "published").glob("*.parquet"))
        if path.stem != "runs"
    }


def rows_without_runs(home: Path, source: str) -> list[str]:
    """The rows of a table or file, sorted, without the build that made them."""
    return sorted(str(row) for row in published(home, f"SELECT COLUMNS(c -> c != 'run_id') FROM {source}"))


def runs_in_rows(home: Path) -> set[str]:
    """Every run_id that a published row has, in the database and in the Parquet files, but for the list of runs."""
    told = "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() WHERE column_name = 'run_id'"
    sources = [name for (name,) in published(home, told)]
    files = [f"'{path}'" for path in (home / "published").glob("*.parquet")]
    sources += [
        file for file in files if ("run_id",) in published(home, f"SELECT column_name FROM (DESCRIBE FROM {file})")
    ]
    with_rows = [source for source in sources if "runs" not in source]
    return {run for source in with_rows for (run,) in published(home, f"SELECT DISTINCT run_id FROM {source}")}


def run_list(home: Path) -> list[str]:
    """The list of runs in the published database, which is that of the Parquet file."""
    runs = [run for (run,) in published(home, "SELECT run_id FROM metrics.runs ORDER BY run_id")]
    parquet = home / "published" / "runs.parquet"
    assert runs == [run for (run,) in published(home, f"SELECT run_id FROM '{parquet}' ORDER BY run_id")]
    return runs
