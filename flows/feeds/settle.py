"""Decides what a poll means: the attempt that goes into the ledger and what the feed is asked next. Touches nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from connectors.records import Entry, FeedState, FetchAttempt, Outcome
from connectors.web.answers import DELTA
from flows.attempts import SILENT
from flows.feeds.entries import Recognised, Remembered
from flows.feeds.order import Shown
from flows.feeds.outcomes import Came, outcome_of, pace_of
from flows.feeds.polled import Polled
from flows.feeds.state import begin
from flows.feeds.turns import HostWaits
from flows.feeds.windows import ObservedSpan, extend_proved, habit_s, is_backdated, is_silent, newest_first
from flows.feeds.windows import observed_span as span_of_windows

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOTHING = ObservedSpan(None, None, None, is_gap=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a poll leaves behind."""

    attempt: FetchAttempt
    feed: FeedState
    entries: list[Remembered]  # to land: new, or not as they were
    fault: str | None  # why nothing came
    is_gap: bool  # what came since the poll before may be lost


def settle(polled: Polled, recognised: Recognised | None) -> Settled:
    """What the poll proves, what lands, and when the feed is polled next."""
    known = polled.due.known or begin(polled.due.feed.url, polled.at)
    came = outcome_of(polled, known)
    outcome, reason = came.outcome, came.reason
    span = _span(polled, known, recognised, outcome)
    feed = _after_answer(known, polled, recognised, span, came)
    is_quiet = outcome in ("ok", "not_modified") and is_silent(feed.newest_at, feed.habit_s, polled.at)
    if is_quiet:
        reason = f"{SILENT}nothing since {feed.newest_at:%Y-%m-%d %H:%M} UTC, far longer than its habit"
    elif span.is_gap:
        reason = "gap: no entry of the poll before is still shown; what came between may be lost"
    has_failed = polled.failure is not None or outcome == "unreadable"
    pace = pace_of(feed, known, polled, has_failed=has_failed, is_gap=span.is_gap)
    is_silent_now = is_quiet or came.is_silent
    feed = replace(feed, outcome=outcome, reason=reason, is_silent=is_silent_now, refusal=came.refusal, **pace)
    return Settled(
        attempt=_attempt(polled, outcome, reason, span),
        feed=feed,
        entries=_to_land(recognised, known.proved) if recognised else [],
        fault=came.fault,
        is_gap=span.is_gap and not is_quiet,
    )


def _span(polled: Polled, known: FeedState, recognised: Recognised | None, outcome: Outcome) -> ObservedSpan:
    if outcome == "not_modified":
        return ObservedSpan(known.observed_at, polled.at, None, is_gap=False)
    if outcome != "ok" or recognised is None:
        return _NOTHING
    if _is_delta(polled) and known.observed_at:
        return ObservedSpan(known.observed_at, polled.at, None, is_gap=False)
    return span_of_windows(known.shown_ids or (), known.observed_at, _shown(recognised), polled.at)


def _is_delta(polled: Polled) -> bool:
    """Whether the document holds only what is new, so that nothing can be said of what it does not show."""
    return polled.answer is not None and polled.answer.status == DELTA and polled.answer.is_conditional


def _shown(recognised: Recognised) -> list[Shown]:
    return [
        Shown(entry.entry_id, at, entry.time_quality == "assumed_date")
        for entry, at in zip(recognised.entries, recognised.dated_first, strict=True)
    ]


def _after_answer(
    known: FeedState, polled: Polled, recognised: Recognised | None, span: ObservedSpan, came: Came
) -> FeedState:
    """The feed's state but for its pace."""
    outcome = came.outcome
    changes: dict[str, Any] = {"polled_at": polled.at, "shown_ids": None, "host": polled.host}
    answer = polled.answer
    if answer is None:
        return replace(known, **changes)
    is_read = outcome in ("ok", "not_modified", "empty", "unreadable")
    if is_read and not _is_elsewhere(known, answer.url, outcome) and not (polled.is_unchanged and answer.status != 200):  # noqa: PLR2004 — a 304 changes no validator
        changes |= {
            "answered_url": answer.url,
            "etag": _storable(answer.headers.get("ETag")),
            "last_modified": _storable(answer.headers.get("Last-Modified")),
            "document_sha256": answer.sha256,
            "document_outcome": known.document_outcome if polled.is_unchanged else outcome,
            "document_fault": known.document_fault if polled.is_unchanged else came.fault,
        }
    if outcome in ("ok", "not_modified"):
        changes |= {"observed_at": span.to_at, "proved": extend_proved(known.proved, span)}
        changes |= {"asked_url": answer.url} if answer.is_moved_for_good else {}
    if recognised is not None and outcome == "ok":
        dates = [at for at in recognised.dated_first if at and at <= polled.at]
        changes |= {
            "shown_ids": newest_first(_shown(recognised)) + ((known.shown_ids or ()) if _is_delta(polled) else ()),
            "newest_at": max(dates, default=known.newest_at),
            "habit_s": habit_s(dates) or known.habit_s,
        }
    return replace(known, **changes)


def _is_elsewhere(known: FeedState, url: str, outcome: Outcome) -> bool:
    """Whether a page that is no feed came from another URL than the feed that is known, whose validators still hold."""
    return outcome in ("empty", "unreadable") and known.document_outcome == "ok" and known.answered_url != url


def _storable(header: str | None) -> str | None:
    """A header as received, or None where it is no text or holds control characters: no request can carry them."""
    try:
        return header if header and header.encode() and not _CONTROL.search(header) else None
    except UnicodeEncodeError:
        return None


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
