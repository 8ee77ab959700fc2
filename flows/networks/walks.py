"""Timelines that are paged from the newest post back: each page on disk before the next is asked for."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.errors import SourceUnreadable
from connectors.records import Post
from flows.networks.attempts import PostSource, seen_attempt
from flows.networks.run import NetworkRun
from flows.networks.spans import Span, season
from flows.networks.walks_state import Shown, WalkState, read_walk, remember_walk
from flows.phases import phase, watched

MOST_PAGES = 250  # of one walk in one run: servers allow some 300 requests in 5 minutes; the next run goes on
MOST_SHOWN = 100  # posts of which we look whether they are still there
LATE = timedelta(minutes=10)  # servers hear of each other late: so much is read twice
EARLY = timedelta(seconds=20)  # a clock's tick comes a little sooner or later: it must not cost a whole round
LIVE, CALM = timedelta(minutes=5), timedelta(hours=1)  # between two looks


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedPage:
    """One page of a timeline, newest first."""

    posts: Sequence[tuple[Post, datetime]]  # with the time by which the timeline is ordered
    set_aside: Sequence[str]
    next_token: str | None  # None: the timeline ends here


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One timeline of a source, and how a page of it is asked for; `is_own`: what is missing from it was deleted."""

    name: str
    ask_page: Callable[[str | None], WalkedPage]
    is_own: bool


def read_source(run: NetworkRun, source: PostSource, timelines: Sequence[Timeline]) -> None:
    """Read on in each timeline of the source that is due; when all ended, their common span is proved."""
    with run.failures_kept(source):
        whole = season(run.campaign)
        to_at = min(run.now, whole.to_at)
        states = [read_walk(run.state, source.source_key, one.name) for one in timelines]
        if not timelines or whole.from_at >= to_at or not any(_is_due(run, state, to_at) for state in states):
            return
        before, items, ended = run.asker.requests, 0, []
        for timeline, state in zip(timelines, states, strict=True):
            walk = _Walk(run, source, timeline, state, whole.from_at)
            ended.append((timeline, walk.walk()))
            items += walk.items
        began = [state.began_at or run.now for state in states]
        from_at = max([state.read_to_at or whole.from_at for state in states], default=whole.from_at)
        span = Span(from_at=min(from_at, *began), to_at=min(*began, to_at))
        attempt = seen_attempt(source, span, run.clock(), items=items, requests=run.asker.requests - before)
        run.keep(source, [], {}, [attempt])
        for timeline, state in ended:
            remember_walk(run.state, source.source_key, timeline.name, state)


class _Walk:
    """One timeline, from the newest post, or from where the last run stopped, back to what is known."""

    def __init__(
        self, run: NetworkRun, source: PostSource, timeline: Timeline, state: WalkState, season_at: datetime
    ) -> None:
        self._run, self._source, self._timeline, self._state = run, source, timeline, state
        self._back_to_at = max(season_at, state.read_to_at - LATE) if state.read_to_at else season_at
        self._season_at = season_at
        self.items = 0

    def walk(self) -> WalkState:
        """The state to remember when the whole source has been read.

        Raises:
            SourceError: as asking does, or the timeline does not end; the next run goes on where this one stopped.
        """
        state = replace(self._state, began_at=self._state.began_at or self._run.now)
        met: list[tuple[str, datetime]] = []
        tokens: set[str] = set()
        is_from_the_top = state.token is None
        for _ in range(MOST_PAGES):
            token = state.token
            page = self._run.ask(lambda token=token: self._timeline.ask_page(token))  # type: ignore[misc]  # mypy: a lambda with a default
            self._land(page)
            met += [(post.post_id, at) for post, at in page.posts]
            oldest_at = min((at for _, at in page.posts), default=None)
            if page.next_token is None or (oldest_at is not None and oldest_at < self._back_to_at):
                shown = self._shown(met) if is_from_the_top else state.shown
                return WalkState(read_to_at=state.began_at, shown=shown)
            if page.next_token in tokens:
                raise SourceUnreadable(f"{self._source.source_id}: the same page again; what is behind it is not had")
            tokens.add(page.next_token)
            state = replace(state, token=page.next_token)
            remember_walk(self._run.state, self._source.source_key, self._timeline.name, state)
        raise SourceUnreadable(f"{self._source.source_id}: {MOST_PAGES} pages, and more to come; the next run goes on")

    def _land(self, page: WalkedPage) -> None:
        self.items += len(page.posts)
        welcome = [post for post, _ in page.posts if post.posted_at >= self._season_at or post.time_quality]
        if welcome or page.set_aside:
            reason = "a page of several; what it proves is told when all have come"
            attempt = seen_attempt(self._source, None, self._run.clock(), items=len(welcome), requests=0, reason=reason)
            self._run.keep(self._source, welcome, Counter(page.set_aside), [attempt])

    def _shown(self, met: Sequence[tuple[str, datetime]]) -> Shown:
        """The newest posts; what was among them before, and is not met where it should be, is gone."""
        there = dict(met)
        before = dict(self._state.shown)
        oldest_at = min(there.values(), default=None)
        # A page without any post of before tells of another account, or of a server in trouble: of no deletion.
        if self._timeline.is_own and oldest_at is not None and there.keys() & before.keys():
            for post_id, at in before.items():
                if post_id not in there and at > oldest_at:
                    self._run.note_gone(post_id, self._run.now)
        newest = sorted({**before, **there}.items(), key=lambda one: one[1], reverse=True)
        return tuple(one for one in newest if one[0] in there or (oldest_at and one[1] <= oldest_at))[:MOST_SHOWN]


def _is_due(run: NetworkRun, state: WalkState, to_at: datetime) -> bool:
    if run.is_forced or state.token or state.read_to_at is None:
        return True
    wait = LIVE if phase(run.now, watched(run.campaign.events)) == "live" else CALM
    return state.read_to_at < to_at and run.now - state.read_to_at >= wait - EARLY
