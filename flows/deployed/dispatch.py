"""Which of the runs that are due a worker starts: one of each kind at a time, and of those that pile up the last."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

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


def choose(due: Iterable[DueRun], at_work: Collection[Kind]) -> Choice:
    """Start the last run of each kind that is not at work, and skip those before it.

    Every run asks the home's state what is due, so the last does all that the others would have done: a machine that
    slept wakes to one run of each kind, and a burst of landings is one build, with one that waits.
    """
    last: dict[Kind, DueRun] = {}
    skip = []
    for run in sorted(due, key=lambda run: (run.due_at, run.run_id)):
        if run.kind in last:
            skip.append(last[run.kind])
        last[run.kind] = run
    return Choice([run for run in last.values() if run.kind not in at_work], skip)
