"""What came of a poll, in the words of the ledger, and when the feed is polled next."""

from datetime import timedelta
from typing import Any, NamedTuple

from connectors.records import FeedState, Outcome
from connectors.web.answers import GONE, NOT_MODIFIED
from flows.attempts import SILENT, outcome_of_failure
from flows.feeds.order import Shown, in_order
from flows.feeds.pace import HOURLY_S, jitter_s, next_poll_at, own_interval_s
from flows.feeds.polled import Polled
from flows.feeds.turns import HostWaits

_FEW_FAILURES = 3
_UNKNOWN_FAULT = "the same page as before, which could not be read"  # of a state that an earlier version kept


class Came(NamedTuple):
    """What came of a poll. `reason` is for people: what it says of silence is said beside it as well."""

    outcome: Outcome
    reason: str | None
    fault: str | None = None  # why nothing came, whether for the first time or again
    is_silent: bool = False
    refusal: str | None = None  # what the host said when it asked this feed to be left alone


def outcome_of(polled: Polled, known: FeedState) -> Came:
    """The outcome, and why nothing came."""
    if polled.failure is not None:
        outcome = outcome_of_failure(polled.failure)
        if not isinstance(polled.failure, HostWaits):
            came = _silent_on_repeat(polled.reason, outcome, known)
            return came._replace(refusal=polled.reason if polled.host_waits_until else None)
        # A challenge stays named while nobody asks again.
        reason = f"{polled.reason}; before, {known.refusal}" if known.refusal else polled.reason
        return _silent_on_repeat(reason, outcome, known)._replace(refusal=known.refusal)
    if polled.is_unchanged:
        if known.document_outcome in ("empty", "unreadable") and not _is_of_another_url(polled, known):
            return _silent_on_repeat(known.document_fault or _UNKNOWN_FAULT, known.document_outcome, known)
        return Came("not_modified", None)
    if polled.parsed is not None and polled.parsed.entries:
        return Came("ok", None)
    return _silent_on_repeat("a feed without entries", "empty", known)


def _is_of_another_url(polled: Polled, known: FeedState) -> bool:
    """Whether a 304 is not about the last document, but about the feed that another URL gave before."""
    return (
        polled.answer is not None and polled.answer.status == NOT_MODIFIED and polled.answer.url != known.answered_url
    )


def _silent_on_repeat(reason: str, outcome: Outcome, known: FeedState) -> Came:
    """A page that is no feed is an accident once and silence twice."""
    unfed = ("empty", "unreadable")
    came_before = known.document_outcome in unfed or known.outcome in unfed
    is_silent = outcome in unfed and came_before
    return Came(outcome, f"{SILENT}{reason}" if is_silent else reason, reason, is_silent)


def pace_of(feed: FeedState, known: FeedState, polled: Polled, *, has_failed: bool, is_gap: bool) -> dict[str, Any]:
    """When the feed is polled next. A gone one is asked once more and then retired; nothing else ever stops a feed."""
    if isinstance(polled.failure, HostWaits):
        wait_s = (polled.failure.until - polled.at).total_seconds()
        spread = timedelta(seconds=jitter_s(feed.feed_url, polled.at, min(HOURLY_S, wait_s / 10)))
        return {"next_poll_at": polled.failure.until + spread, "host_waits_until": polled.failure.until}
    failures = known.failures + 1 if has_failed else 0
    is_gone = polled.answer is not None and polled.answer.status == GONE
    interval_s = known.interval_s if has_failed else _own_interval_s(feed, polled, is_gap=is_gap)
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
    return {
        # A place that a feed moved to for good may turn out to be none.
        "asked_url": feed.feed_url if failures >= _FEW_FAILURES else feed.asked_url,
        "next_poll_at": max(next_at, polled.host_waits_until or next_at),
        "interval_s": interval_s,
        "period_s": period_s,
        "failures": failures,
        "is_gone": is_gone,
        "is_retired": is_gone and known.is_gone,
        "host_waits_until": polled.host_waits_until,
    }


def _own_interval_s(feed: FeedState, polled: Polled, *, is_gap: bool) -> float:
    return own_interval_s(
        polled.due.known.interval_s if polled.due.known else None,
        has_validators=bool(feed.etag or feed.last_modified),
        window_s=_window_s(polled),
        is_gap=is_gap,
    )


def _window_s(polled: Polled) -> float | None:
    """Seconds between the oldest and the newest entry in order, where the document is full enough to tell."""
    entries = polled.parsed.entries if polled.parsed else []
    standing = in_order([Shown(entry.entry_id, entry.published_at) for entry in entries])
    dates = [at for _, at, _ in standing if at and at <= polled.at]
    return (max(dates) - min(dates)).total_seconds() if len(dates) >= 5 else None  # noqa: PLR2004 — fewer tell nothing
