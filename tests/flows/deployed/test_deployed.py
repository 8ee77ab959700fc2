"""The deployments of prefect.yaml, on a real local server, with a real worker."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.campaign.folder import read_campaign
from flows.deployed.up.environment import server_environment
from flows.settings import Settings
from flows.steps import land_facts
from flows.troubles import troubles_known
from tests.doubles.machine import ROOT, Machine, afterdebate
from tests.flows.small_campaign import write_small_campaign
from warehouse.landing.files import read_landed
from warehouse.publish.reading import NothingPublished, query_published


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
        "send-digest",
        "stream-x",
        "collect-networks",
        "stream-bluesky",
        "write-pages",
    )
    assert zones == {name: ["Europe/Paris"] for name in names}


def test_two_builds_never_run_at_once(machine: Machine) -> None:
    builder = machine.deployments()["build-warehouse"]

    assert builder["global_concurrency_limit"]["limit"] == 1
    assert builder["concurrency_options"]["collision_strategy"] == "ENQUEUE"


def test_flows_are_chained_by_our_own_events_only(machine: Machine) -> None:
    automations: list[dict[str, Any]] = machine.ask("automations/filter")
    expected = {name for automation in automations for name in automation["trigger"]["expect"]}

    assert expected == {"afterdebate.built", "afterdebate.landed"}


def test_what_landed_is_built_and_published(machine: Machine) -> None:
    machine.wait_for("COMPLETED", "import-donations", within_s=120)

    assert published_amounts(machine, 1, within_s=120) == [("250.00",)]


def test_what_a_command_lands_beside_the_machine_is_built_as_well(
    machine: Machine, small: Path, tmp_path: Path
) -> None:
    by_hand = tmp_path / "by-hand.csv"
    by_hand.write_text((small / "totals.csv").read_text().replace("T21:00", "T23:00").replace("250.00", "99.00"))

    done = afterdebate("import", str(small), str(by_hand), "--home", str(machine.home))

    assert done.returncode == 0, done.stdout + done.stderr
    assert published_amounts(machine, 2, within_s=60) == [("250.00",), ("99.00",)]


def published_amounts(machine: Machine, number: int, *, within_s: float) -> list[Any]:
    """What was given in each hour, once that many hours are published."""
    asked = (
        "SELECT amount::VARCHAR FROM donation_by_interval WHERE interval_minutes = 60 AND amount > 0"
        " ORDER BY interval_start_at"
    )
    ends_at, rows = time.monotonic() + within_s, list[Any]()
    while len(rows) < number and time.monotonic() < ends_at:
        with suppress(NothingPublished):
            rows = query_published(machine.home, asked).rows
        time.sleep(0.5)
    return rows


def test_a_second_up_says_who_is_at_work(machine: Machine, small: Path) -> None:
    done = afterdebate("up", str(small), "--home", str(machine.home))

    assert done.returncode == 2
    assert f"is up already: process {machine.process.pid}" in done.stderr

    status = afterdebate("status", "--home", str(machine.home)).stdout
    assert f"process {machine.process.pid}, port {machine.port}" in status
    assert "From landed to published: " in status


def test_a_wrong_campaign_stops_an_up_before_anything_starts(tmp_path: Path) -> None:
    done = afterdebate("up", "no-such-campaign", "--home", str(tmp_path / "home"))

    assert done.returncode == 2
    assert "no-such-campaign" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_campaign_is_added_by_naming_it_and_is_what_prefect_yaml_deploys(machine: Machine, small: Path) -> None:
    done = afterdebate("up", str(small), "us-2020-general", "--home", str(machine.home))
    assert done.returncode == 0, done.stderr
    ours = deployments_of(machine, "us-2020-general")
    assert len(ours) == 8

    server = server_environment(machine.home, machine.port, machine.secret)
    prefect = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    subprocess.run(prefect, cwd=ROOT, env=server, check=True, capture_output=True)

    assert deployments_of(machine, "us-2020-general") == ours
    assert len(machine.ask("automations/filter")) == 2

    done = afterdebate("up", str(small), "--home", str(machine.home))
    assert done.returncode == 0, done.stderr
    assert deployments_of(machine, "us-2020-general") == []


def deployments_of(machine: Machine, campaign_id: str) -> list[dict[str, Any]]:
    """What a campaign's deployments are, without what is of one server or one moment."""
    told = ("entrypoint", "description", "parameters", "paused", "work_pool_name", "concurrency_options")
    found = [one for one in machine.ask("deployments/filter") if one["name"] == campaign_id]
    return sorted(
        (
            {key: one[key] for key in told}
            | {"crons": [(each["schedule"]["cron"], each["schedule"]["timezone"]) for each in one["schedules"]]}
            | {"limit": one["global_concurrency_limit"]["limit"]}
            for one in found
        ),
        key=lambda one: one["entrypoint"],
    )


