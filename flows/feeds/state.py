"""The feed collector's memory in `state.sqlite`: what each feed said last and which entries are known.

All of it comes back from the landing zone: `catch_up` reads what landed and was not noted, after a crash as after
the loss of the whole file.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from connectors.records import Entry, FeedState
from connectors.web.answers import Validators
from connectors.web.hosts import host_of
from flows.feeds import entries as known_entries
from flows.feeds.entries import Remembered, entries_as_landed, remember_entries
from flows.feeds.in_words import with_fields
from flows.feeds.pace import HOURLY_S, due_at
from flows.phases import Phase
from flows.state import in_one_transaction
from warehouse.landing.files import landed_files, read_landed_file
from warehouse.landing.unreadable import broken_files

_COLUMNS = [field.name for field in fields(FeedState)]  # one a field: times as ISO text, lists as JSON
_TIMES = [name for name in _COLUMNS if name.endswith(("_at", "_until"))]
_FLAGS = [name for name in _COLUMNS if name.startswith("is_")]
_TABLES = (FeedState.TABLE, Entry.TABLE)
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS polled_feeds ({", ".join(_COLUMNS)}, PRIMARY KEY (feed_url));
CREATE INDEX IF NOT EXISTS feeds_that_wait ON polled_feeds (host) WHERE host_waits_until IS NOT NULL;
CREATE TABLE IF NOT EXISTS url_validators (
    feed_url TEXT, url TEXT, etag TEXT, last_modified TEXT, polled_at TEXT, PRIMARY KEY (feed_url, url)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resting_feeds (feed_url TEXT PRIMARY KEY, rests_until TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS noted_files (file_name TEXT PRIMARY KEY) WITHOUT ROWID;
-- Of another shape: what they held is read from the landing zone.
DROP TABLE IF EXISTS absorbed_files;
DROP TABLE IF EXISTS entry_versions;
{known_entries.SCHEMA}"""
_NAMES = ", ".join(_COLUMNS)
_NEWER = [f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("feed_url", "shown_ids")]
_REMEMBER_FEED = f"""
INSERT INTO polled_feeds ({_NAMES}) VALUES ({", ".join("?" * len(_COLUMNS))})
ON CONFLICT DO UPDATE SET {", ".join(_NEWER)}, shown_ids = coalesce(excluded.shown_ids, polled_feeds.shown_ids)
WHERE excluded.polled_at >= polled_feeds.polled_at
"""
_RESTATE_FEED = f"INSERT OR REPLACE INTO polled_feeds ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_POLLED_AFTER = "SELECT * FROM polled_feeds WHERE polled_at > ?"
_REMEMBER_VALIDATORS = "INSERT OR REPLACE INTO url_validators VALUES (?, ?, ?, ?, ?)"
_FORGET_VALIDATORS = """
DELETE FROM url_validators WHERE feed_url = :feed_url
AND url NOT IN (SELECT url FROM url_validators WHERE feed_url = :feed_url ORDER BY polled_at DESC LIMIT 8)
"""
_values_of: Callable[[FeedState], tuple[object, ...]] = attrgetter(*_COLUMNS)


def begin(feed_url: str, now: datetime) -> FeedState:
    """What is known of a feed before its first poll."""
    return FeedState(
        feed_url=feed_url,
        polled_at=now,
        outcome="unavailable",
        reason=None,
        asked_url=feed_url,
        answered_url=None,
        etag=None,
        last_modified=None,
        document_sha256=None,
        document_outcome=None,
        period_s=None,
        next_poll_at=now,
        interval_s=HOURLY_S,
        failures=0,
        is_gone=False,
        is_retired=False,
        host=host_of(feed_url),
        host_waits_until=None,
        shown_ids=None,
        newest_at=None,
        habit_s=None,
        observed_at=None,
        proved=(),
    )


def known_feed(state: sqlite3.Connection, feed_url: str) -> FeedState | None:
    """What the feed said last, or None where it was never polled."""
    found = _feeds(state, "SELECT * FROM polled_feeds WHERE feed_url = ?", feed_url)
    return found[0] if found else None


def validators_of(state: sqlite3.Connection, feed: FeedState) -> dict[str, Validators]:
    """What each URL that lately answered with the feed gave along: a redirect may lead to several in turn."""
    query = "SELECT url, etag, last_modified FROM url_validators WHERE feed_url = ?"
    found = {url: Validators(*given) for url, *given in state.execute(query, [feed.feed_url])}
    return found | ({feed.answered_url: Validators(feed.etag, feed.last_modified)} if feed.answered_url else {})


def known_feeds(state: sqlite3.Connection) -> list[FeedState]:
    """What every feed said last, by URL."""
    return _feeds(state, "SELECT * FROM polled_feeds ORDER BY feed_url")


def feeds_polled_after(state: sqlite3.Connection, at: datetime) -> list[FeedState]:
    """What every feed said last that was polled after an instant."""
    return _feeds(state, _POLLED_AFTER, at.isoformat())


def restate(state: sqlite3.Connection, feeds: Iterable[FeedState]) -> None:
    """Put these in the place of what is known of the feeds, whenever that was noted."""
    with in_one_transaction(state):
        state.executemany(_RESTATE_FEED, [[*map(_stored, _values_of(feed))] for feed in feeds])


