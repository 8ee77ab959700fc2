"""One question to a public JSON API: what it answered, or which of our errors its refusal is."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from connectors.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from connectors.web.answers import retry_after
from connectors.web.get import Limits, get, open_session


@dataclass(kw_only=True)
class Asker:
    """Asks on behalf of one run; `requests` says how often it did."""

    user_agent: str
    allow_private: bool
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    requests: int = 0
    left: int | None = None  # requests until the server's limit, as its last answer says

    def ask(self, url: str, params: Mapping[str, object]) -> Any:
        """The JSON that the address answers; parameters that are None are left out.

        Raises:
            SourceUnavailable: no answer, 5xx, or a rate limit, with the seconds until it ends.
            SourceRefused: 4xx: not known, not public, or the address may not be asked.
            SourceUnreadable: an answer that is no JSON.
        """
        told = urlencode([(name, value) for name, value in params.items() if value is not None], doseq=True)
        whole = f"{url}?{told}" if told else url
        self.requests += 1
        status, headers, body = asyncio.run(self._get(whole))
        self.left = _number(headers, "X-RateLimit-Remaining", "RateLimit-Remaining")
        self._raise_for(url, status, headers)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise SourceUnreadable(f"{url}: an answer that is no JSON") from None

    async def _get(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        async with open_session(
            user_agent=self.user_agent, limits=self.limits, allow_private=self.allow_private
        ) as session:
            answer = await get(
                session, url, validators={}, turn=_at_once, limits=self.limits, allow_private=self.allow_private
            )
            with answer.document:
                return answer.status, answer.headers, answer.document.read()

    def _raise_for(self, url: str, status: int, headers: Mapping[str, str]) -> None:
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = retry_after(headers, self.clock())
            raise SourceUnavailable(
                f"{url}: its limit of requests is reached",
                retry_after_s=_until_reset(headers, self.clock()) if wait_s is None else wait_s,
            )
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            raise SourceUnavailable(f"{url}: it answers {status}", retry_after_s=retry_after(headers, self.clock()))
        mends: dict[int, str] = {
            HTTPStatus.NOT_FOUND: "the account or server; it is not known there",
            HTTPStatus.GONE: "the account or server; it is gone",
            HTTPStatus.BAD_REQUEST: "the account; it is not known there",
        }
        mend = mends.get(status, "it is not public there: ask its operator")
        raise SourceRefused(f"{url}: it answers {status}. Mend: {mend}")


@asynccontextmanager
async def _at_once(_host: str, _is_conditional: bool) -> AsyncIterator[None]:
    yield


def _number(headers: Mapping[str, str], *names: str) -> int | None:
    told = next((headers[name] for name in names if name in headers), "")
    return int(told) if told.isdecimal() else None


def _until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the limit begins anew: Mastodon tells an ISO time, Bluesky seconds since 1970."""
    told = next((headers[name] for name in ("X-RateLimit-Reset", "RateLimit-Reset") if name in headers), "")
    try:
        at = datetime.fromtimestamp(int(told), UTC) if told.isdecimal() else datetime.fromisoformat(told)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, OverflowError, OSError):
        return None
