from pathlib import Path

import pytest

from flows.new_campaign import write_new_campaign
from tests.flows.commands import afterdebate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign whose one feed lies in the operator's own network, where none is asked."""
    folder = write_new_campaign("small", tmp_path / "campaigns")
    with (folder / "campaign.toml").open("a") as file:
        file.write('[[feeds]]\nid = "inside"\nurl = "http://127.0.0.1:9/feed"\n')
    return folder


def test_a_failing_feed_is_named_before_any_build(folder: Path, tmp_path: Path) -> None:
    assert afterdebate("collect", "feeds", folder, "--home", tmp_path / "home").exit_code == 1
    result = afterdebate("status", "--home", tmp_path / "home")

    assert result.exit_code == 0
    for told in ("http://127.0.0.1:9/feed", "refused x 1", "No build yet", "Waiting for the next build:"):
        assert told in result.stdout


def test_a_failing_feed_is_named_after_a_build(folder: Path, tmp_path: Path) -> None:
    afterdebate("run", folder, "--home", tmp_path / "home")
    result = afterdebate("status", "--home", tmp_path / "home")

    [line] = [line for line in result.stdout.splitlines() if line.startswith(" inside")]
    assert "refused x 1" in line
    assert "Nothing waits for a build" in result.stdout


def test_status_changes_nothing(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    afterdebate("run", folder, "--home", home)
    before = ages(home)
    afterdebate("status", "--etiquette", "--home", home)

    assert ages(home) == before


def ages(home: Path) -> dict[Path, int]:
    # A reader of SQLite, too, opens a log beside the file.
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("state.sqlite-"))
    return {path: path.stat().st_mtime_ns for path in files}