def test_what_was_built_has_its_pages_because_an_event_says_so(machine: Machine) -> None:
    run = machine.wait_for("COMPLETED", "write-pages", within_s=480)

    assert run["created_by"]["type"] == "AUTOMATION"
    [(campaign_id,)] = query_published(machine.home, "SELECT min(campaign_id) FROM facts.campaigns").rows
    page = machine.home / "reports" / str(campaign_id) / "index.html"
    assert "<h1" in page.read_text(encoding="utf-8")


def test_pages_that_cannot_be_written_fail_their_own_run_and_no_build(machine: Machine) -> None:
    machine.wait_for("COMPLETED", "write-pages", within_s=480)
    reports, aside = machine.home / "reports", machine.home / "reports-aside"
    reports.rename(aside)
    reports.write_text("no folder")
    try:
        pages, build = start(machine, "write-pages"), start(machine, "build-warehouse")
        assert wait_for_end(machine, "write-pages", pages)["state_type"] == "FAILED"
        assert wait_for_end(machine, "build-warehouse", build)["state_type"] == "COMPLETED"
    finally:
        reports.unlink()
        aside.rename(reports)
    again = start(machine, "write-pages")
    assert wait_for_end(machine, "write-pages", again)["state_type"] == "COMPLETED"


def test_a_page_holds_up_no_build(machine: Machine) -> None:
    deployed = machine.deployments()
    writer, builder = deployed["write-pages"], deployed["build-warehouse"]

    assert writer["global_concurrency_limit"]["id"] != builder["global_concurrency_limit"]["id"]
    assert (writer["global_concurrency_limit"]["limit"], writer["concurrency_options"]["collision_strategy"]) == (
        1,
        "ENQUEUE",
    )


def test_each_build_shows_on_the_server_how_the_home_is_doing(machine: Machine) -> None:
    published_amounts(machine, 1, within_s=240)
    ends_at, found = time.monotonic() + 60, list[Any]()
    while not found and time.monotonic() < ends_at:
        found = machine.ask("artifacts/filter", artifacts={"key": {"any_": ["health"]}})
        time.sleep(0.5)

    assert found[0]["type"] == "markdown"
    assert "| small | totals |" in found[0]["data"]
    assert "**Level**: " in found[0]["data"]


def test_a_digest_that_nobody_wants_ends_well_and_none_is_sent_at_the_start(machine: Machine) -> None:
    assert [run for run in machine.runs("send-digest") if run["state_type"] != "SCHEDULED"] == []

    run = start(machine, "send-digest")

    assert wait_for_end(machine, "send-digest", run)["state_type"] == "COMPLETED"


def test_prefects_own_files_stay_in_the_home(machine: Machine) -> None:
    assert Path(machine.home / "prefect" / "prefect.db").is_file()


@pytest.mark.parametrize("name", ["stream-x", "check-compliance"])
def test_where_nothing_is_to_do_on_x_a_run_ends_well_without_a_token(machine: Machine, name: str) -> None:
    machine.wait_for("COMPLETED", name, within_s=120)


def test_a_typo_in_a_campaign_leaves_its_schedule_running_on_the_last_good_one(
    machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_small_campaign(tmp_path_factory.mktemp("campaigns"))
    toml = folder / "campaign.toml"
    toml.write_text(toml.read_text().replace('id = "small"', 'id = "edited"'))
    usual = os.umask(0o077)  # as every command of ours does
    land_facts(read_campaign(folder), Settings(home=machine.home, _env_file=None), datetime.now(UTC))
    os.umask(usual)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\na,debate,A,2022-13-01T20:00\n")
    run_it = f"deployments/{machine.deployments()['import-donations']['id']}/create_flow_run"
    run = machine.ask(run_it, parameters={"campaign": str(folder)}, state={"type": "SCHEDULED"})

    ended = wait_for_end(machine, "import-donations", run["id"])
    assert ended["state_type"] == "FAILED"
    assert "events.csv:2" in ended["state"]["message"]
    assert {row["campaign_id"] for row in read_landed(machine.home, "donation_totals")} >= {"edited"}
    assert "events.csv:2" in " ".join(trouble.reason for trouble in troubles_known(machine.home))


def start(machine: Machine, deployment_name: str) -> str:
    """The id of a run that begins at once."""
    deployment_id = machine.deployments()[deployment_name]["id"]
    run = machine.ask(f"deployments/{deployment_id}/create_flow_run", state={"type": "SCHEDULED"})
    return str(run["id"])


def wait_for_end(machine: Machine, deployment_name: str, run_id: str) -> dict[str, Any]:
    """The run of this id, once it has ended."""
    ends_at = time.monotonic() + 480
    while time.monotonic() < ends_at:
        for run in machine.runs(deployment_name):
            if run["id"] == run_id and run["state_type"] in ("COMPLETED", "FAILED", "CRASHED"):
                return run
        time.sleep(0.5)
    raise AssertionError(f"{deployment_name}: not ended in 480 s: {machine.runs(deployment_name)}")
