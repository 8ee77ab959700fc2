"""Whether the server really schedules: a deployment whose next run does not exist never runs by itself."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flows.deployed.api import ServerFailed

_LOOKS_EVERY_S = 0.5


def wait_for_next_runs(
    ask: Callable[..., Any],
    now: Callable[[], datetime],
    *,
    within_s: float,
    pause: Callable[[float], None],
    elapsed_s: Callable[[], float] = time.monotonic,
) -> None:
    """Pass once the next run of every scheduled deployment is there.

    Raises:
        ServerFailed: one is not in time; the message names each.
    """
    ends_at = elapsed_s() + within_s
    waiting = {each["name"]: each["id"] for each in ask("deployments/filter") if _is_scheduled(each)}
    while waiting := {name: key for name, key in waiting.items() if not _has_next_run(ask, key, now())}:
        if elapsed_s() > ends_at:
            raise ServerFailed(f"no next run of {', '.join(sorted(waiting))} was scheduled in {within_s:.0f} s")
        pause(_LOOKS_EVERY_S)


def last_error(log: str) -> str | None:
    """The last error in a server's log, with the exception behind it; None where there is none."""
    _, found, after = log.rpartition("| ERROR ")
    if not found:
        return None
    headline, *rest = after.splitlines()
    # A traceback is indented; its last line, the exception, is not.
    exceptions = [line for line in rest if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return ": ".join([headline.partition(" - ")[2].strip().removesuffix("."), *exceptions[-1:]])


def _is_scheduled(deployment: dict[str, Any]) -> bool:
    return not deployment["paused"] and any(schedule["active"] for schedule in deployment["schedules"])


def _has_next_run(ask: Callable[..., Any], deployment_id: str, now: datetime) -> bool:
    runs = {"state": {"type": {"any_": ["SCHEDULED"]}}, "next_scheduled_start_time": {"after_": now.isoformat()}}
    return bool(ask("flow_runs/filter", deployments={"id": {"any_": [deployment_id]}}, flow_runs=runs, limit=1))
