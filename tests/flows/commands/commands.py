"""Runs commands as a user would, and the smallest homes they can be run on."""

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from flows.cli import main


def afterdebate(*words: str | Path) -> Result:
    """What the command said and its exit code."""
    return CliRunner().invoke(main, [str(word) for word in words])


def assert_refused(result: Result, *fragments: str) -> None:
    """The command ended with code 2 and one clear message that holds the fragments, and no traceback."""
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    for fragment in fragments:
        assert fragment in result.stderr
    assert isinstance(result.exception, SystemExit | None)


@pytest.fixture
def published_home(tmp_path: Path) -> Path:
    """A home in which one table is published."""
    (tmp_path / "published").mkdir()
    with duckdb.connect(tmp_path / "published" / "afterdebate.duckdb") as con:
        con.execute("CREATE SCHEMA metrics")
        con.execute(
            """CREATE TABLE metrics.coverage AS
            SELECT * FROM (VALUES ('blog-a', TIMESTAMPTZ '2020-10-08 01:00:00+00', 0.5), ('blog-b', NULL, NULL))
            AS t(source_id, interval_start_at, coverage)"""
        )
    return tmp_path
