"""What a source of posts proved or could not, as attempts and rejects to land."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connectors.errors import SourceError
from connectors.records import FetchAttempt, Outcome, Reject, SourceKind
from flows.attempts import outcome_of_failure
from flows.networks.spans import Span


@dataclass(frozen=True, slots=True)
class PostSource:
    """One source of posts of a campaign."""

    campaign_id: str
    source_id: str
    source_kind: SourceKind

    @property
    def source_key(self) -> str:
        """What attempts are kept by."""
        return f"{self.campaign_id}/{self.source_id}"


def seen_attempt(
    source: PostSource, span: Span | None, now: datetime, *, items: int, requests: int, reason: str | None = None
) -> FetchAttempt:
    """The attempt that brought rows, and proves that its span was seen whole; without a span it proves nothing yet."""
    return FetchAttempt(
        attempt_id=_attempt_id(source, now, f"{span} {reason}"),
        source_key=source.source_key,
        source_kind=source.source_kind,
        attempted_at=now,
        outcome="ok" if items or span else "empty",
        reason=reason,
        observed_from_at=span.from_at if span else None,
        observed_to_at=span.to_at if span else None,
        items=items,
        requests=requests,
        cost_usd=Decimal(0),
    )


def failed_attempt(source: PostSource, error: SourceError, now: datetime, *, requests: int) -> FetchAttempt:
    """The attempt that proves nothing, and says why."""
    outcome: Outcome = outcome_of_failure(error)
    return FetchAttempt(
        attempt_id=_attempt_id(source, now, outcome),
        source_key=source.source_key,
        source_kind=source.source_kind,
        attempted_at=now,
        outcome=outcome,
        reason=str(error),
        requests=requests,
        cost_usd=Decimal(0),
    )


def reject(source: PostSource, what: str, reason: str, now: datetime) -> Reject:
    """A part of an answer that was set aside."""
    return Reject(
        source_key=source.source_key, what=what, line_number=None, reason=reason, seen_at=now, file_sha256=None
    )


def _attempt_id(source: PostSource, now: datetime, what: str) -> str:
    return hashlib.sha256(f"{source.source_key} {now.isoformat()} {what}".encode()).hexdigest()[:24]
