"""A schedule starts runs by itself: nobody asked for them, and no event."""

from datetime import datetime

import pytest

from tests.doubles.machine import Machine

pytestmark = pytest.mark.schedule


def test_the_clock_starts_a_run_each_minute(machine: Machine) -> None:
    run = machine.wait_for("COMPLETED", "import-donations", within_s=240, auto_scheduled=True)

    assert run["created_by"]["type"] == "SCHEDULE"
    assert datetime.fromisoformat(run["expected_start_time"]).second == 0
    assert list((machine.home / "landing" / "donation_totals").glob("*.parquet"))


def test_the_run_after_it_is_scheduled_as_well(machine: Machine) -> None:
    runs = machine.runs("import-donations")

    assert [run for run in runs if run["state_type"] == "SCHEDULED" and run["auto_scheduled"]]
