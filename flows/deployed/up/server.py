"""`afterdebate up`: a Prefect server, the deployments of some campaigns and a worker, until Ctrl-C."""

import signal
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from connectors.errors import CampaignFault
from flows.deployed.api import ServerApi, ServerBusy, ServerFailed
from flows.deployed.deploying import deploy, run_at_once
from flows.deployed.described import Watched, described
from flows.deployed.schedules import last_error, wait_for_next_runs
from flows.deployed.up import watched as campaigns
from flows.deployed.up.environment import HOST, secret_file, server_environment, server_secret
from flows.deployed.up.parts import Part
from flows.faults import UsageFault
from flows.only_one import AlreadyHeld, Holder, end_holder, held_by_us, up_lock
from flows.private_home import keep_private
from flows.settings import Settings

_STARTS_WITHIN_S = 120  # the first start makes the database
_SCHEDULES_WITHIN_S = 60  # the server looks for deployments without runs every five seconds
_ANSWERS_WITHIN_S = 120
_ORPHANS_WITHIN_S = 20
_LOOKS_EVERY_S = 0.25

_ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_server(settings: Settings, port: int, names: Sequence[str]) -> None:
    """Watch these campaigns, or those of last time, until Ctrl-C or SIGTERM; then stop worker and server.

    Where another `up` of the home is at work, it is asked to watch them, and this one ends.

    Raises:
        CampaignFault: a campaign is not there, or has faults; nothing was started.
        UsageFault: no campaign is named, another `up` watches these already, the port is taken, a part did not start.
    """
    wanted = campaigns.campaigns_watched(names or campaigns.remembered(settings.home))
    if not wanted:
        raise UsageFault(
            "no campaign is named. Mend: `afterdebate up CAMPAIGN...`, as in `afterdebate up us-2020-general`"
        )
    keep_private(settings.home, settings.readers)
    try:
        with held_by_us(up_lock(settings.home), port=port):
            _Machine(settings, port, wanted).run()
    except AlreadyHeld as held:
        _ask_the_other(settings.home, held.holder, wanted if names else [])


def _ask_the_other(home: Path, holder: Holder | None, wanted: Sequence[Watched]) -> None:
    who = (
        f"process {holder.pid}, since {holder.since:%Y-%m-%d %H:%M} UTC" if holder else "another process, just starting"
    )
    known = campaigns.remembered(home)
    if holder is None or not wanted or [one.found_as for one in wanted] == known:
        watches = f", watches {', '.join(known)}" if known else ""
        raise UsageFault(f"{home} is up already: {who}{watches}. Mend: name other campaigns to watch, or stop that one")
    if not campaigns.ask(home, wanted, within_s=_ANSWERS_WITHIN_S):
        raise UsageFault(f"{home} is up already ({who}), and did not answer. Mend: see the logs in {home / 'prefect'}")
    typer.echo(f"{home} is up already ({who}). It watches from now on: {', '.join(one.campaign_id for one in wanted)}.")


