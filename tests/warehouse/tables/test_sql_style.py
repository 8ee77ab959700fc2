"""House rules that every SQL file keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.publish.publishing import FACTS
from warehouse.publish.tables_page import tables_page
from warehouse.sql_files import SQL_FOLDER, header_of, statement_of, table_files
from warehouse.store import prepare
from warehouse.tables.models import Model, create_tables, models

_FILES = sorted(SQL_FOLDER.rglob("*.sql"))
_PAGE = Path(__file__).parents[3] / "docs" / "tables.md"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        yield con


@pytest.mark.parametrize("path", _FILES, ids=lambda path: str(path.relative_to(SQL_FOLDER)))
def test_a_file_says_what_a_row_tells_its_grain_key_and_units(path: Path) -> None:
    header = header_of(path)
    assert header.tells.endswith(".")
    assert all((header.grain, header.key, header.units))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: str(path.relative_to(SQL_FOLDER)))
def test_a_file_keeps_the_door_to_a_catalog_open(path: Path) -> None:
    assert re.findall(r"PRIMARY KEY|UNIQUE|CREATE INDEX|ON CONFLICT", _without_comments(path)) == []


@pytest.mark.parametrize("path", sorted((SQL_FOLDER / "metrics").glob("*.sql")), ids=lambda path: path.stem)
def test_a_metric_table_names_its_columns(path: Path) -> None:
    last_select = _without_comments(path).rpartition("\nSELECT")[2]
    assert not last_select.lstrip().startswith("*")


@pytest.mark.parametrize("model", [m for m in models() if not m.is_definition], ids=lambda model: model.name)
def test_a_model_joins_its_touched_table_so_that_a_first_build_can_do_without(model: Model) -> None:
    restates = header_of(model.path).restates
    own = restates[1] if restates else ""
    others = _without_comments(model.path).replace("staging.touched_days", "")
    assert re.findall(r"staging\.touched_\w+", re.sub(rf"SEMI JOIN {own} USING \([^)]*\)", "", others)) == []


def test_every_published_table_and_column_is_explained(con: duckdb.DuckDBPyConnection) -> None:
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
        " WHERE schema_name IN ('staging', 'metrics') AND comment IS NULL"
    ).fetchall()
    assert tables == []
    assert re.findall(r"^\| .* \|  \|$", tables_page(), re.MULTILINE) == []


def test_the_page_of_tables_is_up_to_date() -> None:
    assert _PAGE.read_text(encoding="utf-8") == tables_page(), (
        "run: python -m warehouse.publish.tables_page > docs/tables.md"
    )


def test_facts_are_tables_that_are_built() -> None:
    assert {f"{name}.sql" for name in FACTS} <= {path.name for path in table_files("staging")}


def _without_comments(path: Path) -> str:
    return re.sub(r"--.*", "", statement_of(path))
