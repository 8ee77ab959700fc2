"""What the commands that keep a home do, and what they say."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.inputs import refuse_empty, settings_for
from flows.keeping.backup import back_up
from flows.keeping.doctor import examine
from flows.keeping.mending import mend
from flows.keeping.rebuild import rebuild_home
from flows.keeping.restore import restore
from flows.private_home import keep_private
from flows.screen.built import print_built
from flows.screen.console import progress
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed


def run_rebuild(home: Path | None, *, is_state_wanted: bool) -> None:
    """Make a home anew from what landed.

    Raises:
        UsageFault: nothing has landed in this home.
        typer.Exit: with code 1, where a build is running, a check failed, a file cannot be read or a table differs.
    """
    settings = settings_for(home)
    refuse_empty(settings.home)
    keep_private(settings.home, settings.readers)
    began = time.monotonic()
    try:
        with progress("rebuild") as tell:
            done = rebuild_home(settings.home, datetime.now(UTC), tell=tell, is_state_wanted=is_state_wanted)
    except (StoreBusy, ChecksFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(done.built)
    for words in done.not_known:
        typer.echo(f"Not known any more: {words}")
    for table, difference in done.other.items():
        typer.echo(f"{table} is not as before: {difference}")
    typer.echo(
        f"Rebuilt in {time.monotonic() - began:.1f} s: {done.tables} tables"
        + (f", {done.equal} of them row by row as before" if done.equal or done.other else "")
    )
    if done.built.unreadable or done.other:
        raise typer.Exit(1)


def run_backup(folder: Path, home: Path | None, *, keep: int | None, is_checked: bool) -> None:
    """Copy a home, and say what was added.

    Raises:
        UsageFault: the home holds nothing, or the folder cannot take it.
    """
    settings = settings_for(home)
    with progress("backup") as tell:
        done = back_up(settings.home, folder, datetime.now(UTC), keep=keep, is_checked=is_checked, tell=tell)
    typer.echo(
        f"Backed up as {done.backup.name}: {len(done.backup.files)} files, of them {done.files_added} added "
        f"({_megabytes(done.bytes_added)})"
    )
    if done.checked:
        typer.echo(f"Read again: {done.checked} files kept before are what they were")
    if done.backups_removed:
        typer.echo(f"Removed: {done.backups_removed} older backups ({_megabytes(done.bytes_removed)})")
    if done.has_keys:
        typer.echo(f"The keys that people were hashed with are in it: keep {folder} where nobody else reads it")
    elif settings.donor_key is None and settings.author_key is None:
        typer.echo("No key is in it: none was made in this home yet")
    if settings.donor_key is not None or settings.author_key is not None:
        typer.echo("Keys from AFTERDEBATE_DONOR_KEY and AFTERDEBATE_AUTHOR_KEY are not in it: keep them as well")
    typer.echo("Not in it, because they are not in the home: campaign folders and .env")


def run_restore(folder: Path, home: Path | None, *, name: str | None, erased_in: Path | None) -> None:
    """Bring a home back, and say what came.

    Raises:
        UsageFault: there is no such backup, it is not whole, or the home is not empty.
        typer.Exit: with code 1, where a check failed or a landed file cannot be read.
    """
    settings = settings_for(home)
    began = time.monotonic()
    try:
        with progress("restore") as tell:
            done = restore(folder, settings, lambda: datetime.now(UTC), name=name, erased_in=erased_in, tell=tell)
    except (StoreBusy, ChecksFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(done.built)
    if done.erased.rows:
        typer.echo(f"Erased again, as after the backup: {done.erased.rows} rows")
    for words in done.not_known:
        typer.echo(f"Not known any more: {words}")
    typer.echo(
        f"Restored {done.backup.name} into {settings.home} in {time.monotonic() - began:.1f} s: "
        f"{len(done.backup.files)} files, each with the bytes it had"
    )
    if done.built.unreadable:
        raise typer.Exit(1)


def run_doctor(home: Path | None, *, is_mending: bool, backups: Path | None, as_json: bool) -> None:
    """Say what is wrong, and mend it where that is asked for.

    Raises:
        UsageFault: there is no such home.
        typer.Exit: with code 1, where something is wrong and still is.
    """
    settings = settings_for(home)
    now = datetime.now(UTC)
    with progress("doctor") as tell:
        found = examine(settings, now, tell=tell)
        if is_mending and found:
            try:
                found = mend(settings, found, now, backups=backups, tell=tell)
            except (StoreBusy, ChecksFailed) as error:
                typer.echo(str(error), err=True)
                raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        for finding in found:
            typer.echo(finding.sentence)
        if not found:
            typer.echo(f"{settings.home}: nothing is wrong")
        elif any(one.way != "hand" and not one.is_mended for one in found) and not is_mending:
            typer.echo("`afterdebate doctor --mend` mends what can be mended safely")
    if not all(finding.is_mended for finding in found):
        raise typer.Exit(1)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
