"""At most one alert a cause and hour, whoever asks and however it ends."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.alerts.memory import claim_alerts, give_back
from flows.alerts.rules import Alert

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SILENT = Alert("source.silent", "blog", "c", "blog is silent")
MINUTE = timedelta(minutes=1)


def test_a_cause_that_stays_is_told_once_and_again_after_a_day(tmp_path: Path) -> None:
    told = [bool(claim_alerts(tmp_path, [SILENT], AT + timedelta(hours=h))) for h in range(50)]
    assert [hour for hour, is_told in enumerate(told) if is_told] == [0, 24, 48]


def test_a_cause_that_went_away_may_come_back_after_an_hour(tmp_path: Path) -> None:
    assert claim_alerts(tmp_path, [SILENT], AT)
    claim_alerts(tmp_path, [], AT + 59 * MINUTE)
    assert not claim_alerts(tmp_path, [SILENT], AT + 59 * MINUTE)
    claim_alerts(tmp_path, [], AT + 60 * MINUTE)
    assert claim_alerts(tmp_path, [SILENT], AT + 60 * MINUTE)


def test_an_alert_that_reached_nobody_is_due_again(tmp_path: Path) -> None:
    give_back(tmp_path, claim_alerts(tmp_path, [SILENT], AT))
    assert claim_alerts(tmp_path, [SILENT], AT + MINUTE) == [SILENT]


def test_a_clock_that_was_ahead_keeps_no_cause_quiet(tmp_path: Path) -> None:
    assert claim_alerts(tmp_path, [SILENT], AT + timedelta(days=300))
    assert claim_alerts(tmp_path, [SILENT], AT)


def test_of_processes_that_ask_at_once_one_tells(tmp_path: Path) -> None:
    words = f"""
from datetime import datetime, UTC
from pathlib import Path
from flows.alerts.memory import claim_alerts
from flows.alerts.rules import Alert
alert = Alert("source.silent", "blog", "c", "blog is silent")
print(len(claim_alerts(Path({str(tmp_path)!r}), [alert], datetime(2026, 11, 20, 12, tzinfo=UTC))))
"""
    asked = [subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sorted(process.communicate(timeout=60)[0].strip() for process in asked) == ["0", "0", "0", "1"]


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=25))
def test_no_two_alerts_of_a_cause_lie_within_an_hour(tmp_path_factory: object, steps: list[tuple[int, bool]]) -> None:
    home = tmp_path_factory.mktemp("home")  # type: ignore[attr-defined]  # pytest's own, one home an example
    at, sent = AT, []
    for minutes, is_there in steps:
        at += timedelta(minutes=minutes)
        sent += [at] * len(claim_alerts(home, [SILENT] if is_there else [], at))
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(sent))
