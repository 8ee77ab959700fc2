"""`build --as-of`: which instants and folders are refused, and what a user reads."""

from pathlib import Path

import pytest

from tests.flows.commands.commands import afterdebate, assert_refused
from tests.flows.small_campaign import write_small_campaign


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home into which a campaign landed a moment ago."""
    afterdebate("run", write_small_campaign(tmp_path / "campaigns"), "--home", tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        ("yesterday", "no instant"),
        ("2020-10-08", "says no zone"),
        ("2020-10-08T12:00", "says no zone"),
        ("2020-10-08T12:00Z", "before the first landing"),
        ("2120-10-08T12:00Z", "still to come"),
    ],
)
def test_an_instant_of_which_nothing_can_be_told_is_refused(
    home: Path, tmp_path: Path, instant: str, told: str
) -> None:
    assert_refused(
        afterdebate("build", "--as-of", instant, "--into", tmp_path / "then", "--home", home),
        instant[:10],
        told,
        "Mend:",
    )
    assert not (tmp_path / "then").exists()


@pytest.mark.parametrize("words", [["--as-of", "2020-10-08T12:00Z"], ["--into", "then"]])
def test_one_option_without_the_other_is_refused(home: Path, words: list[str]) -> None:
    assert_refused(afterdebate("build", *words, "--home", home), "--as-of and --into go together")


def test_the_folder_can_be_asked_as_a_home_is(home: Path, tmp_path: Path) -> None:
    asked = "SELECT strftime(max(built_at), '%Y-%m-%dT%H:%M:%S.%fZ') AS at FROM runs"
    [_, instant] = afterdebate("sql", asked, "--format", "csv", "--home", home).stdout.split()
    built = afterdebate("build", "--as-of", instant, "--into", tmp_path / "then", "--home", home)

    assert built.exit_code == 0, built.output
    assert "SHA-256 of the tables: " in built.stdout.splitlines()[-1]
    told = afterdebate("sql", "SELECT sum(amount) FROM donations_daily", "--format", "csv", "--home", tmp_path / "then")
    assert told.stdout.split()[-1] == "250.00"
