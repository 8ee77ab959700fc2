"""The fast reader of plain feeds says what feedparser says, or leaves the document to it."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.documents import RawFeed, read_with_feedparser
from connectors.feeds.plain_xml import read_plain_feed

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).map(str.strip)
TEXTS = st.one_of(WORDS, st.just("<b>bold</b> &amp; é"), st.just("Müller’s “quote”"))
DATES = st.sampled_from(["Wed, 01 Jul 2026 08:00:00 GMT", "2026-07-01T08:00:00Z", "soon"])
ADDRESSES = st.sampled_from(["https://a.example/1?a=1&b=2", "http://a.example/", "/relative", "g1", "tag:a.example:1"])
RSS = {
    "title": TEXTS,
    "description": TEXTS,
    "pubDate": DATES,
    "guid": ADDRESSES,
    "link": ADDRESSES,
    "dc:creator": WORDS,
    "content:encoded": TEXTS,
    "category": WORDS,
    "slash:comments": WORDS,
}
ATOM = {"title": TEXTS, "summary": TEXTS, "published": DATES, "updated": DATES, "id": ADDRESSES, "content": TEXTS}


def fields(kinds: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[tuple[str, str]]]:
    chosen = st.lists(st.sampled_from(sorted(kinds)), unique=True)
    return chosen.flatmap(lambda names: st.tuples(*(st.tuples(st.just(name), kinds[name]) for name in names)).map(list))


def plain(document: str) -> RawFeed:
    feed = read_plain_feed(document.encode(), None)
    assert feed is not None
    return feed


def assert_agrees(document: str) -> None:
    slow = read_with_feedparser(document.encode(), None)
    assert isinstance(slow, RawFeed)
    assert plain(document) == slow


@given(st.lists(fields(RSS), min_size=1, max_size=3))
def test_it_agrees_on_rss(items: list[list[tuple[str, str]]]) -> None:
    spaces = {"dc": "http://purl.org/dc/elements/1.1/", "content": "http://purl.org/rss/1.0/modules/content/",
              "slash": "http://purl.org/rss/1.0/modules/slash/"}  # fmt: skip
    declared = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in spaces.items())
    inside = "".join(f"<item>{''.join(f'<{n}>{escape(v)}</{n}>' for n, v in item)}</item>" for item in items)
    assert_agrees(f"<rss version='2.0' {declared}><channel><title>T</title><ttl>60</ttl>{inside}</channel></rss>")


@given(st.lists(fields(ATOM), min_size=1, max_size=3), st.sampled_from(["", " type='html'", " type='text'"]))
def test_it_agrees_on_atom(entries: list[list[tuple[str, str]]], kind: str) -> None:
    def element(name: str, value: str) -> str:
        return f"<{name}{kind if name in ('title', 'summary', 'content') else ''}>{escape(value)}</{name}>"

    author = "<author><name>Anne A</name><email>anne@a.example</email></author>"
    link = "<link rel='self' href='https://a.example/self'/><link href='https://a.example/1'/>"
    inside = "".join(f"<entry>{author}{link}{''.join(element(*field) for field in entry)}</entry>" for entry in entries)
    assert_agrees(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{inside}</feed>")


def test_it_agrees_where_a_document_type_declares_nothing() -> None:
    inside = "<channel><item><title>Müller &amp; Sœurs</title><guid>1</guid></item></channel>"
    assert_agrees(f"<!DOCTYPE html><rss version='2.0'>{inside}</rss>")


@pytest.mark.parametrize(
    "document",
    [
        "<rss><channel><item><title>not closed</channel></rss>",
        "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel/></rss>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
        "<!DOCTYPE rss SYSTEM 'http://a.example/rss.dtd'><rss><channel><item><title>a</title></item></channel></rss>",
        "<rss><channel><item><title>One</title><title>Two</title></item></channel></rss>",
        "<rss><channel><item><title>One</title><link href='https://a.example/1'/></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/'><entry><id>1</id></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div>a</div></title></entry></feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<html><body>Sign in</body></html>",
    ],
)
def test_what_is_not_plain_is_left_to_feedparser(document: str) -> None:
    assert read_plain_feed(document.encode(), None) is None


def test_a_charset_of_the_server_that_is_not_utf_8_is_left_to_feedparser() -> None:
    assert read_plain_feed(b"<rss><channel/></rss>", "text/xml; charset=iso-8859-1") is None
