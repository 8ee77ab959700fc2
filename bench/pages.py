"""What pages cost: `python -m bench.pages [HOME]`, on the demo's figures told as a season of 30 debates.

HOME is a home in which the demo was built (./data/demo). Says the seconds of all pages, of pages that
nothing changed, and of those that one event's changed numbers touch; beside them seconds of CPU: a busy machine waits.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from flows.reports.write import write_report

_CAMPAIGN = "us-2020-general"
_DEBATE = "debate-2020-10-07"
_EVENTS = 30
_TABLES = (
    "debate_buzz_effect", "debate_donation_effect", "effect_placebos", "share_of_voice", "buzz_decay",
    "donation_timing",
)  # fmt: skip


def main(home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        season = Path(folder)
        (season / "published").mkdir()
        shutil.copyfile(home / "published" / "afterdebate.duckdb", season / "published" / "afterdebate.duckdb")
        _multiply(season)
        print(f"{_EVENTS} debates, {os.cpu_count()} processors")
        print(f"{'':34}{'seconds':>9}{'of CPU':>9}{'pages':>7}")
        _timed("all pages", season)
        _timed("again: the overview's changes", season)
        _timed("nothing changed", season)
        with duckdb.connect(season / "published" / "afterdebate.duckdb") as con:
            con.execute("UPDATE metrics.debate_donation_effect SET observed = observed + 1 WHERE event_id = 'debate-7'")
        _timed("one event's numbers changed", season)
        size = sum(path.stat().st_size for path in (season / "reports").rglob("*.html"))
        print(f"pages: {size / 1e6:.1f} MB in all")


def _multiply(season: Path) -> None:
    """The debate of 7 October thirty times, a day apart, on the same figures."""
    with duckdb.connect(season / "published" / "afterdebate.duckdb") as con:
        con.execute("DELETE FROM facts.events WHERE event_id != ?", [_DEBATE])
        con.execute(
            f"""INSERT INTO facts.events BY NAME
            SELECT e.* REPLACE ('debate-' || n AS event_id, starts_on + n::INTEGER - 15 AS starts_on,
                starts_at + to_days((n - 15)::INTEGER) AS starts_at, ends_at + to_days((n - 15)::INTEGER) AS ends_at)
            FROM facts.events AS e, range({_EVENTS - 1}) AS r(n)"""
        )
        for table in _TABLES:
            con.execute(f"DELETE FROM metrics.{table} WHERE event_id NOT IN ('ALL', ?)", [_DEBATE])
            con.execute(
                f"""INSERT INTO metrics.{table} BY NAME SELECT t.* REPLACE ('debate-' || n AS event_id)
                FROM metrics.{table} AS t, range({_EVENTS - 1}) AS r(n) WHERE event_id = ?""",
                [_DEBATE],
            )


def _timed(what: str, season: Path) -> None:
    started, before = time.perf_counter(), os.times()
    written = write_report(season, _CAMPAIGN)
    after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    print(f"{what:34}{time.perf_counter() - started:9.1f}{cpu:9.1f}{len(written.pages):7}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/demo"))
