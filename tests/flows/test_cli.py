import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.commands import afterdebate, assert_refused


def test_help_names_every_command_and_teaches_the_exit_codes() -> None:
    result = afterdebate("--help")

    assert result.exit_code == 0
    for word in ("sql", "check", "new", "Exit codes", "nothing touched"):
        assert word in result.stdout


def test_help_answers_without_the_heavy_libraries() -> None:
    script = "import sys; import flows.cli; print([m for m in sys.modules if m in %r])"
    heavy = ["prefect", "duckdb", "pyarrow", "scipy", "numpy", "pydantic", "tweepy", "feedparser", "aiohttp"]
    told = subprocess.run(  # our own interpreter and our own script
        [sys.executable, "-c", script % heavy], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"


def test_an_unknown_command_is_bad_usage() -> None:
    assert_refused(afterdebate("publish"), "No such command")


def test_a_setting_that_cannot_be_names_its_variable_and_not_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERDEBATE_HOST_GAP_S", "a-secret-by-mistake")
    result = afterdebate("sql", "SELECT 1", "--home", tmp_path)

    assert_refused(result, "AFTERDEBATE_HOST_GAP_S")
    assert "a-secret-by-mistake" not in result.output
