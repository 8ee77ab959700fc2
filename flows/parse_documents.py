"""Parses documents for the collector."""

from datetime import datetime

from connectors.feeds import ParsedFeed, parse_feed
from connectors.web import Answer


async def parse_here(answer: Answer, feed_url: str, fetched_at: datetime, timezone: str) -> ParsedFeed:
    """The parsed document."""
    return parse_feed(
        answer.document.read(),
        feed_url,
        fetched_at,
        timezone,
        document_url=answer.url,
        content_type=answer.headers.get("Content-Type"),
    )
