"""Size on real series: events that were never held, at every hour of the day, by the command that users have.

    python -m bench.effects.real_nulls  the shipped ticker; with AFTERDEBATE_BENCH_DATA also fifteen months of the same
                                    ticker, as a whole and in stretches as long as the shipped one, and gifts of all
                                    days of 2013 to 2018

Writes SERIES and EVENTS to a folder of its own and runs `afterdebate effects SERIES EVENTS --self-test`. Of stretches
the nights of 21:00 are told, with what the errors are in those that the intervals say.
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from flows.effects_csv.answer import place_all
from flows.effects_csv.events import read_events
from flows.effects_csv.inputs import read_series
from flows.effects_csv.panels import build_panels
from flows.screen.effects import tell_self_test
from warehouse.effects.estimate.effect import Effect
from warehouse.effects.estimate.self_test import null_effects
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

_SHIPPED = Path(__file__).parents[2] / "campaigns" / "us-2020-general" / "donations" / "actblue-ticker.csv"
_LONGEST_GAP_S = 2 * 3600
_SHIPPED_HOURS = 46 * 24
_MOST_NIGHTS = 40
_ZONE = "America/New_York"
_SERIES = ("case_id", "candidate_id", "start_local", "interval_minutes", "count", "amount", "coverage")
_EVENTS = ("case_id", "event_id", "event_kind", "start_local", "tz", "participants")
_EVENTS_2020 = (
    ("t", "d1", "debate", "2020-09-29T21:00", _ZONE, ""),
    ("t", "q3", "deadline", "2020-09-30", _ZONE, ""),
    ("t", "d2", "debate", "2020-10-07T21:00", _ZONE, ""),
    ("t", "d3", "debate", "2020-10-22T21:00", _ZONE, ""),
    ("t", "vote", "vote", "2020-11-03", _ZONE, ""),
)
_QUARTERS = tuple(
    ("t", f"q{year}-{month}", "deadline", f"{year}-{month}", _ZONE, "")
    for year in range(2013, 2022)
    for month in ("03-31", "06-30", "09-30", "12-31")
)
Row = tuple[object, ...]


def ticker_hours(readings: Iterable[tuple[float, float]]) -> list[Row]:
    """Dollars of each whole hour of a cumulative ticker; hours that a gap of two hours touches were not seen."""
    at, total = np.array(sorted(readings)).T
    total = np.maximum.accumulate(total)  # corrections go down
    hours = np.arange(at[0] // 3600 * 3600 + 3600, at[-1] - 3600, 3600)
    ends = hours + 3600
    dollars = np.interp(ends, at, total) - np.interp(hours, at, total)
    after = np.searchsorted(at, ends)
    before = np.searchsorted(at, hours, side="right") - 1
    widest = np.array([np.diff(at[a : b + 1]).max() for a, b in zip(before, after, strict=True)])
    return [
        (
            "t",
            "ALL",
            datetime.fromtimestamp(hour, UTC).isoformat(),
            60,
            "",
            round(float(dollar)),
            int(gap <= _LONGEST_GAP_S),
        )
        for hour, dollar, gap in zip(hours, dollars, widest, strict=True)
    ]


def _shipped() -> list[tuple[float, float]]:
    with _SHIPPED.open(newline="") as file:
        return [
            (datetime.fromisoformat(row["observed_at"]).timestamp(), float(row["total"]))
            for row in csv.DictReader(file)
            if row["total"]
        ]


def _long(data: Path) -> list[tuple[float, float]]:
    with (data / "actblue_ticker" / "amounts_2020-09_to_2021-12.csv").open(newline="") as file:
        return [(float(row["timestamp"]), float(row["amount"])) for row in csv.DictReader(file) if row["amount"]]


def _days(data: Path) -> list[Row]:
    first = datetime(2013, 1, 1, tzinfo=UTC).date()
    with (data / "actblue_by_day" / "data" / "actblue_contribs_by_day.csv").open(newline="") as file:
        by_day = {row["contribution_date"]: row["count"] for row in csv.DictReader(file)}
    days = [(first + timedelta(days=i)).isoformat() for i in range(len(by_day))]
    return [("t", "ALL", day, 1440, by_day[day], "", 1) for day in days if day in by_day]


def run(title: str, rows: list[Row], events: Iterable[Row]) -> None:
    print(f"\n{title}: {len(rows)} rows")
    with tempfile.TemporaryDirectory() as folder:
        tell_self_test(*_files(Path(folder), rows, events), None)


def stretches(rows: list[Row], events: Sequence[Row]) -> None:
    """Three hours from 21:00 on nights without an event, told from as few evenings as the shipped ticker has."""
    found: list[Effect] = []
    for first in range(0, len(rows) - _SHIPPED_HOURS, _SHIPPED_HOURS):
        with tempfile.TemporaryDirectory() as folder:
            file, own = _files(Path(folder), rows[first : first + _SHIPPED_HOURS], events)
            listed = read_events(own)["t"]
            placed, _ = place_all("t", read_series(file), listed)
            [panel] = build_panels(list(placed.values()), listed, [0]).values()
        found += null_effects(Study(panel.fit(listed, Spec())), 0, 21, 3, _MOST_NIGHTS)
    known = [one.estimate for one in found if one.estimate is not None]
    size = np.mean([one.evidence.p <= Spec().level for one in known])
    errors = np.std([one.log_rr / one.evidence.se for one in known])
    width = np.exp(np.median([one.evidence.high - one.evidence.low for one in known]))
    days, answered = _SHIPPED_HOURS // 24, f"{len(known)} of {len(found)} answered"
    print(f"\nin stretches of {days} days, three hours from 21:00: {answered}")
    print(f"size {size:.3f}, errors {errors:.2f} times what is told, ends of an interval {width:.1f}-fold apart")


def _files(folder: Path, rows: Iterable[Row], events: Iterable[Row]) -> tuple[Path, Path]:
    series_file, events_file = folder / "series.csv", folder / "events.csv"
    for path, columns, lines in ((series_file, _SERIES, rows), (events_file, _EVENTS, events)):
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([columns, *lines])
    return series_file, events_file


def main() -> None:
    run("the shipped ticker", ticker_hours(_shipped()), _EVENTS_2020)
    data = os.environ.get("AFTERDEBATE_BENCH_DATA")
    if data is None:
        print("the long ticker and the gifts by day were skipped: AFTERDEBATE_BENCH_DATA names no folder")
        return
    hours, events = ticker_hours(_long(Path(data))), (*_EVENTS_2020, *_QUARTERS[31:])
    run("the ticker of fifteen months", hours, events)
    stretches(hours, events)
    run("gifts by day, 2013 to 2018", _days(Path(data)), _QUARTERS)


if __name__ == "__main__":
    main()
