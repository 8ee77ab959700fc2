"""What `import` does, and what it says."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flows.commands.taken_steps import finish, take_steps
from flows.faults import UsageFault
from flows.imports.donations import withdraw_file
from flows.imports.files import import_files_once
from flows.inputs import campaign_named, refuse_empty, settings_for
from flows.private_home import keep_private


def run_import(name: str, home: Path | None, paths: Sequence[Path]) -> None:
    """Land the campaign's facts and import files.

    Raises:
        UsageFault: a path names nothing.
    """
    campaign, settings = campaign_named(name), settings_for(home)
    _refuse_missing(paths)
    finish(take_steps(campaign, settings, {"imports": partial(import_files_once, paths=paths)}))


def run_withdraw(name: str, home: Path | None, path: Path, *, also_given: Sequence[Path]) -> None:
    """Take an imported file back.

    Raises:
        UsageFault: no such file was imported, or files to import are named as well.
    """
    if also_given:
        raise UsageFault("--withdraw takes one file back and imports none. Mend: give only --withdraw FILE")
    campaign, settings = campaign_named(name), settings_for(home)
    refuse_empty(settings.home)
    keep_private(settings.home, settings.readers)
    withdrawn = withdraw_file(campaign, settings, datetime.now(UTC), path)
    if withdrawn.failed:
        raise UsageFault("\n".join(withdrawn.failed.values()))
    withdrawn.notes.append("The published tables count it until the next build: `afterdebate build`, or the next run")
    finish({"withdrawn": withdrawn})


def _refuse_missing(paths: Sequence[Path]) -> None:
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageFault("\n".join(f"{path}: no such file. Mend: correct the path" for path in missing))
