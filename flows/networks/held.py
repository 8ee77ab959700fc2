"""Which posts and authors of a network this home holds, and which of them the network wants gone: in `state.sqlite`.

A stream tells of every deletion of everybody; few are of posts that we hold. What stands here is hashed already, and
where the table is lost it is made again from the landing zone.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from connectors.records import Post
from warehouse.landing.files import landed_values

SCHEMA = """
CREATE TABLE IF NOT EXISTS network_held (
    network TEXT NOT NULL,
    subject TEXT NOT NULL,         -- id of a post, or key of an author
    PRIMARY KEY (network, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS network_gone (
    network TEXT NOT NULL,
    subject TEXT NOT NULL,
    heard_at TEXT NOT NULL,        -- when the network said so: erasing it may have to wait for a build
    PRIMARY KEY (network, subject)
) WITHOUT ROWID;
"""


def recall_held(state: sqlite3.Connection, home: Path, network: str) -> None:
    """Where nothing is held by the state, look into the landing zone: the state may have been lost."""
    if state.execute("SELECT 1 FROM network_held WHERE network = ? LIMIT 1", (network,)).fetchone():
        return
    ids = {post_id for post_id in landed_values(home, Post.TABLE, "post_id") if post_id.startswith(f"{network}-")}
    if ids:
        # The keys of all authors: whose network one is, the column alone does not say, and it does no harm.
        _hold(state, network, [*ids, *filter(None, landed_values(home, Post.TABLE, "author_key"))])


def hold(state: sqlite3.Connection, network: str, posts: Sequence[Post]) -> None:
    """Remember the posts that are about to land, and their authors: noted too early does no harm, too late would."""
    _hold(state, network, {subject for post in posts for subject in (post.post_id, post.author_key)})


def is_held(state: sqlite3.Connection, network: str, subject: str) -> bool:
    """Does this home hold the post, or anything of the author?"""
    found = state.execute("SELECT 1 FROM network_held WHERE network = ? AND subject = ?", (network, subject))
    return found.fetchone() is not None


def note_gone(state: sqlite3.Connection, network: str, subject: str, heard_at: datetime) -> None:
    """Keep that a post or an author must go, until it is erased."""
    state.execute(
        "INSERT OR IGNORE INTO network_gone VALUES (?, ?, ?)", (network, subject, heard_at.astimezone(UTC).isoformat())
    )


def read_gone(state: sqlite3.Connection, network: str) -> dict[str, datetime]:
    """What must go, and since when."""
    rows = state.execute("SELECT subject, heard_at FROM network_gone WHERE network = ? ORDER BY 1", (network,))
    return {subject: datetime.fromisoformat(heard_at) for subject, heard_at in rows}


def forget_gone(state: sqlite3.Connection, network: str, subjects: Iterable[str]) -> None:
    """It is erased: nothing of it is held any more."""
    for table in ("network_gone", "network_held"):
        state.executemany(
            f"DELETE FROM {table} WHERE network = ? AND subject = ?", [(network, subject) for subject in subjects]
        )


def _hold(state: sqlite3.Connection, network: str, subjects: Iterable[str]) -> None:
    state.execute("BEGIN IMMEDIATE")
    state.executemany(
        "INSERT OR IGNORE INTO network_held VALUES (?, ?)", [(network, subject) for subject in subjects if subject]
    )
    state.execute("COMMIT")
