"""From the FEC's files to `donation_by_interval`, against DuckDB's own reading of the same files in the same run.

Both run in a process of their own, so that the peak memory is theirs. Then one more day's file is appended to a
warehouse that holds a tenth of the files and to one that holds them all; what counts cost is told apart from what
estimates, descriptions and publishing cost.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.campaign.csv_files.events_csv import COLUMNS
from connectors.campaign.folder import read_campaign
from flows.build import build_warehouse_once
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from flows.steps import land_facts

_TOML = """
id = "fec"
title = "FEC itemised receipts"
timezone = "America/New_York"
currency = "USD"
start = 2011-01-01
end = 2016-12-31
[[candidates]]
id = "one"
name = "Candidate One"
aliases = ["Candidate One"]
[[donations]]
id = "fec"
format = "fec-schedule-a"
path = "fec/*.csv*"
candidate = "one"
precision = "day"
"""
_OF_ALL = ("seconds", "cpu_s", "rows", "peak_mb")
_OF_COUNTS = ("import", "load", "touch", "count", "assemble", "check", "commit", "close")
_ONE_DAY = (
    "form_type,filer_committee_id_number,transaction_id,contributor_last_name,contributor_first_name,"
    "contributor_zip,contribution_date,contribution_amount,memo_code,memo_text_description\n"
)


def read_with_duckdb(files: list[str]) -> dict[str, float]:
    started = time.monotonic()
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(
            "CREATE TABLE t AS"
            " SELECT * FROM read_csv(?, union_by_name = true, all_varchar = true, ignore_errors = true)",
            [files],
        )
        [rows] = con.execute("SELECT count(*) FROM t").fetchone() or (0,)
    return _measured(started, rows)


def import_and_build(folder: str, files: list[str]) -> dict[str, float]:
    now = datetime.now(UTC)
    campaign = read_campaign(Path(folder))
    settings = Settings(home=Path(folder) / "home")
    started = time.monotonic()
    land_facts(campaign, settings, now)
    collected = import_donations_once(campaign, settings, now, [Path(file) for file in files])
    imported_s = time.monotonic() - started
    built = build_warehouse_once(settings.home, now)
    return _measured(started, collected.read["fec"]) | {"import": imported_s} | built.seconds


def _phases(measured: dict[str, float]) -> str:
    return "  " + ", ".join(f"{phase} {s:.2f}" for phase, s in measured.items() if phase not in _OF_ALL)


def _measured(started: float, rows: int) -> dict[str, float]:
    return {
        "seconds": time.monotonic() - started,
        "cpu_s": time.process_time(),
        "rows": rows,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _apart(name: str, *arguments: object) -> dict[str, float]:
    """What the function of this name measures in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.donations_fec", name],
        input=json.dumps(arguments),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _one_more_day(folder: Path) -> list[str]:
    rows = "".join(
        f"SA17A,C00999999,N{number},Doe,Jane {number},10001,20160315,{number % 90 + 5}.00,,\n" for number in range(4000)
    )
    path = folder / "one_more_day.csv"
    path.write_text(_ONE_DAY + rows, encoding="utf-8")
    return [str(path)]


def _campaign_in(folder: Path) -> Path:
    (folder / "fec").mkdir(parents=True)
    (folder / "campaign.toml").write_text(_TOML, encoding="utf-8")
    (folder / "events.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    return folder


def run(data: Path) -> None:
    files = sorted(str(path) for path in (data / "fec_itemised" / "data").rglob("*.csv.gz"))
    with tempfile.TemporaryDirectory() as scratch:
        whole, tenth = _campaign_in(Path(scratch) / "whole"), _campaign_in(Path(scratch) / "tenth")
        peer = _apart("read_with_duckdb", files)
        ours = _apart("import_and_build", str(whole), files)
        _apart("import_and_build", str(tenth), files[::10])
        print(f"{len(files)} files              seconds   cpu s   peak MB      rows")
        for name, m in (("DuckDB read_csv", peer), ("files to metrics", ours)):
            print(f"{name:20} {m['seconds']:10.1f} {m['cpu_s']:7.1f} {m['peak_mb']:9.0f} {m['rows']:9.0f}")
        print(_phases(ours))
        ratio, cpu_ratio = ours["seconds"] / peer["seconds"], ours["cpu_s"] / peer["cpu_s"]
        print(f"ratio {ratio:.2f} (limit 2.00), of CPU seconds {cpu_ratio:.2f}")
        print(f"rows that it drops and we keep: {ours['rows'] - peer['rows']:.0f}")
        for name, folder in (("a tenth", tenth), ("all", whole)):
            more = _apart("import_and_build", str(folder), _one_more_day(folder))
            counted = sum(more[phase] for phase in _OF_COUNTS)
            print(f"one more day on {name:8} {more['seconds']:6.2f} s, of it counts {counted:.2f} s (limit 3.00)")
            print(_phases(more))


def main() -> None:
    data = os.environ.get("AFTERDEBATE_BENCH_DATA")
    if not data or not (Path(data) / "fec_itemised").is_dir():
        print("skipped: AFTERDEBATE_BENCH_DATA names no folder with fec_itemised")
        return
    run(Path(data))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(globals()[sys.argv[1]](*json.load(sys.stdin))))
    else:
        main()
