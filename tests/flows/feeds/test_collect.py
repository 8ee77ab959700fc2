"""Feeds are polled from real servers on loopback, landed, and only then noted."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.feeds.parse import ParsedFeed
from connectors.web.get import Answer
from flows.feeds.parse import ParseWorkers
from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.feeds.polling import HOUR, NOON, attempts, collect, landed


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def test_a_first_poll_lands_its_entries_and_knows_nothing_of_the_time_before(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 08:00:00 +0200")))
    collect(tmp_path, NOON, site.url("/feed"))
    [entry] = landed(tmp_path, "entries")
    [attempt] = attempts(tmp_path)
    assert (entry["title"], entry["published_at"]) == ("Post 1", datetime(2026, 7, 1, 6, tzinfo=UTC))
    assert attempt["outcome"] == "ok"
    assert attempt["unknown_from_at"] == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert attempt["observed_from_at"] == attempt["observed_to_at"] == NOON


def test_a_second_poll_sends_the_validators_back_as_they_came(tmp_path: Path, site: Site) -> None:
    validators = {"ETag": 'W/"odd one"', "Last-Modified": "yesterday, about noon"}
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 08:00:00 +0200")), headers=validators)
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(304)
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"))
    second = site.seen[1][1]
    assert (second["If-None-Match"], second["If-Modified-Since"]) == ('W/"odd one"', "yesterday, about noon")
    assert attempts(tmp_path)[1]["outcome"] == "not_modified"
    assert attempts(tmp_path)[1]["observed_from_at"] == NOON
    assert len(landed(tmp_path, "entries")) == 1


def test_a_window_that_moved_on_leaves_a_gap_up_to_its_oldest_entry(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(tmp_path, NOON, site.url("/feed"))
    late = [item(8, "Wed, 01 Jul 2026 15:00:00 GMT"), item(9, "Wed, 01 Jul 2026 17:00:00 GMT")]
    site.replies["/feed"] = Reply(body=rss(*late))
    collect(tmp_path, NOON + 6 * HOUR, site.url("/feed"), force=True)
    attempt = attempts(tmp_path)[1]
    assert (attempt["observed_from_at"], attempt["observed_to_at"]) == (NOON + 3 * HOUR, NOON + 6 * HOUR)
    assert "gap" in attempt["reason"]


def test_one_broken_feed_does_not_stop_the_others(tmp_path: Path, site: Site) -> None:
    site.replies["/login"] = Reply(body=b"<html><body>Sign in</body></html>")
    site.replies["/good"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collected = collect(tmp_path, NOON, site.url("/login"), site.url("/missing"), site.url("/good"))
    assert set(collected.failed) == {"feed-0", "feed-1"}
    assert collected.landed["entries"] == 1
    [reject] = landed(tmp_path, "rejects")
    assert "a web page" in reject["reason"]


def test_a_feed_that_is_not_due_is_left_alone(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(tmp_path, NOON, site.url("/feed"))
    collect(tmp_path, NOON + timedelta(minutes=5), site.url("/feed"))
    assert len(site.seen) == 1


def test_loopback_is_refused_unless_allowed(tmp_path: Path, site: Site) -> None:
    collected = collect(tmp_path, NOON, site.url("/feed"), allow_private_hosts=False)
    assert "not a public address. Mend: " in collected.failed["feed-0"]
    assert "AFTERDEBATE_ALLOW_PRIVATE_HOSTS=true" in collected.failed["feed-0"]
    assert site.seen == []
    by_name = collect(tmp_path, NOON, f"http://localhost:{site.port}/feed", allow_private_hosts=False)
    assert "AFTERDEBATE_ALLOW_PRIVATE_HOSTS=true" in by_name.failed["feed-0"]


def test_a_replay_answers_for_a_name_of_its_own(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(
        tmp_path,
        NOON,
        "http://blog.example/feed",
        allow_private_hosts=False,
        connect_to={"blog.example": ("127.0.0.1", site.port)},
    )
    assert site.seen[0][1]["Host"] == "blog.example"
    assert len(landed(tmp_path, "entries")) == 1


@pytest.fixture
def other() -> Iterator[Site]:
    """Another host: one that refuses is left alone with all its feeds."""
    with served() as site:
        yield site


@given(
    location=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40)
    | st.from_regex(r"\A(http|ftp|file|)://[a-z0-9\[\]:.%@-]{0,20}/?\Z"),
    expires=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40),
    etag=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20),
    status=st.sampled_from([200, 226, 301, 302, 304, 308, 403, 410, 429, 503]),
)
@example(location="http://xn--/", expires="", etag="", status=301)
@example(location="", expires="Fri, 31 Dec 9999 23:59:59 -0100", etag="", status=200)
@example(location="", expires="Fri, 31 Dec 9999 23:59:59 -0100", etag="", status=503)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_stops_the_other_feeds(
    site: Site, other: Site, location: str, expires: str, etag: str, status: int
) -> None:
    other.replies["/good"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    headers = {"Location": location, "Expires": expires, "Retry-After": expires, "ETag": etag}
    site.replies["/odd"] = Reply(status, rss(item(2, "Wed, 01 Jul 2026 11:00:00 GMT")), headers)
    with TemporaryDirectory() as folder:
        collected = collect(Path(folder), NOON, site.url("/odd"), other.url("/good"))
        assert [row["title"] for row in landed(Path(folder), "entries")].count("Post 1") == 1
    assert "feed-1" not in collected.failed


def test_a_redirect_to_no_address_is_that_feeds_failure(tmp_path: Path, site: Site) -> None:
    site.replies["/odd"] = Reply(301, headers={"Location": "http://xn--/"})
    site.replies["/good"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collected = collect(tmp_path, NOON, site.url("/odd"), site.url("/good"))
    assert list(collected.failed) == ["feed-0"]
    assert "not an address that can be asked" in collected.failed["feed-0"]
    assert len(landed(tmp_path, "entries")) == 1


class BrokenParsers(ParseWorkers):
    """Parsers with a fault of our own in them."""

    async def parse(self, answer: Answer, feed_url: str, fetched_at: datetime, timezone: str) -> ParsedFeed:
        if feed_url.endswith("/odd"):
            raise LookupError("Mrs Smith, 12 Elm Street")
        return await super().parse(answer, feed_url, fetched_at, timezone)


def test_what_nobody_foresaw_is_one_feeds_failure_with_class_and_place_and_without_its_words(
    tmp_path: Path, site: Site
) -> None:
    for path in ("/odd", "/good"):
        site.replies[path] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    told: list[str] = []
    with BrokenParsers(1) as parsers:
        collected = collect(tmp_path, NOON, site.url("/odd"), site.url("/good"), parsers=parsers, tell=told.append)
    assert list(collected.failed) == ["feed-0"]
    assert "LookupError" in collected.failed["feed-0"]
    assert len(landed(tmp_path, "entries")) == 1
    assert {row["outcome"] for row in attempts(tmp_path)} == {"unreadable", "ok"}
    [warning] = [text for text in told if "raised by way of" in text]
    assert "in parse" in warning
    assert "Smith" not in str(collected) + warning + str(landed(tmp_path, "fetch_attempts"))


class NamelessParsers(ParseWorkers):
    """Parsers that let through what no file can hold."""

    async def parse(self, answer: Answer, feed_url: str, fetched_at: datetime, timezone: str) -> ParsedFeed:
        parsed = await super().parse(answer, feed_url, fetched_at, timezone)
        if feed_url.endswith("/odd"):
            return parsed._replace(entries=[replace(entry, title="\ud800") for entry in parsed.entries])
        return parsed


def test_what_cannot_land_is_one_feeds_failure(tmp_path: Path, site: Site) -> None:
    for path in ("/odd", "/good"):
        site.replies[path] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    with NamelessParsers(1) as parsers:
        collected = collect(tmp_path, NOON, site.url("/odd"), site.url("/good"), parsers=parsers)
    assert list(collected.failed) == ["feed-0"]
    assert [row["feed_url"] for row in landed(tmp_path, "entries")] == [site.url("/good")]
    assert len(attempts(tmp_path)) == 2


def test_a_link_planted_among_the_rejects_is_not_followed(tmp_path: Path, site: Site) -> None:
    site.replies["/login"] = Reply(body=b"<html><body>Sign in</body></html>")
    collect(tmp_path, NOON, site.url("/login"))
    [kept] = (tmp_path / "home" / "rejects").iterdir()
    precious = tmp_path / "precious"
    precious.write_text("precious")
    kept.unlink()
    kept.symlink_to(precious)
    site.replies["/login"] = Reply(body=b"<html><body>Sign in, please</body></html>")
    collect(tmp_path, NOON + HOUR, site.url("/login"), force=True)
    assert precious.read_text() == "precious"
    assert gzip.decompress(kept.read_bytes()) == b"<html><body>Sign in, please</body></html>"
    assert not kept.is_symlink()


def test_a_folder_of_rejects_that_leads_elsewhere_is_left_alone(tmp_path: Path, site: Site) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "rejects").symlink_to(elsewhere)
    site.replies["/login"] = Reply(body=b"<html><body>Sign in</body></html>")
    collected = collect(tmp_path, NOON, site.url("/login"))
    assert "a web page" in collected.failed["feed-0"]
    assert "nor could it be kept" in collected.failed["feed-0"]
    assert list(elsewhere.iterdir()) == []
