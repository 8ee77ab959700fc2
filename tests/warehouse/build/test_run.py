"""One build: what landed becomes published tables, once, whole, and without waiting for anybody."""

import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.records import Reject
from tests.warehouse.homes import DEBATE_AT, NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from tests.warehouse.published import published, whole_publication
from warehouse.build.run import Built, build
from warehouse.landing.files import land, landed_files
from warehouse.publish.publishing import published_file
from warehouse.store import StoreBusy, open_store
from warehouse.tables.checks import ChecksFailed

AMOUNTS = "SELECT interval_start_at, amount FROM metrics.donation_by_interval WHERE interval_minutes = 60 ORDER BY ALL"
MENTIONS = "SELECT interval_start_at, mentions FROM metrics.buzz_by_interval WHERE interval_minutes = 60 ORDER BY ALL"


def build_quietly(home: Path) -> Built:
    return build(home, NOW, "test", lambda _text: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    return tmp_path


def test_a_campaign_and_its_ticker_become_hourly_amounts(home: Path) -> None:
    build_quietly(home)
    assert published(home, AMOUNTS) == [(START_AT + timedelta(hours=h), Decimal("60.00")) for h in range(24)]


def test_a_build_says_where_its_seconds_went(home: Path) -> None:
    phases = ["load", "libraries", "touch", "count", "estimate", "describe", "assemble", "check", "commit", "publish"]
    assert list(build_quietly(home).seconds) == [*phases, "close"]
    assert list(build_quietly(home).seconds) == ["load", "publish", "close"]


def test_a_second_build_changes_nothing(home: Path) -> None:
    build_quietly(home)
    files = {path: path.read_bytes() for path in (home / "published").iterdir()}
    assert build_quietly(home).run_id is None
    assert {path: path.read_bytes() for path in (home / "published").iterdir()} == files


def test_what_lands_twice_counts_once(home: Path) -> None:
    build_quietly(home)
    before = published(home, AMOUNTS)
    land_ticker(home, "first.csv", steady_totals(range(24)))
    land_ticker(home, "the same readings in another file.csv", steady_totals(range(24)), NOW + timedelta(days=1))
    build_quietly(home)
    assert published(home, AMOUNTS) == before


def test_late_readings_restate_the_hours_they_touch_and_no_other_row(home: Path) -> None:
    first = build_quietly(home)
    land_ticker(home, "second.csv", {START_AT + timedelta(hours=h): 2440 + 100 * (h - 24) for h in range(24, 49)})
    second = build_quietly(home)
    rows = """SELECT interval_start_at, run_id FROM metrics.coverage
        WHERE source_id = 'ticker' AND interval_minutes = 60 AND observed > 0 ORDER BY ALL"""
    by_run = [run for _at, run in published(home, rows)]
    # The first of the readings that landed is the end of the first day, which is therefore made anew as well.
    assert by_run == [second.run_id] * 48
    assert first.run_id != second.run_id
    land_ticker(home, "third.csv", {START_AT + timedelta(hours=h): 4840 + 100 * (h - 48) for h in range(49, 73)})
    third = build_quietly(home)
    by_run = [run for _at, run in published(home, rows)]
    assert by_run[:24] == [second.run_id] * 24
    assert by_run[48:] == [third.run_id] * 24


def test_a_feed_that_is_silent_while_watched_is_zero_and_unwatched_is_no_row(home: Path) -> None:
    land_poll(home, START_AT + timedelta(hours=2), START_AT, {"Ada speaks": START_AT + timedelta(minutes=30)})
    build_quietly(home)
    assert published(home, MENTIONS) == [(START_AT, 1), (START_AT + timedelta(hours=1), 0)]


def test_a_changed_alias_matches_stored_texts_anew(home: Path) -> None:
    land_poll(home, START_AT + timedelta(hours=1), START_AT, {"Countess speaks": START_AT + timedelta(minutes=30)})
    build_quietly(home)
    assert published(home, MENTIONS) == [(START_AT, 0)]
    land_campaign(home, campaign_hash="c2", aliases=("Ada", "Countess"), landed_at=NOW + timedelta(hours=1))
    build_quietly(home)
    assert published(home, MENTIONS) == [(START_AT, 1)]


def test_a_reader_who_holds_the_published_file_open_blocks_no_build(home: Path) -> None:
    build_quietly(home)
    # A reader is another process: within one process DuckDB shares an open file.
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(published_file(home))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    assert reader.stdout.readline() == "24\n"
    for n in range(10):
        land_ticker(home, f"{n}.csv", {START_AT + timedelta(hours=25 + n): 2500 + 100 * n})
        assert build_quietly(home).run_id is not None
    out, _ = reader.communicate("read again\n", timeout=30)
    assert out == "24\n"
    assert len(published(home, AMOUNTS)) == 34


_READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
count = "SELECT count(*) FROM metrics.donation_by_interval WHERE interval_minutes = 60"
print(con.execute(count).fetchone()[0], flush=True)
sys.stdin.readline()
print(con.execute(count).fetchone()[0], flush=True)
"""

_BUILDER = """
import sys
from datetime import datetime
from pathlib import Path
from warehouse.build.run import build
build(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), "test", lambda text: print(text, flush=True))
"""


def build_and_kill(home: Path, at_line: str) -> bool:
    """Run a build in a process of its own and kill it when it says `at_line`; False where it never does."""
    builder = subprocess.Popen(
        [sys.executable, "-c", _BUILDER, str(home), NOW.isoformat()], stdout=subprocess.PIPE, text=True
    )
    assert builder.stdout is not None
    for line in builder.stdout:
        if line.strip() == at_line:
            builder.send_signal(signal.SIGKILL)
            break
    builder.stdout.close()
    return builder.wait(timeout=60) == -signal.SIGKILL


@pytest.mark.parametrize(
    "at_line",
    [
        "loading what landed",
        "building staging.days",
        "building metrics.share_of_voice",
        "checking",
        "publishing metrics.coverage.parquet",
        "publishing afterdebate.duckdb",
    ],
)
def test_a_build_killed_midway_leaves_the_published_files_whole(
    home: Path, tmp_path_factory: Any, at_line: str
) -> None:
    build_quietly(home)
    before = whole_publication(home)
    land_ticker(home, "second.csv", steady_totals(range(24, 60)))
    land_poll(home, DEBATE_AT, START_AT, {"Ada speaks": DEBATE_AT - timedelta(hours=1)})
    assert build_and_kill(home, at_line)
    assert whole_publication(home) == before
    for path in (home / "published").glob("[!.]*.parquet"):
        assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchone() is not None
    build_quietly(home)
    fresh = tmp_path_factory.mktemp("fresh")
    for path in landed_files(home):
        target = fresh / path.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    build_quietly(fresh)
    assert whole_publication(home) == whole_publication(fresh)
    assert not list((home / "published").glob(".*"))


def test_a_landed_file_that_is_torn_is_named_and_the_rest_is_built(home: Path) -> None:
    torn = home / "landing" / "entries" / "torn.parquet"
    torn.parent.mkdir()
    torn.write_bytes(b"PAR1 and no more")
    built = build_quietly(home)
    assert list(built.unreadable) == [torn]
    assert len(published(home, AMOUNTS)) == 24


def test_a_failed_check_keeps_what_was_published(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_quietly(home)
    before = published(home, AMOUNTS)
    land_ticker(home, "second.csv", steady_totals(range(24, 48)))
    monkeypatch.setattr(
        "warehouse.tables.checks._checks",
        lambda _con: [("too many hours", "FROM metrics.donation_by_interval LIMIT 5")],
    )
    with pytest.raises(ChecksFailed, match="too many hours: 5 rows, such as campaign_id = tiny"):
        build_quietly(home)
    assert published(home, AMOUNTS) == before
    monkeypatch.undo()
    build_quietly(home)
    assert len(published(home, AMOUNTS)) == 48


def test_two_builds_at_once_do_not_mix(home: Path) -> None:
    with open_store(home):
        other = subprocess.run(
            [sys.executable, "-c", _BUILDER, str(home), NOW.isoformat()], capture_output=True, text=True, check=False
        )
    assert StoreBusy.__name__ in other.stderr
    assert "another build is running" in other.stderr


_BUILT_AGAIN = """
import sys
from datetime import datetime
from pathlib import Path
from warehouse.build.run import build
build(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), "test", lambda _text: None)
print("scipy" in sys.modules)
"""


@pytest.mark.parametrize("is_news", [True, False])
def test_only_a_build_with_news_loads_the_estimator(is_news: bool, home: Path) -> None:
    if not is_news:
        build_quietly(home)
    again = subprocess.run(
        [sys.executable, "-c", _BUILT_AGAIN, str(home), NOW.isoformat()], capture_output=True, text=True, check=True
    )
    assert again.stdout == f"{is_news}\n"


@pytest.mark.parametrize(("view", "table"), [("donations_hourly", 24), ("donations_daily", 1)])
def test_a_sum_over_a_view_counts_each_gift_once(home: Path, view: str, table: int) -> None:
    build_quietly(home)

    assert published(home, "SELECT sum(amount) FROM metrics.donation_by_interval") == [(Decimal("2880.00"),)]
    assert published(home, f"SELECT count(*), sum(amount) FROM metrics.{view}") == [(table, Decimal("1440.00"))]


def test_a_view_says_the_hour_on_the_campaigns_clock(home: Path) -> None:
    build_quietly(home)

    [(local,)] = published(home, "SELECT min(local_start) FROM metrics.donations_hourly")
    assert local == START_AT.replace(tzinfo=None)


def test_a_view_explains_itself_and_its_columns(home: Path) -> None:
    build_quietly(home)

    [(told,)] = published(home, "SELECT comment FROM duckdb_views() WHERE view_name = 'buzz_hourly'")
    assert "Mentions by hour" in told
    assert published(
        home, "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'donations_daily' AND comment IS NULL"
    ) == [(0,)]


def test_what_was_set_aside_is_published_with_its_reason(home: Path) -> None:
    aside = Reject(
        source_key="tiny/ticker", what="first.csv", line_number=7, reason="the amount is empty", seen_at=NOW,
        file_sha256="first.csv",
    )  # fmt: skip
    land(home, [aside])
    build_quietly(home)

    assert published(home, "SELECT source_id, what, line_number, reason FROM facts.rejects") == [
        ("ticker", "first.csv", 7, "the amount is empty")
    ]
