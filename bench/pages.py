"""What pages cost: `python -m bench.pages [HOME]`, on the demo's figures told as a season of 30 debates.

HOME is a home in which the demo was built (./data/demo). Says the seconds of all pages, of pages that nothing changed,
of those that one event's changed numbers touch, and of the slowest page in Chromium; beside them seconds of CPU, since
a busy machine waits, and what is aimed at.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright

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
        print(f"{'':34}{'seconds':>9}{'of CPU':>9}{'pages':>7}{'aim':>7}")
        _timed("all pages", season, aim_s=20)
        _timed("again: the overview's changes", season)
        _timed("nothing changed", season)
        with duckdb.connect(season / "published" / "afterdebate.duckdb") as con:
            con.execute("UPDATE metrics.debate_donation_effect SET observed = observed + 1 WHERE event_id = 'debate-7'")
        _timed("one event's numbers changed", season, aim_s=3)
        _opened(season / "reports", aim_s=2)
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


def _timed(what: str, season: Path, *, aim_s: float | None = None) -> None:
    started, before = time.perf_counter(), os.times()
    written = write_report(season, _CAMPAIGN)
    after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    aim = "" if aim_s is None else f"< {aim_s:g}"
    print(f"{what:34}{time.perf_counter() - started:9.1f}{cpu:9.1f}{len(written.pages):7}{aim:>7}", flush=True)


def _opened(folder: Path, *, aim_s: float) -> None:
    """The page that takes longest from its address to its last picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        took = {}
        for path in sorted(folder.rglob("*.html")):
            started = time.perf_counter()
            page.goto(path.as_uri(), wait_until="load")
            took[path.name] = time.perf_counter() - started
        browser.close()
    slowest = max(took, key=lambda name: took[name])
    print(f"{'opened in Chromium: ' + slowest[:14]:34}{took[slowest]:9.1f}{'':9}{len(took):7}{f'< {aim_s:g}':>7}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/demo"))
