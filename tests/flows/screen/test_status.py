from pathlib import Path

import pytest

from flows.commands.new import write_new_campaign
from tests.flows.commands.commands import afterdebate


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

    assert [line for line in result.stdout.splitlines() if line.startswith(" campaign small ")]
    [line] = [line for line in result.stdout.splitlines() if line.startswith(" inside")]
    assert "refused x 1" in line
    assert "Nothing waits for a build" in result.stdout


def test_a_feed_that_the_campaign_dropped_is_told_apart(folder: Path, tmp_path: Path) -> None:
    afterdebate("run", folder, "--home", tmp_path / "home")
    text = (folder / "campaign.toml").read_text()
    (folder / "campaign.toml").write_text(text[: text.rindex("[[feeds]]")])
    afterdebate("run", folder, "--home", tmp_path / "home")
    result = afterdebate("status", "--home", tmp_path / "home")

    column = "".join(line.split("│")[0].strip() for line in result.stdout.splitlines() if "│" in line)
    assert "http://127.0.0.1:9/feed(not in the last build)" in column.replace(" (", "(")


def test_what_a_reason_says_in_brackets_is_shown(folder: Path, tmp_path: Path) -> None:
    with (folder / "campaign.toml").open("a") as file:
        file.write('[[donations]]\nid = "gifts"\nformat = "generic"\npath = "gifts.csv"\nprecision = "instant"\n')
    (folder / "gifts.csv").write_text("occurred_at,amount\n2027-04-01T21:30:00,50\n")
    afterdebate("run", folder, "--home", tmp_path / "home")
    result = afterdebate("status", "--home", tmp_path / "home")

    assert "[[donations]]" in result.stdout


def test_a_long_source_id_is_shown_whole(folder: Path, tmp_path: Path) -> None:
    long_id = "a-blog-whose-name-is-longer-than-its-column-would-like-to-be"
    text = (folder / "campaign.toml").read_text().replace('"inside"', f'"{long_id}"')
    (folder / "campaign.toml").write_text(text)
    afterdebate("run", folder, "--home", tmp_path / "home")

    asked: list[list[str | Path]] = [["status", "--home", tmp_path / "home"], ["plan", folder], ["check", folder]]
    for words in asked:
        column = [line.split("│")[0].strip() for line in afterdebate(*words).stdout.splitlines() if "│" in line]
        assert long_id in "".join(column), words


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
