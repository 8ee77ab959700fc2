"""The deployments of prefect.yaml, on a real local server, with a real worker."""

from pathlib import Path
from typing import Any

import pytest

from tests.flows.machine import Machine
from warehouse.reading import query_published


def test_every_deployment_has_its_schedule_in_the_campaigns_zone(machine: Machine) -> None:
    scheduled = {name: each["schedules"] for name, each in machine.deployments().items() if each["schedules"]}
    zones = {name: [each["schedule"]["timezone"] for each in schedules] for name, schedules in scheduled.items()}

    names = (
        "announce-events",
        "build-warehouse",
        "check-compliance",
        "collect-feeds",
        "collect-x",
        "import-donations",
        "stream-x",
    )
    assert zones == {name: ["America/New_York"] for name in names}


def test_two_builds_never_run_at_once(machine: Machine) -> None:
    builder = machine.deployments()["build-warehouse"]

    assert builder["global_concurrency_limit"]["limit"] == 1
    assert builder["concurrency_options"]["collision_strategy"] == "ENQUEUE"


def test_flows_are_chained_by_our_own_events_only(machine: Machine) -> None:
    automations: list[dict[str, Any]] = machine.ask("automations/filter")
    expected = {name for automation in automations for name in automation["trigger"]["expect"]}

    assert expected == {
        "afterdebate.landed",
        "afterdebate.event.opening",
        "afterdebate.event.started",
        "afterdebate.event.ended",
        "afterdebate.event.settled",
    }


def test_the_stream_begins_an_hour_before_an_event(machine: Machine) -> None:
    streaming = machine.deployments()["stream-x"]["id"]
    automations: list[dict[str, Any]] = machine.ask("automations/filter")
    [starts_it] = [a for a in automations if a["actions"][0]["deployment_id"] == streaming]

    assert starts_it["trigger"]["expect"] == ["afterdebate.event.opening"]
    assert starts_it["actions"][0]["schedule_after"] == 23 * 3600


def test_what_landed_is_built_because_an_event_says_so(machine: Machine) -> None:
    machine.wait_for("COMPLETED", "import-donations", within_s=240)

    run = machine.wait_for("COMPLETED", "build-warehouse", within_s=120)

    assert run["created_by"]["type"] == "AUTOMATION"
    asked = "SELECT amount::VARCHAR FROM donation_by_interval WHERE interval_minutes = 60 AND amount > 0"
    assert query_published(machine.home, asked).rows == [("250.00",)]


def test_prefects_own_files_stay_in_the_home(machine: Machine) -> None:
    assert Path(machine.home / "prefect" / "prefect.db").is_file()


@pytest.mark.parametrize("name", ["stream-x", "check-compliance"])
def test_where_nothing_is_to_do_on_x_a_run_ends_well_without_a_token(machine: Machine, name: str) -> None:
    machine.wait_for("COMPLETED", name, within_s=120)
