"""A page's feeds are found where it names them, else in the usual places."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.feeds.discovery import FoundFeed
from flows.feeds.find import feed_table, find_feeds
from flows.settings import Settings
from tests.flows.feeds.loopback import Reply, Site, rss, served

FEED = Reply(body=rss("<item><title>One</title></item>"))


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def find(tmp_path: Path, url: str) -> list[FoundFeed]:
    return find_feeds(url, Settings(home=tmp_path, allow_private_hosts=True, host_gap_s=0, _env_file=None))


def test_a_page_names_its_feed(tmp_path: Path, site: Site) -> None:
    named = b"<html><link rel=alternate type=application/rss+xml title=Posts href=posts.xml>"
    site.replies["/blog/"] = Reply(body=named)
    assert find(tmp_path, site.url("/blog/")) == [FoundFeed(site.url("/blog/posts.xml"), "Posts")]


def test_a_page_that_names_none_is_asked_in_the_usual_places(tmp_path: Path, site: Site) -> None:
    site.replies.update({"/blog": Reply(body=b"<html>A blog</html>"), "/blog/atom.xml": FEED})
    assert find(tmp_path, site.url("/blog")) == [FoundFeed(site.url("/blog/atom.xml"), "")]


def test_a_feed_is_its_own(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = FEED
    assert find(tmp_path, site.url("/feed")) == [FoundFeed(site.url("/feed"), "")]


BOMB = b"<rss version='2.0'><channel><item>" + b"<a>" * 700_000


def test_a_page_that_means_no_good_takes_no_more_than_a_worker_may_have(tmp_path: Path, site: Site) -> None:
    site.replies["/blog"] = Reply(body=BOMB)
    before = getrusage(RUSAGE_SELF).ru_maxrss
    assert find(tmp_path, site.url("/blog")) == []
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 40_000  # kilobytes: the document itself, and no tree of it


def test_a_bomb_in_one_usual_place_does_not_hide_the_next(tmp_path: Path, site: Site) -> None:
    site.replies.update({"/blog": Reply(body=b"<html>A blog</html>"), "/blog/feed/": Reply(body=BOMB)})
    site.replies["/blog/rss.xml"] = FEED
    assert find(tmp_path, site.url("/blog")) == [FoundFeed(site.url("/blog/rss.xml"), "")]


@given(title=st.text(), tail=st.text(st.characters(exclude_categories=["Cs"])))
@example(title='a\n[[donations]]\nid="p"\x1b[31m', tail='f"\nid = "x')
def test_what_a_page_says_of_its_feed_is_pasted_as_one_table_with_one_key(title: str, tail: str) -> None:
    url = "https://blog.example/" + tail
    text = feed_table(FoundFeed(url, title))
    assert tomllib.loads(text) == {"feeds": [{"url": url}]}
    assert "\x1b" not in text
