"""What a first build of a fine and long history costs: `python -m bench.build_quarters [KIND] [SERIES] [DAYS]`.

SERIES series (4) of rows every quarter of an hour for DAYS days (120), six debates among them, one of which starts at
half past. The figures in docs/methods.md are of 26 series and 670 days, which are 22 months. KIND is `totals` (sums of
one source by candidate), `tickers` (one source a series), `counts` (posts that X counted) or `gifts` (one gift a
quarter); all of them where none is named. The build runs in a process of its own, so that its processor seconds and its
largest memory are those of the whole build; its matrices are multiplied by one thread, as in every command.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb

import flows  # noqa: F401 - sets how many threads multiply matrices, before NumPy comes
from warehouse.build.run import build
from warehouse.landing.files import land_table

_SMALL = (4, 120)  # series and days
KINDS = ("totals", "tickers", "counts", "gifts")
_START = "TIMESTAMPTZ '2020-01-01 05:00:00+00'"  # midnight in New York
_KEY = "'c' AS campaign_id, 'h' AS campaign_hash"
_SOURCE = (
    f"SELECT {_KEY}, 'national' AS scope, NULL AS territory, NULL AS query_hash, 'measured' AS coverage,"
    " false AS is_synthetic,"
)


def main(kinds: tuple[str, ...], series: int, days: int) -> None:
    print(f"{series} series of {days} days, DuckDB {duckdb.__version__}, {len(os.sched_getaffinity(0))} processors")
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            land_history(Path(folder), kind, series, days)
            said, processor_s, peak_gb = _in_a_process(Path(folder))
        print(f"{kind:8}{said}; {processor_s:.1f} s of processor, {peak_gb:.2f} GB at most")


def land_history(home: Path, kind: str, series: int, days: int) -> None:
    """A campaign with one fine history in the landing zone of `home`."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        for table, select in {**_facts(series, days), **_SOURCES[kind](series), **_ROWS[kind](series, days)}.items():
            land_table(home, table, con.execute(select).to_arrow_table())


def _in_a_process(home: Path) -> tuple[str, float, float]:
    """What the build said of its phases, its processor seconds and the most memory that it held, in gigabytes."""
    reading, writing = os.pipe()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "bench.build_quarters", "--build", str(home)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)],
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read().strip()
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the build ended with {os.waitstatus_to_exitcode(status)}")
    return said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def _build(home: Path) -> None:
    built = build(home, datetime(2022, 1, 1, tzinfo=UTC), "bench", lambda _text: None)
    if built.unreadable:
        raise SystemExit(str(built.unreadable))
    phases = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in built.seconds.items() if seconds >= 0.1)
    print(f"{sum(built.seconds.values()):6.1f} s by the clock ({phases})")


def _facts(series: int, days: int) -> dict[str, str]:
    debates = f"""SELECT {_KEY}, 'd' || i AS event_id, 'debate' AS event_kind, 'Debate' AS title,
        ({_START} + to_days(on_day))::DATE AS starts_on,
        {_START} + to_days(on_day) + to_minutes(CASE i WHEN 5 THEN 1230 ELSE 1260 END) AS starts_at,
        NULL::TIMESTAMPTZ AS ends_at, 'America/New_York' AS timezone, []::VARCHAR[] AS channels,
        ['c0', 'c' || i + 1] AS participants,
        NULL::DOUBLE AS audience_millions, NULL AS scope, NULL AS territory, true AS is_held, NULL AS source_url
        FROM (SELECT i, {days} // 3 + i * {days} // 12 AS on_day FROM range(6) AS r (i))"""
    return {
        "campaigns": f"""SELECT {_KEY}, 's' AS spec_hash, '{{}}' AS spec, 'C' AS title, NULL AS language,
            'America/New_York' AS timezone, 'USD' AS currency, {_START}::DATE AS start_on,
            {_START}::DATE + {days - 1} AS end_on, 200::DECIMAL(18, 2) AS small_gift_max, {_START} AS landed_at,
            30 AS retention_days""",
        "candidates": f"SELECT {_KEY}, 'c' || i AS candidate_id, 'C' || i AS name FROM range({series}) AS r (i)",
        "events": debates,
    }


def _given(precision: str) -> str:
    return f"""{_SOURCE} 'g' AS source_id, 'c/g' AS source_key, 'donations' AS source_kind, NULL AS candidate_id,
        '{precision}' AS precision, 'USD' AS currency"""


def _tickers(series: int) -> str:
    return f"""{_SOURCE} 'g' || i AS source_id, 'c/g' || i AS source_key, 'donations' AS source_kind,
        'c' || i AS candidate_id, 'interval' AS precision, 'USD' AS currency FROM range({series}) AS r (i)"""


def _counted(series: int) -> str:
    return f"""{_SOURCE} 'x' || i AS source_id, 'c/x' || i AS source_key, 'x_counts' AS source_kind,
        'c' || i AS candidate_id, NULL AS precision, NULL AS currency FROM range({series}) AS r (i)"""


