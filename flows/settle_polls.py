"""Decides what a poll means: the attempt that goes into the ledger and what the feed is asked next. Touches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from connectors.errors import SourceRefused, SourceUnreadable
from connectors.records import Entry, FeedState, FetchAttempt, Outcome
from connectors.web_addresses import host_of
from connectors.web_answers import GONE
from flows.feed_pace import HOURLY_S, jitter_s, next_poll_at, own_interval_s
from flows.feed_state import Recognised, Remembered
from flows.feed_windows import ObservedSpan, Shown, extend_proved, habit_s, is_backdated, is_silent, newest_first
from flows.feed_windows import observed_span as span_of_windows
from flows.host_turns import HostWaits
from flows.poll_feeds import Polled

_NOTHING = ObservedSpan(None, None, None, is_gap=False)
_FEW_FAILURES = 3
SILENT = "silent: "  # begins the reason of a poll that nothing came of again


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a poll leaves behind."""

    attempt: FetchAttempt
    feed: FeedState
    entries: list[Remembered]  # to land: new, or not as they were


def settle(polled: Polled, recognised: Recognised | None) -> Settled:
    """What the poll proves, what lands, and when the feed is polled next."""
    known = polled.due.known or _begin(polled)
    outcome, reason = _outcome(polled, known)
    span = _span(polled, known, recognised, outcome)
    feed = _after_answer(known, polled, recognised, span, outcome)
    feed = _paced(feed, known, polled, span, has_failed=polled.failure is not None or outcome == "unreadable")
    if outcome in ("ok", "not_modified") and is_silent(feed.newest_at, feed.habit_s, polled.at):
        reason = f"{SILENT}nothing since {feed.newest_at:%Y-%m-%d %H:%M} UTC, far longer than its habit"
    elif span.is_gap:
        reason = "gap: no entry of the poll before is still shown; what came between may be lost"
    feed = replace(feed, outcome=outcome, reason=reason)
    return Settled(
        attempt=_attempt(polled, outcome, reason, span),
        feed=feed,
        entries=_to_land(recognised, known.proved) if recognised else [],
    )


def _outcome(polled: Polled, known: FeedState) -> tuple[Outcome, str | None]:
    if polled.failure is not None:
        outcome: Outcome = "unavailable"
        if isinstance(polled.failure, SourceRefused):
            outcome = "refused"
        elif isinstance(polled.failure, SourceUnreadable):
            outcome = "unreadable"
        return outcome, _twice(polled.reason, outcome, known)
    if polled.is_unchanged:
        if known.document_outcome in ("empty", "unreadable"):
            return known.document_outcome, _twice(_said_before(known), known.document_outcome, known)
        return "not_modified", None
    if polled.parsed is not None and polled.parsed.entries:
        return "ok", None
    return "empty", _twice("a feed without entries", "empty", known)


def _said_before(known: FeedState) -> str:
    """What was said of the document that is still there; a failure in between said something else."""
    if known.outcome == known.document_outcome and known.reason:
        return known.reason.removeprefix(SILENT)
    return "the same page as before, which could not be read"


def _twice(reason: str, outcome: Outcome, known: FeedState) -> str:
    """A page that is no feed is an accident once and silence twice."""
    unfed = ("empty", "unreadable")
    return f"{SILENT}{reason}" if outcome in unfed and known.document_outcome in unfed else reason


def _span(polled: Polled, known: FeedState, recognised: Recognised | None, outcome: Outcome) -> ObservedSpan:
    if outcome == "not_modified":
        return ObservedSpan(known.observed_at, polled.at, None, is_gap=False)
    if outcome != "ok" or recognised is None:
        return _NOTHING
    return span_of_windows(known.shown_ids or (), known.observed_at, _shown(recognised), polled.at)


def _shown(recognised: Recognised) -> list[Shown]:
    return [Shown(entry.entry_id, entry.published_at) for entry in recognised.entries]


def _after_answer(
    known: FeedState, polled: Polled, recognised: Recognised | None, span: ObservedSpan, outcome: Outcome
) -> FeedState:
    """The feed's state but for its pace."""
    feed = replace(known, polled_at=polled.at, shown_ids=None, host=polled.host)
    answer = polled.answer
    if answer is None:
        return feed
    is_read = outcome in ("ok", "not_modified", "empty", "unreadable")
    if is_read and not (polled.is_unchanged and answer.status != 200):  # noqa: PLR2004 — a 304 changes no validator
        feed = replace(
            feed,
            answered_url=answer.url,
            etag=_storable(answer.headers.get("ETag")),
            last_modified=_storable(answer.headers.get("Last-Modified")),
            document_sha256=answer.sha256,
            document_outcome=known.document_outcome if polled.is_unchanged else outcome,
        )
    if outcome in ("ok", "not_modified"):
        feed = replace(feed, observed_at=span.to_at, proved=extend_proved(known.proved, span))
        feed = replace(feed, asked_url=answer.url) if answer.is_moved_for_good else feed
    if recognised is not None and outcome == "ok":
        dates = [e.published_at for e in recognised.entries if e.published_at and e.published_at <= polled.at]
        feed = replace(
            feed,
            shown_ids=newest_first(_shown(recognised)),
            newest_at=max(dates, default=known.newest_at),
            habit_s=habit_s(dates) or known.habit_s,
        )
    return feed


