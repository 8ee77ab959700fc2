"""Reads the archives of posts that a campaign declares, or the files it is given, and lands what they hold."""

import csv
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.archives.rows import FIRST_YEAR
from connectors.campaign.models import ArchiveConfig, Campaign
from connectors.disk import is_of_the_disk
from connectors.errors import SourceError, SourceUnreadable
from connectors.fence import fenced
from connectors.foreign_errors import safely_told
from connectors.packed_files import BROKEN, check_unpacked
from connectors.records import ImportedFile, Post
from connectors.x.posts import Reading
from flows.collected import Collected, Tell, is_most, say_nothing, told_of_most
from flows.imports.archive_attempts import ArchiveAttempts
from flows.imports.erased_posts import posts_left, posts_uncounted
from flows.imports.judge_archive import likely_mend, season_of
from flows.imports.known import SourceFiles
from flows.imports.ledger import span_of_days
from flows.imports.memory import after_imports, open_memory, remember
from flows.imports.post_files import archive_files, declared_handles, declared_hash, layout_of, rows_of
from flows.imports.post_rows import Tally, land_rows
from flows.keys import author_hash, author_key, erased_subjects
from flows.settings import Settings
from warehouse.landing.bulk_posts import NotPlainPosts, PostTarget, land_posts
from warehouse.landing.files import land

_MINUTE_OF_ERASED = timedelta(seconds=59)  # of an erased post the minute is left


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """One import into one home; `collected` is what it did so far."""

    campaign: Campaign
    home: Path
    now: datetime
    state: sqlite3.Connection
    attempts: ArchiveAttempts
    key: bytes
    erased: frozenset[str]  # hashes of authors and posts that must not come in again
    tell: Tell
    collected: Collected = field(default_factory=Collected)
    in_season: Counter[str] = field(default_factory=Counter)  # posts that landed, by source

    def import_file(self, path: Path, config: ArchiveConfig, *, is_named: bool) -> None:
        """Land one file, unless its content is known as it is declared now; one taken back only if it `is_named`."""
        try:
            with fenced(path.name, self.tell):
                self._import_file(path, config, is_named=is_named)
        except SourceError as error:
            self.collected.tell_failed(config.id, str(error))
            self.attempts.refuse(config.id, str(error))

    def _import_file(self, path: Path, config: ArchiveConfig, *, is_named: bool) -> None:
        files_of = self._files_of(config)
        try:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if not files_of.is_wanted(sha256, path.name, is_named=is_named):
                return
            tally = self._land_posts(path, sha256, config)
        except (SourceUnreadable, OSError, UnicodeError, csv.Error, *BROKEN) as error:
            if is_of_the_disk(error):
                raise  # the file is well, its rows find no room
            raise SourceUnreadable(f"{path.name}: {safely_told(error)}") from None
        span_from_at, span_to_at = span_of_days(config.covers_from, config.covers_to, ZoneInfo(self.campaign.timezone))
        left = posts_left(self.home, f"{self.campaign.id}/{config.id}", sha256, self.now) if self.erased else []
        # The file glimpsed their time as well: without it their hours would count as seen by nobody.
        said = [at for post in left for at in (post.posted_at, post.posted_at + _MINUTE_OF_ERASED)]
        moments = [at for at in (tally.first_at, tally.last_at, *said) if at is not None]
        imported = ImportedFile(
            campaign_id=self.campaign.id,
            source_id=config.id,
            file_sha256=sha256,
            file_name=path.name,
            imported_at=self.now,
            rows_read=tally.landed + len(tally.set_aside),
            rows_landed=tally.landed,
            rows_set_aside=len(tally.set_aside),
            span_from_at=span_from_at,
            span_to_at=span_to_at,
            rows_from_at=min(moments, default=None),
            rows_to_at=max(moments, default=None),
        )
        rejects = files_of.rejects(sha256, path.name, tally.set_aside)
        # After its rows: whoever sees the file counted as imported finds them landed.
        attempt = self.attempts.of_file(config.id, sha256, tally.landed)
        self.collected.files += [*tally.files, *land(self.home, [*left, *rejects, imported, attempt])]
        remember(self.state, imported, declared_hash(self.campaign, config))
        files_of.count(imported, Post.TABLE, tally.set_aside, self._what_is_said(path, tally, config))
        self.in_season[config.id] += tally.in_season
        if left:
            self.collected.notes.append(
                f"{config.id}: {path.name}: {len(left)} erased posts stay counted, without author, id and text"
            )
        self.collected.garbled[config.id] += tally.garbled
        self.tell(f"{config.id}: {path.name}, {tally.landed} posts landed, {len(rejects)} rows set aside")

    def _files_of(self, config: ArchiveConfig) -> SourceFiles:
        return SourceFiles(
            campaign_id=self.campaign.id,
            source_id=config.id,
            declared_hash=declared_hash(self.campaign, config),
            home=self.home,
            state=self.state,
            now=self.now,
            collected=self.collected,
        )

    def _what_is_said(self, path: Path, tally: Tally, config: ArchiveConfig) -> str | None:
        """What is said of a file where most of its rows were set aside, with the likely mend."""
        rows_read = tally.landed + len(tally.set_aside)
        if not is_most(len(tally.set_aside), rows_read):
            return None
        [(commonest, _)] = Counter(row.reason for row in tally.set_aside).most_common(1)
        mend = likely_mend(path, config, self.campaign)
        reason = commonest.split(". Mend:", maxsplit=1)[0] if mend else commonest
        return f"{told_of_most(path.name, len(tally.set_aside), rows_read, reason)}{mend}"

    def _land_posts(self, path: Path, sha256: str, config: ArchiveConfig) -> Tally:
        """At full speed where the file fits its layout, else row by row."""
        check_unpacked(path)
        handles = declared_handles(self.campaign)
        source_key = f"{self.campaign.id}/{config.id}"
        try:
            landed = land_posts(
                path,
                layout_of(path, config),
                PostTarget(
                    home=self.home,
                    source_key=source_key,
                    source_kind="x_archive",
                    file_sha256=sha256,
                    observed_at=self.now,
                    author_key=self.key,
                    handles=handles,
                    season=season_of(self.campaign),
                    first_year=FIRST_YEAR,
                    erased=sorted(self.erased),
                ),
            )
        except NotPlainPosts as error:
            self.tell(f"{config.id}: {path.name} is read row by row ({error})")
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
            source_kind="x_archive",
            observed_at=self.now,
            hash_author=author_hash(self.key),
            accounts={handle: handle for handle in handles},
        )
        return land_rows(self.home, rows_of(path, config, reading), sha256, season_of(self.campaign), self.erased)