def _quarters(series: int, days: int) -> str:
    """One row a series and quarter; `level` has a rhythm of the day and a noise that every run shares."""
    return f"""SELECT s, q, {_START} + to_minutes(15 * q) AS starts_at,
            (100 + s) * (1.2 + sin(q * pi() / 48)) * (0.5 + hash(s * 1000003 + q) % 1000 / 1000.0) AS level
        FROM range({series}) AS a (s), range({days} * 96) AS b (q)"""


def _file(source: str, rows: str, days: int) -> str:
    span = f"{_START} AS {{0}}_from_at, {_START} + to_days({days}) AS {{0}}_to_at"
    return f"""SELECT 'c' AS campaign_id, {source} AS source_id, 'f' AS file_sha256, 'file.csv' AS file_name,
        {_START} + to_days({days}) AS imported_at, 0 AS rows_read, 0 AS rows_landed, 0 AS rows_set_aside,
        {span.format("span")}, {span.format("rows")} FROM {rows}"""


def _totals(series: int, days: int) -> dict[str, str]:
    return {
        "imported_files": _file("'g'", "range(1) AS r (i)", days),
        "donation_totals": f"""SELECT 'c' AS campaign_id, 'g' AS source_id, 'f' AS file_sha256,
            s * 1000000 + q AS line_number,
            'c' || s AS candidate_id, starts_at AS interval_start_at, 15::BIGINT AS interval_minutes,
            level::DECIMAL(18, 2) AS amount, (level / 20)::BIGINT AS gifts, 'USD' AS currency,
            {_START} + to_days({days}) AS known_at FROM ({_quarters(series, days)})""",
    }


def _readings(series: int, days: int) -> dict[str, str]:
    return {
        "imported_files": _file("'g' || i", f"range({series}) AS r (i)", days),
        "ticker_readings": f"""SELECT 'c' AS campaign_id, 'g' || s AS source_id, 'f' AS file_sha256, q AS line_number,
            'c' || s AS candidate_id, starts_at AS observed_at,
            sum(level::DECIMAL(18, 2)) OVER (PARTITION BY s ORDER BY q)::DECIMAL(18, 2) AS total, 'USD' AS currency,
            {_START} + to_days({days}) AS known_at FROM ({_quarters(series, days)})""",
    }


def _posts(series: int, days: int) -> dict[str, str]:
    return {
        "fetch_attempts": f"""SELECT 'a' || i AS attempt_id, 'c/x' || i AS source_key, 'x_counts' AS source_kind,
            {_START} + to_days({days}) AS attempted_at, NULL::TIMESTAMPTZ AS due_at, 'ok' AS outcome, NULL AS reason,
            {_START} AS observed_from_at, {_START} + to_days({days}) AS observed_to_at,
            NULL::TIMESTAMPTZ AS unknown_from_at, 1 AS items, 200 AS http_status, 1 AS requests,
            false AS is_conditional, NULL::DOUBLE AS cost_usd FROM range({series}) AS r (i)""",
        # X counts by the minute or by the hour: a quarter is its first minute.
        "post_counts": f"""SELECT 'c/x' || s AS source_key, 'c' AS campaign_id, 'c' || s AS candidate_id,
            'q' AS query_hash, starts_at AS interval_start_at, 1 AS interval_minutes, level::BIGINT AS posts,
            {_START} + to_days({days}) AS retrieved_at FROM ({_quarters(series, days)})""",
    }


def _gifts(series: int, days: int) -> dict[str, str]:
    return {
        "imported_files": _file("'g'", "range(1) AS r (i)", days),
        "donations": f"""SELECT 'c' AS campaign_id, 'g' AS source_id, 'f' AS file_sha256,
            s * 1000000 + q AS line_number,
            'd' || s || '-' || q AS donation_id, 'c' || s AS candidate_id, starts_at AS occurred_at,
            (starts_at AT TIME ZONE 'America/New_York')::DATE AS occurred_on, 'instant' AS precision,
            level::DECIMAL(18, 2) AS amount, 'USD' AS currency, 'one_off' AS gift_kind, false AS is_memo,
            CASE hash(s + q) % 200 WHEN 0 THEN starts_at + INTERVAL 3 DAY END AS refunded_at, NULL AS channel,
            NULL AS scope, NULL AS territory, 'k' || hash(s * 7 + q) % 100000 AS donor_key,
            []::VARCHAR[] AS flags, 1 AS version,
            {_START} + to_days({days}) AS known_at FROM ({_quarters(series, days)})""",
    }


_SOURCES = {
    "totals": lambda _series: {"sources": _given("interval")},
    "tickers": lambda series: {"sources": _tickers(series)},
    "counts": lambda series: {"sources": _counted(series)},
    "gifts": lambda _series: {"sources": _given("instant")},
}
_ROWS = {"totals": _totals, "tickers": _readings, "counts": _posts, "gifts": _gifts}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        _build(Path(sys.argv[2]))
    else:
        chosen = sys.argv[1:2]
        numbers = [int(number) for number in sys.argv[2:]]
        main(tuple(chosen) or KINDS, *(*numbers, *_SMALL[len(numbers) :]))
