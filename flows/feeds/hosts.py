"""How hosts were asked, kept in `state.sqlite` from run to run: what they wait for, and the etiquette report."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.feeds.turns import HostRecord
from flows.state import in_one_transaction, read_state

_COLUMNS = [field.name for field in fields(HostRecord)]
SCHEMA = f"CREATE TABLE IF NOT EXISTS asked_hosts ({', '.join(_COLUMNS)}, PRIMARY KEY (host));"
_REMEMBER_HOST = f"INSERT OR REPLACE INTO asked_hosts VALUES ({', '.join('?' * len(_COLUMNS))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Etiquette:
    """How one host was asked since its first request."""

    host: str
    requests: int
    unconditional: int  # no validator was known, or see the next
    unconditional_known: int  # a validator was known and not sent: must be 0
    not_modified_share: float | None  # of the conditional requests
    least_gap_s: float | None  # between the end of one request and the beginning of the next
    retry_after_ignored: int  # requests while the host wanted to be left alone: must be 0


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


def etiquette_of_hosts(home: Path) -> list[Etiquette]:
    """One row a host, the most asked first; nothing where no feed was ever polled. Only reads."""
    with read_state(home, "asked_hosts") as state:
        hosts = known_hosts(state) if state else []
    rows = [
        Etiquette(
            host=host.host,
            requests=host.requests,
            unconditional=host.requests - host.conditional,
            unconditional_known=host.unconditional_known,
            not_modified_share=host.not_modified / host.conditional if host.conditional else None,
            least_gap_s=host.least_gap_s,
            retry_after_ignored=host.retry_after_ignored,
        )
        for host in hosts
    ]
    return sorted(rows, key=lambda row: (-row.requests, row.host))


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _host_from_stored(row: Sequence[Any]) -> HostRecord:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("waits_until", "asked_at"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return HostRecord(**values)
