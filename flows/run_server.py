"""`afterdebate up`: a Prefect server, every deployment of prefect.yaml and a worker, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import typer

from flows.faults import UsageFault
from flows.settings import Settings

_HOST = "127.0.0.1"
_POOL = "afterdebate"
_STARTS_WITHIN_S = 120  # the first start makes the database
_STOPS_WITHIN_S = 15
_LOOKS_EVERY_S = 0.5


class ServerFailed(Exception):
    """A part of the machine did not start, or stopped by itself."""


def run_server(settings: Settings, port: int) -> None:
    """Run until Ctrl-C or SIGTERM, then stop the worker first and the server last.

    Raises:
        UsageFault: there is no prefect.yaml here, the port is taken, or a part did not start.
    """
    if not Path("prefect.yaml").is_file():
        raise UsageFault(f"{Path.cwd()}: no prefect.yaml. Mend: run `afterdebate up` in the project's folder")
    if _is_taken(port):
        raise UsageFault(f"port {port} is taken, perhaps by another server. Mend: stop it, or choose another --port")
    environment = server_environment(settings.home, port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as parts:
            server = parts.enter_context(
                _running("server", ["server", "start", "--host", _HOST, "--port", str(port)], environment)
            )
            _wait_for(server, port)
            _prefect(["work-pool", "create", _POOL, "--type", "process", "--overwrite"], environment)
            _prefect(["--no-prompt", "deploy", "--all"], environment)
            worker = parts.enter_context(_running("worker", ["worker", "start", "--pool", _POOL], environment))
            typer.echo(f"Up: http://{_HOST}:{port} shows every run. Logs: {settings.home / 'prefect'}. Ctrl-C stops.")
            _watch({"server": server, "worker": worker})
    except KeyboardInterrupt:
        typer.echo("Stopped.")
    except ServerFailed as error:
        raise UsageFault(f"{error}. Mend: see the logs in {settings.home / 'prefect'}") from error


def server_environment(home: Path, port: int) -> dict[str, str]:
    """The environment of the server, its clients and its worker."""
    return {
        "PREFECT_HOME": str((home / "prefect").resolve()),
        **os.environ,
        "AFTERDEBATE_HOME": str(home.resolve()),
        "PREFECT_API_URL": f"http://{_HOST}:{port}/api",
        # A flow without its server fails instead of starting a second one with a database of its own.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }


@contextmanager
def _running(name: str, words: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    folder = Path(environment["PREFECT_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        # A session of its own: Ctrl-C reaches only us, and we stop the parts in their order.
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and fixed words
            [sys.executable, "-m", "prefect", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    typer.echo(f"Starting the {name} ...")
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _prefect(words: list[str], environment: Mapping[str, str]) -> None:
    typer.echo(f"prefect {' '.join(words)} ...")
    done = subprocess.run(  # noqa: S603  # our own interpreter and fixed words
        [sys.executable, "-m", "prefect", *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServerFailed(f"`prefect {' '.join(words)}` ended with {done.returncode}: {done.stdout}{done.stderr}")


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    ends_at = time.monotonic() + _STARTS_WITHIN_S
    while not _is_healthy(port):
        if server.poll() is not None or time.monotonic() > ends_at:
            raise ServerFailed("the Prefect server did not start")
        time.sleep(_LOOKS_EVERY_S)


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200  # noqa: PLR2004  # OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _watch(parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    while True:
        for name, process in parts.items():
            if process.poll() is not None:
                raise ServerFailed(f"the {name} stopped by itself (exit code {process.returncode})")
        time.sleep(_LOOKS_EVERY_S)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((_HOST, port)) == 0
