"""How hosts were asked, kept in `state.sqlite` from run to run: what they wait for, and the etiquette report."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from flows.host_turns import HostRecord

SCHEMA = "CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, record TEXT NOT NULL);"


def known_host(state: sqlite3.Connection, host: str) -> HostRecord | None:
    """What is known of a host; where its own row is lost, the wait that its feeds remember."""
    row = state.execute("SELECT record FROM hosts WHERE host = ?", [host]).fetchone()
    if row:
        return _host_from_json(row[0])
    query = "SELECT max(host_waits_until) FROM polled_feeds WHERE host = ?"
    waits_until = state.execute(query, [host]).fetchone()[0]
    return HostRecord(host=host, waits_until=datetime.fromisoformat(waits_until)) if waits_until else None


def known_hosts(state: sqlite3.Connection) -> list[HostRecord]:
    """Every host ever asked, by name."""
    return [_host_from_json(row[0]) for row in state.execute("SELECT record FROM hosts ORDER BY host")]


def remember_hosts(state: sqlite3.Connection, hosts: Iterable[HostRecord]) -> None:
    """Note how the hosts were asked and until when they want to be left alone."""
    rows = [[host.host, json.dumps(vars(host), default=datetime.isoformat)] for host in hosts]
    # One statement, so that all the rows are one transaction.
    state.execute("INSERT OR REPLACE INTO hosts SELECT value ->> 0, value ->> 1 FROM json_each(?)", [json.dumps(rows)])


def _host_from_json(text: str) -> HostRecord:
    values = json.loads(text)
    for name in ("waits_until", "asked_at"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return HostRecord(**values)
