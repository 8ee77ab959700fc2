import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.flows.commands.commands import afterdebate, assert_refused


def test_help_names_every_command_and_teaches_the_exit_codes() -> None:
    result = afterdebate("--help")

    assert result.exit_code == 0
    for word in ("sql", "check", "new", "Exit codes", "nothing touched"):
        assert word in result.stdout


def test_the_version_is_told_and_nothing_else() -> None:
    result = afterdebate("--version")

    assert (result.exit_code, result.stdout) == (0, f"afterdebate {version('afterdebate')}\n")


def modules_loaded(script: str, names: list[str]) -> str:
    """Which of the modules a fresh interpreter has loaded after the script."""
    told = subprocess.run(  # our own interpreter and our own script
        [sys.executable, "-c", f"{script}; import sys; print([n for n in {names!r} if n in sys.modules])"],
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_help_answers_without_the_heavy_libraries() -> None:
    heavy = [
        "prefect",
        "duckdb",
        "pyarrow",
        "scipy",
        "numpy",
        "pydantic",
        "tweepy",
        "feedparser",
        "aiohttp",
        "prompt_toolkit",
        "marimo",
    ]
    assert modules_loaded("import flows.cli", heavy) == "[]"


def test_import_and_a_build_of_nothing_new_begin_without_what_they_do_not_need() -> None:
    heavy = ["prefect", "scipy", "feedparser", "aiohttp", "altair"]
    assert modules_loaded("import flows.commands.steps, flows.imports.files", heavy) == "[]"
    assert modules_loaded("import flows.commands.steps, flows.feeds.state", [*heavy, "tweepy"]) == "[]"


def test_an_unknown_command_is_bad_usage() -> None:
    assert_refused(afterdebate("publish"), "No such command")


def test_a_setting_that_cannot_be_names_its_variable_and_not_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERDEBATE_HOST_GAP_S", "a-secret-by-mistake")
    result = afterdebate("sql", "SELECT 1", "--home", tmp_path)

    assert_refused(result, "AFTERDEBATE_HOST_GAP_S")
    assert "a-secret-by-mistake" not in result.output


def test_the_home_comes_from_the_environment_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERDEBATE_HOME", str(tmp_path / "elsewhere"))

    assert_refused(afterdebate("sql", "SELECT 1"), str(tmp_path / "elsewhere"))


def test_the_home_comes_from_a_dotenv_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFTERDEBATE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("AFTERDEBATE_HOME=from-dotenv\n")

    assert_refused(afterdebate("sql", "SELECT 1"), "from-dotenv")


def test_up_beside_another_server_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = afterdebate(
            "up", "us-2020-general", "--port", str(other.getsockname()[1]), "--home", tmp_path / "home"
        )

    assert_refused(result, "is taken", "--port")
    assert not (tmp_path / "home" / "prefect" / "prefect.db").exists()
