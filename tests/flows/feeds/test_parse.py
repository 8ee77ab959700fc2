"""Documents that mean no good meet a worker with little memory and little time."""

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import SourceUnreadable
from connectors.feeds.parse import ParsedFeed
from connectors.web.get import Answer
from flows.feeds.parse import ParseWorkers

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
GOOD = b"<rss version='2.0'><channel><item><title>Good</title></item></channel></rss>"


@pytest.fixture(scope="module")
def workers() -> Iterator[ParseWorkers]:
    with ParseWorkers(1, worker_bytes=60_000_000, document_s=3) as workers:
        yield workers


def parse(workers: ParseWorkers, document: bytes) -> ParsedFeed:
    answer = Answer(
        url="https://blog.example/feed",
        status=200,
        headers={},
        document=io.BytesIO(document),
        sha256="",
        size=len(document),
        is_moved_for_good=False,
        is_conditional=False,
        requests=1,
    )
    return asyncio.run(workers.parse(answer, "https://blog.example/feed", NOON, "UTC"))


def rss(inside: bytes) -> bytes:
    return b"<?xml version='1.0'?><rss version='2.0'><channel>" + inside + b"</channel></rss>"


ENTITIES = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
LAUGHS = b'<!DOCTYPE rss [<!ENTITY l0 "lol">' + ENTITIES + b"]>" + rss(b"<item><title>&l9;</title></item>")
OUTSIDE = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(b"<item><title>a &x;</title></item>")


@pytest.mark.parametrize(
    "document",
    [
        rss(b"<item>" + b"<a>" * 700_000 + b"</item>"),
        rss(b"<item><title>" + b"&" * 4_900_000 + b"</title></item>"),
        rss(b"<" * 4_900_000),
    ],
    ids=["deep", "ampersands", "open tags"],
)
def test_a_document_that_takes_too_much_is_set_aside_and_the_next_is_read(
    workers: ParseWorkers, document: bytes
) -> None:
    with pytest.raises(SourceUnreadable, match="feed: the document"):
        parse(workers, document)
    assert parse(workers, GOOD).entries[0].title == "Good"


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE], ids=["entities of entities", "entities outside"])
def test_a_document_with_hostile_entities_is_set_aside(workers: ParseWorkers, document: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="declares entities"):
        parse(workers, document)


def test_an_entity_of_plain_text_is_no_reason_to_set_a_document_aside(workers: ParseWorkers) -> None:
    declared = b"<!DOCTYPE rss [<!ENTITY nbsp '&#160;'><!ENTITY co 'Smith &amp; Sons'>]>"
    assert parse(workers, declared + rss(b"<item><title>One</title></item>")).entries[0].title == "One"


def test_text_that_is_quadratic_elsewhere_takes_no_time(workers: ParseWorkers) -> None:
    hostile = rss(b"<item><title>t</title><description><![CDATA[" + b"<!-- x>" * 200_000 + b"]]></description></item>")
    assert parse(workers, hostile).entries[0].title == "t"


NUMBERED = b"".join(b"<item><guid>%d</guid></item>" % number for number in range(100_000))
JSON_ITEMS = b",".join(b'{"id": "%d"}' % number for number in range(100_000))


@pytest.mark.parametrize(
    "document",
    [
        rss(NUMBERED),
        b"<!DOCTYPE rss [<!ENTITY co 'Smith'>]>" + rss(NUMBERED),
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + JSON_ITEMS + b"]}",
    ],
    ids=["plain", "for feedparser", "JSON"],
)
def test_of_more_entries_than_anyone_writes_the_first_are_read(workers: ParseWorkers, document: bytes) -> None:
    parsed = parse(workers, document)
    assert [entry.guid for entry in parsed.entries] == [str(number) for number in range(5_000)]
    assert parsed.rejects[0].reason == "100000 entries in one document; the first 5000 were read"


def test_of_items_without_anything_in_them_none_is_kept(workers: ParseWorkers) -> None:
    parsed = parse(workers, rss(b"<item></item>" * 370_000))
    assert parsed.entries == []
    assert parsed.rejects[-1].reason == "370000 entries in one document; the first 5000 were read"


@given(st.binary(max_size=300), st.integers(0, 250))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_more_than_their_own_document(workers: ParseWorkers, junk: bytes, place: int) -> None:
    document = rss(b"<item><title>One</title><link>http://a.example/1</link></item><item><guid>2</guid></item>")
    try:
        parsed = parse(workers, document[:place] + junk + document[place:])
    except SourceUnreadable:
        return
    assert all(entry.entry_id for entry in parsed.entries)
