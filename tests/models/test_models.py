"""Each folder beside this file is a case: given tables in, expected table out. See `cases.py` for the format."""

from pathlib import Path

import duckdb
import pytest

from tests.models.cases import CASES, HERE, differences
from warehouse.sql_files import table_files
from warehouse.tables.models import models


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_model_gives_what_its_case_expects(con: duckdb.DuckDBPyConnection, case: Path) -> None:
    assert differences(con, case) == []


def test_every_select_has_a_case() -> None:
    selects = {model.name for model in models() if not model.is_definition} | {
        f"touched_{path.parent.name}.{path.stem}" for path in table_files("touched")
    }
    assert selects - {case.parent.name for case in CASES} == set()
    assert {path.name for path in HERE.glob("*.*") if path.is_dir()} - selects - _checks() == set()


def _checks() -> set[str]:
    return {f"checks.{path.stem}" for path in table_files("checks")}
