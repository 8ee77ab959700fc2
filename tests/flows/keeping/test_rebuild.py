"""A rebuild makes everything anew from what landed, equal to the row, and nobody who reads is disturbed."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from connectors.records import FetchAttempt
from flows.build import build_warehouse_once
from flows.faults import UsageFault
from flows.keeping.rebuild import rebuild_home
from flows.only_one import only_one
from flows.state import open_state
from flows.x.purse import SCHEMA, spent_by_month
from tests.warehouse.homes import CAMPAIGN, NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from tests.warehouse.published import whole_parquet, whole_publication
from warehouse.landing.files import land, landed_files
from warehouse.publish.publishing import published_file


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was built three times, so that a first build has several loads to equal."""
    home = tmp_path_factory.mktemp("built") / "home"
    land_campaign(home)
    for hour, hours in enumerate((range(24), range(24, 48), range(48, 72))):
        land_ticker(home, f"{hour}.csv", steady_totals(hours))
        since, at = START_AT + timedelta(hours=hour), START_AT + timedelta(hours=hour + 1)
        land_poll(home, at, since, {f"Ada speaks {hour}": since + timedelta(minutes=30)})
        build_warehouse_once(home, NOW + timedelta(hours=hour))
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "home")


def test_what_is_made_anew_equals_what_was_there_row_by_row(home: Path) -> None:
    before = whole_publication(home)
    done = rebuild_home(home, NOW + timedelta(days=1))
    assert (done.equal, done.other) == (done.tables, {})
    assert whole_publication(home) == before
    assert whole_parquet(home) == before


def test_a_table_that_was_edited_by_hand_is_named(home: Path) -> None:
    with duckdb.connect(published_file(home)) as con:
        con.execute("UPDATE metrics.donation_by_interval SET amount = amount + 1 WHERE interval_minutes = 60")
    other = rebuild_home(home, NOW + timedelta(days=1)).other
    assert list(other) == ["metrics.donation_by_interval"]
    assert "some of them with other values" in other["metrics.donation_by_interval"]


def test_a_file_that_is_lost_is_seen_in_the_rows(home: Path) -> None:
    for path in landed_files(home, "entries"):
        path.unlink()
    assert "metrics.buzz_by_interval" in rebuild_home(home, NOW + timedelta(days=1)).other


def test_a_reader_keeps_the_rows_that_were_there(home: Path) -> None:
    with duckdb.connect(published_file(home), read_only=True) as reader:
        before = reader.execute("SELECT count(*) FROM metrics.donation_by_interval").fetchall()
        rebuild_home(home, NOW + timedelta(days=1))
        assert reader.execute("SELECT count(*) FROM metrics.donation_by_interval").fetchall() == before


_REBUILD_SLOWLY = """
import sys, time
from pathlib import Path
from datetime import datetime, UTC
from flows.keeping.rebuild import rebuild_home
def tell(text):
    if text.startswith(sys.argv[2]):
        print("there", flush=True)
        time.sleep(60)
rebuild_home(Path(sys.argv[1]), datetime.now(UTC), tell=tell)
"""


@pytest.mark.parametrize(
    "moment", ["forgetting", "building", "checking", "publishing metrics.claims", "publishing afterdebate"]
)
def test_one_that_is_killed_leaves_published_what_was_and_the_next_build_does_the_rest(home: Path, moment: str) -> None:
    before, parquet = whole_publication(home), whole_parquet(home)
    command = [sys.executable, "-c", _REBUILD_SLOWLY, str(home), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as rebuilding:
        assert rebuilding.stdout is not None
        assert rebuilding.stdout.readline() == "there\n"
        os.kill(rebuilding.pid, signal.SIGKILL)
    assert whole_publication(home) == before
    assert whole_parquet(home) == parquet
    build_warehouse_once(home, NOW + timedelta(days=1))
    assert whole_publication(home) == before
    assert not list((home / "published").glob(".*"))


def test_a_lost_state_knows_the_money_for_x_again(home: Path) -> None:
    attempt = FetchAttempt(
        attempt_id="a",
        source_key=f"{CAMPAIGN}/x-counts-ada",
        source_kind="x_counts",
        attempted_at=NOW,
        outcome="ok",
        cost_usd=Decimal("0.015"),
    )
    land(home, [attempt])
    (home / "state.sqlite").unlink()
    done = rebuild_home(home, NOW)
    assert "within the budget" in done.not_known[0]
    with closing(open_state(home, SCHEMA)) as state:
        assert spent_by_month(state, CAMPAIGN) == {"2020-10": Decimal("0.015")}


def test_a_state_that_stands_is_left_alone_unless_it_is_asked_for(home: Path) -> None:
    assert rebuild_home(home, NOW).not_known == []
    assert rebuild_home(home, NOW, is_state_wanted=True).not_known
    assert (home / "state.sqlite.before").is_file()


def test_a_state_is_not_taken_from_under_a_collector(home: Path) -> None:
    with only_one(home, "feeds"), pytest.raises(UsageFault, match="feeds is under way"):
        rebuild_home(home, NOW, is_state_wanted=True)
