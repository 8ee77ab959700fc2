"""The feed of one account of Bluesky, page by page, from the newest post back; no login is needed."""

from connectors.bluesky.posts import FeedPage, parse_feed_page
from connectors.errors import SourceUnreadable
from connectors.networks.asking import Asker
from connectors.networks.reading import NetworkReading, NotAPost

FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
MOST_A_PAGE = 100


def ask_for_feed(asker: Asker, api_url: str, handle: str, cursor: str | None, reading: NetworkReading) -> FeedPage:
    """One page of the account's posts, replies and reposts, newest first.

    Raises:
        SourceError: as `Asker.ask` does; the answer is no feed.
    """
    params = {"actor": handle, "limit": MOST_A_PAGE, "filter": "posts_with_replies", "cursor": cursor}
    answer = asker.ask(f"{api_url.rstrip('/')}{FEED}", params)
    try:
        return parse_feed_page(answer, handle, reading)
    except NotAPost as error:
        raise SourceUnreadable(f"Bluesky {FEED}: {error}") from None
