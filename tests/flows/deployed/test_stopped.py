"""The last tests of the machine: its parts are killed, it is killed itself, and it is stopped."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from flows.only_one import holder_of
from tests.doubles.machine import Machine, afterdebate_up


@pytest.mark.parametrize("part", ["worker", "server"])
def test_a_part_that_is_killed_is_back_and_its_runs_go_on(machine: Machine, part: str) -> None:
    before = pid_of(machine, part)

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: pid_of(machine, part) not in (0, before), within_s=60)
    wait_until(lambda: answers(machine), within_s=120)
    machine.run("import-donations")
    began = time.time()
    wait_until(lambda: has_ended_since(machine, began), within_s=150)


def test_a_machine_that_is_killed_leaves_nothing_behind_and_comes_back_as_it_was(machine: Machine) -> None:
    before = set(machine.deployments())
    os.kill(machine.process.pid, signal.SIGKILL)
    machine.process.wait(10)
    wait_until(lambda: machine.processes() == [], within_s=40)

    with afterdebate_up(machine.home, port=machine.port) as again:  # without a name: what was watched last
        deployments = again.deployments()
        assert {name for name, one in deployments.items() if one["paused"]} == set()
        assert set(deployments) == before
        assert "Starting the server and the worker, to watch small ...\n" in again.said
        assert len(again.ask("automations/filter")) == 2
        again.run("wait-for-ever")
        again.wait_for("RUNNING", "wait-for-ever", within_s=60)
        again.stop(signal.SIGTERM)
        assert again.process.returncode == 0
        assert again.processes() == []


def pid_of(machine: Machine, part: str) -> int:
    holder = holder_of(machine.home / "prefect" / f"{part}.lock")
    return holder.pid if holder else 0


def answers(machine: Machine) -> bool:
    try:
        machine.ask("deployments/filter")
    except OSError:
        return False
    return True


def has_ended_since(machine: Machine, began: float) -> bool:
    from datetime import datetime

    ended = [run["end_time"] for run in machine.runs("import-donations") if run["state_type"] == "COMPLETED"]
    return any(datetime.fromisoformat(at).timestamp() > began for at in ended if at)


def wait_until(is_so: Callable[[], bool], *, within_s: float) -> None:
    ends_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends_at, f"not within {within_s} s"
        time.sleep(0.3)
