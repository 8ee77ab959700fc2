"""Lists of feeds: OPML from any reader, shared by campaigns, and feeds that pages name."""

from pathlib import Path

import pytest

from connectors.campaign.feed_lists import outlines_of
from connectors.campaign.folder import read_campaign
from connectors.errors import CampaignFault
from connectors.feeds.discovery import FoundFeed, feeds_named_by, usual_places
from connectors.feeds.opml import OpmlFault, Outline, read_opml, write_opml

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Blogs</title></head><body>
  <outline text="Politics">
    <outline text="Blog A" type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
    <outline text="Blog B" type="rss" xmlUrl="https://b.example/feed" scope="local" territory="FR-91"/>
  </outline>
  <outline text="Blog A again" xmlurl="https://a.example/feed"/>
</body></opml>"""


def campaign(folder: Path, feeds: str = "") -> Path:
    head = 'id = "c"\ntitle = "C"\ntimezone = "Europe/Paris"\ncurrency = "EUR"\nstart = 2026-06-01\nend = 2026-08-01\n'
    text = head + 'feeds_from = "feeds.opml"\n[[candidates]]\nid = "a"\nname = "Anne A"\n' + feeds
    (folder / "campaign.toml").write_text(text)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    return folder


def test_folders_are_flattened_and_a_feed_comes_once() -> None:
    assert [(outline.url, outline.title, dict(outline.settings)) for outline in read_opml(LIST)] == [
        ("https://a.example/feed", "Blog A", {}),
        ("https://b.example/feed", "Blog B", {"scope": "local", "territory": "FR-91"}),
    ]


def test_what_is_written_is_read_again() -> None:
    written = [Outline("https://a.example/f?a=1&b=2", 'A "quoted" <name>', {"timezone": "Europe/Paris"}, 0)]
    [outline] = read_opml(write_opml("List", written))
    assert outline._replace(line=0) == written[0]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (b"", "no element"),
        (b"<html></html>", "begins with <html>"),
        (b"<opml><body>", "not XML"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml/>', "entities"),
    ],
)
def test_what_is_no_list_is_told(document: bytes, fault: str) -> None:
    with pytest.raises(OpmlFault, match=fault):
        read_opml(document)


def test_a_campaign_takes_the_feeds_of_a_shared_list_and_its_own_settings_hold(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(LIST)
    own = '[[feeds]]\nid = "ours"\nurl = "https://b.example/feed"\nscope = "national"\n'
    feeds = read_campaign(campaign(tmp_path, own)).feeds
    assert [(feed.id, feed.url, feed.scope) for feed in feeds] == [
        ("ours", "https://b.example/feed", "national"),
        ("a.example-feed", "https://a.example/feed", "national"),
    ]


def test_an_exported_campaign_comes_back_whole(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(LIST)
    before = read_campaign(campaign(tmp_path))
    (tmp_path / "feeds.opml").write_bytes(write_opml("C", outlines_of(before)))
    assert read_campaign(tmp_path).feeds == before.feeds


def test_a_feed_of_a_list_that_cannot_be_asked_is_a_fault_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text('<opml><body>\n<outline text="x" xmlUrl="file:///etc/passwd"/></body></opml>')
    with pytest.raises(CampaignFault, match=r"feeds\.opml:2: file:///etc/passwd"):
        read_campaign(campaign(tmp_path))


def test_a_page_names_its_feeds() -> None:
    page = b"""<html><head><base href="/blog/">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed">
      <LINK REL="alternate home" TYPE="application/atom+xml; charset=utf-8" HREF="feed" title="Posts">
      <link rel="alternate" type="text/html" href="en"><link rel="alternate" type="application/rss+xml" href="file:///x">
    """
    assert feeds_named_by(page, "https://a.example/") == [
        FoundFeed("https://a.example/blog/feed", "Posts"),
        FoundFeed("https://a.example/blog/comments/feed", "Comments"),
    ]


def test_a_page_that_names_none_may_have_one_in_the_usual_places() -> None:
    assert usual_places("https://a.example/blog")[:2] == [
        "https://a.example/blog/feed/",
        "https://a.example/blog/rss.xml",
    ]
