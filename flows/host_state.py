"""How hosts were asked, kept in `state.sqlite` from run to run: what they wait for, and the etiquette report."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from flows.host_turns import HostRecord

SCHEMA = "CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, record TEXT NOT NULL);"


def known_hosts(state: sqlite3.Connection) -> dict[str, HostRecord]:
    """Every host ever asked, by name, with the waits that its feeds remember where the host's own row is lost."""
    hosts = {
        host: _host_from_json(text) for host, text in state.execute("SELECT host, record FROM hosts ORDER BY host")
    }
    waits = "SELECT state ->> 'host', max(state ->> 'host_waits_until') FROM feeds GROUP BY 1"
    for host, waits_until in state.execute(waits):
        if waits_until and host not in hosts:
            hosts[host] = HostRecord(host=host, waits_until=datetime.fromisoformat(waits_until))
    return hosts


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
