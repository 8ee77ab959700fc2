"""The feed collector's memory in `state.sqlite`: what each feed said last and which entries are known.

All of it comes back from the landing zone: `catch_up` reads what landed and was not noted, after a crash as after
the loss of the whole file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from connectors.feed_keys import Marks, plain_url, telling_aliases
from connectors.feeds import marks_of
from connectors.records import Entry, FeedState
from warehouse.landing import landed_files, read_landed_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS polled_feeds (
    feed_url TEXT PRIMARY KEY, polled_at TEXT NOT NULL, next_poll_at TEXT NOT NULL, is_retired INTEGER NOT NULL,
    host TEXT NOT NULL, host_waits_until TEXT, state TEXT NOT NULL, shown_ids TEXT
);
CREATE INDEX IF NOT EXISTS feeds_that_wait ON polled_feeds (host) WHERE host_waits_until IS NOT NULL;
CREATE TABLE IF NOT EXISTS entry_aliases (
    feed INTEGER, alias INTEGER, entry_id TEXT NOT NULL, PRIMARY KEY (feed, alias)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry_versions (
    feed INTEGER, entry_id TEXT, version TEXT NOT NULL, fetched_at TEXT NOT NULL, time_quality TEXT NOT NULL,
    PRIMARY KEY (feed, entry_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS absorbed_files (file_name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_REMEMBER_FEED = """
INSERT INTO polled_feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE
SET polled_at = excluded.polled_at, next_poll_at = excluded.next_poll_at, is_retired = excluded.is_retired,
    host = excluded.host, host_waits_until = excluded.host_waits_until, state = excluded.state,
    shown_ids = coalesce(excluded.shown_ids, polled_feeds.shown_ids)
WHERE excluded.polled_at >= polled_feeds.polled_at
"""
_REMEMBER_VERSION = """
INSERT INTO entry_versions VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE
SET version = excluded.version, fetched_at = excluded.fetched_at, time_quality = excluded.time_quality
WHERE excluded.fetched_at >= entry_versions.fetched_at
"""
_FIELDS = [field.name for field in fields(FeedState) if field.name != "shown_ids"]
_TIMES = [name for name in _FIELDS if name.endswith(("_at", "_until"))]
_TABLES = (FeedState.TABLE, Entry.TABLE)


class Remembered(NamedTuple):
    """An entry and by what it is known again."""

    entry: Entry
    aliases: Sequence[int]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The entries of one document under the ids they have had since they were first seen."""

    entries: list[Entry]
    changed: list[Remembered]  # new, or not as they were: what has to land
    unseen: frozenset[str]  # ids never seen before in this feed
    suspects: frozenset[str]  # ids whose time was suspect when they were seen last: an edit does not mend it


def known_feed(state: sqlite3.Connection, feed_url: str) -> FeedState | None:
    """What the feed said last, or None where it was never polled."""
    row = state.execute("SELECT state, shown_ids FROM polled_feeds WHERE feed_url = ?", [feed_url]).fetchone()
    return _feed_from_json(*row) if row else None


def known_feeds(state: sqlite3.Connection) -> list[FeedState]:
    """What every feed said last, by URL."""
    rows = state.execute("SELECT state, shown_ids FROM polled_feeds ORDER BY feed_url")
    return [_feed_from_json(*row) for row in rows]


def feeds_at_rest(state: sqlite3.Connection, now: datetime, *, force: bool) -> set[str]:
    """The URLs of the feeds that are not to be polled: those not due, unless forced, and those that are gone."""
    query = "SELECT feed_url FROM polled_feeds WHERE is_retired OR (next_poll_at > ? AND NOT ?)"
    return {row[0] for row in state.execute(query, [now.isoformat(), force])}


def recognise(state: sqlite3.Connection, feed_url: str, entries: Sequence[Entry], marks: Sequence[Marks]) -> Recognised:
    """The entries with the ids of the articles they are; touches nothing."""
    feed = _number(feed_url)
    told = telling_aliases([own.aliases for own in marks], [entry.entry_id for entry in entries])
    known = _known_aliases(state, feed, told)
    named = [_named(entry, own, known) for entry, own in zip(entries, told, strict=True)]
    once: dict[str, Remembered] = {}  # some documents repeat themselves
    for entry, own, mark in zip(named, told, marks, strict=True):
        once.setdefault(entry.entry_id, Remembered(entry, own, mark.version))
    versions = _known_versions(state, feed, list(once))
    return Recognised(
        entries=named,
        changed=[one for key, one in once.items() if key not in versions or versions[key][0] != one.version],
        unseen=frozenset(once) - versions.keys(),
        suspects=frozenset(entry_id for entry_id, (_, quality) in versions.items() if quality == "suspect"),
    )


