"""How the home is doing, as an artifact on the server's page: the same that `afterdebate status` says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect.artifacts import create_markdown_artifact

from flows.health.as_json import as_json
from flows.health.read import read_health

_KEY = "health"
_COLUMNS = ("campaign", "source", "last asked", "last outcome", "hours unseen", "trouble")


def show_health(home: Path) -> None:
    """Put the home's health beside the run that calls this; the server keeps the last ones, as it keeps runs."""
    told = as_json(read_health(home, datetime.now(UTC)))
    create_markdown_artifact("\n".join(health_lines(told)), key=_KEY, description="How the home is doing")


def health_lines(told: dict[str, Any]) -> Iterator[str]:
    """Markdown of what monitors read: level and reasons, the last build, what waits, a table of sources."""
    yield f"**Level**: {told['level']}"
    yield ""
    yield from (f"- {reason['level']}: {_cell(reason['what'])}" for reason in told["reasons"])
    run = told["last_run"]
    yield f"- last build: {run['built_at']}, {run['run_id']}" if run else "- no build yet"
    yield f"- landed files that wait: {told['waiting']}, the oldest for {told['lag_s']} s"
    for spent in told["spent_on_x"]:
        yield f"- spent on X for {spent['campaign_id']} in {spent['month']}: {spent['spent_usd']:.2f} USD"
    yield from ("", f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}")
    for source in told["sources"]:
        trouble = source["reason"] if source["is_failing"] or source["is_silent"] else ""
        fields = (source["campaign_id"], source["source_id"], source["last_asked_at"], source["outcome"])
        yield f"| {' | '.join(map(_cell, (*fields, source['hours_unseen'], trouble)))} |"


def _cell(value: object) -> str:
    """The value in one line of a table; a source's reason may quote what a server answered."""
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
