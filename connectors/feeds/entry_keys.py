"""What makes two entries the same article: a key that outlives scheme, tracking and host, and its aliases."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|pk_\w+|mtm_\w+|piwik_\w+|matomo_\w+|at_(?:medium|campaign|custom\d|source|creation|variant|platform)"
    r"|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|xtor|ns_\w+|_hs(?:enc|mi)|rss|feed(?:burner)?|partner"
    r"|wt[._]mc|cmp(?:id)?|ftag|ocid|soc_src|soc_trk|sr_share|guccounter|ref_?src",
    re.IGNORECASE,
)
_PLAIN_LINK = re.compile(r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)((?:/[\w.~%-]*)*)", re.ASCII)
_WORLDWIDE = re.compile(r"https?://|tag:|urn:", re.IGNORECASE)
_HOST = re.compile(r"(?:tag:(?:[^,@]*@)?)?(?:www\.)?([\w.-]+)", re.IGNORECASE)  # of a plain URL, or of a tag


class Identity(NamedTuple):
    """What an entry says about itself that may tell it from others."""

    guid: str | None
    link: str | None
    title: str
    published_at: datetime | None


class Marks(NamedTuple):
    """By what an entry is known again, and by what an edit of it shows."""

    aliases: tuple[int, ...]  # within its feed, the surest first
    names: tuple[int, ...]  # in every feed
    version: str  # a digest of what a reader sees


def entry_key(feed_url: str, entry: Identity) -> str:
    """The key of an article: the same over http and https, with and without tracking parameters.

    A guid comes first, then the link with its fragment, then feed, title and date. A guid that is only a number
    or a word counts within its feed, and so does an address elsewhere without a title.
    """
    feed = plain_url(feed_url)
    if entry.guid and not _WORLDWIDE.match(entry.guid):
        return _digest("guid", feed, entry.guid)
    named = _named_everywhere(feed, entry)
    if named:
        return _digest(*named[0])
    address = entry.guid or entry.link
    if address:
        return _digest("guid" if entry.guid else "link", feed, plain_url(address))
    return _digest("text", feed, entry.title, _instant(entry))


def names_everywhere(feed_url: str, entry: Identity) -> tuple[int, ...]:
    """Digests by which an article is the same in two feeds.

    Whoever guesses an address could say it first, so it is enough only where it lies on the feed's own host.
    From elsewhere the title must be the same too.
    """
    return tuple(_number(*name) for name in _named_everywhere(plain_url(feed_url), entry))


def _named_everywhere(feed: str, entry: Identity) -> list[tuple[str, ...]]:
    address, kind = (entry.guid, "guid") if entry.guid else (entry.link, "link")
    if not address or not _WORLDWIDE.match(address):
        return []
    plain, title = plain_url(address), _folded(entry.title)
    own = [(kind, plain)] if _is_on_host(plain, feed) else []
    return [*own, (f"{kind} and title", plain, title)] if title else [*own]


def _is_on_host(address: str, feed: str) -> bool:
    """Whether an address lies on the host of a feed, on one below it or on one above it."""
    one, other = (found[1].lower() if (found := _HOST.match(plain)) else "" for plain in (address, feed))
    return bool(one and other) and f".{one}".endswith(f".{other}") | f".{other}".endswith(f".{one}")


def plain_url(url: str) -> str:
    """A URL without scheme, `www.`, default port and tracking parameters; the fragment stays. Other text as it is."""
    return _taken_apart(url).plain


def aliases(entry: Identity) -> tuple[int, ...]:
    """Digests by which an article is known again within its feed, the surest first.

    A guid is enough alone. A link needs a second witness, for link blogs point many entries at one page; the path
    of a link holds after a move to another host. Title and date together hold when both guid and link changed.
    """
    title = _folded(entry.title)
    when = _instant(entry)
    _, place, fragment = _taken_apart(entry.link or "")
    names = [
        ("guid", plain_url(entry.guid)) if entry.guid else None,
        ("link", plain_url(entry.link)) if entry.link and not entry.guid else None,
        ("place and title", place, title) if place and title else None,
        ("place and date", place, when) if place and when else None,
        ("title and date", title, when, fragment) if title and when else None,
    ]
    return tuple(_number(*name) for name in names if name)


def entry_keys(feed_url: str, entries: Sequence[Identity]) -> list[str]:
    """The key of each entry of one document; what several different entries share does not tell them apart.

    Some feeds give every entry the same guid, or link every entry to the home page.
    """
    by_guid, by_link = defaultdict(set), defaultdict(set)
    for entry in entries:
        place = plain_url(entry.link) if entry.link else entry.title
        by_guid[entry.guid].add(place)
        by_link[entry.link].add(entry.title)
    return [
        entry_key(
            feed_url,
            entry._replace(
                guid=entry.guid if len(by_guid[entry.guid]) == 1 else None,
                link=entry.link if len(by_link[entry.link]) == 1 else None,
            ),
        )
        for entry in entries
    ]


def distinct_aliases(named: Sequence[Sequence[int]], keys: Sequence[str]) -> list[list[int]]:
    """The aliases of each entry of one document, without those that entries of different keys share."""
    claimed: dict[int, str] = {}
    shared = set()
    for own, key in zip(named, keys, strict=True):
        for alias in own:
            if claimed.setdefault(alias, key) != key:
                shared.add(alias)
    return [[alias for alias in own if alias not in shared] for own in named]


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _instant(entry: Identity) -> str:
    return entry.published_at.isoformat() if entry.published_at else ""


class _TakenApart(NamedTuple):
    plain: str
    place: str  # path, query and fragment; empty where the URL is no web address
    fragment: str


@lru_cache(maxsize=1_000)  # an entry's link is asked for several times in a row
def _taken_apart(url: str) -> _TakenApart:
    plain = _PLAIN_LINK.fullmatch(url)
    if plain:  # most are, and `urlsplit` takes as long as all else that is done with an entry's names
        return _TakenApart(plain[1] + plain[2].rstrip("/"), plain[2].rstrip("/"), "")
    parts = _split(url.strip())
    if parts is None:
        return _TakenApart(url.strip(), "", "")
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    try:
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        port = ""
    place = _place(parts)
    return _TakenApart(host + port + place, place, parts.fragment)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> str:
    """Path, query and fragment; empty for a home page, which is the place of no article."""
    kept = [part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    query = "&".join(kept)
    fragment = "" if parts.fragment.startswith(("xtor=", "utm_", "ens_id=")) else parts.fragment
    return parts.path.rstrip("/") + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _digest(*parts: str) -> str:
    return _sha256(parts).hex()[:32]


def _number(*parts: str) -> int:
    return int.from_bytes(_sha256(parts)[:8], "big", signed=True)


def _sha256(parts: Sequence[str]) -> bytes:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest()
