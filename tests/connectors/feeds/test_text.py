"""Titles as a person would read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.text import plain_text, verbatim_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("AT&T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("page?a=1&copy=2", "page?a=1&copy=2"),
        ("L&#8217;&eacute;t&eacute;&nbsp;2026", "L’été 2026"),
        ("a < b", "a < b"),
        ("x<y and y>z", "x<y and y>z"),
        ("I <3 debates", "I <3 debates"),
        ("#include </etc/shadow>", "#include </etc/shadow>"),
        ("List<String> &amp; co", "List<String> & co"),
        ("History of the &lt;blink&gt; tag", "History of the <blink> tag"),
        ("<b>De</b>bate &amp; <em>buzz</em>", "Debate & buzz"),
        ("<p>One</p><p>two</p><script>three()</script><!-- four -->", "One two"),
        # Escaped once too often.
        ("&lt;p&gt;Hello&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;", "Hello"),
        ("<img src=x onerror=alert(1)>picture", "picture"),
    ],
)
def test_html_is_read_as_a_person_sees_it(markup: str, text: str) -> None:
    assert plain_text(markup, 500) == text


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("History of the <blink> tag", "History of the <blink> tag"),
        ("What &amp; means", "What &amp; means"),
        ("<script>alert(1)</script>Hello", "Hello"),
    ],
)
def test_text_stays_as_it_is_unless_it_is_surely_markup(sent: str, text: str) -> None:
    assert verbatim_text(sent, 500) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&", exclude_categories=["Cc"])))
def test_text_without_markup_stays(text: str) -> None:
    assert plain_text(text, 10_000) == verbatim_text(text, 10_000) == " ".join(text.split())


@given(st.lists(st.sampled_from(["<script>", "</script>", "&lt;", "&gt;", "&amp;", "<", ">", "a", "<b ", "=", "--"])))
def test_no_element_with_its_end_is_left(pieces: list[str]) -> None:
    assert "</script>" not in plain_text("".join(pieces), 500)
