"""`afterdebate diff`: which published numbers changed, and because of what."""

import csv
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.table import Table

from flows.differing import Difference, find_difference
from flows.screen.console import console, progress

_COLUMNS = ("table", "campaign_id", "key", "kind", "column", "before", "after", "because")
_FIRST = ("claims", "debate_")  # what is printed elsewhere comes before the intervals it rests on
_MOST_ROWS = 40


def show_difference(home: Path, before: str | None, after: str | None, *, form: str) -> None:
    """Print what differs: a table in short, or every cell as CSV or JSON.

    Raises:
        UsageFault: one of the two is not known.
    """
    with progress("diff") as tell:
        found = find_difference(home, before, after, now=datetime.now(UTC), tell=tell)
    rows = [(*change, because) for change, because in found.changes]
    if form == "csv":
        csv.writer(sys.stdout).writerows([_COLUMNS, *rows])
    elif form == "json":
        typer.echo(json.dumps([dict(zip(_COLUMNS, row, strict=True)) for row in rows]))
    else:
        _print(found)


def _print(found: Difference) -> None:
    typer.echo(f"before: {found.before.run_id}, after: {found.after.run_id}")
    if not found.changes:
        typer.echo("No published number differs")
        return
    sums = Counter((change.table, change.kind, because) for change, because in found.changes)
    table = Table(title="What differs", title_justify="left", show_edge=False)
    for name in ("table", "kind", "because"):
        table.add_column(name, overflow="fold")
    table.add_column("cells", justify="right")
    for (name, kind, because), count in sorted(sums.items()):
        table.add_row(name, kind, because, str(count))
    console(is_wide=True).print(table)
    changed = sorted(
        ((change, because) for change, because in found.changes if change.kind == "changed"),
        key=lambda one: not one[0].table.startswith(_FIRST),
    )
    for change, because in changed[:_MOST_ROWS]:
        row = " ".join(part.partition("=")[2] for part in change.key.split(", ") if not part.startswith("campaign_id="))
        words = f"{change.before or 'nothing'} -> {change.after or 'nothing'}"
        typer.echo(f"{change.table} {row}, {change.column}: {words} ({because})")
    if len(changed) > _MOST_ROWS:
        typer.echo(f"{len(changed) - _MOST_ROWS} more: --format csv")
