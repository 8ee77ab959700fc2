"""What stays of an address when it is taken for the name of an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.entry_keys import plain_url

PARTS = st.text("abz019-.~%_/", max_size=12)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://www.blog.example/2026/07/debate/", "blog.example/2026/07/debate"),
        ("http://blog.example/2026/07/debate", "blog.example/2026/07/debate"),
        ("HTTPS://Blog.example:443/a", "blog.example/a"),
        ("https://blog.example:8443/a?utm_source=rss&id=1#part", "blog.example:8443/a?id=1#part"),
        ("https://blog.example", "blog.example"),
        ("tag:blog.example,2026:1", "tag:blog.example,2026:1"),
    ],
)
def test_scheme_www_port_and_tracking_fall_away(url: str, plain: str) -> None:
    assert plain_url(url) == plain


@given(PARTS, PARTS)
def test_an_empty_query_changes_nothing(host: str, path: str) -> None:
    url = f"https://www.a{host.replace('/', '').replace('%', '')}.example/{path}"
    assert plain_url(url) == plain_url(url + "?")
