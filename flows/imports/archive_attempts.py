"""What an import says of the archives it tried: one attempt for each file it read, one for those that were refused."""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from connectors.records import FetchAttempt, Outcome
from flows.imports.ledger import attempt_to_read
from flows.imports.memory import remember_trouble, trouble_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveAttempts:
    """The attempts of one import on the archives of a campaign."""

    campaign_id: str
    now: datetime
    state: sqlite3.Connection
    _read: Counter[str] = field(default_factory=Counter)  # files, by source
    _refused: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # why, by source

    def of_file(self, source_id: str, sha256: str, posts: int) -> FetchAttempt:
        """The attempt that read a file."""
        self._read[source_id] += 1
        return self._attempt(source_id, "ok" if posts else "empty", None, what=sha256, items=posts)

    def refuse(self, source_id: str, reason: str) -> None:
        """Note that a file was refused whole."""
        self._refused[source_id].append(reason)

    def of_refused(self, source_id: str, *, is_whole: bool) -> list[FetchAttempt]:
        """The attempt that tells of refused files, or that none is any more; none where that was said before.

        `is_whole`: every file of the archive was tried, not some that were named.
        """
        said = "; ".join(self._refused[source_id]) or None
        before = trouble_of(self.state, self.campaign_id, source_id)
        if said or is_whole or self._read[source_id]:
            remember_trouble(self.state, self.campaign_id, source_id, said)
        if said and (said != before or self._read[source_id]):
            return [self._attempt(source_id, "unreadable", said, what="refused")]
        if not said and before and is_whole and not self._read[source_id]:
            return [self._attempt(source_id, "not_modified", None, what="well again")]
        return []

    def _attempt(
        self, source_id: str, outcome: Outcome, reason: str | None, *, what: str, items: int = 0
    ) -> FetchAttempt:
        source_key = f"{self.campaign_id}/{source_id}"
        return attempt_to_read(source_key, "x_archive", self.now, outcome, reason, what=what, items=items)
