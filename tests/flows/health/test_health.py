"""How a home is told to do: from its state and what is published, and by which rule it is well, degraded or broken."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from connectors.records import Outcome
from flows.build import build_warehouse_once
from flows.builds_noted import NotedBuild, build_noted, last_build_noted
from flows.health.judge import OF_ANOTHER_VERSION, Level, level_of, reasons
from flows.health.read import Health, LastRun, SourceNow, Spent, read_health
from flows.troubles import Trouble
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from warehouse.landing.files import landed_files
from warehouse.publish.publishing import published_file
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUN = LastRun(run_id="r", built_at=AT, published_at=AT)


def source(outcome: Outcome = "ok", reason: str | None = None, failures: int = 0, silent: bool = False) -> SourceNow:
    return SourceNow(
        campaign_id="c", source_id="blog", outcome=outcome, reason=reason, is_silent=silent, failures=failures
    )


def test_a_home_whose_sources_answer_and_whose_build_is_young_is_well() -> None:
    assert reasons(Health(now=AT, run=RUN, sources=[source(), source("not_modified"), source("empty")])) == []


@pytest.mark.parametrize(
    ("health", "level", "told"),
    [
        (Health(now=AT, run=RUN, sources=[source("refused", "403", 3)]), Level.DEGRADED, "blog: refused x 3: 403"),
        (
            Health(now=AT, run=RUN, sources=[source(reason="silent: nothing", silent=True)]),
            Level.DEGRADED,
            "silent",
        ),
        (Health(now=AT, run=RUN, troubles=[Trouble("x.parquet", "torn", AT)]), Level.DEGRADED, "x.parquet: torn"),
        (
            Health(now=AT, run=RUN, waiting=2, oldest_waiting_at=AT - timedelta(hours=3)),
            Level.DEGRADED,
            "2 landed files wait, the oldest for 3 h",
        ),
        (
            Health(
                now=AT,
                run=RUN,
                sources=[
                    SourceNow(
                        campaign_id="c", source_id="old", outcome="empty", set_aside=100, set_aside_mostly="no zone"
                    )
                ],
            ),
            Level.DEGRADED,
            "old: not a row of its last file could be read; 100 set aside: no zone",
        ),
        (Health(now=AT), Level.DEGRADED, "nothing is published"),
        (
            Health(
                now=AT,
                run=RUN,
                spent=[Spent(campaign_id="c", month="2026-11", spent_usd=Decimal(5), budget_usd=Decimal(5))],
            ),
            Level.DEGRADED,
            "5.00 of 5.00 USD",
        ),
        (Health(now=AT, unreadable="cannot be read"), Level.BROKEN, "cannot be read"),
        (
            Health(now=AT, run=RUN, build=NotedBuild(AT, AT, "a check failed", is_running=False)),
            Level.BROKEN,
            "a check failed",
        ),
        (
            Health(now=AT, run=RUN, build=NotedBuild(AT, None, None, is_running=False)),
            Level.BROKEN,
            "its process ended before it did",
        ),
    ],
)
def test_what_is_not_well_has_a_level_and_words(health: Health, level: Level, told: str) -> None:
    [reason] = reasons(health)
    assert (reason.level, level_of([reason])) == (level, level)
    assert told in reason.what


def test_the_worst_comes_first() -> None:
    health = Health(now=AT, unreadable="torn", sources=[source("refused")], troubles=[Trouble("f", "torn", AT)])
    assert [reason.level for reason in reasons(health)] == [Level.BROKEN, Level.DEGRADED, Level.DEGRADED]


def test_a_build_that_runs_is_no_fault() -> None:
    assert reasons(Health(now=AT, run=RUN, build=NotedBuild(AT, None, None, is_running=True))) == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    return tmp_path


def test_a_home_tells_its_run_and_what_waits_for_the_next(home: Path) -> None:
    before = read_health(home, NOW)
    assert (before.run, before.waiting) == (None, len(landed_files(home)))
    built = build_warehouse_once(home, NOW)
    # A file system may tell the time of two files alike.
    os.utime(published_file(home), (AT.timestamp(), AT.timestamp()))
    for path in landed_files(home):
        os.utime(path, (AT.timestamp() - 60, AT.timestamp() - 60))
    later = landed_files(home)[0]
    os.utime(later, (AT.timestamp() + 60, AT.timestamp() + 60))

    health = read_health(home, AT + timedelta(seconds=100))
    assert health.run
    assert (health.run.run_id, health.run.published_at) == (built.run_id, AT)
    assert (health.waiting, health.lag_s) == (1, 40.0)
    assert {s.source_id for s in health.sources} == {"blog", "ticker"}


def test_a_home_that_another_version_published_is_told_apart_from_one_that_cannot_be_read(home: Path) -> None:
    build_warehouse_once(home, NOW)
    with duckdb.connect(published_file(home)) as con:
        con.execute("DROP TABLE facts.publication")
    health = read_health(home, NOW)
    assert (health.run, health.unreadable, health.is_of_another_version) == (None, None, True)
    assert [reason.what for reason in reasons(health)] == [OF_ANOTHER_VERSION]


def test_the_last_build_is_the_one_that_was_published_though_the_clock_was_set_back(home: Path) -> None:
    build_warehouse_once(home, NOW)
    land_ticker(home, "second.csv", steady_totals(range(24, 30)))
    later = build_warehouse_once(home, NOW - timedelta(days=1))
    run = read_health(home, NOW).run
    assert run is not None
    assert run.run_id == later.run_id


def test_a_build_that_ends_well_is_noted(home: Path) -> None:
    build_warehouse_once(home, NOW)
    noted = last_build_noted(home)
    assert noted
    assert (noted.began_at, noted.failure, noted.is_running) == (NOW, None, False)


def test_a_build_that_fails_is_noted_by_its_class_and_no_word_of_the_error(home: Path) -> None:
    with pytest.raises(ValueError, match="a donor's name"), build_noted(home, NOW, lambda: NOW):
        raise ValueError("a donor's name")
    noted = last_build_noted(home)
    assert noted
    assert noted.failure == "ValueError"
    build_warehouse_once(home, NOW)
    assert read_health(home, NOW).build is not None
    assert reasons(read_health(home, NOW)) == []


def test_a_check_that_failed_is_told_in_its_own_words(home: Path) -> None:
    with pytest.raises(ChecksFailed), build_noted(home, NOW, lambda: NOW):
        raise ChecksFailed("no_negative_counts: 1 row")
    assert "no_negative_counts" in str(last_build_noted(home))


def test_a_build_that_gives_way_leaves_what_was_noted_of_the_one_before(home: Path) -> None:
    build_warehouse_once(home, NOW)
    before = last_build_noted(home)
    with pytest.raises(StoreBusy), build_noted(home, NOW + timedelta(hours=1), lambda: NOW):
        raise StoreBusy("another build is running")
    assert last_build_noted(home) == before


def test_a_build_whose_process_was_killed_is_known(home: Path) -> None:
    words = f"""
import os, signal
from datetime import datetime, UTC
from pathlib import Path
from flows.builds_noted import build_noted
with build_noted(Path({str(home)!r}), datetime(2020, 10, 5, tzinfo=UTC), lambda: None):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", words], check=False)
    noted = last_build_noted(home)
    assert noted
    assert noted.failure == "its process ended before it did"


def test_an_up_that_lives_is_known_and_one_that_is_gone_is_not(home: Path) -> None:
    assert read_health(home, AT).up is None
    holding = """
import sys
from pathlib import Path
from flows.only_one import held_by_us, up_lock
with held_by_us(up_lock(Path(sys.argv[1])), port=4200):
    print("held", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", holding, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        up = read_health(home, AT).up
        assert up
        assert (up.pid, up.port) == (holder.pid, 4200)
        holder.kill()
        holder.wait()
    assert read_health(home, AT).up is None
