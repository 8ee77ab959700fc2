import json
from datetime import datetime
from pathlib import Path

import pytest

from flows.commands.new import write_new_campaign
from flows.screen.status import watch_status
from tests.flows.commands.commands import afterdebate, assert_refused


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


def test_a_monitor_reads_one_line_of_json_and_the_exit_code(folder: Path, tmp_path: Path) -> None:
    afterdebate("run", folder, "--home", tmp_path / "home")
    result = afterdebate("status", "--json", "--check", "--home", tmp_path / "home")

    [line] = result.stdout.splitlines()
    told = json.loads(line)
    assert (result.exit_code, told["exit_code"], told["level"]) == (1, 1, "degraded")
    assert [reason["what"].partition(":")[0] for reason in told["reasons"]] == ["inside"]
    [source] = [source for source in told["sources"] if source["source_id"] == "inside"]
    assert (source["outcome"], source["failures"], source["is_failing"]) == ("refused", 1, True)
    assert datetime.fromisoformat(told["now"]).tzinfo is not None
    assert told["last_build"]["failure"] is None


def test_published_tables_that_cannot_be_read_are_broken(folder: Path, tmp_path: Path) -> None:
    afterdebate("run", folder, "--home", tmp_path / "home")
    published = tmp_path / "home" / "published" / "afterdebate.duckdb"
    published.write_bytes(b"no database" * 1000)
    result = afterdebate("status", "--check", "--home", tmp_path / "home")

    assert result.exit_code == 2
    assert "All in all: broken" in result.stdout
    assert "Traceback" not in result.output


def test_what_landed_since_the_last_build_is_not_called_well(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    afterdebate("run", folder, "--home", home)
    assert "All in all: degraded\n" in afterdebate("status", "--home", home).stdout

    (folder / "campaign.toml").write_text((folder / "campaign.toml").read_text().replace("inside", "outside"))
    afterdebate("import", folder, "--home", home)
    assert "All in all: degraded, as far as the last build tells" in afterdebate("status", "--home", home).stdout


def test_it_is_shown_anew_until_it_is_stopped(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    afterdebate("run", folder, "--home", tmp_path / "home")
    waits = iter([None, None])

    def pause() -> None:
        if next(waits, "stop") == "stop":
            raise KeyboardInterrupt

    watch_status(tmp_path / "home", is_json=True, pause=pause, is_terminal=False)
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 3


def test_watching_has_no_end_and_so_no_exit_code(tmp_path: Path) -> None:
    assert_refused(afterdebate("status", "--watch", "--check", "--home", tmp_path), "--watch has no end")
