"""Posts of an archive that are read row by row, landed a batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from connectors.archives.rows import Row
from connectors.decoding import is_garbled
from connectors.donations.source import SetAside
from connectors.records import Post
from flows.people.keys import subject_hash
from warehouse.landing.files import land

ROWS_A_BATCH = 50_000


@dataclass(slots=True)
class Tally:
    """What became of the rows of one file."""

    landed: int = 0
    in_season: int = 0  # of those that landed
    set_aside: list[SetAside] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    first_at: datetime | None = None
    last_at: datetime | None = None
    garbled: int = 0


def land_rows(
    home: Path, rows: Iterator[Row], sha256: str, season: tuple[datetime, datetime], erased: frozenset[str]
) -> Tally:
    """Land the posts among the rows, but for those that were erased; what became of all of them."""
    tally = Tally()
    start_at, after_at = season
    while batch := list(islice(rows, ROWS_A_BATCH)):
        posts = [
            replace(post, file_sha256=sha256)
            for _, post in batch
            if isinstance(post, Post) and erased.isdisjoint(map(subject_hash, (post.author_key, post.post_id)))
        ]
        tally.set_aside += [SetAside(line_number, found) for line_number, found in batch if isinstance(found, str)]
        tally.files += land(home, posts)
        tally.landed += len(posts)
        tally.in_season += sum(start_at <= post.posted_at < after_at for post in posts)
        tally.garbled += sum(is_garbled(post.text) for post in posts)
        times = [post.posted_at for post in posts]
        tally.first_at = min([*times, *([tally.first_at] if tally.first_at else [])], default=None)
        tally.last_at = max([*times, *([tally.last_at] if tally.last_at else [])], default=None)
    return tally