def import_posts_once(
    campaign: Campaign, settings: Settings, now: datetime, paths: Sequence[Path] = (), *, tell: Tell = say_nothing
) -> Collected:
    """Import every declared archive, or those of the given files that are archives, whose content is not yet known.

    A file that cannot be read does not stop the others; the same content is never read twice.
    """
    if not campaign.archives:
        return Collected()
    with closing(open_memory(settings.home)) as state:
        key = author_key(settings, tell)
        run = _Import(
            campaign=campaign,
            home=settings.home,
            now=after_imports(state, now),
            state=state,
            attempts=ArchiveAttempts(campaign_id=campaign.id, now=now, state=state),
            key=key,
            erased=erased_subjects(settings.home),
            tell=tell,
        )
        for config in campaign.archives:
            files = archive_files(campaign, config, paths)
            if not files and not paths:
                run.collected.notes.append(f"{config.id}: no file matches {config.path}")
            for path in files:
                run.import_file(path, config, is_named=bool(paths))
            if landed := run.collected.told_anew[config.id]:
                share = run.in_season[config.id] / landed
                run.collected.outside[config.id] = (
                    f"{share:.0%} of them in the season {campaign.start} to {campaign.end}"
                )
            run.collected.files += land(settings.home, run.attempts.of_refused(config.id, is_whole=not paths))
        if run.erased:
            run.collected.notes += posts_uncounted(settings.home, campaign)
        return run.collected
