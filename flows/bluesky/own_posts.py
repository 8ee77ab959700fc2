"""The candidates' own accounts on Bluesky: posts, replies and reposts since the campaign began."""

from collections.abc import Callable
from functools import partial

from connectors.bluesky.feeds import ask_for_feed
from connectors.campaign.models import Campaign
from connectors.handles import plain_author
from flows.networks.attempts import PostSource
from flows.networks.run import NetworkRun
from flows.networks.walks import Timeline, WalkedPage, read_source


def collect_own_feeds(run: NetworkRun) -> None:
    """Read on in each declared account that is due."""
    for candidate in run.campaign.candidates:
        handles = [plain_author(handle) for handle in candidate.accounts.get("bluesky", ())]
        source = PostSource(run.campaign.id, f"bluesky-own-{candidate.id}", "bluesky_own")
        read_source(
            run,
            source,
            [Timeline(name=handle, ask_page=_page_asked(run, source, handle), is_own=True) for handle in handles],
        )


def has_own_feeds(campaign: Campaign) -> bool:
    """Does any candidate declare an account?"""
    return any(candidate.accounts.get("bluesky") for candidate in campaign.candidates)


def _page_asked(run: NetworkRun, source: PostSource, handle: str) -> Callable[[str | None], WalkedPage]:
    return partial(_ask_page, run, source, handle)


def _ask_page(run: NetworkRun, source: PostSource, handle: str, cursor: str | None) -> WalkedPage:
    reading = run.reading(source, run.clock())
    page = ask_for_feed(run.asker, run.settings.bluesky_api_url, handle, cursor, reading)
    return WalkedPage(posts=page.posts, set_aside=page.set_aside, next_token=page.cursor)
