"""A page's feeds are found where it names them, else in the usual places."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.feed_discovery import FoundFeed
from flows.find_feeds import find_feeds
from flows.settings import Settings
from tests.flows.loopback import Reply, Site, rss, served

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
