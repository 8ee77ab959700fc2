"""Reads the files of polls that a campaign declares, or the files it is given, and lands what they hold."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.campaign.files import data_files
from connectors.campaign.models import Campaign, PollConfig
from connectors.errors import SourceBroken, SourceError
from connectors.fence import fenced
from connectors.foreign_errors import safely_told
from connectors.packed_files import read_whole
from connectors.polls.read import read_polls
from connectors.polls.source import PollFile
from connectors.records import Poll
from flows.collected import Collected, Tell, say_nothing
from flows.imports.donation_files import declared_files, settled_files
from flows.imports.ledger import FileRead, span_of_days
from flows.imports.memory import after_imports, open_memory
from flows.imports.poll_files import poll_source
from flows.imports.run import Import
from flows.settings import Settings


def poll_files(campaign: Campaign, config: PollConfig, given: Sequence[Path]) -> list[Path]:
    """Those of the given files that are the source's own.

    A given file that no pattern finds belongs to the only source of a campaign that declares no other.
    """
    found = {path.resolve() for path in data_files(campaign.folder, config.path)}
    is_only_one = len(campaign.polls) == 1 and not campaign.donations and not campaign.archives
    return [path for path in given if path.resolve() in found or is_only_one]


def import_polls_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    paths: Sequence[Path] = (),
    *,
    tell: Tell = say_nothing,
    settle_s: float = 0,
) -> Collected:
    """Import every declared file of polls, or those of the given files that are polls, whose content is not yet known.

    A file that cannot be read does not stop the others; the same content is never read twice.
    """
    if not campaign.polls:
        return Collected()
    with closing(open_memory(settings.home)) as state:
        run = Import(
            campaign=campaign,
            home=settings.home,
            now=after_imports(state, now),
            state=state,
            secret=b"",  # nobody in a poll is a person whom a key could stand for
            erased=frozenset(),
            collected=Collected(),
            tell=tell,
            is_named=bool(paths),
        )
        for config in campaign.polls:
            found = poll_files(campaign, config, paths) if paths else declared_files(campaign, config)
            files = found if paths else settled_files(found, run.now, settle_s)
            if len(files) < len(found):
                left = len(found) - len(files)
                run.collected.notes.append(f"{config.id}: left {left} files that may still be written")
            if not found and not paths:
                run.land_attempt(config, "empty", f"no file matches {config.path}")
                run.collected.notes.append(f"{config.id}: no file matches {config.path}")
            for path in files:
                _import_file(run, path, config)
            if not paths:
                run.tell_well_again(config)
        return run.collected


def _import_file(run: Import, path: Path, config: PollConfig) -> None:
    """Import one file whose content is not yet imported; one that cannot be read is the source's failure."""
    try:
        content = read_whole(path)
    except (OSError, SourceError) as error:
        run.fail(config, "unavailable", f"{path.name}: {safely_told(error)}")
        return
    sha256 = hashlib.sha256(content).hexdigest()
    if not run.is_wanted(sha256, path.name, config):
        return
    try:
        with fenced(path.name, run.tell):
            _land_polls(run, path.name, PollFile(content=content, file_sha256=sha256, known_at=run.now), config)
    except SourceBroken as error:
        run.fail(config, "unreadable", str(error))
    except SourceError as error:
        run.fail(config, "unreadable", f"{path.name}: {error}")


def _land_polls(run: Import, name: str, file: PollFile, config: PollConfig) -> None:
    read = read_polls(file, poll_source(run.campaign, config))
    run.land(read.records)
    first_on = min((poll.starts_on for poll in read.records), default=None)
    last_on = max((poll.ends_on for poll in read.records), default=None)
    from_at, to_at = span_of_days(first_on, last_on, ZoneInfo(run.campaign.timezone))
    booked = FileRead(
        name=name,
        sha256=file.file_sha256,
        table=Poll.TABLE,
        rows_landed=read.rows,
        set_aside=read.set_aside,
        from_at=from_at,
        to_at=to_at,
    )
    run.book([booked], config)
