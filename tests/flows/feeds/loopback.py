"""A real HTTP server on loopback that answers as a test says and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What the server answers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """Answers by path, and the requests seen, in order."""

    port: int
    replies: dict[str, Reply | Callable[[Mapping[str, str]], Reply]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def served() -> Iterator[Site]:
    """A running site; stopped at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            site.open_now += 1
            site.open_most = max(site.open_most, site.open_now)

        def finish(self) -> None:
            super().finish()
            site.open_now -= 1

        def do_GET(self) -> None:
            site.seen.append((self.path, dict(self.headers)))
            reply = site.replies.get(self.path, Reply(404))
            if callable(reply):
                reply = reply(dict(self.headers))
            self.send_response_only(reply.status)  # without a Date of its own
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.status != 304:
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def rss(*items: str, extra: str = "") -> bytes:
    """An RSS document of these items."""
    head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>{extra}'
    return (head + "".join(items) + "</channel></rss>").encode()


def item(number: int, date: str, *, title: str | None = None, host: str = "https://blog.example") -> str:
    """One item, numbered, with its date in RFC 822 form."""
    return (
        f"<item><guid isPermaLink='false'>g{number}</guid><link>{host}/p/{number}</link>"
        f"<title>{title or f'Post {number}'}</title><pubDate>{date}</pubDate></item>"
    )
