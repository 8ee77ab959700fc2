"""A feed that is due, and what one poll of it brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.campaign.models import FeedConfig
from connectors.errors import SourceError, SourceUnreadable
from connectors.feeds.parse import ParsedFeed
from connectors.records import FeedState
from connectors.web.answers import Validators
from connectors.web.get import Answer
from connectors.web.hosts import host_of
from flows.feeds.pace import MONTHLY_S
from flows.feeds.turns import HostWaits


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """One feed to poll, and what it said last."""

    feed: FeedConfig
    timezone: str
    due_at: datetime
    known: FeedState | None
    validators: Mapping[str, Validators]  # by the URL that gave them

    @property
    def asked_url(self) -> str:
        """Where the feed is asked for: where it moved for good, else where the campaign says."""
        return self.known.asked_url if self.known else self.feed.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll brought: a parsed document, word that nothing changed, or a failure."""

    due: DueFeed
    at: datetime
    answer: Answer | None  # None: nobody answered
    failure: SourceError | None
    parsed: ParsedFeed | None
    is_unchanged: bool
    fresh_s: float | None
    retry_after_s: float | None
    host: str
    host_waits_until: datetime | None

    @property
    def rests_until(self) -> datetime | None:
        """How long the answer asks to be left alone, by `Cache-Control`, `Expires` or `Retry-After`."""
        asked_s = max(self.fresh_s or 0, self.retry_after_s or 0)
        return self.at + timedelta(seconds=min(asked_s, MONTHLY_S)) if asked_s else None

    @property
    def reason(self) -> str:
        """What went wrong, in characters that can be stored, whatever the server sent."""
        return str(self.failure).encode("utf-8", "replace").decode()[:500]

    @property
    def is_unreadable(self) -> bool:
        """Whether bytes came that are not what they should be."""
        return isinstance(self.failure, SourceUnreadable)


def failed_poll(due: DueFeed, at: datetime, failure: SourceError) -> Polled:
    """The poll that brought nothing; a host that wants to be left alone says until when."""
    waits = failure if isinstance(failure, HostWaits) else None
    return Polled(
        due=due,
        at=at,
        answer=None,
        failure=failure,
        parsed=None,
        is_unchanged=False,
        fresh_s=None,
        retry_after_s=None,
        host=waits.host if waits else host_of(due.asked_url),
        host_waits_until=waits.until if waits else None,
    )
