"""The feed collector's memory in `state.sqlite`: what each feed said last and which entries are known.

All of it comes back from the landing zone: `catch_up` reads what landed and was not noted, after a crash as after
the loss of the whole file.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from connectors.feed_keys import plain_url, telling_aliases
from connectors.feeds import identity_of
from connectors.records import Entry, FeedState
from warehouse.landing import landed_files, read_landed_file

SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (feed_url TEXT PRIMARY KEY, polled_at TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS feed_aliases (
    feed INTEGER, alias TEXT, entry_id TEXT NOT NULL, PRIMARY KEY (feed, alias)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feed_versions (
    feed INTEGER, entry_id TEXT, version TEXT NOT NULL, fetched_at TEXT NOT NULL, time_quality TEXT NOT NULL,
    PRIMARY KEY (feed, entry_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS absorbed (file_name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_REMEMBER_VERSION = """
INSERT INTO feed_versions VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE
SET version = excluded.version, fetched_at = excluded.fetched_at, time_quality = excluded.time_quality
WHERE excluded.fetched_at >= feed_versions.fetched_at
"""
_FIELDS = [field.name for field in fields(FeedState)]  # `asdict` would copy every value deeply
_TABLES = (FeedState.TABLE, Entry.TABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The entries of one document under the ids they have had since they were first seen."""

    entries: list[Entry]
    changed: list[Entry]  # new, or not as they were: what has to land
    unseen: frozenset[str]  # ids never seen before in this feed
    suspects: frozenset[str]  # ids whose time was suspect when they were seen last: an edit does not mend it


def known_feed(state: sqlite3.Connection, feed_url: str) -> FeedState | None:
    """What the feed said last, or None where it was never polled."""
    row = state.execute("SELECT state FROM feeds WHERE feed_url = ?", [feed_url]).fetchone()
    return _feed_from_json(row[0]) if row else None


def known_feeds(state: sqlite3.Connection) -> list[FeedState]:
    """What every feed said last, by URL."""
    return [_feed_from_json(row[0]) for row in state.execute("SELECT state FROM feeds ORDER BY feed_url")]


def recognise(state: sqlite3.Connection, feed_url: str, entries: Sequence[Entry]) -> Recognised:
    """The entries with the ids of the articles they are; touches nothing."""
    feed, aliases = _number(feed_url), _aliases(entries)
    names = json.dumps([name for own in aliases for name in own])
    query = "SELECT alias, entry_id FROM feed_aliases WHERE feed = ? AND alias IN (SELECT value FROM json_each(?))"
    known = dict(state.execute(query, [feed, names]).fetchall())
    named = [
        replace(entry, entry_id=next((known[name] for name in own if name in known), entry.entry_id))
        for entry, own in zip(entries, aliases, strict=True)
    ]
    once = list({entry.entry_id: entry for entry in reversed(named)}.values())  # some documents repeat themselves
    ids = json.dumps([entry.entry_id for entry in once])
    query = """
        SELECT entry_id, version, time_quality FROM feed_versions
        WHERE feed = ? AND entry_id IN (SELECT value FROM json_each(?))
    """
    versions = {entry_id: (version, quality) for entry_id, version, quality in state.execute(query, [feed, ids])}
    return Recognised(
        entries=named,
        changed=[e for e in once if e.entry_id not in versions or versions[e.entry_id][0] != _version(e)],
        unseen=frozenset(entry.entry_id for entry in named) - versions.keys(),
        suspects=frozenset(entry_id for entry_id, (_, quality) in versions.items() if quality == "suspect"),
    )


def remember(
    state: sqlite3.Connection, feeds: Iterable[FeedState], entries: Sequence[Entry], files: Sequence[Path]
) -> None:
    """Note what landed in `files`; all of it or nothing."""
    state.execute("BEGIN IMMEDIATE")
    try:
        _remember_feeds(state, feeds)
        # Entries of one feed and one fetch are of one document: what they share does not tell them apart.
        for (feed_url, _), document in groupby(entries, key=lambda entry: (entry.feed_url, entry.fetched_at)):
            _remember_entries(state, _number(feed_url), list(document))
        state.executemany("INSERT OR IGNORE INTO absorbed VALUES (?)", [(path.name,) for path in files])
        state.execute("COMMIT")
    except BaseException:
        state.execute("ROLLBACK")
        raise


def catch_up(state: sqlite3.Connection, home: Path) -> int:
    """Note what landed before a crash, or everything after the loss of the state; returns how many files that were."""
    absorbed = {row[0] for row in state.execute("SELECT file_name FROM absorbed")}
    missed = [path for path in landed_files(home) if path.parent.name in _TABLES and path.name not in absorbed]
    feeds = [path for path in missed if path.parent.name == FeedState.TABLE]
    remember(state, _last_states(row for path in feeds for row in read_landed_file(path)), [], feeds)
    for path in sorted(set(missed).difference(feeds)):
        remember(state, [], [Entry(**row) for row in read_landed_file(path)], [path])
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


def _remember_feeds(state: sqlite3.Connection, feeds: Iterable[FeedState]) -> None:
    for feed in feeds:
        before = known_feed(state, feed.feed_url)
        if before and before.polled_at > feed.polled_at:
            continue
        whole = replace(feed, shown_ids=before.shown_ids) if before and feed.shown_ids is None else feed
        text = json.dumps({name: getattr(whole, name) for name in _FIELDS}, default=datetime.isoformat)
        state.execute(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)", [feed.feed_url, feed.polled_at.isoformat(), text]
        )


def _remember_entries(state: sqlite3.Connection, feed: int, entries: Sequence[Entry]) -> None:
    aliases = _aliases(entries)
    named = [(feed, name, entry.entry_id) for entry, own in zip(entries, aliases, strict=True) for name in own]
    state.executemany("INSERT OR IGNORE INTO feed_aliases VALUES (?, ?, ?)", named)
    versions = [(feed, e.entry_id, _version(e), e.fetched_at.isoformat(), e.time_quality) for e in entries]
    state.executemany(_REMEMBER_VERSION, versions)


def _aliases(entries: Sequence[Entry]) -> list[list[str]]:
    return telling_aliases([identity_of(entry) for entry in entries], [entry.entry_id for entry in entries])


def _version(entry: Entry) -> str:
    """A digest of what a reader sees; tracking parameters of a link are not part of it."""
    seen = [entry.title, entry.summary, entry.author, plain_url(entry.link or ""), str(entry.published_at)]
    return sha256(json.dumps(seen).encode()).hexdigest()[:16]


def _number(feed_url: str) -> int:
    """A short key of the feed, the same over http and https."""
    return int.from_bytes(sha256(plain_url(feed_url).encode()).digest()[:8], "big", signed=True)


def _feed_from_json(text: str) -> FeedState:
    values = json.loads(text)
    for name, value in values.items():
        if value and name.endswith(("_at", "_until")):
            values[name] = datetime.fromisoformat(value)
    values["proved"] = [datetime.fromisoformat(value) for value in values["proved"]]
    return _feed_from_row(values)


def _feed_from_row(row: dict[str, Any]) -> FeedState:
    shown_ids = row["shown_ids"]
    return FeedState(**{**row, "shown_ids": shown_ids and tuple(shown_ids), "proved": tuple(row["proved"])})
