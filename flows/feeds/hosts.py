"""How hosts were asked, kept in `state.sqlite` from run to run: what they wait for, and the etiquette report."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from flows.feeds.turns import HostRecord
from flows.state import in_one_transaction

_COLUMNS = [field.name for field in fields(HostRecord)]
SCHEMA = f"CREATE TABLE IF NOT EXISTS asked_hosts ({', '.join(_COLUMNS)}, PRIMARY KEY (host));"
_REMEMBER_HOST = f"INSERT OR REPLACE INTO asked_hosts VALUES ({', '.join('?' * len(_COLUMNS))})"


def known_host(state: sqlite3.Connection, host: str) -> HostRecord | None:
    """What is known of a host; where its own row is lost, the wait that its feeds remember."""
    row = state.execute("SELECT * FROM asked_hosts WHERE host = ?", [host]).fetchone()
    if row:
        return _host_from_stored(row)
    query = "SELECT max(host_waits_until) FROM polled_feeds WHERE host = ? AND host_waits_until IS NOT NULL"
    waits_until = state.execute(query, [host]).fetchone()[0]
    return HostRecord(host=host, waits_until=datetime.fromisoformat(waits_until)) if waits_until else None


def known_hosts(state: sqlite3.Connection) -> list[HostRecord]:
    """Every host ever asked, by name."""
    return [_host_from_stored(row) for row in state.execute("SELECT * FROM asked_hosts ORDER BY host")]


def hosts_asked_after(state: sqlite3.Connection, at: datetime) -> list[HostRecord]:
    """Every host that was asked after an instant."""
    rows = state.execute("SELECT * FROM asked_hosts WHERE asked_at > ?", [at.isoformat()])
    return [_host_from_stored(row) for row in rows]


def remember_hosts(state: sqlite3.Connection, hosts: Iterable[HostRecord]) -> None:
    """Note how the hosts were asked and until when they want to be left alone."""
    with in_one_transaction(state):
        state.executemany(_REMEMBER_HOST, [[*map(_stored, astuple(host))] for host in hosts])


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _host_from_stored(row: Sequence[Any]) -> HostRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("waits_until", "asked_at"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return HostRecord(**values)
