"""OPML: the lists of feeds that readers exchange, read and written.

Besides the attributes that all readers know, an outline may carry ours, named as in `campaign.toml`:
`id`, `source_kind`, `scope`, `territory`, `timezone`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.parsers import expat

_OURS = ("id", "source_kind", "scope", "territory", "timezone")
_MOST_BYTES = 5_000_000


class Outline(NamedTuple):
    """One feed of a list; `settings` are ours, in the words of `campaign.toml`."""

    url: str
    title: str
    settings: Mapping[str, str]
    line: int


class OpmlFault(ValueError):
    """A list that cannot be read; `line` says where."""

    def __init__(self, fault: str, line: int) -> None:
        super().__init__(fault)
        self.line = line


def read_opml(document: bytes) -> list[Outline]:
    """The feeds of a list, folders flattened, each URL once.

    Raises:
        OpmlFault: it is not OPML.
    """
    found: dict[str, Outline] = {}
    roots: list[str] = []
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        roots.append(name)
        known = {key.lower(): value.strip() for key, value in attributes.items()}
        url = known.get("xmlurl", "")
        if name.lower() == "outline" and url:
            title = known.get("title") or known.get("text", "")
            ours = {key: known[key] for key in _OURS if known.get(key)}
            found.setdefault(url, Outline(url, title, ours, parser.CurrentLineNumber))

    def refuse(*_declared: object) -> None:
        raise OpmlFault("a list of feeds declares no entities", parser.CurrentLineNumber)

    parser.StartElementHandler = begin
    parser.EntityDeclHandler = refuse
    if len(document) > _MOST_BYTES:
        raise OpmlFault(f"larger than {_MOST_BYTES:,} bytes", 1)
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise OpmlFault(f"not XML: {expat.ErrorString(error.code)}", error.lineno) from error
    if roots[0].lower() != "opml":
        raise OpmlFault(f"not OPML: it begins with <{roots[0]}>", 1)
    return list(found.values())


def write_opml(title: str, outlines: Iterable[Outline]) -> bytes:
    """The list as a document that any reader imports."""
    opml = Element("opml", version="2.0")
    SubElement(SubElement(opml, "head"), "title").text = title
    body = SubElement(opml, "body")
    for outline in outlines:
        name = outline.title or outline.url
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": outline.url, **outline.settings}
        SubElement(body, "outline", attributes)
    indent(opml)
    document: bytes = tostring(opml, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
