import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from flows.build import build_warehouse_once
from flows.state import open_state
from tests.flows.commands.commands import afterdebate
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from tests.warehouse.published import published

SCHEMA = "CREATE TABLE IF NOT EXISTS seen (source_id TEXT)"


def test_several_collectors_may_open_a_home_that_nobody_opened_before(tmp_path: Path) -> None:
    together = Barrier(8)

    def open_at_once(home: Path) -> str:
        together.wait()
        state = open_state(home, SCHEMA)
        [mode] = state.execute("PRAGMA journal_mode").fetchone()
        state.close()
        return str(mode)

    with ThreadPoolExecutor(8) as collectors:
        for attempt in range(25):
            home = tmp_path / str(attempt)
            assert set(collectors.map(open_at_once, [home] * 8)) == {"wal"}


@pytest.mark.parametrize("content", [b"", os.urandom(5000), None], ids=["emptied", "junk", "cut in half"])
def test_a_state_that_cannot_be_read_is_set_aside_and_begun_anew(tmp_path: Path, content: bytes | None) -> None:
    with open_state(tmp_path, SCHEMA) as state:
        state.executemany("INSERT INTO seen VALUES (?)", [(f"a source {n}" * 100,) for n in range(500)])
    state.close()
    file = tmp_path / "state.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)

    again = open_state(tmp_path, SCHEMA)

    assert again.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    again.close()
    # An empty file is a state in which nothing stands yet.
    assert (tmp_path / "state.sqlite.unreadable").exists() == (content != b"")


@pytest.mark.parametrize("name", ["state.sqlite", "warehouse.duckdb", "published/afterdebate.duckdb"])
def test_a_broken_database_of_the_home_ends_no_build_and_is_made_anew(tmp_path: Path, name: str) -> None:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    build_warehouse_once(tmp_path, NOW)
    amounts = "SELECT interval_start_at, amount FROM metrics.donation_by_interval ORDER BY ALL"
    before = published(tmp_path, amounts)
    (tmp_path / name).write_bytes(os.urandom(20_000))

    for _ in range(2):
        status, built = afterdebate("status", "--home", tmp_path), afterdebate("build", "--home", tmp_path)
        assert (status.exit_code, built.exit_code) == (0, 0)
    assert published(tmp_path, amounts) == before


def test_what_was_published_and_broke_says_how_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "afterdebate.duckdb").write_bytes(os.urandom(20_000))

    asked = afterdebate("sql", "SHOW TABLES", "--home", tmp_path)

    assert asked.exit_code == 2
    assert "afterdebate.duckdb cannot be read. Mend: `afterdebate build` makes it anew" in asked.stderr
