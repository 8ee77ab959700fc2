"""`afterdebate effects --self-test`: how often nothing is called an effect on a series of one's own."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from flows.effects_csv.self_test import self_test
from tests.flows.commands.commands import afterdebate
from warehouse.effects.estimate.self_test import NullSize, most_by_chance
from warehouse.effects.spec import Spec

FIRST = datetime(2020, 3, 2)  # noqa: DTZ001 - a local time of the file


def files(folder: Path, counts: np.ndarray, minutes: int, events: tuple[str, ...] = ()) -> tuple[Path, Path]:
    series, listed = folder / "series.csv", folder / "events.csv"
    with series.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["case_id", "candidate_id", "start_local", "interval_minutes", "count", "amount", "coverage"])
        starts = (FIRST + timedelta(minutes=minutes * i) for i in range(len(counts)))
        for start, count in zip(starts, counts, strict=True):
            rows.writerow(["a", "ada", start.isoformat() if minutes < 1440 else start.date(), minutes, count, "", 1])
    lines = [f"a,e{i},debate,{start},UTC,ada" for i, start in enumerate(events)]
    listed.write_text("\n".join(["case_id,event_id,event_kind,start_local,tz,participants", *lines, ""]))
    return series, listed


@pytest.fixture(scope="module")
def hourly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    counts = np.random.default_rng(3).poisson(30, 70 * 24)
    counts[40 * 24 + 20 : 40 * 24 + 24] *= 8
    return files(tmp_path_factory.mktemp("hours"), counts, 60, ("2020-04-11T20:00",))


def test_of_quiet_hours_one_in_twenty_looks_like_an_effect_at_any_hour(hourly: tuple[Path, Path]) -> None:
    sizes = self_test(*hourly, Spec(horizons=(180,)), lambda _text: None)
    assert [one.hour for one in sizes] == list(range(24))
    tested, rejected = (sum(getattr(one.size, name) for one in sizes) for name in ("tested", "rejected"))
    assert tested > 24 * 40
    assert 0.02 < rejected / tested < 0.08


def test_the_days_of_own_events_are_not_asked_about(hourly: tuple[Path, Path]) -> None:
    sizes = self_test(*hourly, Spec(horizons=(180,)), lambda _text: None)
    at_20 = next(one.size for one in sizes if one.hour == 20)
    assert at_20.tested <= 70 - 5 - 4  # the first five days, and four from the debate on


def test_the_command_prints_a_table_by_hour_and_its_limits(hourly: tuple[Path, Path], tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    spec.write_text("[spec]\nhorizons = [180]\n")
    done = afterdebate("effects", *map(str, hourly), "--self-test", "--spec", str(spec))
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Size on hours")
    assert sum(":00" in line for line in lines) == 24
    assert "size: of events that were never held" in done.stdout


def test_days_have_one_line_and_only_their_own_horizons(tmp_path: Path) -> None:
    counts = np.random.default_rng(4).poisson(50, 150)
    sizes = self_test(*files(tmp_path, counts, 1440), Spec(), lambda _text: None)
    assert [(one.interval_minutes, one.horizon_minutes) for one in sizes] == [(1440, 4320)]


def test_a_series_too_short_for_any_test_is_told_so(tmp_path: Path) -> None:
    series, events = files(tmp_path, np.full(20, 9), 1440)
    done = afterdebate("effects", str(series), str(events), "--self-test")
    assert done.exit_code != 0
    assert "no series is long enough" in done.stderr


def test_windows_that_share_rows_are_worth_fewer() -> None:
    size = NullSize(hour=21, length=72, tested=300, rejected=15)
    assert most_by_chance(size, 0.05, 24) > most_by_chance(
        NullSize(hour=21, length=3, tested=300, rejected=15), 0.05, 24
    )
