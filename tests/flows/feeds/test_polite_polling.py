"""Redirects, refusals and waits: what the collector asks of a server, seen from the server."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest

from flows.feeds.hosts import etiquette_of_hosts
from flows.feeds.state import SCHEMA, validators_of
from flows.state import open_state
from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.feeds.polling import HOUR, NOON, attempts, collect, state_of

FEED = rss(item(1, "Wed, 01 Jul 2026 08:00:00 GMT"))
DAY = 24 * HOUR


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def other() -> Iterator[Site]:
    with served() as site:
        yield site


def paths(site: Site) -> list[str]:
    return [path for path, _ in site.seen]


@pytest.mark.parametrize(("first", "second", "is_moved"), [(301, 308, True), (301, 302, False), (307, 301, False)])
def test_a_feed_moves_only_where_every_hop_is_permanent(
    tmp_path: Path, site: Site, first: int, second: int, is_moved: bool
) -> None:
    site.replies["/old"] = Reply(first, headers={"Location": "/between"})
    site.replies["/between"] = Reply(second, headers={"Location": "/new"})
    site.replies["/new"] = Reply(body=FEED, headers={"ETag": '"1"'})
    collect(tmp_path, NOON, site.url("/old"))
    collect(tmp_path, NOON + DAY, site.url("/old"))
    assert paths(site)[3:] == (["/new"] if is_moved else ["/old", "/between", "/new"])


def test_validators_are_sent_to_the_url_that_gave_them_and_to_no_other(tmp_path: Path, site: Site, other: Site) -> None:
    site.replies["/feed"] = Reply(302, headers={"Location": other.url("/real"), "ETag": '"of the redirect"'})
    other.replies["/real"] = Reply(body=FEED, headers={"ETag": '"of the feed"'})
    collect(tmp_path, NOON, site.url("/feed"))
    collect(tmp_path, NOON + DAY, site.url("/feed"))
    assert "If-None-Match" not in site.seen[1][1]
    assert other.seen[1][1]["If-None-Match"] == '"of the feed"'


def test_each_mirror_gets_the_validator_that_it_gave(tmp_path: Path, site: Site) -> None:
    for mirror in "ab":
        site.replies[f"/{mirror}"] = Reply(body=FEED + mirror.encode(), headers={"ETag": f'"{mirror}"'})
    for day, mirror in enumerate("abab"):
        site.replies["/feed"] = Reply(302, headers={"Location": f"/{mirror}"})
        collect(tmp_path, NOON + day * DAY, site.url("/feed"), force=True)
    assert [headers.get("If-None-Match") for path, headers in site.seen if path != "/feed"] == [
        None,
        None,
        '"a"',
        '"b"',
    ]


def test_a_mirror_that_has_not_changed_is_not_the_empty_one_beside_it(tmp_path: Path, site: Site) -> None:
    site.replies["/a"] = Reply(body=FEED, headers={"ETag": '"a"'})
    site.replies["/feed"] = Reply(302, headers={"Location": "/a"})
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(body=FEED + b" ", headers={"ETag": '"f"'})
    collect(tmp_path, NOON + DAY, site.url("/feed"), force=True)
    site.replies["/feed"] = Reply(body=rss())
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"), force=True)
    site.replies |= {"/feed": Reply(302, headers={"Location": "/a"}), "/a": Reply(304)}
    collect(tmp_path, NOON + 3 * DAY, site.url("/feed"), force=True)
    assert [attempt["outcome"] for attempt in attempts(tmp_path)] == ["ok", "ok", "empty", "not_modified"]


def test_the_validators_of_old_mirrors_are_forgotten(tmp_path: Path, site: Site) -> None:
    for day in range(12):
        site.replies["/feed"] = Reply(302, headers={"Location": f"/{day}"})
        site.replies[f"/{day}"] = Reply(body=FEED + b" " * day, headers={"ETag": f'"{day}"'})
        collect(tmp_path, NOON + day * DAY, site.url("/feed"), force=True)
    known = state_of(tmp_path, site.url("/feed"))
    assert len(validators_of(open_state(tmp_path / "home", SCHEMA), known)) == 8


def test_a_login_page_elsewhere_does_not_make_the_feeds_own_validator_unknown(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED, headers={"ETag": '"1"'})
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(302, headers={"Location": "/login"})
    site.replies["/login"] = Reply(body=b"<html>Sign in</html>", headers={"ETag": '"of the page"'})
    for days in (1, 2):
        collect(tmp_path, NOON + days * DAY, site.url("/feed"), force=True)
    assert (attempts(tmp_path)[2]["reason"] or "").startswith("silent")
    site.replies["/feed"] = Reply(304)
    collect(tmp_path, NOON + 3 * DAY, site.url("/feed"), force=True)
    assert [headers.get("If-None-Match") for path, headers in site.seen if path == "/feed"][1:] == ['"1"'] * 3
    assert attempts(tmp_path)[3]["outcome"] == "not_modified"


def test_a_validator_that_no_request_can_carry_stops_nobody(tmp_path: Path, site: Site, other: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED, headers={"ETag": '"a\x01b"', "Last-Modified": "yesterday"})
    other.replies["/feed"] = Reply(body=FEED)
    collect(tmp_path, NOON, site.url("/feed"), other.url("/feed"))
    again = collect(tmp_path, NOON + DAY, site.url("/feed"), other.url("/feed"))
    assert not again.failed
    assert ("If-None-Match" in site.seen[1][1], site.seen[1][1]["If-Modified-Since"]) == (False, "yesterday")


def test_a_delta_leaves_no_gap_and_does_not_shrink_the_window(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED, headers={"ETag": '"1"'})
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(226, body=rss(item(2, "Thu, 02 Jul 2026 08:00:00 GMT")), headers={"ETag": '"2"'})
    collect(tmp_path, NOON + DAY, site.url("/feed"))
    assert attempts(tmp_path)[1]["observed_from_at"] == NOON
    assert len(state_of(tmp_path, site.url("/feed")).shown_ids or ()) == 2


def test_a_body_that_did_not_change_is_not_parsed_again(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED)
    collect(tmp_path, NOON, site.url("/feed"))
    collected = collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    assert attempts(tmp_path)[1]["outcome"] == "not_modified"
    assert collected.landed["entries"] == 0


def test_a_gone_feed_is_asked_once_more_and_then_retired(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(410)
    for hours in (0, 2, 4, 48):
        collected = collect(tmp_path, NOON + hours * HOUR, site.url("/feed"))
        if hours == 2:
            assert "twice" in collected.failed["feed-0"]
    assert len(site.seen) == 2
    assert state_of(tmp_path, site.url("/feed")).is_retired


def test_a_feed_that_came_back_is_not_retired(tmp_path: Path, site: Site) -> None:
    for hours, status in ((0, 410), (2, 404), (10, 410)):
        site.replies["/feed"] = Reply(status)
        collect(tmp_path, NOON + hours * HOUR, site.url("/feed"))
    assert not state_of(tmp_path, site.url("/feed")).is_retired


def test_a_missing_feed_is_asked_less_and_less_often_but_never_given_up(tmp_path: Path, site: Site) -> None:
    for hour in range(24 * 7):
        collect(tmp_path, NOON + hour * HOUR, site.url("/feed"))
    assert 7 <= len(site.seen) <= 14


@pytest.mark.parametrize("page", [Reply(404), Reply(500), Reply(body=b"<html>Sign in</html>")])
def test_around_a_debate_a_feed_that_failed_is_asked_again_in_minutes(tmp_path: Path, site: Site, page: Reply) -> None:
    site.replies["/feed"] = page
    debate_at = NOON + 4 * HOUR
    for minute in range(0, 24 * 60, 5):  # the day of the debate
        collect(tmp_path, NOON + timedelta(minutes=minute), site.url("/feed"), debates=[debate_at])
    begins = NOON + HOUR
    asked = [row["attempted_at"] for row in attempts(tmp_path)]
    assert begins <= next(at for at in asked if at >= begins) <= begins + timedelta(minutes=40)
    pauses = [later - earlier for earlier, later in pairwise(at for at in asked if at >= begins)]
    assert timedelta(minutes=15) <= min(pauses)
    assert max(pauses) <= timedelta(minutes=40)


def test_a_debate_does_not_shorten_the_wait_that_a_server_asks_for(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(500, headers={"Retry-After": "18000"})
    collect(tmp_path, NOON, site.url("/feed"), debates=[NOON + HOUR])
    assert state_of(tmp_path, site.url("/feed")).next_poll_at >= NOON + 5 * HOUR


def test_a_debate_that_is_over_or_weeks_away_changes_no_pace(tmp_path: Path, site: Site) -> None:
    for day in range(7):
        collect(tmp_path, NOON + day * DAY, site.url("/feed"), debates=[NOON - 2 * DAY, NOON + 20 * DAY])
    wait = state_of(tmp_path, site.url("/feed")).next_poll_at - (NOON + 6 * DAY)
    assert wait >= DAY


def test_a_login_page_is_asked_less_and_less_often_as_a_missing_feed_is(tmp_path: Path, site: Site) -> None:
    tokens = count()
    site.replies["/feed"] = lambda _headers: Reply(body=f"<html>Sign in, token {next(tokens)}</html>".encode())
    for hour in range(24 * 7):
        collect(tmp_path, NOON + hour * HOUR, site.url("/feed"))
    assert 7 <= len(site.seen) <= 14


def test_a_redirect_to_a_login_page_is_asked_less_and_less_often(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(302, headers={"Location": "/login"})
    site.replies["/login"] = Reply(body=b"<html>Sign in</html>", headers={"ETag": '"1"', "Cache-Control": "no-store"})
    for hour in range(24 * 7):
        collect(tmp_path, NOON + hour * HOUR, site.url("/feed"))
    assert 7 <= sum(path == "/feed" for path, _ in site.seen) <= 14


@pytest.mark.parametrize("status", [429, 503, 403])
@pytest.mark.parametrize("retry_after", ["7200", "Wed, 01 Jul 2026 14:00:00 GMT"])
def test_a_host_that_wants_peace_gets_it_for_all_its_feeds(
    tmp_path: Path, site: Site, status: int, retry_after: str
) -> None:
    headers = {"Retry-After": retry_after, "Date": "Wed, 01 Jul 2026 12:00:00 GMT"}
    urls = [site.url("/a"), site.url("/b")]
    site.replies.update({path: Reply(status, headers=headers) for path in ("/a", "/b")})
    collected = collect(tmp_path, NOON, *urls)
    assert len(site.seen) == 1
    assert set(collected.failed) == {"feed-0", "feed-1"}
    collect(tmp_path, NOON + timedelta(minutes=119), *urls, force=True)
    assert len(site.seen) == 1
    site.replies.update({path: Reply(body=FEED) for path in ("/a", "/b")})
    collect(tmp_path, NOON + 4 * HOUR, *urls)
    assert len(site.seen) == 3


def test_a_host_that_refuses_without_a_wait_is_not_asked_again_at_once(tmp_path: Path, site: Site) -> None:
    site.replies.update({path: Reply(429, headers={"Retry-After": "0"}) for path in ("/a", "/b")})
    collect(tmp_path, NOON, site.url("/a"), site.url("/b"))
    assert len(site.seen) == 1


def test_a_wait_is_kept_when_the_state_is_lost(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(429, headers={"Retry-After": "7200"})
    collect(tmp_path, NOON, site.url("/feed"))
    (tmp_path / "home" / "state.sqlite").unlink()
    collect(tmp_path, NOON + HOUR, site.url("/feed"), force=True)
    assert len(site.seen) == 1


@pytest.mark.parametrize(
    ("headers", "name"), [({"cf-mitigated": "challenge"}, "Cloudflare"), ({"x-datadome": "protected"}, "Datadome")]
)
def test_a_challenge_is_named(tmp_path: Path, site: Site, headers: dict[str, str], name: str) -> None:
    site.replies["/feed"] = Reply(403, headers=headers)
    assert name in collect(tmp_path, NOON, site.url("/feed")).failed["feed-0"]
    for hours in (1, 2):  # nobody is asked again so soon, and status still says why
        collect(tmp_path, NOON + hours * HOUR, site.url("/feed"), force=True)
        reason = state_of(tmp_path, site.url("/feed")).reason or ""
        assert (len(site.seen), reason.count("left alone"), reason.count(name)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("headers", "extra", "seconds"),
    [
        ({"Cache-Control": "max-age=7200"}, "", 7200),
        ({"Expires": "Wed, 01 Jul 2026 15:00:00 GMT", "Date": "Wed, 01 Jul 2026 12:00:00 GMT"}, "", 10_800),
        ({}, "<ttl>240</ttl>", 14_400),
        ({"Retry-After": "18000"}, "", 18_000),
        ({"Cache-Control": "max-age=60"}, "", 3_600),
        ({"Cache-Control": "max-age=99999999"}, "", 86_400),
    ],
)
def test_the_next_poll_waits_for_the_longest_wish(
    tmp_path: Path, site: Site, headers: dict[str, str], extra: str, seconds: int
) -> None:
    document = rss(item(1, "Wed, 01 Jul 2026 08:00:00 GMT"), extra=extra)
    site.replies["/feed"] = Reply(body=document, headers={"ETag": '"1"', **headers})
    collect(tmp_path, NOON, site.url("/feed"))
    wait_s = (state_of(tmp_path, site.url("/feed")).next_poll_at - NOON).total_seconds()
    assert seconds <= wait_s <= seconds * 1.1 + 1


def test_requests_to_a_host_keep_their_distance(tmp_path: Path, site: Site) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    urls = [site.url(f"/{number}") for number in range(5)]
    site.replies.update({f"/{number}": Reply(body=FEED) for number in range(5)})
    collect(tmp_path, NOON, *urls, sleep=sleep, host_gap_s=30)
    assert len(slept) == 4
    assert min(slept) > 25
    assert site.open_most == 1


def test_the_user_agent_names_product_version_and_operator(tmp_path: Path, site: Site) -> None:
    collect(tmp_path, NOON, site.url("/feed"))
    assert site.seen[0][1]["User-Agent"].startswith("afterdebate/0")
    assert "Cookie" not in site.seen[0][1]


def test_a_page_that_is_no_feed_twice_is_silence(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=b"<html>Sign in</html>")
    collect(tmp_path, NOON, site.url("/feed"))
    collected = collect(tmp_path, NOON + DAY, site.url("/feed"))
    assert any("silent" in note for note in collected.notes)
    assert [row["outcome"] for row in attempts(tmp_path)] == ["unreadable", "unreadable"]


@pytest.mark.parametrize("page", [b"<html>Sign in</html>", b""], ids=["html", "no byte"])
@pytest.mark.parametrize("again", [200, 304])
def test_a_page_that_stays_no_feed_fails_at_every_poll(tmp_path: Path, site: Site, page: bytes, again: int) -> None:
    site.replies["/feed"] = Reply(body=page, headers={"ETag": '"1"'})
    first = collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(again, body=page if again == 200 else b"", headers={"ETag": '"1"'})
    second = collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    third = collect(tmp_path, NOON + 9 * DAY, site.url("/feed"))

    assert list(first.failed) == ["feed-0"]
    assert first.failed == second.failed == third.failed
    state = state_of(tmp_path, site.url("/feed"))
    assert (state.failures, state.reason) == (3, f"silent: {first.failed['feed-0']}")


def test_what_a_page_failed_of_is_known_again_after_another_failure_in_between(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=b"<html>Sign in</html>")
    first = collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(500)
    collect(tmp_path, NOON + 2 * DAY, site.url("/feed"))
    site.replies["/feed"] = Reply(body=b"<html>Sign in</html>")
    collected = collect(tmp_path, NOON + 9 * DAY, site.url("/feed"))

    assert first.failed == collected.failed
    assert "Sign in" not in collected.failed["feed-0"]


def test_a_feed_that_stays_still_for_far_longer_than_its_habit_is_silent(tmp_path: Path, site: Site) -> None:
    hourly = [item(hour, f"Wed, 01 Jul 2026 {hour:02d}:00:00 GMT") for hour in range(12)]
    site.replies["/feed"] = Reply(body=rss(*hourly))
    collect(tmp_path, NOON, site.url("/feed"))
    collected = collect(tmp_path, NOON + 5 * DAY, site.url("/feed"))
    assert "silent: nothing since 2026-07-01 11:00 UTC" in attempts(tmp_path)[1]["reason"]
    assert collected.notes


def test_the_etiquette_report_counts_what_the_server_saw(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED, headers={"ETag": '"1"'})
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(304)
    for days in (2, 4):
        collect(tmp_path, NOON + days * DAY, site.url("/feed"))
    [row] = etiquette_of_hosts(tmp_path / "home")
    assert (row.requests, row.unconditional, row.unconditional_known, row.retry_after_ignored) == (3, 1, 0, 0)
    assert row.not_modified_share == 1
    assert row.least_gap_s is not None
