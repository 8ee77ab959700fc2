"""The feeds that a web page says it has, and the addresses where blogs usually keep one."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin

_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml")
_USUAL_PLACES = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feeds/posts/default", "?feed=rss2", "rss")
_MOST_CHARS = 500_000
_WEB = re.compile("https?:", re.IGNORECASE)


class FoundFeed(NamedTuple):
    """A feed that a page names."""

    url: str
    title: str


def feeds_named_by(page: bytes, page_url: str) -> list[FoundFeed]:
    """The feeds that a page links to as its own, in its order; comment feeds come last."""
    reader = _LinkReader(page_url)
    reader.feed(page[:_MOST_CHARS].decode("utf-8", "replace"))
    return sorted(dict.fromkeys(reader.found), key=lambda feed: "comment" in (feed.url + feed.title).lower())


def usual_places(page_url: str) -> Sequence[str]:
    """Where a blog that names no feed may have one: worth a request each, in this order."""
    base = page_url if page_url.endswith("/") else page_url + "/"
    return [urljoin(base, place) for place in _USUAL_PLACES]


class _LinkReader(HTMLParser):
    """Collects `<link rel="alternate" type="...">`; a `<base>` moves what follows."""

    def __init__(self, page_url: str) -> None:
        super().__init__()
        self._base = page_url
        self.found: list[FoundFeed] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        attributes = {name: (value or "").strip() for name, value in attrs}
        href = attributes.get("href")
        if not href:
            return
        try:
            url = urljoin(self._base, href)
        except ValueError:
            return
        if tag == "base":
            self._base = url
        relations = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").lower().partition(";")[0].strip()
        if tag in ("link", "a") and "alternate" in relations and kind in _TYPES and _WEB.match(url):
            self.found.append(FoundFeed(url, attributes.get("title", "")))
