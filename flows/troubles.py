"""What is wrong with the home and stays so until somebody mends it: kept in `state.sqlite`, shown by `status`."""

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from flows.state import in_one_transaction, open_state, read_state

Kind = Literal["campaign", "landed file"]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS troubles (
    kind TEXT, subject TEXT, reason TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (kind, subject)
)
"""


class Trouble(NamedTuple):
    """One thing that is wrong, and since when."""

    subject: str
    reason: str
    since: datetime


def note_troubles(home: Path, kind: Kind, found: Mapping[str, str], now: datetime, *, among: str | None = None) -> None:
    """Keep what is wrong by subject, and forget what is no more: all of a kind, or the one subject `among` them."""
    with closing(open_state(home, _SCHEMA)) as state, in_one_transaction(state):
        known = dict(state.execute("SELECT subject, since FROM troubles WHERE kind = ?", [kind]).fetchall())
        state.execute("DELETE FROM troubles WHERE kind = ? AND (subject = ? OR ? IS NULL)", [kind, among, among])
        rows = [(kind, what, reason, known.get(what, now.isoformat())) for what, reason in found.items()]
        state.executemany("INSERT INTO troubles VALUES (?, ?, ?, ?)", rows)


def troubles_known(home: Path) -> list[Trouble]:
    """What is wrong, by subject."""
    with read_state(home, "troubles") as state:
        if state is None:
            return []
        rows = state.execute("SELECT subject, reason, since FROM troubles ORDER BY kind, subject").fetchall()
        return [Trouble(subject, reason, datetime.fromisoformat(since)) for subject, reason, since in rows]
