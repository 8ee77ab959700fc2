"""What X would be asked, when, and at what price: known before any call."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from connectors.campaign.models import Campaign, CandidateConfig, XConfig
from connectors.errors import SourceRefused
from connectors.x.prices import Prices
from connectors.x.queries import candidate_queries
from flows.networks.spans import season
from flows.phases import live_spans, watched
from flows.x.nights import DAILY, HOURLY, night_wait, wait_to_count
from flows.x.slices import NOT_SAMPLED, Slice, event_slices, streamed_spans
from flows.x.spans import RECENT, SETTLING

OWN_POSTS_A_DAY = 20  # a guess for the price only: what an account will post, nobody knows
ARCHIVE_PAGE = timedelta(days=31)
_TICK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One thing that would be asked of X from now to the end of the season."""

    source_id: str
    what: str
    when: str
    requests: int | None  # None: it depends on what X holds
    most_posts: int | None
    most_usd: Decimal | None  # None: not asked
    note: str = ""
    is_guess: bool = False  # nobody knows how much there will be: the budget is the limit


def plan_x(campaign: Campaign, now: datetime, *, is_full_archive: bool, prices: Prices) -> list[PlanRow]:
    """Every question to X that is still ahead, at its worst price; the budget stops before it is passed."""
    if campaign.x is None:
        return []
    rows = [
        row
        for candidate in campaign.candidates
        for row in _count_rows(campaign, candidate, now, prices, is_full_archive=is_full_archive)
    ]
    if campaign.x.own_accounts:
        rows += [row for candidate in campaign.candidates for row in _own_rows(campaign, candidate, now, prices)]
    rows += _sample_rows(campaign, campaign.x, now, prices, is_full_archive=is_full_archive)
    return rows + (list(_stream_rows(campaign, campaign.x, now, prices)) if campaign.x.stream else [])


def most_usd(rows: list[PlanRow]) -> Decimal:
    """What all of it costs at worst."""
    return sum((row.most_usd for row in rows if row.most_usd), Decimal(0))


def _count_rows(
    campaign: Campaign, candidate: CandidateConfig, now: datetime, prices: Prices, *, is_full_archive: bool
) -> Iterator[PlanRow]:
    source_id = f"x-counts-{candidate.id}"
    try:
        queries = len(candidate_queries(candidate))
    except SourceRefused as error:
        yield PlanRow(
            source_id=source_id, what="counts", when="never", requests=0, most_posts=0, most_usd=None, note=str(error)
        )
        return
    whole = season(campaign)
    is_old = whole.from_at < now - RECENT
    behind = max(timedelta(0), min(now, whole.to_at) - whole.from_at)
    archive_requests = -(-behind // ARCHIVE_PAGE) * queries if is_old and is_full_archive else 0
    recent_requests = _runs(campaign, now, prices) * queries
    yield PlanRow(
        source_id=source_id,
        what=f"counts of posts, {queries} {'query' if queries == 1 else 'queries'}",
        when=_when_counted(campaign, now, prices) if now < whole.to_at else "once",
        requests=archive_requests + recent_requests,
        most_posts=0,
        most_usd=archive_requests * prices.counts_all + recent_requests * prices.counts_recent,
        note="older than 7 days: needs AFTERDEBATE_X_FULL_ARCHIVE" if is_old and not is_full_archive else "",
    )


def _when_counted(campaign: Campaign, now: datetime, prices: Prices) -> str:
    """How often, in words; the pace of the nights is that of the month in which the next one begins."""
    often = "daily; hourly in the day after an event"
    ahead = [span for span in live_spans(watched(campaign.events, but=NOT_SAMPLED)) if span.to_at > now]
    if not ahead:
        return often
    minutes = night_wait(campaign, ahead[0].from_at, prices) // _TICK
    return f"{often}; every {minutes} minutes while it is live"


def _runs(campaign: Campaign, now: datetime, prices: Prices) -> int:
    """How many times recent counts fall due from now on, the last time when the season has ended."""
    whole = season(campaign)
    if whole.to_at <= now:
        return int(whole.to_at > now - RECENT and whole.from_at >= now - RECENT)
    live = [span for span in live_spans(watched(campaign.events, but=NOT_SAMPLED)) if span.to_at > now]
    runs, at, asked_at = 1, max(now, whole.from_at), None
    while at < whole.to_at:
        if asked_at is None or at - asked_at >= wait_to_count(campaign, at, prices):
            runs, asked_at = runs + 1, at
        is_near = any(span.from_at - HOURLY <= at < span.to_at for span in live)
        at += _TICK if is_near else HOURLY
    return runs


def _own_rows(campaign: Campaign, candidate: CandidateConfig, now: datetime, prices: Prices) -> Iterator[PlanRow]:
    handles = candidate.accounts.get("x", ())
    whole = season(campaign)
    days = max(1, (whole.to_at - whole.from_at) // DAILY)
    if handles:
        posts = days * OWN_POSTS_A_DAY * len(handles)
        yield PlanRow(
            source_id=f"x-own-{candidate.id}",
            what=f"own posts of {', '.join('@' + handle for handle in handles)}",
            when="daily; hourly in the day after an event" if now < whole.to_at else "once",
            requests=None,
            most_posts=posts,
            most_usd=posts * prices.post_read + len(handles) * prices.user_read,
            note=f"at {OWN_POSTS_A_DAY} posts a day: a guess, the budget is the limit",
            is_guess=True,
        )


def _sample_rows(
    campaign: Campaign, x: XConfig, now: datetime, prices: Prices, *, is_full_archive: bool
) -> Iterator[PlanRow]:
    if not x.posts_per_event:
        return
    slices = event_slices(campaign, x.posts_per_event)
    for event in campaign.events:
        mine = [piece for piece in slices if piece.event_id == event.event_id]
        reachable = [piece for piece in mine if is_full_archive or piece.span.from_at > now - RECENT]
        posts = sum(piece.quota for piece in reachable)
        yield PlanRow(
            source_id=f"x-posts ({event.event_id})",
            what="a sample of posts around the event",
            when=_when(reachable),
            requests=sum(-(-piece.quota // 100) for piece in reachable),
            most_posts=posts,
            most_usd=posts * prices.post_read if reachable else None,
            note=_why_not(event.event_kind, mine, reachable, is_held=event.is_held),
        )


def _stream_rows(campaign: Campaign, x: XConfig, now: datetime, prices: Prices) -> Iterator[PlanRow]:
    for span in streamed_spans(campaign):
        if now < span.to_at:
            yield PlanRow(
                source_id="x-stream",
                what="every post of the filtered stream",
                when=str(span),
                requests=None,
                most_posts=int(x.budget_usd / prices.post_read),
                most_usd=x.budget_usd,
                note=f"as many as come, at {prices.post_read.normalize():f} USD each: the budget is the limit",
            )


def _when(slices: list[Slice]) -> str:
    if not slices:
        return "never"
    return f"from {slices[0].span.to_at + SETTLING:%Y-%m-%d %H:%M} UTC, as each slice ends"


def _why_not(event_kind: str, mine: list[Slice], reachable: list[Slice], *, is_held: bool) -> str:
    if event_kind in NOT_SAMPLED:
        return NOT_SAMPLED[event_kind]
    if not is_held:
        return "it was cancelled"
    if not mine:
        return "no hour is known, or posts_per_event is too small: X gives pages of 10, in at least two slices"
    return "" if len(reachable) == len(mine) else "older than 7 days: needs AFTERDEBATE_X_FULL_ARCHIVE"
