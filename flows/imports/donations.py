"""Reads the donation files that a campaign declares, or the files it is given, and lands what they hold."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from time import sleep

from connectors.campaign.models import Campaign, SeriesConfig
from connectors.errors import SourceBroken
from connectors.fence import fenced
from connectors.records import Withdrawal
from flows.collected import Collected, Tell, say_nothing
from flows.imports.amended_reports import replace_reports
from flows.imports.donation_bulk import BULK_FORMATS, import_bulk_files
from flows.imports.donation_files import declared_files, given_files, settled_files, source_of_file
from flows.imports.donation_rows import import_exports, import_file
from flows.imports.exports import Pause
from flows.imports.memory import after_imports, forget, open_memory, remembered_files
from flows.imports.repeats import count_repeats, note_twins
from flows.imports.run import Import
from flows.people.keys import donor_secret, erased_subjects
from flows.settings import Settings
from warehouse.landing.files import land


def import_donations_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    paths: Sequence[Path] = (),
    *,
    tell: Tell = say_nothing,
    settle_s: float = 0,
    pause: Pause = sleep,
) -> Collected:
    """Import every declared file and what an API exports, or the given files, whose content is not yet imported.

    A file that cannot be read does not stop the others; the same content is never read twice. Declared files that
    changed within the last `settle_s` seconds are left for the next time: somebody may still be writing them.
    """
    collected = Collected()
    if not campaign.series:
        collected.notes.append("the campaign declares no donation source and no sign-ups")
        return collected
    with closing(open_memory(settings.home)) as state:
        run = Import(
            campaign=campaign,
            home=settings.home,
            now=after_imports(state, now),
            state=state,
            secret=donor_secret(settings, tell),
            erased=erased_subjects(settings.home),
            collected=collected,
            tell=tell,
            is_named=bool(paths),
        )
        if paths:
            _import_given(run, given_files(paths))
        else:
            _import_declared(run, settings, settle_s, pause)
        note_twins(run)
    return collected


def withdraw_file(campaign: Campaign, settings: Settings, now: datetime, path: Path) -> Collected:
    """Take an imported file back: the one with this content, or with this name where it is gone from the disk."""
    collected = Collected()
    with closing(open_memory(settings.home)) as state:
        now = after_imports(state, now)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        imported = [file for file in remembered_files(state, campaign.id) if not file.is_withdrawn]
        found = [file for file in imported if file.file_sha256 == sha256]
        found = found or [file for file in imported if file.file_name == path.name][:1]
        if not found:
            collected.failed[str(path)] = f"{path} was not imported into {campaign.id}, or was taken back already"
        for file in found:
            withdrawal = Withdrawal(
                campaign_id=campaign.id, source_id=file.source_id, file_sha256=file.file_sha256, withdrawn_at=now
            )
            collected.files += land(settings.home, [withdrawal])
            collected.landed["withdrawals"] += 1
            forget(state, campaign.id, file, now)
            collected.notes.append(f"{file.source_id}: took back {file.file_name} with its {file.rows_read} rows")
    return collected


def _import_declared(run: Import, settings: Settings, settle_s: float, pause: Pause) -> None:
    for config in run.campaign.series:
        with _failures_kept(run, config):
            _import_source(run, config, settings, settle_s, pause)


def _import_source(run: Import, config: SeriesConfig, settings: Settings, settle_s: float, pause: Pause) -> None:
    found = declared_files(run.campaign, config)
    files = settled_files(found, run.now, settle_s)
    if len(files) < len(found):
        run.collected.notes.append(f"{config.id}: left {len(found) - len(files)} files that may still be written")
    if config.api:
        import_exports(run, config, settings, pause)
    elif not found:
        run.land_attempt(config, "empty", f"no file matches {config.path}")
        run.collected.notes.append(f"{config.id}: no file matches {config.path}")
    _import_files(run, files, config)
    if not config.api:
        run.tell_well_again(config)


@contextmanager
def _failures_kept(run: Import, config: SeriesConfig) -> Iterator[None]:
    """What nobody foresaw within is this source's failure, and does not stop the others."""
    try:
        with fenced(config.id, run.tell):
            yield
    except SourceBroken as error:
        run.fail(config, "unreadable", str(error))


def _import_given(run: Import, files: Sequence[Path]) -> None:
    by_source: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        config = source_of_file(run.campaign, path)
        if not path.is_file():
            run.collected.failed[str(path)] = f"{path}: there is no such file"
        elif config is None:
            names = ", ".join(config.id for config in run.campaign.series)
            run.collected.failed[str(path)] = (
                f"{path}: which of the sources {names} is it? Mend: put it where that source's `path` finds it"
            )
        else:
            by_source[config.id].append(path)
    for config in run.campaign.series:
        with _failures_kept(run, config):
            _import_files(run, by_source[config.id], config)


def _import_files(run: Import, files: Sequence[Path], config: SeriesConfig) -> None:
    if run.source(config).format in BULK_FORMATS:
        import_bulk_files(run, files, config)
    else:
        for path in files:
            import_file(run, path, config)
    count_repeats(run, config)
    if config.format == "fec-schedule-a":
        replace_reports(run, config)
