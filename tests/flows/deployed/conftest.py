"""One real machine for every test here. What takes time begins at once, and the first tests knock meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.machine import ROOT, Machine, afterdebate_up
from tests.flows.small_campaign import write_small_campaign


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the campaign that the machine watches."""
    return write_small_campaign(tmp_path_factory.mktemp("campaigns"))


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Iterator[Machine]:
    with afterdebate_up(tmp_path_factory.mktemp("home"), str(small)) as machine:
        _deploy_what_never_ends(machine)
        for name in ("wait-for-ever", "stream-x", "check-compliance"):
            machine.run(name)
        yield machine


def _deploy_what_never_ends(machine: Machine) -> None:
    machine.ask(
        "deployments/",
        name="wait-for-ever",
        flow_id=machine.ask("flows/", name="wait-for-ever")["id"],
        entrypoint="tests/doubles/slow_flow.py:wait_for_ever",
        path=str(ROOT),
        work_pool_name="afterdebate",
    )
