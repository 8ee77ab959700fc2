"""The worker of `afterdebate up`: it runs flows inside its own process, so that a run begins at once.

Prefect's own worker starts Python anew for each run, which takes longer than most runs do; a tick a minute would keep
a small machine busy with nothing else. Steps survive a kill at any moment, so they need no process of their own.
"""

import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import StateType
from prefect.exceptions import Abort, ObjectNotFound, PrefectHTTPStatusError
from prefect.flow_engine import run_flow
from prefect.flows import load_flow_from_entrypoint
from prefect.logging import get_logger
from prefect.states import Cancelled, Crashed, Pending
from prefect.utilities.engine import propose_state_sync

from flows.builds_noted import landing_stamp
from flows.deployed.described import HOME, POOL
from flows.deployed.early import EarlyRuns
from flows.deployed.up.dispatch import DueRun, Kind, choose, kind_of
from flows.deployed.up.parent import end_with_parent, kill_own_group
from flows.deployed.up.watched import remembered
from flows.only_one import held_by_us

_LOOKS_EVERY_S = 1.0
_HEARTBEAT_S = 15
_LONGEST_PAUSE_S = 5.0
_ENDS_RUNS_WITHIN_S = 10.0
_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_BUILD, _PAGES = f"build-warehouse/{HOME}", f"write-pages/{HOME}"
_OURS = WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
_logger = get_logger("afterdebate.worker")


