"""Whether an entry was edited: a digest of what a reader sees of it."""

from hashlib import sha256

from connectors.feeds.entry_keys import plain_url
from connectors.records import Entry


def version_of(entry: Entry) -> str:
    """A digest of what a reader sees of the entry."""
    seen = [entry.title, entry.summary, entry.author or "", plain_url(entry.link or ""), str(entry.published_at)]
    return sha256("\x00".join(seen).encode("utf-8", "surrogatepass")).hexdigest()[:16]
