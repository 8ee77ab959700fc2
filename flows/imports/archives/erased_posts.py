"""What erasures left of an archive's posts: it lands again with each import of the file, which brings it no more."""

from datetime import datetime
from pathlib import Path

from connectors.campaign.models import Campaign
from connectors.records import Post
from warehouse.landing.erasing import erased_of_archives, left_of_erased


def posts_left(home: Path, source_key: str, sha256: str, now: datetime) -> list[Post]:
    """What is left of the erased posts of a file, as posts of the source that reads it now."""
    now_of = {"source_key": source_key, "observed_at": now}
    return [Post(**{**row, **now_of}) for row in left_of_erased(home, sha256)]


def posts_uncounted(home: Path, campaign: Campaign) -> list[str]:
    """A sentence on each archive that is declared no more, and whose erased posts no declared one brings."""
    left = erased_of_archives(home)
    declared = {f"{campaign.id}/{config.id}" for config in campaign.archives}
    counted = {post_id for key in declared for post_id in left.get(key, ())}
    lost = {key: ids - counted for key, ids in left.items() if key.startswith(f"{campaign.id}/")}
    return [
        f"{key.rpartition('/')[2]}: the campaign has no archive of this id any more, and {len(ids)} erased posts that "
        "it brought are not counted: no file here holds them. Mend: give the archive its old id again, or import the "
        "file that held them"
        for key, ids in sorted(lost.items())
        if ids
    ]
