"""What a question to X and its answer prove, as attempts and rejects to land."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from connectors.errors import SourceError
from connectors.records import FetchAttempt, Outcome, Reject, SourceKind
from connectors.x.counts import Bucket, CountPage
from connectors.x.posts import PostPage
from flows.attempts import outcome_of_failure
from flows.networks.spans import Span
from flows.x.spans import proved_spans


@dataclass(frozen=True, slots=True)
class XSource:
    """One source of a campaign on X."""

    campaign_id: str
    source_id: str
    source_kind: SourceKind

    @property
    def source_key(self) -> str:
        """What attempts are kept by."""
        return f"{self.campaign_id}/{self.source_id}"


def count_attempts(
    source: XSource, page: CountPage, buckets: Sequence[Bucket], asked: Span, *, is_vouched: bool, now: datetime
) -> list[FetchAttempt]:
    """The attempts that say what a page of counts proves: one for each span without a hole.

    Where nobody vouches for the source itself (`coverage = "unknown"`), the span is landed as glimpsed: it runs from
    `unknown_from_at` to `observed_from_at`, which equals `observed_to_at`, so that nothing is proved.
    """
    first = replace(_attempt(source, now, "ok" if buckets else "empty"), items=len(page.buckets), requests=1)
    if page.set_aside:
        first = replace(first, reason=f"{len(page.set_aside)} parts set aside, the first: {page.set_aside[0]}")
    spans = proved_spans(buckets, now)
    if not spans:
        return [replace(first, reason=first.reason or f"no counts for {asked}")]
    attempts = []
    for number, span in enumerate(spans):
        attempt = first if number == 0 else replace(first, items=0, requests=0)
        attempts.append(
            replace(
                attempt,
                attempt_id=_attempt_id(source, now, str(span)),
                observed_from_at=span.from_at if is_vouched else span.to_at,
                observed_to_at=span.to_at,
                unknown_from_at=None if is_vouched else span.from_at,
            )
        )
    return attempts


def part_attempt(source: XSource, page: CountPage, which: str, now: datetime) -> FetchAttempt:
    """The attempt that brought a page of one of several queries: it proves nothing before their sum has landed."""
    return replace(
        _attempt(source, now, "ok" if page.buckets else "empty"),
        attempt_id=_attempt_id(source, now, f"query {which}"),
        reason=page.set_aside[0] if page.set_aside else f"query {which}: kept until the others are answered",
        items=len(page.buckets),
        requests=1,
    )


def page_attempt(source: XSource, page: PostPage, span: Span, *, is_whole: bool, now: datetime) -> FetchAttempt:
    """The attempt that brought a page of posts; the span is proved only where `is_whole`: X had no further page.

    A sample that was cut short, or holds what was not understood, is glimpsed: `unknown_from_at` to
    `observed_from_at`, nothing proved.
    """
    is_proved = is_whole and page.is_read
    return replace(
        _attempt(source, now, "ok" if page.posts else "empty"),
        attempt_id=_attempt_id(source, now, f"{span} {page.next_token}"),
        reason=page.set_aside[0] if page.set_aside else None,
        observed_from_at=span.from_at if is_proved else span.to_at,
        observed_to_at=span.to_at,
        unknown_from_at=None if is_proved else span.from_at,
        items=len(page.posts),
        requests=1,
    )


def stream_attempt(source: XSource, span: Span, *, items: int, now: datetime) -> FetchAttempt:
    """What a stream proves that was heard from the start to the end of `span`, keep-alives included."""
    return replace(
        _attempt(source, now, "ok"),
        attempt_id=_attempt_id(source, now, str(span.from_at)),
        observed_from_at=span.from_at,
        observed_to_at=span.to_at,
        items=items,
    )


def failed_attempt(source: XSource, error: SourceError, now: datetime, *, requests: int) -> FetchAttempt:
    """The attempt that proves nothing, and says why."""
    return replace(_attempt(source, now, outcome_of_failure(error)), reason=str(error), requests=requests)


def reject(source: XSource, reason: str, now: datetime) -> Reject:
    """A part of an answer that was set aside."""
    return Reject(
        source_key=source.source_key, what="X answer", line_number=None, reason=reason, seen_at=now, file_sha256=None
    )


def _attempt(source: XSource, now: datetime, outcome: Outcome) -> FetchAttempt:
    return FetchAttempt(
        attempt_id=_attempt_id(source, now, outcome),
        source_key=source.source_key,
        source_kind=source.source_kind,
        attempted_at=now,
        outcome=outcome,
        cost_usd=Decimal(0),
    )


def _attempt_id(source: XSource, now: datetime, what: str) -> str:
    return hashlib.sha256(f"{source.source_key} {now.isoformat()} {what}".encode()).hexdigest()[:24]
