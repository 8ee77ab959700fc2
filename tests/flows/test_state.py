from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flows.state import open_state

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
