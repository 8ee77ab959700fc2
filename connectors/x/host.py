"""The address that X is asked at: tweepy's requests go to the one we configure, in bounded time, with our token.

tweepy has neither a host setting nor a timeout, and writes its request headers to its DEBUG log. So the token is put
on the copy of the request that leaves the process, and edited out of what comes back.
"""

import io
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from connectors.decoding import decode
from connectors.errors import SourceUnavailable, SourceUnreadable

LEAST_SECRET = 8  # characters
TWEEPY_HOST = "https://api.twitter.com"  # written into tweepy 4.17, client.py


# What lies in our buffer is charged though nobody has read it: a stream keeps it small, so that little is under way.
SHALLOW = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 16384),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one request may take, and how much it may answer."""

    connect_s: float = 5
    read_s: float = 20  # between two bytes
    total_s: float = 60  # for the whole answer: a server that drips bytes is cut off too
    body_bytes: int = 64 * 2**20  # inflated; 31 days of minutes are 5 MB


class NotSent(SourceUnavailable):
    """Nobody took the request, so nobody charges for it."""


class ToConfiguredHost(HTTPAdapter):
    """Sends what was meant for tweepy's host to ours, with the token; reads whole what is no stream."""

    def __init__(
        self, token: str, api_url: str, limits: Limits, socket_options: Sequence[tuple[int, int, int]] = ()
    ) -> None:
        self._socket_options = [*HTTPConnection.default_socket_options, *socket_options]
        super().__init__()
        self._token = token
        # What is shorter is no secret but a placeholder, and may be part of an honest answer ("next_token").
        self._forms = _spellings(token) if len(token) >= LEAST_SECRET else []
        # tweepy's paths begin with the version; an address that ends with it means the same.
        self._api_url = api_url.strip().rstrip("/").removesuffix("/2").rstrip("/")
        self._limits = limits

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests makes it, with our socket options."""
        super().init_poolmanager(*args, **kwargs, socket_options=self._socket_options)

    def send(self, request: requests.PreparedRequest, *_args: Any, **asked: Any) -> requests.Response:
        """The answer of the configured host, tied to the request that holds no token.

        Raises:
            SourceUnavailable: there was none, or it was cut short.
            SourceUnreadable: it is larger than the cap.
        """
        path = str(request.url).removeprefix(TWEEPY_HOST)
        sent = request.copy()
        sent.url = self._api_url + path
        sent.headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = super().send(
                sent,
                stream=True,
                timeout=(self._limits.connect_s, self._limits.read_s),
                proxies=_proxies(sent.url),
            )
            if asked.get("stream") and answer.status_code == HTTPStatus.OK:
                answer.request = request  # the one without the token
                return answer
            return self._whole(answer, request)
        except requests.RequestException as error:
            failure = type(error).__name__
            reason = getattr(error.args[0] if error.args else None, "reason", None)
        # Raised out here, without the cause: that holds the request, and the request holds the token.
        kind = NotSent if isinstance(reason, NewConnectionError | ConnectTimeoutError) else SourceUnavailable
        raise kind(f"X {urlsplit(path).path}: {failure}, no whole answer")

    def _whole(self, answer: requests.Response, request: requests.PreparedRequest) -> requests.Response:
        """The answer with its body read, inflated and capped, tied to the request that holds no token."""
        body = bytearray()
        with answer:
            for chunk in answer.iter_content(2**16):
                body += chunk
                if len(body) > self._limits.body_bytes:
                    raise SourceUnreadable(
                        f"X {urlsplit(request.path_url).path}: more than {self._limits.body_bytes} bytes"
                    )
        whole = requests.Response()
        whole.status_code, whole.encoding, whole.url, whole.request = (
            answer.status_code,
            "utf-8",
            str(request.url),
            request,
        )
        # A server may quote the credentials it refuses: in the body, in a header or beside the status.
        whole.reason = self._without_token(str(answer.reason or ""))
        whole.headers.update({name: self._without_token(value) for name, value in answer.headers.items()})
        # By what the bytes are, not by what X calls them: else a name in another encoding would lose its letters.
        whole.raw = io.BytesIO(self._without_token(decode(bytes(body))).encode())
        return whole

    def _without_token(self, text: str) -> str:
        """The text with the token edited out, also where it is quoted as in an address or in JSON."""
        for form in self._forms:
            text = text.replace(form, "[token]")
        return text


def _spellings(token: str) -> list[str]:
    """The token as a server may quote it, the longest first."""
    forms = {token, unquote(token), quote(token, safe=""), token.replace("/", r"\/")}
    return sorted(forms, key=len, reverse=True)


def _proxies(url: str) -> dict[str, str]:
    """The proxies that the environment names; none for this machine itself, whatever NO_PROXY says."""
    return {} if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1") else get_environ_proxies(url)
