"""Four days around two debates, replayed against a server on loopback: who was asked when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise

import pytest

from flows.feeds.due import next_feed_due
from tests.flows.feeds.loopback import Reply, item, rss, served
from tests.flows.feeds.polling import HOUR, NOON, campaign_of, collect

pytestmark = pytest.mark.slow
MINUTE = timedelta(minutes=1)
DAY = 24 * HOUR
FIRST, SECOND = NOON + 32 * HOUR, NOON + 80 * HOUR  # 22:00 in Paris: live past midnight
MOVED = SECOND + 2 * HOUR
LENGTH = 4 * HOUR + 15 * MINUTE  # of a live phase: a quarter before, three hours, one after


@dataclass
class Replay:
    """What the server saw, by path, at the instants of the replay."""

    now: datetime
    asked: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def within(self, path: str, from_at: datetime, to_at: datetime) -> list[datetime]:
        return [at for at in self.asked[path] if from_at <= at < to_at]

    def longest_pause(self, path: str, from_at: datetime, to_at: datetime) -> timedelta:
        asked = self.within(path, from_at, to_at)
        return max(later - earlier for earlier, later in pairwise([from_at, *asked, to_at]))

    def shortest_pause(self, path: str) -> timedelta:
        return min(later - earlier for earlier, later in pairwise(self.asked[path]))


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Each tick comes at a whole minute, as the clock's schedule does, when something is due."""
    folder, replay = tmp_path_factory.mktemp("night"), Replay(NOON)
    with served() as site:
        news = count()

        def answers(path: str, headers: Mapping[str, str], *, status: int = 200, is_conditional: bool = True) -> None:
            def answer(_asked: Mapping[str, str]) -> Reply:
                replay.asked[path].append(replay.now)
                body = rss(item(next(news), "Wed, 01 Jul 2026 08:00:00 GMT"), extra="<ttl>60</ttl>")
                return Reply(status, body, {**headers, **({"ETag": f'"{next(news)}"'} if is_conditional else {})})

            site.replies[path] = answer

        answers("/blog", {})
        answers("/cached", {"Cache-Control": "max-age=600"})
        answers("/whole", {}, is_conditional=False)
        answers("/busy", {"Retry-After": "1200"}, status=500)
        answers("/broken", {}, status=500)
        urls = [site.url(path) for path in ("/blog", "/cached", "/whole", "/busy", "/broken")]
        while replay.now < NOON + 4 * DAY:
            debates: Sequence[datetime] = [FIRST, SECOND if replay.now < SECOND - HOUR else MOVED]
            collect(folder, replay.now, *urls, debates=debates)
            campaign = campaign_of(folder, *urls, debates=debates)
            due_at = next_feed_due(campaign, folder / "home", replay.now + MINUTE)
            assert due_at is not None
            replay.now = NOON - ((NOON - due_at) // MINUTE) * MINUTE
    return replay


def live(start_at: datetime) -> tuple[datetime, datetime]:
    return start_at - 15 * MINUTE, start_at - 15 * MINUTE + LENGTH


def test_while_a_debate_is_live_a_feed_is_asked_every_minute_or_two(replay: Replay) -> None:
    assert replay.longest_pause("/blog", *live(FIRST)) <= 2 * MINUTE


def test_on_a_calm_day_a_feed_is_asked_every_hour_or_so(replay: Replay) -> None:
    assert len(replay.within("/blog", NOON, FIRST - DAY)) <= 9


def test_what_a_cache_keeps_fresh_is_not_asked_sooner(replay: Replay) -> None:
    assert replay.shortest_pause("/cached") >= 10 * MINUTE
    assert replay.longest_pause("/cached", *live(FIRST)) <= 12 * MINUTE


def test_a_server_that_says_retry_after_is_left_alone_so_long(replay: Replay) -> None:
    assert replay.shortest_pause("/busy") >= 20 * MINUTE


def test_a_feed_without_validators_keeps_a_quarter_of_an_hour(replay: Replay) -> None:
    assert replay.shortest_pause("/whole") >= 15 * MINUTE
    assert replay.longest_pause("/whole", *live(FIRST)) <= 17 * MINUTE


def test_a_feed_that_failed_is_asked_again_in_minutes_while_a_debate_is_live(replay: Replay) -> None:
    assert replay.longest_pause("/broken", *live(FIRST)) <= 17 * MINUTE


def test_a_debate_that_was_moved_an_hour_before_is_live_at_its_other_hour_only(replay: Replay) -> None:
    assert replay.longest_pause("/blog", *live(MOVED)) <= 2 * MINUTE
    assert len(replay.within("/blog", SECOND - 15 * MINUTE, MOVED - 15 * MINUTE)) <= 6


def test_after_a_debate_the_pace_goes_down_again(replay: Replay) -> None:
    after = live(FIRST)[1]
    assert replay.longest_pause("/blog", after, after + 20 * HOUR) <= 20 * MINUTE
    assert len(replay.within("/blog", after, after + 20 * HOUR)) <= 4 * 20 + 1
