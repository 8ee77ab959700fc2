"""Texts of posts are kept only as long as their campaign says; then only the names in them are left."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from connectors.records import CampaignFacts, Erasure
from flows.collected import Tell, say_nothing
from warehouse.erasing import builder_kept_out, erasure_ended, is_unfinished
from warehouse.expiring import expired_files, has_whole_texts, reduce_expired
from warehouse.landing import land, read_landed
from warehouse.reducing import open_reducer


def reduce_expired_texts(home: Path, now: datetime, *, tell: Tell = say_nothing) -> int:
    """Reduce every text that is too old, and forget the warehouse where there was one; returns how many.

    Raises:
        StoreBusy: a build is running; nothing was changed.
    """
    landed = sorted(read_landed(home, CampaignFacts.TABLE), key=lambda row: row["landed_at"])
    before = {row["campaign_id"]: now - timedelta(days=row.get("retention_days") or 30) for row in landed}
    files = expired_files(home, before)
    if not files and not is_unfinished(home):
        return 0
    with open_reducer(home) as reduce:
        files = [path for path in files if has_whole_texts(path, before, reduce)]
        if not files and not is_unfinished(home):
            return 0
        tell("texts that are too old are reduced to the names in them; everything is built anew")
        with builder_kept_out(home):
            done = reduce_expired(files, before, reduce)
    erasure_ended(home)
    if done.rows:
        log = Erasure(
            erasure_id=secrets.token_hex(12),
            what="retention",
            reason=None,
            asked_at=now,
            erased_at=now,
            hours_elapsed=0,
            rows_changed=done.rows,
            files_rewritten=done.files,
            subject_hash=None,
        )
        land(home, [log])
    return done.rows
