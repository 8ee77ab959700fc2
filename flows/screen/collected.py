"""What collecting steps did, for a person: numbers on stdout, what failed on stderr."""

import typer
from rich.table import Table

from flows.collected import Collected
from flows.screen.console import console

_REASONS_SHOWN = 5


def print_collected(steps: dict[str, Collected]) -> None:
    """Print what landed, what was set aside and which sources failed, step by step."""
    table = Table("step", "landed as", title="Collected", title_justify="left", show_edge=False)
    for name in ("read", "landed", "set aside", "duplicate"):
        table.add_column(name, justify="right")
    for step, collected in steps.items():
        read = str(collected.read.total()) if collected.read else ""  # only files have rows that are read
        aside, known = str(collected.set_aside.total()), str(collected.duplicates.total())
        for place, (landed_as, rows) in enumerate(_landed(collected) or [("nothing new", 0)]):
            # What is read, set aside or known belongs to the step, not to one of its tables: shown once.
            counts = [read, str(rows), aside, known] if place == 0 else ["", str(rows), "", ""]
            table.add_row(step if place == 0 else "", landed_as, *counts)
    console().print(table)
    for collected in steps.values():
        for source_id, read_rows in collected.read.items():
            typer.echo(
                f"{source_id}: read {read_rows}, landed {collected.told_anew[source_id]}, "
                f"set aside {collected.set_aside[source_id]}, duplicate {collected.duplicates[source_id]}"
            )
            if source_id in collected.outside:
                typer.echo(f"  {collected.outside[source_id]}")
            _print_why_aside(collected, source_id)
        for source_id, texts in (+collected.garbled).items():
            typer.echo(
                f"{source_id}: {texts} texts hold letters that could not be decoded; a name may be missed in them. "
                "Mend: the source as UTF-8"
            )
        for note in collected.notes:
            typer.echo(note)
        for source_id, reason in collected.unbought.items():
            typer.echo(f"{source_id}: {reason}")
        for source_id, reasons in collected.failed.items():
            for reason in reasons.splitlines():
                typer.echo(f"{source_id} failed: {reason}", err=True)


def _print_why_aside(collected: Collected, source_id: str) -> None:
    """Print the commonest reasons, each with its first place; every row's own is in the landing zone."""
    reasons = [
        (rows, place, reason) for (source, reason), (rows, place) in collected.aside.items() if source == source_id
    ]
    reasons.sort(key=lambda counted: -counted[0])
    for rows, place, reason in reasons[:_REASONS_SHOWN]:
        typer.echo(f"  {place}{f' and {rows - 1} more' if rows > 1 else ''}: {reason}")
    if len(reasons) > _REASONS_SHOWN:
        others = sum(rows for rows, _, _ in reasons[_REASONS_SHOWN:])
        typer.echo(
            f"  {others} rows for {len(reasons) - _REASONS_SHOWN} other reasons: see landing/rejects in the home"
        )


def _landed(collected: Collected) -> list[tuple[str, int]]:
    """Table and rows; a table of which nothing was news is left out."""
    return sorted((table, rows) for table, rows in collected.landed.items() if rows)
