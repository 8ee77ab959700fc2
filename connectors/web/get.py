"""Polite conditional GET: validators, caps, timeouts, redirects one by one, private addresses refused.

Answers come back whatever their status; `answers` says what a status means.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import IO

import aiohttp
from yarl import URL

from connectors.errors import SourceRefused, SourceUnavailable
from connectors.web.addresses import IF_YOURS, ConnectTo, PrivateAddressError, PublicResolver, is_public
from connectors.web.answers import Validators
from connectors.web.bodies import let_end, read_body
from connectors.web.hosts import host_of

_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of an answer is taken before it is given up."""

    document_bytes: int = 5_000_000  # as sent, and again inflated
    total_s: float = 40.0
    connect_s: float = 15.0
    silence_s: float = 15.0  # between two pieces of an answer
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The last answer of a chain of redirects; `document` is at its beginning, inflated."""

    url: str
    status: int
    headers: Mapping[str, str]  # keys in any case
    document: IO[bytes]
    sha256: str
    size: int
    is_moved_for_good: bool  # there were redirects, and every hop was permanent
    is_conditional: bool  # the last request carried a validator
    requests: int


Turn = Callable[
    [str, bool], AbstractAsyncContextManager[None]
]  # a host's turn to be asked; is the request conditional?


@asynccontextmanager
async def open_session(
    *, user_agent: str, limits: Limits, allow_private: bool, connect_to: ConnectTo | None = None
) -> AsyncIterator[aiohttp.ClientSession]:
    """A session without cookies, referrer or proxy, one connection a host."""
    resolver = PublicResolver(allow_private=allow_private, connect_to=connect_to)
    timeout = aiohttp.ClientTimeout(total=limits.total_s, sock_connect=limits.connect_s, sock_read=limits.silence_s)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=1, resolver=resolver),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=timeout,
        auto_decompress=False,
        headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
    ) as session:
        yield session


async def get(
    session: aiohttp.ClientSession,
    url: str,
    *,
    validators: Mapping[str, Validators],
    turn: Turn,
    limits: Limits,
    allow_private: bool,
) -> Answer:
    """The answer at the end of the redirects; each hop is asked with the validators of its own URL.

    Raises:
        SourceUnavailable: no answer, a timeout, an answer cut short.
        SourceRefused: a scheme or an address that is not allowed, too many redirects.
        SourceUnreadable: an answer that is too large, or packed in a way that cannot be read.
    """
    hop, is_permanent = url, True
    for requests in range(1, limits.redirects + 2):
        asked = _permitted(hop, allow_private=allow_private)
        known = validators.get(hop, Validators(None, None))
        try:
            async with (
                turn(host_of(hop), any(known)),
                session.get(asked, headers=_conditions(known), allow_redirects=False) as response,
            ):
                if response.status in _REDIRECTS and "Location" in response.headers:
                    is_permanent = is_permanent and response.status in _PERMANENT
                    hop = _next_hop(hop, response.headers["Location"])
                    await let_end(response)
                    continue
                document, sha256, size = await read_body(response, limits.document_bytes)
                return Answer(
                    url=hop,
                    status=response.status,
                    headers=response.headers,
                    document=document,
                    sha256=sha256,
                    size=size,
                    is_moved_for_good=is_permanent and requests > 1,
                    is_conditional=any(known),
                    requests=requests,
                )
        except aiohttp.ClientConnectorDNSError as error:
            if isinstance(error.os_error, PrivateAddressError):
                raise SourceRefused(f"{hop}: {error.os_error}") from error
            raise SourceUnavailable(f"{hop}: the name is not known ({error.os_error})") from error
        except (ValueError, aiohttp.NonHttpUrlClientError) as error:  # or a header that none can send
            raise SourceRefused(f"{hop}: not an address that can be asked ({error})") from error
        except TimeoutError as error:
            raise SourceUnavailable(f"{hop}: no whole answer in time") from error
        except aiohttp.ClientResponseError as error:  # the rest of its message quotes the server
            raise SourceUnavailable(f"{hop}: {error.message.partition(':')[0][:80]}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise SourceUnavailable(f"{hop}: {type(error).__name__}: {error}") from error
    raise SourceRefused(f"{url}: more than {limits.redirects} redirects, the last to {hop}")


def _permitted(url: str, *, allow_private: bool) -> URL:
    """The URL, taken apart; names are checked later, by the resolver.

    Raises:
        SourceRefused: it must not be asked.
    """
    try:
        parts = URL(url)
        host = parts.host  # read only here: it may be no name
    except ValueError as error:
        raise SourceRefused(f"{url}: not an address that can be asked ({error})") from error
    if parts.scheme not in ("http", "https") or not host:
        raise SourceRefused(f"{url}: only http and https addresses are asked")
    try:
        is_refused = not allow_private and not is_public(host)
    except ValueError:  # a name
        return parts
    if is_refused:
        raise SourceRefused(f"{url}: not a public address. {IF_YOURS}")
    return parts


def _next_hop(url: str, location: str) -> str:
    try:
        return str(URL(url).join(URL(location)).with_fragment(None))
    except ValueError as error:
        raise SourceRefused(f"{url}: redirects to what is no address: {location[:200]!r}") from error


def _conditions(known: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}