class _Machine:
    """The parts of one `up`."""

    def __init__(self, settings: Settings, port: int, wanted: Sequence[Watched]) -> None:
        self._home, self._port, self._wanted = settings.home, port, wanted
        self._folder = settings.home / "prefect"
        self._api = ServerApi(port=port, secret=server_secret(settings.home))
        database = settings.prefect_database
        environment = server_environment(
            settings.home, port, self._api.secret, database.get_secret_value() if database else None
        )
        server_words = ["flows.deployed.up.serving", str(self._lock("server")), HOST, str(port)]
        self._server = Part("server", server_words, environment)
        self._worker = Part("worker", ["flows.deployed.up.worker", str(self._lock("worker"))], environment)
        self._parts = (self._worker, self._server)  # in the order in which they stop
        self._is_up = False

    def run(self) -> None:
        """Bring everything up, keep it up, and end it when asked to."""
        self._end_orphans()
        if _is_taken(self._port):
            raise UsageFault(
                f"port {self._port} is taken, perhaps by another server. Mend: stop it, or choose another --port"
            )
        campaigns.answer(self._home)  # nobody waits for what was asked of an `up` that is gone
        _stop_when_asked()
        told_before = _size(self._folder / "server.log")
        try:
            self._start()
            while True:
                self._look_after()
                time.sleep(_LOOKS_EVERY_S)
        except KeyboardInterrupt:
            pass
        except ServerFailed as error:
            log = (self._folder / "server.log").read_bytes()[told_before:]
            reason = last_error(log.decode(errors="replace"))
            said = f"; the server's last error: {reason}" if reason else ""
            raise UsageFault(f"{error}{said}. Mend: see the logs in {self._folder}") from error
        finally:
            _ask_no_more()
            for part in self._parts:
                part.stop()
        typer.echo("Stopped.")

    def _start(self) -> None:
        watched = ", ".join(one.campaign_id for one in self._wanted)
        typer.echo(f"Starting the server and the worker, to watch {watched} ...")
        self._server.start()
        self._worker.start()  # it asks until the server answers: both load their libraries side by side
        self._wait_for_server()
        self._deploy(self._wanted)
        wait_for_next_runs(
            self._api.ask, partial(datetime.now, UTC), within_s=_SCHEDULES_WITHIN_S, pause=self._pause_at_start
        )
        run_at_once(self._api)
        self._is_up = True
        typer.echo(f"Up: http://{HOST}:{self._port} shows every run. Logs: {self._folder}. Ctrl-C stops.")
        typer.echo(
            f"It asks for a password: the line in {secret_file(self._home)}. Whoever has it can run anything as you."
        )

    def _look_after(self) -> None:
        self._worker.look_after(typer.echo)
        if self._server.look_after(typer.echo):
            self._is_up = False
        if not self._is_up:
            if self._server.ended_with() is not None or not _is_healthy(self._port):
                return
            # Its database may be another one than before.
            if self._has_deployed(self._wanted):
                self._is_up = True
                typer.echo("The server is back.")
        if self._is_up and (names := campaigns.asked(self._home)):
            self._watch_others(names)

    def _watch_others(self, names: Sequence[str]) -> None:
        try:
            wanted = campaigns.campaigns_watched(names)
        except (UsageFault, CampaignFault) as fault:  # its folder was right a moment ago, for the one who asked
            typer.echo(f"Not watched: {fault}", err=True)
            campaigns.answer(self._home)
            return
        if self._has_deployed(wanted):
            self._wanted = wanted
            campaigns.answer(self._home)
            typer.echo(f"Watching from now on: {', '.join(one.campaign_id for one in wanted)}.")

    def _has_deployed(self, wanted: Sequence[Watched]) -> bool:
        """Whether the server took it; one that has no time for it is asked again at the next look."""
        try:
            deploy(self._api, described(wanted), Path.cwd())
        except (ServerBusy, OSError, HTTPException):
            return False
        campaigns.remember(self._home, wanted)
        return True

    def _deploy(self, wanted: Sequence[Watched]) -> None:
        ends_at = time.monotonic() + _SCHEDULES_WITHIN_S
        while not self._has_deployed(wanted):
            if time.monotonic() > ends_at:
                raise ServerFailed(f"the Prefect server took no deployments in {_SCHEDULES_WITHIN_S} s")
            self._pause_at_start(_LOOKS_EVERY_S)

    def _wait_for_server(self) -> None:
        ends_at = time.monotonic() + _STARTS_WITHIN_S
        while not _is_healthy(self._port):
            if time.monotonic() > ends_at:
                raise ServerFailed("the Prefect server did not start")
            self._pause_at_start(_LOOKS_EVERY_S)

    def _pause_at_start(self, seconds: float) -> None:
        for part in self._parts:
            if (code := part.ended_with()) is not None:
                raise ServerFailed(f"the {part.name} stopped by itself (exit code {code})")
        time.sleep(seconds)

    def _end_orphans(self) -> None:
        """What an `up` that was killed left behind ends by itself; what does not is ended here."""
        for name in ("worker", "server"):
            if (killed := end_holder(self._lock(name), within_s=_ORPHANS_WITHIN_S)) is not None:
                typer.echo(f"The {name} of an earlier `up` (process {killed}) was still there, and was ended.")

    def _lock(self, name: str) -> Path:
        return (self._folder / f"{name}.lock").resolve()


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


def _is_healthy(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200  # noqa: PLR2004  # OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) == 0
