"""Finds the feeds of a web page: those it names, else what lies where blogs usually keep one."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import ClientSession

from connectors.errors import SourceError, SourceUnreadable
from connectors.feeds.discovery import FoundFeed, usual_places
from connectors.fence import fenced
from connectors.web.answers import failure_of
from connectors.web.get import Answer, Limits, get, open_session
from flows.collected import say_nothing
from flows.feeds.parse import ParseWorkers
from flows.settings import Settings
from flows.user_agent import user_agent

_LIMITS = Limits(total_s=20.0)
_TITLE_CHARS = 200
# Control characters and ends of lines, and the marks that turn the direction of a line.
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def feed_table(feed: FoundFeed) -> str:
    """The feed as a table of campaign.toml, whatever its page says of it: a title stays a comment, a URL one value."""
    title = " ".join(_NOT_SHOWN.sub(" ", feed.title).split())[:_TITLE_CHARS]
    # A text of TOML's basic kind is escaped as JSON escapes it, and of JSON's letters TOML bars but one.
    url = json.dumps(feed.url, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[[feeds]]  # {title or 'no title'}\nurl = {url}\n"


def find_feeds(page_url: str, settings: Settings) -> list[FoundFeed]:
    """The feeds of a page; the page itself, where it is one.

    Raises:
        SourceError: the page does not answer.
    """
    with fenced(page_url, say_nothing):
        return asyncio.run(_find(page_url, settings))


async def _find(page_url: str, settings: Settings) -> list[FoundFeed]:
    agent, allow = user_agent(settings.contact), settings.allow_private_hosts
    # In a worker: a page may mean no good, and a person waits.
    with ParseWorkers(1) as workers:
        async with open_session(user_agent=agent, limits=_LIMITS, allow_private=allow) as session:
            page = await _page(session, page_url, settings)
            with page.document:
                if await _is_feed(workers, page):
                    return [FoundFeed(page.url, "")]
                named = await workers.feeds_named(page, datetime.now(UTC))
            return named or await _in_usual_places(session, workers, page.url, settings)


async def _in_usual_places(
    session: ClientSession, workers: ParseWorkers, page_url: str, settings: Settings
) -> list[FoundFeed]:
    for place in usual_places(page_url):
        await asyncio.sleep(settings.host_gap_s)
        try:
            page = await _page(session, place, settings)
        except SourceError:
            continue
        with page.document:
            if await _is_feed(workers, page):
                return [FoundFeed(page.url, "")]
    return []


async def _page(session: ClientSession, url: str, settings: Settings) -> Answer:
    allow = settings.allow_private_hosts
    answer = await get(session, url, validators={}, turn=_no_queue, limits=_LIMITS, allow_private=allow)
    failure = failure_of(answer.url, answer.status, answer.headers, datetime.now(UTC))
    if failure:
        answer.document.close()
        raise failure
    return answer


async def _is_feed(workers: ParseWorkers, page: Answer) -> bool:
    try:
        await workers.parse(page, page.url, datetime.now(UTC), "UTC")
    except SourceUnreadable:
        return False
    return True


@asynccontextmanager
async def _no_queue(_host: str, _is_conditional: bool) -> AsyncIterator[None]:
    """One request after the other needs no turns."""
    yield
