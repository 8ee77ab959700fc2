"""Follow Bluesky's stream until a time, or as far as it was kept for us; a cut is heard again from the cursor on."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from connectors.campaign.facts import phrases_of
from connectors.campaign.models import Campaign
from connectors.errors import SourceUnavailable
from flows.bluesky.heard import HeardPosts
from flows.bluesky.listening import Listener
from flows.bluesky.state import SCHEMA
from flows.collected import Collected, Tell, say_nothing
from flows.networks.attempts import PostSource
from flows.networks.run import NetworkRun, opened_network_run
from flows.networks.walks_state import read_accounts
from flows.only_one import only_one
from flows.settings import Settings
from warehouse.landing.reducing import reducer_of

STREAM = "bluesky-stream"
_FIRST_WAIT_S, _MOST_WAIT_S = 1.0, 60.0
A_WHILE = timedelta(minutes=14, seconds=30)  # the tick after the quarter finds it ended, and begins the next
_MOST_TRIES = 3  # to catch up; who follows for hours tries on


def follow_bluesky_once(
    campaign: Campaign,
    settings: Settings,
    until_at: datetime | None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """What the stream brought until `until_at`; without it, what the server kept since it was heard last."""
    if campaign.bluesky is None or not campaign.bluesky.stream:
        return Collected(notes=["Bluesky: no stream is wanted (`stream = true` under [bluesky] asks for one)"])
    with only_one(settings.home, f"bluesky-stream-{campaign.id}") as is_alone:
        if not is_alone:
            return Collected(notes=[f"Bluesky: another process of this home follows the stream for {campaign.id}"])
        opened = opened_network_run(
            "bluesky", campaign, settings, clock(), clock=clock, tell=tell, schema=SCHEMA, pause=pause
        )
        with opened as run:
            _follow(run, until_at)
            run.erase_gone()
            return run.collected


def follow_bluesky_for_a_while(
    campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell = say_nothing
) -> Collected:
    """What the stream brought in a quarter of an hour: a run that never ends could not be looked at."""
    return follow_bluesky_once(campaign, settings, now + A_WHILE, tell=tell)


def _follow(run: NetworkRun, until_at: datetime | None) -> None:
    source = PostSource(run.campaign.id, STREAM, "bluesky")
    with run.failures_kept(source), reducer_of(phrases_of(run.campaign)) as reduce:
        heard = HeardPosts(run, source, reduce, read_accounts(run.state, run.network))
        wait_s, tries = _FIRST_WAIT_S, 0
        while True:
            listener = Listener(run, source, heard)
            refusal = listener.follow(until_at)
            if refusal is None:
                return
            if not isinstance(refusal, SourceUnavailable):
                raise refusal
            wait_s, tries = (_FIRST_WAIT_S, 0) if listener.has_heard else (wait_s, tries + 1)
            left_s = (until_at - run.clock()).total_seconds() if until_at else None
            if (left_s is not None and left_s <= 0) or (left_s is None and tries >= _MOST_TRIES):
                raise refusal
            wait_s = min(wait_s, _MOST_WAIT_S, left_s or _MOST_WAIT_S)
            run.tell(f"{refusal}; again in {wait_s:.0f} s")
            run.pause(wait_s)
            wait_s *= 2
