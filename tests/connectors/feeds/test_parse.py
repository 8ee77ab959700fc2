"""Feed documents against entries written down by hand."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.errors import SourceUnreadable
from connectors.feeds.parse import ParsedFeed, parse_feed

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
URL = "https://blog.example/feed"


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{i}</item>' for i in items)}</channel></rss>".encode()


def parse(*items: str, url: str = URL) -> ParsedFeed:
    return parse_feed(rss(*items), url, NOON, "Europe/Paris")


def test_link_stands_in_for_a_missing_guid() -> None:
    plain = parse("<link>https://blog.example/a#part</link>").entries[0]
    tracked = parse("<link>http://www.blog.example/a?utm_source=rss#part</link>").entries[0]
    other = parse("<link>https://blog.example/a#other</link>").entries[0]
    assert plain.entry_id == tracked.entry_id
    assert plain.entry_id != other.entry_id


def test_an_entry_with_neither_guid_nor_link_is_kept() -> None:
    [entry] = parse("<title>Short news</title>").entries
    assert (entry.guid, entry.link, entry.title) == (None, None, "Short news")


def test_an_entry_with_nothing_but_a_date_is_kept() -> None:
    [entry] = parse("<pubDate>Wed, 01 Jul 2026 08:00:00 GMT</pubDate>").entries
    assert entry.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_a_title_of_atom_is_text_and_one_of_rss_may_be_html() -> None:
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title{}>The &lt;b&gt; tag &amp;amp; AT&amp;T</title>"
        "<id>1</id></entry></feed>"
    )
    titles = [parse_feed(atom.format(kind).encode(), URL, NOON).entries[0].title for kind in ("", " type='html'")]
    assert titles == ["The <b> tag &amp; AT&T", "The tag & AT&T"]


def test_a_guid_that_is_no_address_does_not_become_one() -> None:
    before = parse("<guid>g1</guid><title>T</title>").entries[0]
    assert (before.guid, before.link) == ("g1", None)


def test_a_link_in_capitals_is_a_link_and_the_same_article() -> None:
    loud = parse("<link>HTTP://B.EX/P</link>").entries[0]
    as_guid = parse("<guid>HTTPS://B.EX/P</guid><link>HTTPS://B.EX/P</link>").entries[0]
    assert (loud.link, as_guid.link) == ("HTTP://B.EX/P", "HTTPS://B.EX/P")
    assert loud.entry_id == parse("<link>https://b.ex/P</link>").entries[0].entry_id


def test_relative_links_begin_where_redirects_ended() -> None:
    parsed = parse_feed(rss("<link>/p/1</link>"), URL, NOON, document_url="https://new.example/feed")
    assert parsed.entries[0].link == "https://new.example/p/1"


def test_a_link_that_is_the_guid_as_well_is_a_link_where_it_is_a_path() -> None:
    entry = parse("<guid isPermaLink='false'>/p/1</guid><link>/p/1</link>").entries[0]
    assert (entry.guid, entry.link) == ("/p/1", "https://blog.example/p/1")


def test_markup_and_scripts_fall_away_from_titles_and_summaries() -> None:
    [entry] = parse(
        "<title>&lt;b&gt;De&lt;/b&gt;bate &amp;amp; buzz</title>"
        "<description>&lt;p&gt;Hollande&lt;/p&gt;&lt;p&gt;Aubry&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description>"
    ).entries
    assert (entry.title, entry.summary) == ("Debate & buzz", "Hollande Aubry")


def test_a_summary_is_short() -> None:
    [entry] = parse(f"<title>T</title><description>{'word ' * 1000}</description>").entries
    assert len(entry.summary) <= 500
    assert entry.summary.endswith("word…")


@pytest.mark.parametrize(("full_text", "text"), [(False, "In short"), (True, "word " * 999 + "word")])
def test_full_text_is_kept_only_where_it_is_asked_for(full_text: bool, text: str) -> None:
    content = f"<content:encoded>&lt;p&gt;{'word ' * 1000}&lt;/p&gt;</content:encoded>"
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    item = f"<item><title>T</title><description>In short</description>{content}</item>"
    document = f"<rss version='2.0' {space}><channel>{item}</channel></rss>".encode()
    assert parse_feed(document, URL, NOON, full_text=full_text).entries[0].summary == text


def test_the_same_guid_on_all_entries_tells_nobody_apart() -> None:
    a, b = parse(
        "<guid>0</guid><link>https://b.example/1</link>", "<guid>0</guid><link>https://b.example/2</link>"
    ).entries
    assert a.entry_id != b.entry_id


def test_entries_that_link_home_are_told_apart_by_title() -> None:
    a, b = parse(
        "<link>https://b.example/</link><title>A</title>", "<link>https://b.example/</link><title>B</title>"
    ).entries
    assert a.entry_id != b.entry_id


def test_a_date_in_the_future_is_suspect() -> None:
    [entry] = parse("<title>T</title><pubDate>Thu, 02 Jul 2026 12:00:00 GMT</pubDate>").entries
    assert entry.time_quality == "suspect"


def test_a_feed_whose_entries_all_come_at_midnight_knows_days_only() -> None:
    days = [f"<title>T{d}</title><pubDate>{d:02d} Jun 2026 00:00:00 GMT</pubDate>" for d in (1, 2, 3)]
    assert {entry.time_quality for entry in parse(*days).entries} == {"assumed_date"}


def test_a_date_that_cannot_be_read_is_counted_and_its_entry_kept() -> None:
    parsed = parse("<title>T</title><pubDate>the day after</pubDate>")
    assert parsed.entries[0].time_quality == "missing"
    assert "'the day after'" in parsed.rejects[0].reason


def test_the_feed_says_how_often_it_changes() -> None:
    document = b"<rss version='2.0'><channel><ttl>120</ttl><item><title>T</title></item></channel></rss>"
    assert parse_feed(document, URL, NOON).period_s == 7200


def test_a_json_feed_is_read() -> None:
    document = b"""\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": [
        {"id": 7, "url": "/p/7", "title": "AT&T < 5", "content_html": "<p>One</p><p>two</p>",
         "date_published": "2026-07-01T10:00:00+02:00", "authors": [{"name": "Anne A"}]},
        {"id": "8", "external_url": "https://b.example/8", "content_text": "a <b", "author": {"name": "Bob"}},
        "no item"]}"""
    first, second = parse_feed(document, URL, NOON).entries
    assert (first.guid, first.link, first.title) == ("7", "https://blog.example/p/7", "AT&T < 5")
    assert (first.summary, first.author) == ("One two", "Anne A")
    assert first.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert (second.link, second.summary, second.author) == ("https://b.example/8", "a <b", "Bob")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b'{"version": "2.0", "items": []}', "no JSON Feed"),
        (b'{"items": [', "broken JSON"),
        (b'{"a":' * 100_000, "broken JSON"),
        (b"<html><p>Sign in</html>", "web page"),
        (b"", "empty"),
        (b"\x00\xff" * 50, "not a feed"),
    ],
)
def test_a_page_that_is_no_feed_is_unreadable(page: bytes, reason: str) -> None:
    with pytest.raises(SourceUnreadable, match=reason):
        parse_feed(page, URL, NOON)


NAMES = ("item", "title", "textinput", "where", "gml:pos", "geo:lat", "image", "link", "author", "entry", "content")
TAGS = st.sampled_from([f"<{end}{name}{empty}>" for name in NAMES for end, empty in (("", ""), ("/", ""), ("", "/"))])


@given(st.lists(TAGS | st.text(max_size=3), max_size=9).map("".join))
@example("<textinput><title>x</title><ttl>x</ttl>")
@example("<gml:pos>1 2</gml:pos><where/>")
def test_elements_in_any_order_are_a_feed_or_unreadable(inside: str) -> None:
    document = f"<rss version='2.0'><channel><item><title>a</title>{inside}</item></channel></rss>"
    with suppress(SourceUnreadable):
        parsed = parse_feed(document.encode("utf-8", "replace"), URL, NOON)
        assert len(parsed.marks) == len(parsed.entries)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(max_size=3) | st.floats(), st.lists, max_leaves=9).map(
        lambda value: json.dumps({"version": "https://jsonfeed.org/version/1", "items": value}).encode()
    )
)
def test_any_bytes_are_a_feed_or_unreadable(document: bytes) -> None:
    with suppress(SourceUnreadable):
        parsed = parse_feed(document, URL, NOON)
        assert len(parsed.marks) == len(parsed.entries)
