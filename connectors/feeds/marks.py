"""By what an entry is known again, and whether it was edited: a digest of what a reader sees of it."""

from datetime import datetime
from hashlib import sha256

from connectors.feeds.entry_keys import Identity, Marks, aliases, names_everywhere, plain_url
from connectors.records import Entry


def marks_of(entry: Entry) -> Marks:
    """By what the entry is known again; tracking parameters of a link are no part of its version."""
    own = identity(entry.guid, entry.link, entry.title, entry.summary, entry.published_at)
    return Marks(aliases(own), names_everywhere(entry.feed_url, own), version_of(entry))


def identity(guid: str | None, link: str | None, title: str, summary: str, at: datetime | None) -> Identity:
    """What makes an entry distinct from others; a summary stands in for a missing title."""
    return Identity(guid, link, title or summary, at)


def version_of(entry: Entry) -> str:
    """A digest of what a reader sees of the entry."""
    seen = [entry.title, entry.summary, entry.author or "", plain_url(entry.link or ""), str(entry.published_at)]
    return sha256("\x00".join(seen).encode("utf-8", "surrogatepass")).hexdigest()[:16]
