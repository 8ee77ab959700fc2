"""The last test of the machine: it stops it."""

import signal

from tests.flows.deployed.machine import Machine


def test_a_machine_that_is_stopped_leaves_no_process_behind(machine: Machine) -> None:
    machine.wait_for("RUNNING", "wait-for-ever", within_s=120)
    assert len(machine.processes()) >= 4  # `up`, the server, the worker and the run

    machine.stop(signal.SIGTERM)

    assert machine.process.returncode == 0
    assert machine.processes() == []
