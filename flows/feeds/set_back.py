"""Notes of polls in a time that has not come: a clock was ahead, and was set back."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from connectors.records import FeedState
from flows.feeds.hosts import hosts_asked_after, remember_hosts
from flows.feeds.state import feeds_polled_after, remember_rests, restate

_CLOCK_ERROR = timedelta(minutes=15)  # clocks are set back by seconds all the time; no feed is asked sooner again


def set_back(state: sqlite3.Connection, now: datetime) -> int:
    """Free feeds and hosts of what a clock ahead of `now` noted; returns how many feeds that were.

    Such a feed is due at once, and what was proved of it in a time to come was not. A host that asked for peace has
    from now on as much of it as it asked for.
    """
    feeds = feeds_polled_after(state, now + _CLOCK_ERROR)
    restate(state, [_polled_at(feed, now) for feed in feeds])
    remember_rests(state, {feed.feed_url: None for feed in feeds})
    hosts = hosts_asked_after(state, now + _CLOCK_ERROR)
    for host in hosts:
        if host.asked_at and host.waits_until:
            host.waits_until -= host.asked_at - now
        host.asked_at = now
    remember_hosts(state, hosts)
    return len(feeds)


def _polled_at(feed: FeedState, now: datetime) -> FeedState:
    ahead = feed.polled_at - now
    spans = zip(feed.proved[::2], feed.proved[1::2], strict=True)
    return replace(
        feed,
        polled_at=now,
        next_poll_at=now,
        host_waits_until=feed.host_waits_until and feed.host_waits_until - ahead,
        observed_at=None,
        proved=tuple(chain.from_iterable(span for span in spans if span[1] <= now)),
    )
