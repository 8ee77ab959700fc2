"""What collecting steps did, for a person: numbers on stdout, what failed on stderr."""

import typer
from rich.table import Table

from flows.collected import Collected
from flows.screen import console


def print_collected(steps: dict[str, Collected]) -> None:
    """Print what landed, what was set aside and which sources failed, step by step."""
    table = Table("step", "landed as", title="Collected", title_justify="left", show_edge=False)
    for name in ("rows", "known already", "set aside"):
        table.add_column(name, justify="right")
    for step, collected in steps.items():
        known, aside = sum(collected.duplicates.values()), sum(collected.set_aside.values())
        for place, (landed_as, rows) in enumerate(sorted(collected.landed.items()) or [("nothing new", 0)]):
            # What is known or set aside belongs to the step, not to one of its tables: shown once.
            counts = [str(rows), str(known), str(aside)] if place == 0 else [str(rows), "", ""]
            table.add_row(step if place == 0 else "", landed_as, *counts)
    console().print(table)
    for collected in steps.values():
        for note in collected.notes:
            typer.echo(note)
        for source_id, reason in collected.unbought.items():
            typer.echo(f"{source_id}: {reason}")
        for source_id, reason in collected.failed.items():
            typer.echo(f"{source_id} failed: {reason}", err=True)
