"""Finds the feeds of a web page: those it names, else what lies where blogs usually keep one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import ClientSession

from connectors.errors import SourceError
from connectors.feed_discovery import FoundFeed, feeds_named_by, usual_places
from connectors.feeds import parse_feed
from connectors.web import Limits, get, open_session
from connectors.web_answers import failure_of
from flows.collect_feeds import user_agent
from flows.settings import Settings

_LIMITS = Limits(total_s=20.0)


def find_feeds(page_url: str, settings: Settings) -> list[FoundFeed]:
    """The feeds of a page; the page itself, where it is one.

    Raises:
        SourceError: the page does not answer.
    """
    return asyncio.run(_find(page_url, settings))


async def _find(page_url: str, settings: Settings) -> list[FoundFeed]:
    agent = user_agent(settings.contact)
    async with open_session(user_agent=agent, limits=_LIMITS, allow_private=settings.allow_private_hosts) as session:
        page, url = await _page(session, page_url, settings)
        if _is_feed(page, url):
            return [FoundFeed(url, "")]
        named = feeds_named_by(page, url)
        if named:
            return named
        for place in usual_places(url):
            await asyncio.sleep(settings.host_gap_s)
            try:
                page, found_url = await _page(session, place, settings)
            except SourceError:
                continue
            if _is_feed(page, found_url):
                return [FoundFeed(found_url, "")]
    return []


async def _page(session: ClientSession, url: str, settings: Settings) -> tuple[bytes, str]:
    allow = settings.allow_private_hosts
    answer = await get(session, url, validators={}, turn=_no_queue, limits=_LIMITS, allow_private=allow)
    with answer.document as document:
        failure = failure_of(answer.url, answer.status, answer.headers, datetime.now(UTC))
        if failure:
            raise failure
        return document.read(), answer.url


def _is_feed(page: bytes, url: str) -> bool:
    try:
        parse_feed(page, url, datetime.now(UTC))
    except SourceError:
        return False
    return True


@asynccontextmanager
async def _no_queue(_host: str, _is_conditional: bool) -> AsyncIterator[None]:
    """One request after the other needs no turns."""
    yield
