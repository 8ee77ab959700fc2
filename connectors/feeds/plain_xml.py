"""Plain RSS 2.0 and Atom 1.0, read by expat in a fraction of feedparser's time.

Whatever is out of the ordinary is left to feedparser: faults in the XML, other charsets than UTF-8, document types
that declare something, `xml:base`, XHTML inside XML, fields given twice or by the words of other formats.
"""

import re
from contextlib import suppress
from xml.parsers import expat

from connectors.feeds.documents import RawEntry, RawFeed

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_FIELDS = {
    "rss": {
        "guid": "guid", "link": "link", "title": "title", "description": "summary", "pubDate": "published",
        "author": "author", f"{_DC} creator": "creator", f"{_DC} date": "updated", f"{_CONTENT} encoded": "content",
    },
    "atom": {
        f"{_ATOM} id": "guid", f"{_ATOM} title": "title", f"{_ATOM} summary": "summary", f"{_ATOM} content": "content",
        f"{_ATOM} published": "published", f"{_ATOM} updated": "updated",
    },
}  # fmt: skip
_CHANNEL_FIELDS = {
    "ttl": "ttl",
    f"{_SYNDICATION} updatePeriod": "update_period",
    f"{_SYNDICATION} updateFrequency": "update_frequency",
}
# Elements of an entry that other formats, or feedparser, take for one of the fields above.
_AMBIGUOUS = re.compile(
    r"(?!\S*/mrss/ content)"
    r"(?:.* )?(?:summary|subtitle|content|id|published|updated|created|issued|modified|date|body|name|author|creator"
    r"|title|description|link|guid|encoded|pubDate|origLink|tagline|abstract|fullitem)",
    re.IGNORECASE,
)
_TEXTS = (f"{_ATOM} content", f"{_ATOM} summary", f"{_ATOM} title")
_TEXT_TYPES = (None, "text", "html", "text/plain", "text/html")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}


class _Unusual(Exception):
    """The document is not plain."""


def read_plain_feed(document: bytes, content_type: str | None) -> RawFeed | None:
    """What the document says, or None where only feedparser should read it."""
    declared = _DECLARED.match(document.removeprefix(b"\xef\xbb\xbf"))
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    charsets = [declared[1].decode().lower() if declared else "utf-8", charset[1].lower() if charset else "utf-8"]
    if any(name not in ("utf-8", "utf8") for name in charsets):
        return None
    reader = _Reader()
    try:
        reader.read(document)
    except (_Unusual, expat.ExpatError, UnicodeDecodeError):
        return None
    return reader.feed if reader.feed.entries else None  # nothing: perhaps in words that only feedparser knows


class _Reader:
    """Follows the elements of one document."""

    def __init__(self) -> None:
        self.feed = RawFeed()
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.buffer_size = 65_536
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._path: list[str] = []
        self._kind = ""
        self._pieces: list[str] = []
        self._is_open = False  # the text of a field is being read
        self._values: dict[str, str] | None = None  # of the entry being read
        self._verbatim: set[str] = set()  # fields of the entry that are text and no HTML
        self._is_permalink = True
        self._has_media_text = False

    def read(self, document: bytes) -> None:
        """Read the whole document into `feed`.

        Raises:
            _Unusual: it is not plain.
            ExpatError: it is not well formed.
        """
        self._parser.Parse(document, True)

    def _refuse_doctype(self, _name: str, system_id: str | None, public_id: str | None, has_subset: int) -> None:
        # One that only names itself declares nothing; all others may declare entities.
        if system_id or public_id or has_subset:
            raise _Unusual

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        # The base of a text counts for the links inside it, which we do not keep.
        if self._is_open or (_XML_BASE in attributes and name not in _TEXTS):
            raise _Unusual
        depth = len(self._path)
        self._path.append(name)
        if depth == 0:
            self._kind = {"rss": "rss", f"{_ATOM} feed": "atom"}.get(name, "")
            if not self._kind:
                raise _Unusual
        elif self._values is not None:
            self._begin_in_entry(name, attributes, depth)
        elif name in ("item", f"{_ATOM} entry"):
            if depth != (2 if self._kind == "rss" else 1):
                raise _Unusual
            self._values = {}
            self._verbatim.clear()
            self._is_permalink = True
            self._has_media_text = False
        elif self._kind == "rss" and depth == 2 and name in _CHANNEL_FIELDS:  # noqa: PLR2004 — rss, channel
            self._open()

    def _begin_in_entry(self, name: str, attributes: dict[str, str], depth: int) -> None:
        is_child = depth == (3 if self._kind == "rss" else 2)
        if not is_child:
            self._has_media_text |= name.endswith((" title", " description")) and "mrss" in name
            if self._path[-2] == f"{_ATOM} author" and name == f"{_ATOM} name":
                self._open()
        elif name in _FIELDS[self._kind]:
            if attributes.get("type") not in _TEXT_TYPES or not attributes.keys().isdisjoint(("mode", "href")):
                raise _Unusual
            if self._kind == "atom" and "html" not in attributes.get("type", "text"):
                self._verbatim.add(_FIELDS["atom"][name])
            if name == "guid":
                self._is_permalink = attributes.get("isPermaLink", "true") == "true"
            self._open()
        elif name == f"{_ATOM} link":
            self._take_link(attributes)
        elif name != f"{_ATOM} author" and _AMBIGUOUS.fullmatch(name):
            raise _Unusual

    def _take_link(self, attributes: dict[str, str]) -> None:
        if "href" not in attributes:
            raise _Unusual
        if attributes.get("rel", "alternate") != "alternate":
            return
        if self._kind == "rss" or attributes.get("type", "text/html") not in ("text/html", "application/xhtml+xml"):
            raise _Unusual
        self._set("link", attributes.get("href", ""))

    def _open(self) -> None:
        self._is_open = True
        self._pieces.clear()
        self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        self._path.pop()
        if self._is_open:
            self._is_open = False
            self._parser.CharacterDataHandler = None
            text = _mended("".join(self._pieces).strip())
            if self._values is None:
                setattr(self.feed, _CHANNEL_FIELDS[name], text)
            else:
                self._set("author" if name == f"{_ATOM} name" else _FIELDS[self._kind][name], text)
        elif self._values is not None and name in ("item", f"{_ATOM} entry"):
            self._end_entry(self._values)

    def _set(self, name: str, text: str) -> None:
        if self._values is None or name in self._values:
            raise _Unusual
        self._values[name] = text

    def _end_entry(self, values: dict[str, str]) -> None:
        if self._has_media_text and not ("title" in values and "summary" in values):
            raise _Unusual
        # A name where both are given: an author of RSS is an address.
        values["author"] = values.pop("creator", "") or values.get("author", "")
        kept = "summary" if values.get("summary") else "content"
        values["summary"] = values.get(kept, "")
        if not values.get("link") and self._is_permalink:
            values["link"] = values.get("guid", "")
        values["link"] = values.get("link", "").replace("&amp;", "&")
        entry = RawEntry(
            is_title_html="title" not in self._verbatim,
            is_summary_html=kept not in self._verbatim,
            is_content_html="content" not in self._verbatim,
        )
        for name, text in values.items():
            setattr(entry, name, text)
        self.feed.entries.append(entry)
        self._values = None


def _mended(text: str) -> str:
    """The text with two common slips of encoding undone, as feedparser undoes them."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    # Looking for each of them costs a hundredth of a translation that finds none.
    return text.translate(_CP1252) if any(chr(code) in text for code in _CP1252) else text
