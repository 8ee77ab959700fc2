"""What a person sees of a step, and what stays on the screen when it is over."""

from pathlib import Path

import pytest

from flows.new_campaign import write_new_campaign
from tests.flows.commands import afterdebate

GIFTS = '[[donations]]\nid = "gifts"\nformat = "generic"\npath = "gifts.csv"\nprecision = "day"\ncandidate = "dupont"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign with one gift and no key for givers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AFTERDEBATE_DONOR_KEY", raising=False)
    folder = write_new_campaign("small", tmp_path / "campaigns")
    with (folder / "campaign.toml").open("a") as file:
        file.write(GIFTS)
    (folder / "gifts.csv").write_text("occurred_at,amount,donor\n2027-04-01,50,Jean Valjean\n")
    return folder


def test_the_first_import_says_where_the_key_of_givers_is_kept_and_later_ones_do_not(
    folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first, second = (afterdebate("import", folder, "--home", home) for _ in range(2))

    assert f"warning: made a key for hashing people and kept it in {home / 'keys' / 'donor.key'};" in first.stderr
    assert "warning" not in second.stderr


def test_an_erasure_says_what_went_and_nothing_of_the_build_behind_it(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    afterdebate("import", folder, "--home", home)
    result = afterdebate("erase", "--donor", "Jean Valjean", "--home", home)

    assert result.stdout.startswith("erased: 1 rows in 1 files, ")
    assert len(result.stdout.splitlines()) == 1
