"""Slips of XML that feeds make, and what they meant."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.mend_xml import mended
from connectors.feeds.parse import parse_feed


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (b"AT&T and R & D", b"AT&amp;T and R &amp; D"),
        (b"?a=1&b=2", b"?a=1&amp;b=2"),
        (b"&eacute;t&eacute; &amp; &lt;b&gt;", b"&#233;t&#233; &amp; &lt;b&gt;"),
        (b"&amp;eacute;", b"&amp;eacute;"),
        (b"&unheard;", b"&amp;unheard;"),
        (b"&#233;&#xE9;&#8;&#x0;a\x0bb", b"&#233;&#xE9;ab"),
        (b"a & <![CDATA[b & c &eacute;]]> & d", b"a &amp; <![CDATA[b & c &eacute;]]> &amp; d"),
        (b"<!DOCTYPE rss [<!ENTITY x 'y'>]>&x; & z", b"<!DOCTYPE rss [<!ENTITY x 'y'>]>&x; & z"),
    ],
)
def test_a_slip_is_what_it_was_meant_to_be(sent: bytes, meant: bytes) -> None:
    assert mended(sent) == meant


def test_letters_by_name_are_read_where_a_document_type_is_declared() -> None:
    document = (
        "<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://n.example/r'>"
        "<rss version='0.91'><channel><item><title>&eacute;t\xe9, AT&T</title></item></channel></rss>"
    )
    [entry] = parse_feed(document.encode("latin-1"), "https://a.example/f", datetime(2026, 7, 1, tzinfo=UTC)).entries
    assert entry.title == "été, AT&T"


@given(st.binary())
def test_what_is_mended_needs_no_mending(document: bytes) -> None:
    assert mended(mended(document)) == mended(document)
