"""`afterdebate up` is up only when the server has scheduled what is due next, and says why where it has not."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.deployed.api import ServerFailed
from flows.deployed.schedules import last_error, wait_for_next_runs

NOON = datetime(2026, 10, 22, 12, tzinfo=UTC)

LOG = """\
22:38:27.704 | ERROR   | prefect.server.services.scheduler - Error scheduling deployment UUID('9accc480').
Traceback (most recent call last):
  File "prefect/server/services/scheduler.py", line 186, in _collect_flow_runs
    await models.deployments._generate_scheduled_flow_runs(
  File "prefect/types/_datetime.py", line 223, in _whenever_zdt_from_py
    return ZonedDateTime(dt)  # type: ignore[arg-type]
           ^^^^^^^^^^^^^^^^^
ValueError: tzinfo must be of type ZoneInfo (exactly), got Timezone('America/New_York')
22:38:29.001 | WARNING | prefect.server.services - took longer to run than its loop interval
Server stopped!
"""


class Server:
    """Answers as a server with these deployments does, whose scheduler makes one next run at each pause."""

    def __init__(self, deployments: list[dict[str, Any]], *, schedules: bool) -> None:
        self.deployments, self.schedules = deployments, schedules
        self.scheduled: set[str] = set()
        self.paused_s = 0.0

    def ask(self, path: str, **body: Any) -> list[Any]:
        if path == "deployments/filter":
            return self.deployments
        assert body["flow_runs"]["next_scheduled_start_time"] == {"after_": NOON.isoformat()}
        [asked_for] = body["deployments"]["id"]["any_"]
        return [{"id": "run"}] if asked_for in self.scheduled else []

    def pause(self, seconds: float) -> None:
        self.paused_s += seconds
        waiting = sorted({each["id"] for each in self.deployments} - self.scheduled)
        if self.schedules and waiting:
            self.scheduled.add(waiting[0])


def deployment(name: str, *, paused: bool = False, active: bool | None = True) -> dict[str, Any]:
    return {
        "id": f"id of {name}",
        "name": name,
        "paused": paused,
        "schedules": [] if active is None else [{"active": active}],
    }


def wait(server: Server) -> Callable[[], None]:
    return lambda: wait_for_next_runs(
        server.ask, lambda: NOON, within_s=60, pause=server.pause, elapsed_s=lambda: server.paused_s
    )


def test_a_server_that_schedules_is_waited_for_until_every_next_run_is_there() -> None:
    server = Server([deployment("collect-feeds"), deployment("import-donations")], schedules=True)

    wait(server)()

    assert server.scheduled == {"id of collect-feeds", "id of import-donations"}


def test_a_server_that_schedules_nothing_is_not_up() -> None:
    server = Server([deployment("import-donations"), deployment("collect-feeds")], schedules=False)

    with pytest.raises(ServerFailed, match="no next run of collect-feeds, import-donations was scheduled in 60 s"):
        wait(server)()


def test_what_is_paused_or_has_no_schedule_is_not_waited_for() -> None:
    unscheduled = [deployment("a", paused=True), deployment("b", active=False), deployment("c", active=None)]
    server = Server(unscheduled, schedules=False)

    wait(server)()

    assert server.paused_s == 0


def test_the_last_error_of_a_log_is_named_with_its_exception() -> None:
    assert last_error(LOG + LOG.replace("9accc480", "eb9c74b3")) == (
        "Error scheduling deployment UUID('eb9c74b3'): "
        "ValueError: tzinfo must be of type ZoneInfo (exactly), got Timezone('America/New_York')"
    )


def test_an_error_without_an_exception_is_named_alone() -> None:
    assert last_error("22:38:27.704 | ERROR   | uvicorn.error - address already in use\n") == "address already in use"


def test_a_log_without_an_error_names_none() -> None:
    assert last_error("22:38:29.001 | WARNING | prefect.server - slow\n") is None
