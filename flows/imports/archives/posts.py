"""Reads the archives of posts that a campaign declares, or the files it is given, and lands what they hold."""

import csv
import hashlib
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from connectors.archives.rows import FIRST_YEAR
from connectors.campaign.models import ArchiveConfig, Campaign
from connectors.disk import is_of_the_disk
from connectors.errors import SourceError, SourceUnreadable
from connectors.fence import fenced
from connectors.foreign_errors import safely_told
from connectors.packed_files import BROKEN, check_unpacked
from connectors.records import Post
from connectors.x.posts import Reading
from flows.collected import Collected, Tell, say_nothing
from flows.imports.archives.erased_posts import posts_left, posts_uncounted
from flows.imports.archives.judge_archive import land_refused, likely_mend, season_of
from flows.imports.archives.post_files import archive_files, declared_handles, layout_of, rows_of
from flows.imports.archives.post_rows import Tally, land_rows
from flows.imports.ledger import FileRead
from flows.imports.memory import after_imports, open_memory
from flows.imports.run import Import
from flows.people.keys import author_hash, author_key, erased_subjects
from flows.settings import Settings
from warehouse.landing.bulk_posts import NotPlainPosts, PostTarget, land_posts

_MINUTE_OF_ERASED = timedelta(seconds=59)  # of an erased post the minute is left


def import_posts_once(
    campaign: Campaign, settings: Settings, now: datetime, paths: Sequence[Path] = (), *, tell: Tell = say_nothing
) -> Collected:
    """Import every declared archive, or those of the given files that are archives, whose content is not yet known.

    A file that cannot be read does not stop the others; the same content is never read twice.
    """
    if not campaign.archives:
        return Collected()
    with closing(open_memory(settings.home)) as state:
        run = Import(
            campaign=campaign,
            home=settings.home,
            now=after_imports(state, now),
            state=state,
            secret=author_key(settings, tell),
            erased=erased_subjects(settings.home),
            collected=Collected(),
            tell=tell,
            is_named=bool(paths),
        )
        for config in campaign.archives:
            _import_archive(run, archive_files(campaign, config, paths), config)
        if run.erased:
            run.collected.notes += posts_uncounted(settings.home, campaign)
        return run.collected


def _import_archive(run: Import, files: Sequence[Path], config: ArchiveConfig) -> None:
    if not files and not run.is_named:
        run.collected.notes.append(f"{config.id}: no file matches {config.path}")
    read: list[Tally] = []
    refused: list[str] = []
    for path in files:
        try:
            with fenced(path.name, run.tell):
                read += _import_file(run, path, config)
        except SourceError as error:
            run.collected.tell_failed(config.id, str(error))
            refused.append(str(error))
    if landed := run.collected.told_anew[config.id]:
        share = sum(tally.in_season for tally in read) / landed
        season = f"{run.campaign.start} to {run.campaign.end}"
        run.collected.outside[config.id] = f"{share:.0%} of them in the season {season}"
    land_refused(run, config, refused, has_read=bool(read))


def _import_file(run: Import, path: Path, config: ArchiveConfig) -> list[Tally]:
    """Land one file; empty where its content is known as it is declared now."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if not run.is_wanted(sha256, path.name, config):
            return []
        tally = _land_posts(run, path, sha256, config)
    except (SourceUnreadable, OSError, UnicodeError, csv.Error, *BROKEN) as error:
        if is_of_the_disk(error):
            raise  # the file is well, its rows find no room
        raise SourceUnreadable(f"{path.name}: {safely_told(error)}") from None
    left = posts_left(run.home, f"{run.campaign.id}/{config.id}", sha256, run.now) if run.erased else []
    # The file glimpsed their time as well: without it their hours would count as seen by nobody.
    said = [at for post in left for at in (post.posted_at, post.posted_at + _MINUTE_OF_ERASED)]
    moments = [at for at in (tally.first_at, tally.last_at, *said) if at is not None]
    run.collected.files += tally.files
    run.land(left)
    booked = FileRead(
        name=path.name,
        sha256=sha256,
        table=Post.TABLE,
        rows_landed=tally.landed,
        set_aside=tally.set_aside,
        from_at=min(moments, default=None),
        to_at=max(moments, default=None),
        likely_mend=partial(likely_mend, path, config, run.campaign),
    )
    run.book([booked], config)
    if left:
        run.collected.notes.append(
            f"{config.id}: {path.name}: {len(left)} erased posts stay counted, without author, id and text"
        )
    run.collected.garbled[config.id] += tally.garbled
    return [tally]


def _land_posts(run: Import, path: Path, sha256: str, config: ArchiveConfig) -> Tally:
    """At full speed where the file fits its layout, else row by row."""
    check_unpacked(path)
    handles = declared_handles(run.campaign, config.network)
    network = None if config.network == "x" else config.network
    source_key = f"{run.campaign.id}/{config.id}"
    try:
        landed = land_posts(
            path,
            layout_of(path, config),
            PostTarget(
                home=run.home,
                source_key=source_key,
                source_kind=config.source_kind,
                network=network,
                file_sha256=sha256,
                observed_at=run.now,
                author_key=run.secret,
                handles=handles,
                season=season_of(run.campaign),
                first_year=FIRST_YEAR,
                erased=sorted(run.erased),
            ),
        )
    except NotPlainPosts as error:
        run.tell(f"{config.id}: {path.name} is read row by row ({error})")
    else:
        files = [landed.file] if landed.file else []
        return Tally(
            landed=landed.rows,
            in_season=landed.in_season,
            files=files,
            first_at=landed.first_at,
            last_at=landed.last_at,
        )
    reading = Reading(
        source_key=source_key,
        source_kind=config.source_kind,
        network=network,
        observed_at=run.now,
        hash_author=author_hash(run.secret, network),
        accounts={handle: handle for handle in handles},
    )
    return land_rows(run.home, rows_of(path, config, reading), sha256, season_of(run.campaign), run.erased)
