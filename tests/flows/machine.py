"""A real machine of our own: `afterdebate up` in a process, asked through Prefect's REST API."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
_LOOKS_EVERY_S = 0.3


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A running server with its worker, and the home that its flows write."""

    home: Path
    port: int
    process: subprocess.Popen[str]

    def ask(self, path: str, **body: Any) -> Any:
        """What the server's API answers to a POST."""
        address = f"http://127.0.0.1:{self.port}/api/{path}"
        request = Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:  # noqa: S310  # our own server on loopback
            content = answer.read()
        return json.loads(content) if content else None

    def deployments(self) -> dict[str, Any]:
        """Every deployment by name."""
        return {deployment["name"]: deployment for deployment in self.ask("deployments/filter")}

    def runs(self, deployment_name: str) -> list[dict[str, Any]]:
        """The runs of a deployment."""
        chosen = {"id": {"any_": [self.deployments()[deployment_name]["id"]]}}
        runs: list[dict[str, Any]] = self.ask("flow_runs/filter", deployments=chosen)
        return runs

    def wait_for_completed(self, deployment_name: str, *, within_s: float) -> dict[str, Any]:
        """The first completed run of a deployment; fails with what the runs came to where none completes in time."""
        ends_at = time.monotonic() + within_s
        while time.monotonic() < ends_at:
            runs = self.runs(deployment_name)
            for run in runs:
                if run["state_type"] == "COMPLETED":
                    return run
                assert run["state_type"] not in ("FAILED", "CRASHED"), run["state"]["message"]
            time.sleep(_LOOKS_EVERY_S)
        raise AssertionError(f"{deployment_name}: no completed run in {within_s} s: {self.runs(deployment_name)}")


@contextmanager
def afterdebate_up(home: Path) -> Iterator[Machine]:
    """`afterdebate up` on a free port, its schedules paused; stopped as Ctrl-C stops it."""
    port = _free_port()
    own = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "AFTERDEBATE_"))}
    process = subprocess.Popen(  # our own interpreter and fixed words
        [sys.executable, "-m", "flows.cli", "up", "--port", str(port), "--home", str(home)],
        cwd=ROOT,
        env={**own, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    machine = Machine(home=home, port=port, process=process)
    try:
        _wait_until_up(process)
        for deployment in machine.deployments().values():
            # A schedule that falls due during the tests would run flows that nobody asked for.
            machine.ask(f"deployments/{deployment['id']}/pause_deployment")
        yield machine
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait_until_up(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Up:"):
            return
    raise AssertionError("".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
