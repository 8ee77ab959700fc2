"""`afterdebate up`: a Prefect server, every deployment of prefect.yaml and a worker, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from flows.deployed.api import ServerApi, ServerFailed
from flows.deployed.environment import HOST, secret_file, server_environment, server_secret
from flows.deployed.schedules import last_error, wait_for_next_runs
from flows.faults import UsageFault
from flows.private_home import keep_private
from flows.settings import Settings

_POOL = "afterdebate"
_STARTS_WITHIN_S = 120  # the first start makes the database
_SCHEDULES_WITHIN_S = 60  # the server looks for deployments without runs every five seconds
_STOPS_WITHIN_S = 30
_LOOKS_EVERY_S = 0.5

# As `prefect server start` does, but behind our door.
_SERVER = ["uvicorn", "--factory", "flows.deployed.door:guarded_server", "--log-level", "warning"]

_ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_Parts = Mapping[str, subprocess.Popen[bytes]]


def run_server(settings: Settings, port: int) -> None:
    """Run until Ctrl-C or SIGTERM, then stop the worker first and the server last.

    Raises:
        UsageFault: there is no prefect.yaml here, the port is taken, a part did not start, or nothing is scheduled.
    """
    if not Path("prefect.yaml").is_file():
        raise UsageFault(f"{Path.cwd()}: no prefect.yaml. Mend: run `afterdebate up` in the project's folder")
    if _is_taken(port):
        raise UsageFault(f"port {port} is taken, perhaps by another server. Mend: stop it, or choose another --port")
    keep_private(settings.home, settings.readers)
    _stop_when_asked()
    logs = settings.home / "prefect"
    told_before = _size(logs / "server.log")
    try:
        with ExitStack() as parts:
            _watch(_start(parts, settings.home, port))
    except KeyboardInterrupt:
        typer.echo("Stopped.")
    except ServerFailed as error:
        log = (logs / "server.log").read_bytes()[told_before:]
        reason = last_error(log.decode(errors="replace"))
        said = f"; the server's last error: {reason}" if reason else ""
        raise UsageFault(f"{error}{said}. Mend: see the logs in {logs}") from error


def _stop_when_asked() -> None:
    for asked_to_stop in _ASKED_TO_STOP:
        is_ignored = signal.getsignal(asked_to_stop) is signal.SIG_IGN  # as `nohup` wants it, and `&` in a script
        signal.signal(asked_to_stop, _go_on if is_ignored else _stop_once)


def _go_on(_signal: int, _frame: FrameType | None) -> None:
    """Do nothing; where the signal were ignored, the worker would inherit that, and not hear us stop it."""


def _stop_once(_signal: int, _frame: FrameType | None) -> NoReturn:
    _ask_no_more()
    raise KeyboardInterrupt


def _ask_no_more() -> None:
    # Asked twice, it stops no faster: the worker ends its runs first, and a killed one would leave them behind.
    for asked_to_stop in _ASKED_TO_STOP:
        signal.signal(asked_to_stop, signal.SIG_IGN)


def _start(stack: ExitStack, home: Path, port: int) -> _Parts:
    api = ServerApi(port=port, secret=server_secret(home))
    environment = server_environment(home, port, api.secret)
    server = stack.enter_context(_running("server", [*_SERVER, "--host", HOST, "--port", str(port)], environment))
    _wait_for(server, port)
    _prefect(["work-pool", "create", _POOL, "--type", "process", "--overwrite"], environment)
    _prefect(["--no-prompt", "deploy", "--all"], environment)
    worker_words = ["prefect", "worker", "start", "--pool", _POOL]
    parts = {"server": server, "worker": stack.enter_context(_running("worker", worker_words, environment))}
    wait_for_next_runs(
        api.ask, partial(datetime.now, UTC), within_s=_SCHEDULES_WITHIN_S, pause=partial(_pause_beside, parts)
    )
    typer.echo(f"Up: http://{HOST}:{port} shows every run. Logs: {home / 'prefect'}. Ctrl-C stops.")
    typer.echo(f"It asks for a password: the line in {secret_file(home)}. Whoever has it can run anything as you.")
    return parts


@contextmanager
def _running(name: str, words: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    folder = Path(environment["PREFECT_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        # A session of its own: Ctrl-C reaches only us, and we stop the parts in their order.
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and fixed words
            [sys.executable, "-m", *words],
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
    _ask_no_more()
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
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200  # noqa: PLR2004  # OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _watch(parts: _Parts) -> None:
    while True:
        _pause_beside(parts, _LOOKS_EVERY_S)


def _pause_beside(parts: _Parts, seconds: float) -> None:
    for name, process in parts.items():
        if process.poll() is not None:
            raise ServerFailed(f"the {name} stopped by itself (exit code {process.returncode})")
    time.sleep(seconds)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) == 0
