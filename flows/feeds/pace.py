"""When a feed is polled next: as seldom as anyone asks, never faster than politeness allows."""

import hashlib
from datetime import datetime, timedelta

from connectors.records import FeedState
from flows.phases import Phase

FLOOR_S = 900.0  # FreshRSS does not go below either, whoever asks
HOURLY_S = 3_600.0
DAILY_S = 86_400.0
MONTHLY_S = 31 * DAILY_S
_JITTER_SHARE = 0.1
_HOST_WAIT_S = {403: 4 * HOURLY_S, 429: 4 * HOURLY_S, 503: 2 * HOURLY_S}
_BREATH_S = 60.0  # a host that refuses and says "at once" is not asked for its other feeds in the same breath
_SPREAD_S = 3_600.0
_RETRY_S = 1_800.0
# A minute, less what a tick and a host's gap may take: else every other tick would find the feed not due.
LIVE_S = 50.0
_OFTEN_S: dict[Phase, float] = {"opening": 1_800.0, "live": LIVE_S, "after": FLOOR_S}
_OFTEN_WHOLE_S: dict[Phase, float] = {"opening": HOURLY_S, "live": FLOOR_S, "after": _RETRY_S}


def next_poll_at(
    now: datetime,
    interval_s: float,
    *,
    period_s: float | None = None,
    fresh_s: float | None = None,
    retry_after_s: float | None = None,
    failures: int = 0,
    seed: str,
) -> datetime:
    """When to poll again: the longest of all wishes within floor and ceiling, a little later by chance.

    A feed's own claims (`period_s`), caching headers (`fresh_s`) and our patience after failures count up to a
    day, `Retry-After` up to a month.
    """
    patience_s = interval_s * 2 ** min(failures, 10)
    wished_s = min(DAILY_S, max(interval_s, patience_s, period_s or 0, fresh_s or 0))
    wait_s = min(MONTHLY_S, max(FLOOR_S, wished_s, retry_after_s or 0))
    return now + timedelta(seconds=wait_s + jitter_s(seed, now, min(_SPREAD_S, _JITTER_SHARE * wait_s)))


def due_at(feed: FeedState, phase: Phase, rests_until: datetime | None) -> datetime:
    """When a feed is due in a phase: as its own pace says, or sooner where an event is near and its host allows.

    Near an event a feed that answers conditional requests is asked oftener, whatever it says of its own rhythm; one
    that failed is asked again in minutes. `rests_until` is how long caching headers and `Retry-After` reach.
    """
    often_s = _often_s(feed, phase)
    if often_s is None or feed.is_gone:
        return feed.next_poll_at
    spread_s = 0 if phase == "live" else jitter_s(feed.feed_url, feed.polled_at, _JITTER_SHARE * often_s)
    soon = feed.polled_at + timedelta(seconds=often_s + spread_s)
    rests = (at for at in (rests_until, feed.host_waits_until) if at is not None)
    return min(feed.next_poll_at, max(soon, *rests, feed.polled_at))


def _often_s(feed: FeedState, phase: Phase) -> float | None:
    if phase == "calm":
        return None
    if feed.failures:
        if phase == "live":
            return min(FLOOR_S, LIVE_S * 2.0 ** min(feed.failures, 10))
        return min(_RETRY_S, FLOOR_S * feed.failures)
    if feed.etag or feed.last_modified:
        return _OFTEN_S[phase]
    # The whole document each time: never below the floor, whoever is on stage.
    return _OFTEN_WHOLE_S[phase]


def host_wait_s(status: int, retry_after_s: float | None, *, seed: str, now: datetime) -> float:
    """Seconds to leave a host alone after it refused: what it says, else hours; spread, lest all come at once."""
    asked_s = min(MONTHLY_S, max(_BREATH_S, retry_after_s)) if retry_after_s is not None else _HOST_WAIT_S[status]
    return asked_s + jitter_s(seed, now, min(_SPREAD_S, _JITTER_SHARE * asked_s))


def own_interval_s(before_s: float | None, *, has_validators: bool, window_s: float | None, is_gap: bool) -> float:
    """The feed's own interval: hourly where requests are conditional, else up to daily; less where entries got lost.

    A third of the window's span at most, so that the window cannot roll over between two polls.
    """
    usual_s = HOURLY_S if has_validators else DAILY_S
    if window_s is not None:
        usual_s = min(usual_s, window_s / 3)
    if before_s is None:
        return max(FLOOR_S, usual_s)
    if is_gap:
        return max(FLOOR_S, before_s / 2)
    return max(FLOOR_S, min(usual_s, before_s * 1.25))


def jitter_s(seed: str, now: datetime, most_s: float) -> float:
    """A number of seconds up to `most_s`, by chance but the same for the same feed and instant."""
    digest = hashlib.sha256(f"{seed} {now.isoformat()}".encode()).digest()
    return most_s * int.from_bytes(digest[:6], "big") / 2**48
