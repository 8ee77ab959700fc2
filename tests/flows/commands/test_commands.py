"""Each command's answer to a user's fault, with its exit code and an untouched home; and the main line of each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.commands.new import write_new_campaign
from flows.demo.run import SHIPPED
from tests.connectors.campaign.folders import SMALLEST, write_campaign
from tests.flows.commands.commands import afterdebate, assert_refused
from warehouse.store import open_store

CAMPAIGN_COMMANDS = (["check"], ["plan"], ["run"], ["collect", "feeds"], ["collect", "x"], ["import"])

# What is replaced in which file of a faultless folder, and what the message must name.
FAULTS = {
    "bad TOML": ("campaign.toml", 'currency = "EUR"', "currency = EUR", ["campaign.toml:"]),
    "unknown key": ("campaign.toml", "retention_days", "retention_day", ["campaign.toml:", "retention_day"]),
    "overlapping aliases": (
        "campaign.toml",
        '"Dupont"]',
        '"Dupont", "PAUL MARTIN"]',
        ["campaign.toml:", "PAUL MARTIN"],
    ),
    "end before start": ("events.csv", "2027-04-01T23:00", "2027-04-01T20:00", ["events.csv:2", "before it starts"]),
    "time that does not exist": ("events.csv", "2027-04-01T21:00", "2027-03-28T02:30", ["events.csv:2", "02:30"]),
    "ambiguous time": ("events.csv", "2027-04-01T21:00", "2026-10-25T02:30", ["events.csv:2", "02:30"]),
    "unknown zone": ("campaign.toml", '"Europe/Paris"', '"Europe/Pariss"', ["campaign.toml:", "Europe/Pariss"]),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_new_campaign("fr-2027", tmp_path / "campaigns")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def break_file(folder: Path, name: str, whole: str, broken: str) -> None:
    text = (folder / name).read_text()
    assert whole in text
    (folder / name).write_text(text.replace(whole, broken, 1))


@pytest.mark.parametrize("fault", FAULTS)
def test_check_names_file_line_and_mend(folder: Path, home: Path, fault: str) -> None:
    name, whole, broken, told = FAULTS[fault]
    break_file(folder, name, whole, broken)

    assert_refused(afterdebate("check", folder, "--home", home), *told, "Mend:")
    assert not home.exists()


@pytest.mark.parametrize("words", CAMPAIGN_COMMANDS, ids=" ".join)
def test_a_faulty_campaign_touches_nothing(folder: Path, home: Path, words: list[str]) -> None:
    break_file(folder, *FAULTS["unknown key"][:3])

    assert_refused(afterdebate(*words, folder, "--home", home), "retention_day")
    assert not home.exists()


@pytest.mark.parametrize("words", CAMPAIGN_COMMANDS, ids=" ".join)
def test_an_unknown_campaign_is_refused(home: Path, words: list[str]) -> None:
    assert_refused(afterdebate(*words, "us-2120-general", "--home", home), "us-2120-general", "Mend:")
    assert not home.exists()


@pytest.mark.parametrize("name", ["campaign.toml", "events.csv"])
def test_a_missing_file_is_named(folder: Path, home: Path, name: str) -> None:
    (folder / name).unlink()

    assert_refused(afterdebate("check", folder, "--home", home), name if name == "events.csv" else str(folder), "Mend:")
    assert not home.exists()


def test_every_fault_of_a_folder_is_told_at_once(folder: Path, home: Path) -> None:
    break_file(folder, *FAULTS["unknown key"][:3])
    break_file(folder, *FAULTS["end before start"][:3])

    assert_refused(afterdebate("check", folder, "--home", home), "retention_day", "before it starts")


def test_a_template_that_nobody_filled_in_is_not_called_faultless(folder: Path, home: Path) -> None:
    result = afterdebate("check", folder, "--home", home)

    assert result.exit_code == 0
    assert "no faults" not in result.stdout
    assert "not filled in yet: Jeanne Dupont, Paul Martin, event debate-1" in result.stdout


def test_a_faultless_folder_is_said_to_be_so(folder: Path, home: Path) -> None:
    break_file(folder, "campaign.toml", "Jeanne Dupont", "Jeanne Durand")
    break_file(folder, "campaign.toml", "Paul Martin", "Paul Marin")
    result = afterdebate("check", folder, "--home", home)

    assert result.exit_code == 0
    assert "no faults" in result.stdout
    assert not home.exists()


def test_check_says_what_the_shipped_sources_cannot_answer(home: Path) -> None:
    result = afterdebate("check", SHIPPED, "--home", home)

    assert result.exit_code == 0
    for word in ("(synthetic)", "AFTERDEBATE_X_BEARER_TOKEN", "no single"):
        assert word in result.stdout


def test_check_says_where_an_alias_lies_inside_that_of_another(folder: Path, home: Path) -> None:
    break_file(folder, "campaign.toml", 'name = "Paul Martin"', 'name = "Paul Dupont Martin"')
    result = afterdebate("check", folder, "--home", home)

    assert "'Dupont' lies inside 'Paul Dupont Martin' of martin; the longest match wins" in result.stdout


def test_matches_of_what_was_never_built_are_refused(folder: Path, home: Path) -> None:
    assert_refused(afterdebate("check", folder, "--matches", "3", "--home", home), "nothing is built", "Mend:")
    assert not home.exists()


def test_new_refuses_a_folder_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert afterdebate("new", "fr-2027").exit_code == 0
    before = (tmp_path / "campaigns" / "fr-2027" / "campaign.toml").read_text()

    assert_refused(afterdebate("new", "fr-2027"), "is there already")
    assert (tmp_path / "campaigns" / "fr-2027" / "campaign.toml").read_text() == before


def test_new_refuses_an_id_that_would_leave_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert_refused(afterdebate("new", "../elsewhere"), "Mend:")
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_is_found_by_its_id_under_campaigns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    afterdebate("new", "fr-2027")

    assert afterdebate("check", "fr-2027").exit_code == 0


def test_x_without_a_token_is_refused(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFTERDEBATE_X_BEARER_TOKEN", raising=False)
    with (folder / "campaign.toml").open("a") as file:
        file.write("[x]\nbudget_usd = 1.0\n")

    assert_refused(afterdebate("collect", "x", folder, "--home", home), "AFTERDEBATE_X_BEARER_TOKEN")
    assert not home.exists()


def test_x_is_refused_where_the_campaign_asks_nothing_of_it(folder: Path, home: Path) -> None:
    assert_refused(afterdebate("collect", "x", folder, "--home", home), "[x]")
    assert not home.exists()


def test_a_plan_without_a_source_says_so(tmp_path: Path, home: Path) -> None:
    result = afterdebate("plan", write_campaign(tmp_path / "bare"), "--home", home)

    assert result.exit_code == 0
    assert result.stdout.startswith("Plan of US general election 2020: no source is declared")


def test_a_plan_names_the_archives_that_would_be_read(tmp_path: Path, home: Path) -> None:
    archive = '[[archives]]\nid = "old-posts"\npath = "posts/*.jsonl"\nformat = "x-v2"\n'
    (tmp_path / "bare" / "posts").mkdir(parents=True)
    result = afterdebate("plan", write_campaign(tmp_path / "bare", SMALLEST + archive), "--home", home)

    assert "old-posts" in result.stdout


def test_importing_a_file_that_is_not_there_is_refused(folder: Path, home: Path) -> None:
    assert_refused(afterdebate("import", folder, "gifts.csv", "--home", home), "gifts.csv", "no such file")
    assert not home.exists()


def test_a_build_of_nothing_is_refused(home: Path) -> None:
    assert_refused(afterdebate("build", "--home", home), "nothing has landed")
    assert not home.exists()


def test_the_status_of_no_home_is_refused(home: Path) -> None:
    assert_refused(afterdebate("status", "--home", home), "no such home")


def test_up_of_no_campaign_in_a_home_where_none_was_up_is_refused(home: Path) -> None:
    assert_refused(afterdebate("up", "--home", home), "afterdebate up CAMPAIGN")
    assert not home.exists()


@pytest.fixture
def with_money(tmp_path: Path) -> Path:
    """A campaign of the past with one file of totals and no source on the net."""
    folder = write_new_campaign("small", tmp_path / "campaigns")
    for name in ("campaign.toml", "events.csv"):
        (folder / name).write_text((folder / name).read_text().replace("2027", "2022"))
    with (folder / "campaign.toml").open("a") as file:
        file.write('[[donations]]\nid = "totals"\nformat = "totals"\npath = "*.totals.csv"\n')
        file.write('candidate = "ALL"\nprecision = "interval"\ntimezone = "Europe/Paris"\n')
    write_total(folder / "april.totals.csv", "2022-04-01T21:00+02:00", "250.00")
    return folder


def write_total(path: Path, starts_at: str, amount: str) -> None:
    path.write_text(f"interval_start_at,interval_minutes,amount,count,candidate\n{starts_at},60,{amount},5,\n")


def money(home: Path) -> str:
    asked = "SELECT sum(amount) AS money FROM donation_by_interval WHERE interval_minutes = 60"
    return afterdebate("sql", asked, "--format", "csv", "--home", home).stdout.split()[-1]


def test_run_takes_a_campaign_from_its_files_to_published_tables(with_money: Path, home: Path) -> None:
    result = afterdebate("run", with_money, "--home", home)

    assert result.exit_code == 0, result.output
    assert money(home) == "250.00"


def test_a_second_run_changes_nothing(with_money: Path, home: Path) -> None:
    afterdebate("run", with_money, "--home", home)
    shutil.copytree(home / "published", home / "before")
    result = afterdebate("run", with_money, "--home", home)

    assert result.exit_code == 0
    for path in (home / "before").iterdir():
        assert (home / "published" / path.name).read_bytes() == path.read_bytes()


def test_a_wrong_file_is_taken_back(with_money: Path, home: Path) -> None:
    wrong = with_money / "wrong.totals.csv"
    write_total(wrong, "2022-04-02T21:00+02:00", "1000000.00")
    afterdebate("run", with_money, "--home", home)
    assert money(home) == "1000250.00"

    result = afterdebate("import", with_money, "--withdraw", wrong, "--home", home)
    assert result.exit_code == 0, result.output
    afterdebate("build", "--home", home)
    assert money(home) == "250.00"


def test_a_file_that_was_never_imported_cannot_be_taken_back(with_money: Path, home: Path) -> None:
    afterdebate("import", with_money, "--home", home)
    never = with_money / "never.csv"

    assert_refused(afterdebate("import", with_money, "--withdraw", never, "--home", home), "never.csv")


def test_files_are_not_imported_and_taken_back_at_once(with_money: Path, home: Path) -> None:
    file = with_money / "april.totals.csv"

    assert_refused(afterdebate("import", with_money, file, "--withdraw", file, "--home", home), "--withdraw")
    assert not home.exists()


def test_a_source_that_fails_is_named_with_exit_code_1(with_money: Path, home: Path) -> None:
    with (with_money / "campaign.toml").open("a") as file:
        # Addresses of the operator's own network are refused.
        file.write('[[feeds]]\nid = "inside"\nurl = "http://127.0.0.1:9/feed"\n')
    result = afterdebate("run", with_money, "--home", home)

    assert result.exit_code == 1
    assert "inside failed:" in result.stderr
    assert money(home) == "250.00"


def test_a_build_beside_another_says_so_and_leaves_what_is_published(with_money: Path, home: Path) -> None:
    afterdebate("run", with_money, "--home", home)
    with open_store(home):
        result = subprocess.run(  # our own interpreter and fixed words
            [sys.executable, "-m", "flows.cli", "build", "--home", str(home)],
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "another" in result.stderr
    assert money(home) == "250.00"
