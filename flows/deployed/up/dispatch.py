"""Which of the runs that are due a worker starts: one of each kind at a time, and of those that pile up the last."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

PATIENCE = timedelta(minutes=2)  # of what gives way: pages are late then, and builds no longer alone

Kind = tuple[str, str]  # a deployment and its parameters: another campaign folder is another work


class DueRun(NamedTuple):
    """A run whose time has come."""

    run_id: str
    kind: Kind
    due_at: datetime


class Choice(NamedTuple):
    """What becomes of the runs that are due; what is in neither waits for the run of its kind that is at work."""

    start: list[DueRun]
    skip: list[DueRun]


def kind_of(deployment_id: object, parameters: Mapping[str, Any], run_id: object) -> Kind:
    """The kind of a run; one of no deployment is a kind of its own."""
    return (str(deployment_id or run_id), repr(sorted(parameters.items())))


def choose(due: Iterable[DueRun], at_work: Collection[Kind], *, gives_way: Mapping[str, str], now: datetime) -> Choice:
    """Start the last run of each kind that is not at work, and skip those before it.

    Every run asks the home's state what is due, so the last does all that the others would have done: a machine that
    slept wakes to one run of each kind, and a burst of landings is one build, with one that waits. `gives_way` has
    deployments that let another go first while that is at work or due: pages, which would slow a build down.
    """
    first: dict[Kind, DueRun] = {}
    last: dict[Kind, DueRun] = {}
    skip = []
    for run in sorted(due, key=lambda run: (run.due_at, run.run_id)):
        first.setdefault(run.kind, run)
        if run.kind in last:
            skip.append(last[run.kind])
        last[run.kind] = run
    busy = {deployment_id for deployment_id, _ in [*at_work, *last]}
    held = {kind for kind, run in first.items() if gives_way.get(kind[0]) in busy and now - run.due_at < PATIENCE}
    # The first of what is held stays, because it tells since when.
    skip = [run for run in skip if run.kind not in held]
    return Choice([run for run in last.values() if run.kind not in at_work and run.kind not in held], skip)
