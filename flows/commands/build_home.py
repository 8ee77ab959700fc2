"""What `build` does, and what it says."""

from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.build import build_warehouse_once
from flows.inputs import refuse_empty, settings_for
from flows.private_home import keep_private
from flows.screen.built import print_built
from flows.screen.console import progress
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed


def run_build(home: Path | None) -> None:
    """Load, build, check and publish.

    Raises:
        UsageFault: nothing has landed in this home.
    """
    settings = settings_for(home)
    refuse_empty(settings.home)
    keep_private(settings.home, settings.readers)
    build_home(settings.home)


def build_home(home: Path) -> None:
    """Build, and say what was done.

    Raises:
        typer.Exit: with code 1, where another build is running, a check failed or a landed file cannot be read.
    """
    try:
        with progress("build") as tell:
            built = build_warehouse_once(home, datetime.now(UTC), tell=tell)
    except (StoreBusy, ChecksFailed) as error:
        # What landed stays landed, and what was published stays: the next build goes on from there.
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(built)
    if built.unreadable:
        raise typer.Exit(1)
