"""The door of the server that `afterdebate up` starts: who comes from elsewhere is refused before Prefect hears it.

Prefect asks for the secret. It does not ask which name the browser called, nor which page sent it: a page whose name
was rebound to 127.0.0.1 would be let through to try, and WebSockets know no CORS.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Headers = Iterable[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY_VIOLATION = 1008  # of WebSockets


def guarded_server() -> Application:
    """Prefect's own server behind the door; uvicorn calls this in the server's process."""
    from prefect.server.api.server import create_app  # noqa: PLC0415  # no command may import Prefect
    from prefect.settings import get_current_settings  # noqa: PLC0415

    return behind_door(create_app(final=True), get_current_settings().server.api.cors_allowed_origins)


def behind_door(application: Application, origin: str) -> Application:
    """The application, which hears only requests that call it by its own name and come from its own pages."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["type"] == "lifespan" else refusal_of(scope["headers"], origin)
        if refusal is None:
            await application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": refusal.encode()})

    return guarded


def refusal_of(headers: Headers, origin: str) -> str | None:
    """Why a request with these headers is refused; None where it may pass."""
    hosts = [value for name, value in headers if name == b"host"]
    if hosts != [urlsplit(origin).netloc.encode()]:
        return f"This server has one name. Mend: open {origin}\n"
    # A browser names the page that sends; a program names none.
    if any(value != origin.encode() for name, value in headers if name == b"origin"):
        return f"This server answers its own pages only. Mend: open {origin}\n"
    return None