def feeds_at_rest(state: sqlite3.Connection, now: datetime, phase: Phase, *, force: bool) -> set[str]:
    """The URLs of the feeds that are not to be polled: those not due, unless forced, and those that are gone."""
    if phase == "calm" or force:
        query = "SELECT feed_url FROM polled_feeds WHERE is_retired OR (next_poll_at > ? AND NOT ?)"
        return {row[0] for row in state.execute(query, [now.isoformat(), force])}
    return {url for url, at in feeds_due(state, phase).items() if at is None or at > now}


def feeds_due(state: sqlite3.Connection, phase: Phase) -> dict[str, datetime | None]:
    """When each feed that was ever polled is due in a phase, by URL; None: never again."""
    rests = dict(state.execute("SELECT feed_url, rests_until FROM resting_feeds"))
    due: dict[str, datetime | None] = {}
    for feed in known_feeds(state):
        rests_until = rests.get(feed.feed_url)
        at = due_at(feed, phase, datetime.fromisoformat(rests_until) if rests_until else None)
        due[feed.feed_url] = None if feed.is_retired else at
    return due


def remember_rests(state: sqlite3.Connection, rests: Mapping[str, datetime | None]) -> None:
    """Note until when each of these feeds asks to be left alone, None where it does not ask.

    Beside `polled_feeds`, which has the shape of what lands: where it is lost, a feed is asked once too soon.
    """
    with in_one_transaction(state):
        state.executemany("DELETE FROM resting_feeds WHERE feed_url = ?", [(url,) for url in rests])
        asked = [(url, until.isoformat()) for url, until in rests.items() if until is not None]
        state.executemany("INSERT INTO resting_feeds VALUES (?, ?)", asked)


def remember(
    state: sqlite3.Connection, feeds: Iterable[FeedState], entries: Iterable[Remembered], files: Sequence[Path]
) -> None:
    """Note what landed in `files`; all of it or nothing."""
    feeds = list(feeds)
    with in_one_transaction(state):
        state.executemany(_REMEMBER_FEED, [[*map(_stored, _values_of(feed))] for feed in feeds])
        read = [feed for feed in feeds if feed.outcome == "ok"]
        given = [(f.feed_url, f.answered_url, f.etag, f.last_modified, f.polled_at.isoformat()) for f in read]
        state.executemany(_REMEMBER_VALIDATORS, given)
        state.executemany(_FORGET_VALIDATORS, [{"feed_url": feed.feed_url} for feed in read])
        remember_entries(state, entries)
        state.executemany("INSERT OR IGNORE INTO noted_files VALUES (?)", [(path.name,) for path in files])


def catch_up(state: sqlite3.Connection, home: Path) -> int:
    """Note what landed before a crash, or everything after the loss of the state; returns how many files that were.

    A file that cannot be read waits: what it holds lands again when its feed still shows it.
    """
    noted = {row[0] for row in state.execute("SELECT file_name FROM noted_files")}
    missed = [path for table in _TABLES for path in landed_files(home, table) if path.name not in noted]
    broken = broken_files(missed)
    missed = [path for path in missed if path not in broken]
    feeds = [path for path in missed if path.parent.name == FeedState.TABLE]
    remember(state, _last_states(row for path in feeds for row in read_landed_file(path)), [], feeds)
    for path in sorted(set(missed).difference(feeds)):
        remember(state, [], entries_as_landed(read_landed_file(path)), [path])
    return len(missed)


def _last_states(rows: Iterable[dict[str, Any]]) -> list[FeedState]:
    """The last state of each feed, with the last window that any of its rows holds."""
    last: dict[str, FeedState] = {}
    windows: dict[str, FeedState] = {}
    for feed in map(_feed_from_row, rows):
        for kept in (last, windows) if feed.shown_ids is not None else (last,):
            if feed.feed_url not in kept or kept[feed.feed_url].polled_at <= feed.polled_at:
                kept[feed.feed_url] = feed
    return [replace(feed, shown_ids=windows[url].shown_ids if url in windows else None) for url, feed in last.items()]


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, default=datetime.isoformat) if isinstance(value, tuple) else value


def _feeds(state: sqlite3.Connection, query: str, *values: str) -> list[FeedState]:
    """The feeds that a query finds, by the names of its columns: an earlier version had fewer, in another order."""
    found = state.execute(query, values)
    names = [column[0] for column in found.description]
    return [_feed_from_stored(dict(zip(names, row, strict=True))) for row in found]


def _feed_from_stored(stored: dict[str, Any]) -> FeedState:
    values = with_fields(stored)
    for name in _TIMES:
        values[name] = values[name] and datetime.fromisoformat(values[name])
    for name in _FLAGS:
        values[name] = bool(values[name])
    values["shown_ids"] = values["shown_ids"] and json.loads(values["shown_ids"])
    values["proved"] = [datetime.fromisoformat(at) for at in json.loads(values["proved"])]
    return _feed_from_row(values)


def _feed_from_row(row: dict[str, Any]) -> FeedState:
    row, shown_ids = with_fields(row), row["shown_ids"]
    return FeedState(**{**row, "shown_ids": shown_ids and tuple(shown_ids), "proved": tuple(row["proved"])})
