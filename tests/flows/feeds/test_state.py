"""The same article once, whatever happens to its feed or to the collector."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.feeds.polling import HOUR, NOON, attempts, campaign_of, collect, landed, state_of

DAY = 24 * HOUR
DATE = "Wed, 01 Jul 2026 08:00:00 GMT"


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def article(*, guid: str = "", link: str = "", title: str = "T", date: str = DATE) -> str:
    return f"<item><guid>{guid}</guid><link>{link}</link><title>{title}</title><pubDate>{date}</pubDate></item>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (article(guid="http://b.example/?p=1"), article(guid="https://b.example/?p=1")),
        (article(link="http://b.example/a"), article(link="https://www.b.example/a/?utm_source=rss&xtor=RSS-1")),
        (article(guid="g1", link="https://b.example/a"), article(guid="g2", link="https://b.example/a")),
        (article(guid="old:1", link="https://b.example/a"), article(guid="new:1", link="https://moved.example/a")),
        (article(guid="old:1", link="https://b.example/a"), article(guid="new:1", link="https://b.example/other/slug")),
        (article(link="https://b.example/a"), article(guid="g1", link="https://b.example/a", title="T (edited)")),
        (article(guid="g1", title="T"), article(guid="g1", title="T (edited)", date="Wed, 01 Jul 2026 09:00:00 GMT")),
        (article(title="Neither guid nor link"), article(title="Neither guid nor link")),
    ],
)
def test_it_is_still_the_same_article(tmp_path: Path, site: Site, before: str, after: str) -> None:
    site.replies["/feed"] = Reply(body=rss(before))
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(body=rss(after, "<!-- not the same bytes -->"))
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    assert len({row["entry_id"] for row in landed(tmp_path, "entries")}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (article(link="https://b.example/a#one"), article(link="https://b.example/a#two")),
        # A link blog points twice at one page.
        (
            article(guid="1", link="https://x.example/a", title="A"),
            article(guid="2", link="https://x.example/a", title="B", date="Thu, 02 Jul 2026 08:00:00 GMT"),
        ),
        (
            article(guid="1", link="https://b.example/", title="Open thread"),
            article(guid="2", link="https://b.example/", title="Open thread", date="Thu, 02 Jul 2026 08:00:00 GMT"),
        ),
        (article(title="Live"), article(title="Live", date="Thu, 02 Jul 2026 08:00:00 GMT")),
    ],
)
@pytest.mark.parametrize("is_one_document", [True, False])
def test_these_are_two_articles(tmp_path: Path, site: Site, first: str, second: str, is_one_document: bool) -> None:
    site.replies["/feed"] = Reply(body=rss(first, second) if is_one_document else rss(first))
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(body=rss(second))
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    assert len({row["entry_id"] for row in landed(tmp_path, "entries")}) == 2


def test_a_feed_that_guessed_the_addresses_of_another_makes_none_of_its_articles_vanish(
    tmp_path: Path, site: Site
) -> None:
    guesses = [article(guid=f"https://victim.example/?p={n}", title=f"Buy {n}") for n in range(10, 200)]
    site.replies["/squatter"] = Reply(body=rss(*guesses))
    site.replies["/victim"] = Reply(body=rss(article(guid="https://victim.example/?p=42", title="Ada speaks")))
    connect_to = dict.fromkeys(("squatter.example", "victim.example"), ("127.0.0.1", site.port))
    urls = ["http://squatter.example/squatter", "http://victim.example/victim"]
    collect(tmp_path, NOON, urls[0], connect_to=connect_to)
    collect(tmp_path, NOON + HOUR, *urls, connect_to=connect_to, force=True)
    ids = {row["title"]: row["entry_id"] for row in landed(tmp_path, "entries")}
    assert len(ids) == len(set(ids.values())) == 191


HERE, ELSEWHERE = "https://blog.example", "https://planet.example"


@pytest.mark.parametrize("is_one_run", [True, False])
@pytest.mark.parametrize(
    ("first", "second", "articles"),
    [
        # Another feed of the same blog; its headline was changed in between.
        ((HERE, article(guid=f"{HERE}/?p=1")), (HERE, article(guid=f"{HERE}/?p=1", title="U")), 1),
        ((HERE, article(link=f"{HERE}/a")), ("https://feeds.blog.example", article(link=f"{HERE}/a", title="U")), 1),
        # A planet that passes an article on, before or after the blog itself.
        ((HERE, article(guid=f"{HERE}/?p=1")), (ELSEWHERE, article(guid=f"{HERE}/?p=1")), 1),
        ((ELSEWHERE, article(guid=f"{HERE}/?p=1", title=" t ")), (HERE, article(guid=f"{HERE}/?p=1")), 1),
        ((ELSEWHERE, article(guid="tag:blog.example,2026:1")), (HERE, article(guid="tag:blog.example,2026:1")), 1),
        # Another title under the same address.
        ((ELSEWHERE, article(guid=f"{HERE}/?p=1", title="U")), (HERE, article(guid=f"{HERE}/?p=1")), 2),
        ((ELSEWHERE, article(link=f"{HERE}/a", title="U")), (HERE, article(link=f"{HERE}/a")), 2),
        ((ELSEWHERE, article(guid="urn:x:1", title="U")), (HERE, article(guid="urn:x:1")), 2),
        ((ELSEWHERE, article(guid=f"{HERE}/?p=1", title="")), (HERE, article(guid=f"{HERE}/?p=1", title="")), 2),
    ],
)
def test_two_feeds_have_the_same_article_by_host_or_by_title(
    tmp_path: Path, site: Site, first: tuple[str, str], second: tuple[str, str], articles: int, is_one_run: bool
) -> None:
    urls = [f"{host.replace('https:', 'http:')}/{n}" for n, (host, _) in enumerate((first, second))]
    site.replies |= {f"/{n}": Reply(body=rss(document)) for n, (_, document) in enumerate((first, second))}
    connect_to = {url.split("/")[2]: ("127.0.0.1", site.port) for url in urls}
    if not is_one_run:
        collect(tmp_path, NOON, urls[0], connect_to=connect_to)
    collect(tmp_path, NOON + HOUR, *urls, connect_to=connect_to)
    rows = landed(tmp_path, "entries")
    assert ({row["feed_url"] for row in rows}, len({row["entry_id"] for row in rows})) == (set(urls), articles)


def test_an_article_is_the_same_in_a_planet_that_has_its_edited_title(tmp_path: Path, site: Site) -> None:
    urls = ["http://blog.example/blog", "http://planet.example/planet"]
    connect_to = dict.fromkeys(("blog.example", "planet.example"), ("127.0.0.1", site.port))
    for hour, title in enumerate(("Ada speeks", "Ada speaks")):
        site.replies["/blog"] = Reply(body=rss(article(guid="https://blog.example/?p=1", title=title)))
        collect(tmp_path, NOON + hour * HOUR, urls[0], connect_to=connect_to, force=True)
    for file in (tmp_path / "home").glob("state.sqlite*"):
        file.unlink()
    site.replies["/planet"] = Reply(body=rss(article(guid="https://blog.example/?p=1", title="Ada speaks")))
    collect(tmp_path, NOON + 3 * HOUR, *urls, connect_to=connect_to, force=True)
    assert len({row["entry_id"] for row in landed(tmp_path, "entries")}) == 1


def test_an_edit_is_a_version_and_a_known_entry_is_none(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(article(guid="1"), article(guid="2", title="U")))
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(body=rss(article(guid="1", title="T, corrected"), article(guid="2", title="U")))
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    rows = sorted(landed(tmp_path, "entries"), key=lambda row: row["fetched_at"])
    assert [row["title"] for row in rows[2:]] == ["T, corrected"]
    assert rows[2]["entry_id"] in {row["entry_id"] for row in rows[:2]}


def test_an_entry_dated_inside_a_span_already_proved_is_suspect(tmp_path: Path, site: Site) -> None:
    items = [item(1, "Wed, 01 Jul 2026 08:00:00 GMT")]
    site.replies["/feed"] = Reply(body=rss(*items), headers={"ETag": '"1"'})
    collect(tmp_path, NOON, site.url("/feed"))
    collect(tmp_path, NOON + 5 * DAY, site.url("/feed"))
    late = item(2, "Thu, 02 Jul 2026 20:00:00 GMT")
    site.replies["/feed"] = Reply(body=rss(*items, late))
    collect(tmp_path, NOON + 6 * DAY, site.url("/feed"))
    edited = item(2, "Thu, 02 Jul 2026 20:00:00 GMT", title="Post 2, edited")
    site.replies["/feed"] = Reply(body=rss(*items, edited))
    collect(tmp_path, NOON + 8 * DAY, site.url("/feed"))
    quality = {row["title"]: row["time_quality"] for row in landed(tmp_path, "entries")}
    assert quality == {"Post 1": "exact", "Post 2": "suspect", "Post 2, edited": "suspect"}


def test_an_edit_with_a_date_of_its_own_bridges_no_gap(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(tmp_path, NOON, site.url("/feed"))
    edited = item(1, "Wed, 01 Jul 2026 17:30:00 GMT", title="Post 1, edited")
    late = [item(8, "Wed, 01 Jul 2026 17:00:00 GMT"), item(7, "Wed, 01 Jul 2026 16:00:00 GMT")]
    site.replies["/feed"] = Reply(body=rss(edited, *late))
    collect(tmp_path, NOON + 6 * HOUR, site.url("/feed"), force=True)
    assert attempts(tmp_path)[1]["observed_from_at"] == NOON + 4 * HOUR
    assert state_of(tmp_path, site.url("/feed")).newest_at == NOON + 5 * HOUR


def test_a_state_of_another_shape_is_made_from_the_landing_zone(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, DATE)))
    collect(tmp_path, NOON, site.url("/feed"))
    with closing(sqlite3.connect(tmp_path / "home" / "state.sqlite")) as state, state:
        state.executescript(
            "DROP TABLE noted_files; DROP TABLE seen_entries;"
            "CREATE TABLE absorbed_files (file_name); CREATE TABLE entry_versions (feed, entry_id);"
        )
    site.replies["/feed"] = Reply(body=rss(item(2, DATE), item(1, DATE)))
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    assert sorted(row["title"] for row in landed(tmp_path, "entries")) == ["Post 1", "Post 2"]


def test_the_state_comes_back_from_the_landing_zone(tmp_path: Path, site: Site) -> None:
    etag = {"ETag": '"1"'}
    site.replies["/feed"] = Reply(301, headers={"Location": "/new"})
    site.replies["/new"] = Reply(body=rss(item(1, DATE)), headers=etag)
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/new"] = Reply(304)
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    before = state_of(tmp_path, site.url("/feed"))
    for file in (tmp_path / "home").glob("state.sqlite*"):
        file.unlink()
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    assert state_of(tmp_path, site.url("/feed")) == before
    site.replies["/new"] = Reply(body=rss(item(1, DATE), item(2, DATE)), headers=etag)
    collect(tmp_path, NOON + 4 * DAY, site.url("/feed"))
    assert site.seen[-1][1]["If-None-Match"] == '"1"'
    assert sorted(row["title"] for row in landed(tmp_path, "entries")) == ["Post 1", "Post 2"]
    assert attempts(tmp_path)[-1]["observed_from_at"] == NOON + 2 * DAY


COLLECT = """
import sys
from datetime import datetime
from pathlib import Path
from connectors.campaign.folder import read_campaign
from flows.feeds.collect import collect_feeds_once
from flows.settings import Settings
folder = Path(sys.argv[1])
settings = Settings(home=folder / "home", allow_private_hosts=True, host_gap_s=0, parse_workers=1, _env_file=None)
collect_feeds_once(read_campaign(folder), settings, datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.parametrize("fatal", [1, 4, 8])
def test_a_collector_killed_during_a_poll_loses_and_repeats_nothing(tmp_path: Path, site: Site, fatal: int) -> None:
    feeds = 10
    asked = threading.Semaphore(0)

    def answer(number: int) -> Reply:
        asked.release()
        return Reply(body=rss(item(number, DATE)), headers={"ETag": f'"{number}"'})

    def reply_of(number: int) -> object:
        def reply(_headers: Mapping[str, str]) -> Reply:
            return answer(number)

        return reply

    site.replies.update({f"/{n}": reply_of(n) for n in range(feeds)})  # type: ignore[misc]
    urls = [site.url(f"/{n}") for n in range(feeds)]
    campaign_of(tmp_path, *urls)
    command = [sys.executable, "-c", COLLECT, str(tmp_path), NOON.isoformat()]
    collector = subprocess.Popen(command)
    for _ in range(fatal):
        assert asked.acquire(timeout=30)
    os.kill(collector.pid, signal.SIGKILL)
    collector.wait()
    collect(tmp_path, NOON + HOUR, *urls, force=True)
    rows = landed(tmp_path, "entries")
    assert len(rows) == len({row["entry_id"] for row in rows}) == feeds
    collect(tmp_path, NOON + 3 * HOUR, *urls, force=True)
    assert all("If-None-Match" in headers for _, headers in site.seen[-feeds:])
