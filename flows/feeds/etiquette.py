"""How politely hosts were asked: the rows of `afterdebate status --etiquette`."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flows.feeds.hosts import known_hosts


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


def etiquette_of_hosts(home: Path) -> list[Etiquette]:
    """One row a host, the most asked first; nothing where no feed was ever polled. Only reads."""
    state_file = home / "state.sqlite"
    if not state_file.is_file():
        return []
    with closing(sqlite3.connect(f"{state_file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as state:
        if not state.execute("SELECT 1 FROM sqlite_master WHERE name = 'asked_hosts'").fetchone():
            return []
        hosts = known_hosts(state)
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
