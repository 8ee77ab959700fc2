"""A real machine of our own: `afterdebate up` in a process, asked through Prefect's REST API."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flows.deployed.api import ServerApi
from flows.deployed.up.environment import server_secret

ROOT = Path(__file__).parents[2]
_LOOKS_EVERY_S = 0.3
_TIMES_ASKED = 4
_DEAF_TO_CTRL_C = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A running server with its worker, and the home that its flows write."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str]

    @cached_property
    def secret(self) -> str:
        """What the server asks for."""
        return server_secret(self.home)

    @cached_property
    def _api(self) -> ServerApi:
        return ServerApi(port=self.port, secret=self.secret)

    def ask(self, path: str, method: str = "POST", /, **body: Any) -> Any:
        """What the server's API answers to its operator, who asks again where a busy machine lets it time out."""
        for _ in range(_TIMES_ASKED - 1):
            with suppress(TimeoutError):
                return self._api.ask(path, method, **body)
        return self._api.ask(path, method, **body)

    def deployments(self) -> dict[str, Any]:
        """Every deployment by the name of its flow, those of a second campaign aside."""
        return {_flow_of(one): one for one in self.ask("deployments/filter") if one["name"] != "us-2020-general"}

    def run(self, deployment_name: str) -> None:
        """Ask for a run of a deployment."""
        deployment_id = self.deployments()[deployment_name]["id"]
        self.ask(f"deployments/{deployment_id}/create_flow_run", state={"type": "SCHEDULED"})

    def runs(self, deployment_name: str) -> list[dict[str, Any]]:
        """The runs of a deployment."""
        chosen = {"id": {"any_": [self.deployments()[deployment_name]["id"]]}}
        runs: list[dict[str, Any]] = self.ask("flow_runs/filter", deployments=chosen)
        return runs

    def wait_for(self, state_type: str, deployment_name: str, *, within_s: float, **told: Any) -> dict[str, Any]:
        """A run of a deployment in this state of which this is told; fails with all runs where none is in time."""
        ends_at = time.monotonic() + within_s
        while time.monotonic() < ends_at:
            runs = self.runs(deployment_name)
            for run in runs:
                if run["state_type"] == state_type and all(run[key] == value for key, value in told.items()):
                    return run
            time.sleep(_LOOKS_EVERY_S)
        raise AssertionError(f"{deployment_name}: no run {state_type} in {within_s} s: {self.runs(deployment_name)}")

    def processes(self) -> list[str]:
        """The command lines of all processes that belong to the home, its `up` included."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.home).encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it ended, or is not ours to see
                continue
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask `up` to end, and wait until it did."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.send_signal(how)  # as an impatient operator does
            self.process.wait(90)


@contextmanager
def afterdebate_up(home: Path, *campaigns: str, port: int | None = None, **variables: str) -> Iterator[Machine]:
    """`afterdebate up` on a free port, as a script's `&` starts it: deaf to Ctrl-C, and any file may be open to all."""
    port = port or free_port()
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "AFTERDEBATE_"))}
    process = subprocess.Popen(  # our own interpreter and fixed words
        [
            *_DEAF_TO_CTRL_C,
            sys.executable,
            "-m",
            "flows.cli",
            "up",
            *campaigns,
            "--port",
            str(port),
            "--home",
            str(home),
        ],
        cwd=ROOT,
        env={**own, "AFTERDEBATE_HOME": str(home), "PYTHONUNBUFFERED": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=0,
    )
    machine = Machine(home=home, port=port, process=process, said=[])
    try:
        _wait_until_up(machine)
        yield machine
    finally:
        machine.stop()


def _wait_until_up(machine: Machine) -> None:
    assert machine.process.stdout is not None
    for line in machine.process.stdout:
        machine.said.append(line)
        if line.startswith("It asks for a password"):
            return
    raise AssertionError("".join(machine.said))


def afterdebate(*words: str) -> subprocess.CompletedProcess[str]:
    """One command of ours beside the machine."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "AFTERDEBATE_"))}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )


def _flow_of(deployment: dict[str, Any]) -> str:
    name: str = deployment["entrypoint"].rpartition(":")[2].replace("_", "-")
    return name


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