def _storable(header: str | None) -> str | None:
    """A header as received, or None where its bytes are no text: they could not be sent back as they came."""
    try:
        return header if header and header.encode() else None
    except UnicodeEncodeError:
        return None


def _paced(feed: FeedState, known: FeedState, polled: Polled, span: ObservedSpan, *, has_failed: bool) -> FeedState:
    """The feed with its next poll. A gone feed is asked once more and then retired; nothing else ever stops a feed."""
    if isinstance(polled.failure, HostWaits):
        wait_s = (polled.failure.until - polled.at).total_seconds()
        spread = timedelta(seconds=jitter_s(feed.feed_url, polled.at, min(HOURLY_S, wait_s / 10)))
        return replace(feed, next_poll_at=polled.failure.until + spread, host_waits_until=polled.failure.until)
    failures = known.failures + 1 if has_failed else 0
    is_gone = polled.answer is not None and polled.answer.status == GONE
    interval_s = known.interval_s if has_failed else _own_interval_s(feed, polled, span)
    period_s = polled.parsed.period_s if polled.parsed else known.period_s
    next_at = next_poll_at(
        polled.at,
        interval_s,
        period_s=period_s,
        fresh_s=polled.fresh_s,
        retry_after_s=polled.retry_after_s,
        failures=0 if is_gone else failures,
        seed=feed.feed_url,
    )
    return replace(
        feed,
        # A place that a feed moved to for good may turn out to be none.
        asked_url=feed.feed_url if failures >= _FEW_FAILURES else feed.asked_url,
        next_poll_at=max(next_at, polled.host_waits_until or next_at),
        interval_s=interval_s,
        period_s=period_s,
        failures=failures,
        is_gone=is_gone,
        is_retired=is_gone and known.is_gone,
        host_waits_until=polled.host_waits_until,
    )


def _own_interval_s(feed: FeedState, polled: Polled, span: ObservedSpan) -> float:
    return own_interval_s(
        polled.due.known.interval_s if polled.due.known else None,
        has_validators=bool(feed.etag or feed.last_modified),
        window_s=_window_s(polled),
        is_gap=span.is_gap,
    )


def _window_s(polled: Polled) -> float | None:
    """Seconds between the oldest and the newest entry of the document, where it is full enough to tell."""
    entries = polled.parsed.entries if polled.parsed else []
    dates = [e.published_at for e in entries if e.published_at and e.published_at <= polled.at]
    return (max(dates) - min(dates)).total_seconds() if len(dates) >= 5 else None  # noqa: PLR2004 — fewer tell nothing


def _to_land(recognised: Recognised, proved: Sequence[datetime]) -> list[Remembered]:
    """What is new or changed; an entry that claims a time already seen whole is suspect, and stays so."""
    return [
        one._replace(entry=replace(one.entry, time_quality="suspect"))
        if _is_suspect(one.entry, recognised, proved)
        else one
        for one in recognised.changed
    ]


def _is_suspect(entry: Entry, recognised: Recognised, proved: Sequence[datetime]) -> bool:
    if entry.published_at is None or entry.entry_id not in recognised.unseen:
        return entry.entry_id in recognised.suspects
    return is_backdated(entry.published_at, proved)


def _attempt(polled: Polled, outcome: Outcome, reason: str | None, span: ObservedSpan) -> FetchAttempt:
    url, answer = polled.due.feed.url, polled.answer
    return FetchAttempt(
        attempt_id=sha256(f"{url} {polled.at.isoformat()}".encode()).hexdigest()[:32],
        source_key=url,
        source_kind=polled.due.feed.source_kind,
        attempted_at=polled.at,
        due_at=polled.due.due_at,
        outcome=outcome,
        reason=reason,
        observed_from_at=span.from_at,
        observed_to_at=span.to_at,
        unknown_from_at=span.unknown_from_at,
        items=len(polled.parsed.entries) if polled.parsed else 0,
        http_status=answer.status if answer else None,
        requests=answer.requests if answer else int(not isinstance(polled.failure, HostWaits)),
        is_conditional=answer.is_conditional if answer else None,
        cost_usd=None,
    )


def _begin(polled: Polled) -> FeedState:
    """What is known of a feed before its first poll."""
    url = polled.due.feed.url
    return FeedState(
        feed_url=url,
        polled_at=polled.at,
        outcome="unavailable",
        reason=None,
        asked_url=url,
        answered_url=None,
        etag=None,
        last_modified=None,
        document_sha256=None,
        document_outcome=None,
        period_s=None,
        next_poll_at=polled.at,
        interval_s=HOURLY_S,
        failures=0,
        is_gone=False,
        is_retired=False,
        host=host_of(url),
        host_waits_until=None,
        shown_ids=None,
        newest_at=None,
        habit_s=None,
        observed_at=None,
        proved=(),
    )
