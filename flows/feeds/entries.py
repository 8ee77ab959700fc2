"""The entries that the feed collector knows, in `state.sqlite`: by which names, and as they were seen last."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

from connectors.feeds.entry_keys import Marks, distinct_aliases, plain_url
from connectors.feeds.marks import marks_of
from connectors.records import Entry

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry_aliases (
    feed INTEGER, alias INTEGER, entry_id TEXT NOT NULL, PRIMARY KEY (feed, alias)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry_names (name INTEGER PRIMARY KEY, entry_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen_entries (
    feed INTEGER, entry_id TEXT, version TEXT NOT NULL, fetched_at TEXT NOT NULL, time_quality TEXT NOT NULL,
    first_date TEXT, PRIMARY KEY (feed, entry_id)
) WITHOUT ROWID;
"""
_REMEMBER_VERSION = """
INSERT INTO seen_entries VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE
SET version = excluded.version, fetched_at = excluded.fetched_at, time_quality = excluded.time_quality,
    first_date = coalesce(seen_entries.first_date, excluded.first_date)
WHERE excluded.fetched_at >= seen_entries.fetched_at
"""


class _Seen(NamedTuple):
    """An entry as the feed showed it last, and the date that it had first."""

    version: str
    time_quality: str
    first_date: datetime | None


class Remembered(NamedTuple):
    """An entry and by what it is known again."""

    entry: Entry
    aliases: Sequence[int]
    names: Sequence[int]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The entries of one document under the ids they have had since they were first seen."""

    entries: list[Entry]
    dated_first: list[datetime | None]  # of each entry the date that it had first: a later one is an edit's
    changed: list[Remembered]  # new, or not as they were: what has to land
    unseen: frozenset[str]  # ids never seen before in this feed
    suspects: frozenset[str]  # ids whose time was suspect when they were seen last: an edit does not mend it


def recognise(
    state: sqlite3.Connection,
    feed_url: str,
    entries: Sequence[Entry],
    marks: Sequence[Marks],
    named_before: dict[int, str],
) -> Recognised:
    """The entries with the ids of the articles they are; touches nothing but `named_before`.

    That holds the names of articles that were recognised and have not landed, and grows by those of this document.
    """
    feed = _number(feed_url)
    keys = [entry.entry_id for entry in entries]
    aliases = distinct_aliases([own.aliases for own in marks], keys)
    names = distinct_aliases([own.names for own in marks], keys)
    here = _known_here(state, feed, aliases)
    elsewhere = _known_elsewhere(state, [own for own, one in zip(names, here, strict=True) if not one])
    named = []
    for entry, own, one in zip(entries, names, here, strict=True):
        found = (named_before.get(name) or elsewhere.get(name) for name in own)
        entry_id = one or next(filter(None, found), entry.entry_id)
        named.append(entry if entry_id == entry.entry_id else replace(entry, entry_id=entry_id))
        for name in own:
            named_before.setdefault(name, entry_id)
    once: dict[str, Remembered] = {}  # some documents repeat themselves
    for entry, own, everywhere, mark in zip(named, aliases, names, marks, strict=True):
        once.setdefault(entry.entry_id, Remembered(entry, own, everywhere, mark.version))
    seen = _seen_entries(state, feed, list(once))
    return Recognised(
        entries=named,
        dated_first=[
            (entry.entry_id in seen and seen[entry.entry_id].first_date) or entry.published_at for entry in named
        ],
        changed=[one for key, one in once.items() if key not in seen or seen[key].version != one.version],
        unseen=frozenset(once) - seen.keys(),
        suspects=frozenset(entry_id for entry_id, one in seen.items() if one.time_quality == "suspect"),
    )


def remember_entries(state: sqlite3.Connection, entries: Iterable[Remembered]) -> None:
    """Note entries that landed, within the transaction of the caller."""
    number = cache(_number)
    aliases, names, versions = [], [], []
    for entry, own, everywhere, version in entries:
        feed = number(entry.feed_url)
        aliases += [(feed, alias, entry.entry_id) for alias in own]
        names += [(name, entry.entry_id) for name in everywhere]
        published = entry.published_at and entry.published_at.isoformat()
        versions.append((feed, entry.entry_id, version, entry.fetched_at.isoformat(), entry.time_quality, published))
    state.executemany("INSERT OR IGNORE INTO entry_aliases VALUES (?, ?, ?)", aliases)
    state.executemany("INSERT OR IGNORE INTO entry_names VALUES (?, ?)", names)
    state.executemany(_REMEMBER_VERSION, versions)


def entries_as_landed(rows: Iterable[Mapping[str, Any]]) -> Iterator[Remembered]:
    """The entries of one landed file and by what they are known again."""
    entries = [Entry(**row) for row in rows]
    # Entries of one feed and one fetch are of one document: what they share does not tell them apart.
    for _, group in groupby(entries, key=lambda entry: (entry.feed_url, entry.fetched_at)):
        document = list(group)
        marks = [marks_of(entry) for entry in document]
        keys = [entry.entry_id for entry in document]
        aliases = distinct_aliases([own.aliases for own in marks], keys)
        names = distinct_aliases([own.names for own in marks], keys)
        for entry, own, everywhere, mark in zip(document, aliases, names, marks, strict=True):
            yield Remembered(entry, own, everywhere, mark.version)


def _known_here(state: sqlite3.Connection, feed: int, aliases: Sequence[Sequence[int]]) -> list[str | None]:
    """The id of each entry that the feed has shown before."""
    if not state.execute("SELECT 1 FROM entry_aliases WHERE feed = ? LIMIT 1", [feed]).fetchone():
        return [None] * len(aliases)
    names = json.dumps([alias for own in aliases for alias in own])
    query = "SELECT alias, entry_id FROM entry_aliases WHERE feed = ? AND alias IN (SELECT value FROM json_each(?))"
    known = dict(state.execute(query, [feed, names]).fetchall())
    return [next((known[alias] for alias in own if alias in known), None) for own in aliases]


def _known_elsewhere(state: sqlite3.Connection, names: Sequence[Sequence[int]]) -> dict[int, str]:
    """The ids of the articles that another feed has shown before, by their names."""
    if not any(names):
        return {}
    query = "SELECT name, entry_id FROM entry_names WHERE name IN (SELECT value FROM json_each(?))"
    return dict(state.execute(query, [json.dumps([name for own in names for name in own])]).fetchall())


def _seen_entries(state: sqlite3.Connection, feed: int, ids: Sequence[str]) -> dict[str, _Seen]:
    if not state.execute("SELECT 1 FROM seen_entries WHERE feed = ? LIMIT 1", [feed]).fetchone():
        return {}
    query = """
        SELECT entry_id, version, time_quality, first_date FROM seen_entries
        WHERE feed = ? AND entry_id IN (SELECT value FROM json_each(?))
    """
    rows = state.execute(query, [feed, json.dumps(ids)])
    return {
        entry_id: _Seen(version, quality, first and datetime.fromisoformat(first))
        for entry_id, version, quality, first in rows
    }


def _number(feed_url: str) -> int:
    """A short key of the feed, the same over http and https."""
    return int.from_bytes(sha256(plain_url(feed_url).encode()).digest()[:8], "big", signed=True)
