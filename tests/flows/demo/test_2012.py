"""The campaign of 2012 once, whole: polls say what a ticker cannot, and what the gifts do not reach is said."""

from pathlib import Path

import duckdb
import pytest

from tests.flows.commands.commands import afterdebate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("of-2012")
    shown = afterdebate("demo", "us-2012-general", "--home", folder)
    assert shown.exit_code == 0, shown.output
    (folder / "screen").write_text(shown.stdout, encoding="utf-8")
    return folder


def test_the_screen_says_what_polls_did_after_each_debate(home: Path) -> None:
    screen = (home / "screen").read_text(encoding="utf-8")
    assert "Collected: 164 sums of gifts, 191 polls; 0 set aside." in screen
    assert screen.count(" in polls: ") == 8
    assert "too coarse" not in screen
    assert len(screen[screen.index("US general election 2012:") :].splitlines()) <= 24


def test_after_the_first_debate_support_moved_towards_romney(home: Path) -> None:
    with duckdb.connect(home / "demo" / "published" / "afterdebate.duckdb", read_only=True) as con:
        rows = con.execute(
            "SELECT candidate_id, change > 0, ci_low > 0 OR ci_high < 0, verdict FROM metrics.poll_change"
            " WHERE event_id = 'debate-2012-10-03' ORDER BY candidate_id"
        ).fetchall()
    assert rows == [("obama", False, True, "effect"), ("romney", True, True, "effect")]


def test_the_overview_says_it_beside_the_money_that_says_nothing(home: Path) -> None:
    page = (home / "demo" / "reports" / "us-2012-general" / "index.html").read_text(encoding="utf-8")
    assert "In the polls Mitt Romney went from " in page


def test_the_states_show_the_digital_divide_and_its_caveat(home: Path) -> None:
    with duckdb.connect(home / "demo" / "published" / "afterdebate.duckdb", read_only=True) as con:
        [(verdict, reason)] = con.execute("SELECT verdict, reason FROM metrics.claims WHERE claim_id = '7'").fetchall()
    assert verdict == "supports"
    assert "territories, not people, and income and density are not held fixed" in reason
