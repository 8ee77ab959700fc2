"""What waits for a build, whoever landed it and whatever the clock says; and how long it took."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from connectors.campaign.folder import read_campaign
from flows.build import build_warehouse_once, build_what_waits
from flows.builds_noted import build_noted, is_waiting, lags_since, landed_now, landing_stamp
from flows.imports.files import import_files_once
from flows.screen.status import told_of_lag
from flows.settings import Settings
from flows.steps import land_facts
from tests.flows.small_campaign import write_small_campaign
from warehouse.landing.files import landed_files

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def land_something(tmp_path: Path, now: datetime = NOW) -> Path:
    """A home in which the small campaign landed."""
    campaign = read_campaign(write_small_campaign(tmp_path))
    settings = Settings(home=tmp_path / "home", _env_file=None)
    land_facts(campaign, settings, now)
    import_files_once(campaign, settings, now)
    return settings.home


def waits(home: Path, now: datetime = NOW) -> bool:
    return is_waiting(home, landed_now(home), now)


def test_what_landed_waits_until_it_is_built_by_whomever(tmp_path: Path) -> None:
    home = land_something(tmp_path)
    assert waits(home)

    build_warehouse_once(home, NOW)

    assert not waits(home)
    assert build_what_waits(home, lambda: NOW) is None


def test_a_file_with_an_old_date_waits_as_well(tmp_path: Path) -> None:
    home = land_something(tmp_path)
    build_warehouse_once(home, NOW)
    late = next((home / "landing" / "donation_totals").glob("*.parquet"))

    (late.with_name("0" * 32 + ".parquet")).write_bytes(late.read_bytes())
    os.utime(late.with_name("0" * 32 + ".parquet"), (0, 0))

    assert waits(home)


def test_of_many_that_ask_at_once_one_builds_and_the_others_find_nothing_to_do(tmp_path: Path) -> None:
    home = land_something(tmp_path)

    with ThreadPoolExecutor(8) as askers:
        built = list(askers.map(lambda _: build_what_waits(home, partial(datetime.now, UTC)), range(8)))

    assert len([one for one in built if one is not None]) == 1


def test_a_landing_changes_the_stamp_of_a_home(tmp_path: Path) -> None:
    assert landing_stamp(tmp_path) == ()
    home = land_something(tmp_path)
    before = landing_stamp(home)

    assert landing_stamp(home) == before
    (home / "landing" / "donation_totals" / "new.parquet").write_bytes(b"")
    assert landing_stamp(home) != before


def test_status_says_how_long_the_last_day_took(tmp_path: Path) -> None:
    home = land_something(tmp_path)
    now = datetime.now(UTC)
    build_what_waits(home, partial(datetime.now, UTC))

    [lag] = lags_since(home, now - timedelta(days=1))
    assert 0 < lag.build_s <= lag.landed_s
    lines = list(told_of_lag([lag]))
    assert lines[0].startswith("From landed to published: ")
    assert "(1 builds of the last 24 hours" in lines[0]


def test_what_a_failed_build_left_counts_as_landed_since_the_last_that_published(tmp_path: Path) -> None:
    home = land_something(tmp_path)
    at = datetime.now(UTC)
    with pytest.raises(ValueError, match="no"), build_noted(home, at, lambda: at):
        raise ValueError("no")
    assert not waits(home, at + timedelta(minutes=14))
    assert waits(home, at + timedelta(minutes=15))

    build_what_waits(home, lambda: at + timedelta(minutes=20))

    [lag] = lags_since(home, at)
    assert lag.files == len(landed_files(home))
    assert lag.landed_s > 20 * 60


def test_what_a_killed_build_saw_waits_at_once(tmp_path: Path) -> None:
    home = land_something(tmp_path)
    build_warehouse_once(home, NOW)
    assert not waits(home)
    with closing(sqlite3.connect(home / "state.sqlite")) as state, state:
        state.execute("UPDATE builds SET ended_at = NULL")

    assert waits(home)
