"""What a person sees of a step, and what stays on the screen when it is over."""

from pathlib import Path

import pytest

from flows.commands.new import write_new_campaign
from flows.demo.tables import effects_table
from flows.screen.console import console
from tests.flows.commands.commands import afterdebate

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
    result = afterdebate("erase", "--donor", "Jean Valjean", "--yes", "--home", home)

    assert result.stdout.startswith("erased: 1 rows in 1 files, ")
    assert len(result.stdout.splitlines()) == 1


def test_a_narrow_terminal_cuts_nothing_off_the_effects(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("NO_COLOR", "1"), ("COLUMNS", "80")):
        monkeypatch.setenv(name, value)
    names = {"event_id": "debate-2020-10-15", "series": "actblue-ticker", "scope": None, "candidate_id": "ALL"}
    numbers = {"observed": 141.49e6, "expected": 143.72e6, "rr": 0.98, "rr_low": 0.1, "rr_high": 9.36}
    marks = {"measure": "money", "horizon_minutes": 4320, "is_synthetic": False, "is_cancelled": True}
    console(is_wide=True).print(effects_table([names | numbers | marks | {"verdict": "effect"}]))

    shown = capsys.readouterr().out
    for cell in ("2020-10-15 *", "actblue-ticker", "141.49", "143.72", "0.98 (0.10 to 9.36)", "effect"):
        assert cell in shown