class Worker:
    """Takes the runs that are due, each kind one at a time, until it is asked to stop."""

    def __init__(self, client: SyncPrefectClient, home: Path) -> None:
        self._client = client
        self._home = home
        self._stamp = landing_stamp(home)
        self._early = EarlyRuns(home)
        self._ids: dict[str, str] = {}  # of deployments, by name
        self._at_work: dict[Kind, UUID] = {}
        self._lock = threading.Lock()
        self._stops = threading.Event()

    def stop(self) -> None:
        """Take no more runs."""
        self._stops.set()

    def work(self) -> None:
        """Take runs until `stop`; a server that does not answer is asked again."""
        self._patiently(self._end_what_a_dead_worker_left)
        beat_at = 0.0
        while not self._stops.is_set():
            if time.monotonic() >= beat_at:
                self._patiently(self._beat)
                beat_at = time.monotonic() + _HEARTBEAT_S
            self._patiently(self._ask_for_a_build)
            self._start_early()
            self._patiently(self._take_what_is_due)
            self._stops.wait(_LOOKS_EVERY_S)

    def end_runs(self, within_s: float) -> None:
        """Wait for the runs at work, and give up those that take longer: what they landed has landed."""
        ends_at = time.monotonic() + within_s
        while self._at_work and time.monotonic() < ends_at:
            time.sleep(_LOOKS_EVERY_S / 5)
        for run_id in list(self._at_work.values()):
            state: Any = Crashed(message="afterdebate was stopped")
            self._client.set_flow_run_state(run_id, state, force=True)

    def _patiently(self, ask: Callable[[], None]) -> None:
        pause_s = _LOOKS_EVERY_S
        while not self._stops.is_set():
            try:
                ask()
            except (httpx.HTTPError, PrefectHTTPStatusError, ObjectNotFound) as error:  # its pool may not be made yet
                _logger.warning("the server does not answer (%s); asked again in %.1f s", type(error).__name__, pause_s)
                self._stops.wait(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
            else:
                return

    def _beat(self) -> None:
        # Asking the pool is what marks deployments as ready on the server's page: a write, so not at every look.
        self._client.get_scheduled_flow_runs_for_work_pool(POOL, scheduled_before=datetime.now(UTC))
        self._client.send_worker_heartbeat(POOL, f"afterdebate {os.getpid()}", _HEARTBEAT_S)

    def _end_what_a_dead_worker_left(self) -> None:
        """Nobody else runs what is of this pool: what is said to be at work died, and would hold its place for ever."""
        states = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED)))
        for run in self._client.read_flow_runs(flow_run_filter=states, work_pool_filter=_OURS):
            state: Any = Crashed(message="its worker ended; the next run does what is due")
            self._client.set_flow_run_state(run.id, state, force=True)

    def _ask_for_a_build(self) -> None:
        """Whoever landed something, a flow or a command beside it: it is built now."""
        stamp = landing_stamp(self._home)
        if stamp == self._stamp:
            return
        self._client.create_flow_run_from_deployment(self._look_up(_BUILD))
        self._stamp = stamp

    def _start_early(self) -> None:
        """What need not wait for its next minute: a file that dropped, a feed of a live event."""
        ids = {deployment_id for deployment_id, _ in list(self._at_work)}
        at_work = {name for name, deployment_id in self._ids.items() if deployment_id in ids}
        try:
            names = list(self._early.wanted(remembered(self._home), at_work, datetime.now(UTC)))
        except (OSError, sqlite3.Error) as error:  # told by its flow as well, which the clock starts
            _logger.warning("nothing is started early (%s)", type(error).__name__)
            return
        for name in names:
            self._patiently(partial(self._start, name))

    def _start(self, name: str) -> None:
        with suppress(ObjectNotFound):  # not deployed yet, or no longer
            self._client.create_flow_run_from_deployment(self._look_up(name))

    def _look_up(self, name: str) -> UUID:
        """The id of the deployment that has this name now: a campaign may have been taken away and added again."""
        found = self._client.read_deployment_by_name(name).id
        self._ids[name] = str(found)
        return found

    def _take_what_is_due(self) -> None:
        now = datetime.now(UTC)
        scheduled = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(before_=now),
        )
        runs = {
            str(run.id): run for run in self._client.read_flow_runs(flow_run_filter=scheduled, work_pool_filter=_OURS)
        }
        due = [
            DueRun(
                key,
                kind_of(run.deployment_id, run.parameters, run.id),
                run.next_scheduled_start_time or run.expected_start_time or now,
            )
            for key, run in runs.items()
        ]
        if not due:
            return
        pages, build = (self._ids.get(name) or str(self._look_up(name)) for name in (_PAGES, _BUILD))
        choice = choose(due, set(self._at_work), gives_way={pages: build}, now=now)
        for skipped in choice.skip:
            state: Any = Cancelled(message="a later run of the same does its work")
            self._client.set_flow_run_state(skipped.run_id, state)
        for one in choice.start:
            with self._lock:
                self._at_work[one.kind] = runs[one.run_id].id
            threading.Thread(target=self._run, args=(one,), daemon=True).start()

    def _run(self, one: DueRun) -> None:
        try:
            with get_client(sync_client=True) as client:
                state: Any = Pending()
                if not propose_state_sync(client, state, UUID(one.run_id)).is_pending():
                    return
                run = client.read_flow_run(UUID(one.run_id))
                flow = _flow_at(_entrypoint_of(client, run.deployment_id))
            run_flow(flow, flow_run=run, return_type="state")
        except (Exception, Abort) as error:  # the edge of the thread: the run is told, and the worker goes on
            _logger.exception("run %s broke off", one.run_id)
            self._patiently(partial(self._break_off, one, f"it broke off: {type(error).__name__}"))
        finally:
            with self._lock:
                del self._at_work[one.kind]

    def _break_off(self, one: DueRun, why: str) -> None:
        state: Any = Crashed(message=why)
        with get_client(sync_client=True) as client:
            if not client.read_flow_run(UUID(one.run_id)).state.is_final():  # type: ignore[union-attr]  # it has one
                client.set_flow_run_state(UUID(one.run_id), state, force=True)


def _entrypoint_of(client: SyncPrefectClient, deployment_id: UUID | None) -> str:
    if deployment_id is None:
        raise ValueError("a run of no deployment")
    entrypoint = client.read_deployment(deployment_id).entrypoint
    if entrypoint is None:
        raise ValueError(f"deployment {deployment_id} has no entrypoint")
    return entrypoint


@cache
def _flow_at(entrypoint: str) -> Flow[..., Any]:
    return load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)


def main(lock: Path) -> None:
    """Work until asked to stop, or until `up` is gone."""
    with held_by_us(lock), get_client(sync_client=True) as client:
        worker = Worker(client, lock.parents[1])
        for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked_to_stop, lambda _signal, _frame: worker.stop())
        end_with_parent(stop=worker.stop, within_s=_ENDS_RUNS_WITHIN_S)
        worker.work()
        worker.end_runs(_ENDS_RUNS_WITHIN_S)
    # Threads of runs that would not end, and the processes that they started.
    kill_own_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