def remember(
    state: sqlite3.Connection, feeds: Iterable[FeedState], entries: Iterable[Remembered], files: Sequence[Path]
) -> None:
    """Note what landed in `files`; all of it or nothing."""
    number = cache(_number)
    aliases, versions = [], []
    for entry, own, version in entries:
        feed = number(entry.feed_url)
        aliases += [(feed, alias, entry.entry_id) for alias in own]
        versions.append((feed, entry.entry_id, version, entry.fetched_at.isoformat(), entry.time_quality))
    state.execute("BEGIN IMMEDIATE")
    try:
        state.executemany(_REMEMBER_FEED, [_feed_row(feed) for feed in feeds])
        state.executemany("INSERT OR IGNORE INTO entry_aliases VALUES (?, ?, ?)", aliases)
        state.executemany(_REMEMBER_VERSION, versions)
        state.executemany("INSERT OR IGNORE INTO absorbed_files VALUES (?)", [(path.name,) for path in files])
        state.execute("COMMIT")
    except BaseException:
        state.execute("ROLLBACK")
        raise


def catch_up(state: sqlite3.Connection, home: Path) -> int:
    """Note what landed before a crash, or everything after the loss of the state; returns how many files that were."""
    absorbed = {row[0] for row in state.execute("SELECT file_name FROM absorbed_files")}
    missed = [path for table in _TABLES for path in landed_files(home, table) if path.name not in absorbed]
    feeds = [path for path in missed if path.parent.name == FeedState.TABLE]
    remember(state, _last_states(row for path in feeds for row in read_landed_file(path)), [], feeds)
    for path in sorted(set(missed).difference(feeds)):
        remember(state, [], _landed_entries(path), [path])
    return len(missed)


def _landed_entries(path: Path) -> Iterator[Remembered]:
    """The entries of a landed file as they were when they landed."""
    entries = [Entry(**row) for row in read_landed_file(path)]
    # Entries of one feed and one fetch are of one document: what they share does not tell them apart.
    for _, group in groupby(entries, key=lambda entry: (entry.feed_url, entry.fetched_at)):
        document = list(group)
        marks = [marks_of(entry) for entry in document]
        told = telling_aliases([own.aliases for own in marks], [entry.entry_id for entry in document])
        for entry, own, mark in zip(document, told, marks, strict=True):
            yield Remembered(entry, own, mark.version)


def _known_aliases(state: sqlite3.Connection, feed: int, told: Sequence[Sequence[int]]) -> dict[int, str]:
    if not state.execute("SELECT 1 FROM entry_aliases WHERE feed = ? LIMIT 1", [feed]).fetchone():
        return {}
    names = json.dumps([alias for own in told for alias in own])
    query = "SELECT alias, entry_id FROM entry_aliases WHERE feed = ? AND alias IN (SELECT value FROM json_each(?))"
    return dict(state.execute(query, [feed, names]).fetchall())


def _known_versions(state: sqlite3.Connection, feed: int, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    if not state.execute("SELECT 1 FROM entry_versions WHERE feed = ? LIMIT 1", [feed]).fetchone():
        return {}
    query = """
        SELECT entry_id, version, time_quality FROM entry_versions
        WHERE feed = ? AND entry_id IN (SELECT value FROM json_each(?))
    """
    rows = state.execute(query, [feed, json.dumps(ids)])
    return {entry_id: (version, quality) for entry_id, version, quality in rows}


def _named(entry: Entry, own: Sequence[int], known: Mapping[int, str]) -> Entry:
    """The entry under the id it has had since it was first seen."""
    entry_id = next((known[alias] for alias in own if alias in known), entry.entry_id) if known else entry.entry_id
    return entry if entry_id == entry.entry_id else replace(entry, entry_id=entry_id)


def _last_states(rows: Iterable[dict[str, Any]]) -> list[FeedState]:
    """The last state of each feed, with the last window that any of its rows holds."""
    last: dict[str, FeedState] = {}
    windows: dict[str, FeedState] = {}
    for feed in map(_feed_from_row, rows):
        for kept in (last, windows) if feed.shown_ids is not None else (last,):
            if feed.feed_url not in kept or kept[feed.feed_url].polled_at <= feed.polled_at:
                kept[feed.feed_url] = feed
    return [replace(feed, shown_ids=windows[url].shown_ids if url in windows else None) for url, feed in last.items()]


def _feed_row(feed: FeedState) -> list[object]:
    columns = (feed.polled_at, feed.next_poll_at, feed.is_retired, feed.host, feed.host_waits_until)
    state = json.dumps({name: getattr(feed, name) for name in _FIELDS}, default=datetime.isoformat)
    shown_ids = None if feed.shown_ids is None else json.dumps(feed.shown_ids)
    texts = [value.isoformat() if isinstance(value, datetime) else value for value in columns]
    return [feed.feed_url, *texts, state, shown_ids]


def _number(feed_url: str) -> int:
    """A short key of the feed, the same over http and https."""
    return int.from_bytes(sha256(plain_url(feed_url).encode()).digest()[:8], "big", signed=True)


def _feed_from_json(text: str, shown_ids: str | None) -> FeedState:
    values = json.loads(text)
    for name in _TIMES:
        if values[name]:
            values[name] = datetime.fromisoformat(values[name])
    values["proved"] = [datetime.fromisoformat(value) for value in values["proved"]]
    return _feed_from_row(values | {"shown_ids": shown_ids and json.loads(shown_ids)})


def _feed_from_row(row: dict[str, Any]) -> FeedState:
    shown_ids = row["shown_ids"]
    return FeedState(**{**row, "shown_ids": shown_ids and tuple(shown_ids), "proved": tuple(row["proved"])})
