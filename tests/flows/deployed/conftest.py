"""One real machine for every test here. What takes time begins at once, and the first tests knock meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.deployed.machine import ROOT, Machine, afterdebate_up
from tests.flows.small_campaign import write_small_campaign


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with afterdebate_up(tmp_path_factory.mktemp("home")) as machine:
        _import_each_minute(machine, tmp_path_factory.mktemp("campaigns"))
        _deploy_what_never_ends(machine)
        for name in ("wait-for-ever", "stream-x", "check-compliance"):
            machine.run(name)
        yield machine
    assert machine.process.returncode == 0


def _import_each_minute(machine: Machine, folder: Path) -> None:
    campaign = write_small_campaign(folder)
    deployment = f"deployments/{machine.deployments()['import-donations']['id']}"
    each_minute = {"schedule": {"cron": "* * * * *", "timezone": "America/New_York"}, "active": True}
    machine.ask(deployment, "PATCH", parameters={"campaign": str(campaign)}, schedules=[each_minute])
    machine.ask(f"{deployment}/resume_deployment")


def _deploy_what_never_ends(machine: Machine) -> None:
    machine.ask(
        "deployments/",
        name="wait-for-ever",
        flow_id=machine.ask("flows/", name="wait-for-ever")["id"],
        entrypoint="tests/flows/deployed/slow_flow.py:wait_for_ever",
        path=str(ROOT),
        work_pool_name="afterdebate",
    )
