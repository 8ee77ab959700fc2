"""Peak memory of a poll of hostile feeds among good ones, against the limit of 400 MB.

python -m bench.feeds.hostile
"""

import asyncio
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from aiohttp import web
from rich.console import Console
from rich.table import Table

from bench.feeds.poll import NOW, campaign, document, timed

LIMIT_MB = 400
_HEAD, _TAIL = b"<rss version='2.0'><channel>", b"</channel></rss>"
BODIES = {
    "deep": _HEAD + b"<item>" + b"<a>" * 700_000 + _TAIL,
    "ampersands": _HEAD + b"<item><title>" + b"&" * 4_900_000 + b"</title></item>" + _TAIL,
    "empty-items": _HEAD + b"<item></item>" * 370_000 + _TAIL,
    "many-items": _HEAD + b"<item><title>a</title></item>" * 150_000 + _TAIL,
    "open-tags": _HEAD + b"<" * 4_900_000 + _TAIL,
    "large": _HEAD + b"x" * 4_900_000 + _TAIL,
    "login": b"<html><body>Sign in</body></html>",
}
BOMB = gzip.compress(bytes(200_000_000))
ROUNDS = 3
GOOD = 20


async def serve() -> None:
    """Serve until the input ends; the first line out holds the addresses, each of a host of its own."""

    async def answer(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name == "bomb":
            return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})
        if name == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"<item/>" * 10_000)
        if name in BODIES:
            return web.Response(body=BODIES[name])
        return web.Response(body=document(int(name)))

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    urls = []
    for name in [*BODIES, "bomb", "endless"] * ROUNDS + [str(number) for number in range(GOOD)]:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        urls.append(f"http://127.0.0.1:{runner.addresses[-1][1]}/{name}")
    print(json.dumps(urls), flush=True)
    await asyncio.to_thread(sys.stdin.readline)


def main() -> None:
    """Print the table."""
    command = [sys.executable, "-m", "bench.feeds.hostile", "serve"]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as name:
        urls = json.loads(server.stdout.readline())
        campaign(Path(name), urls)
        found, peak_mb = timed("hostile", name, NOW.isoformat())
    server.stdin.close()
    server.wait()
    table = Table("feeds", "s", "set aside", "entries landed", "peak MB", title="hostile feeds among good ones")
    landed = f"{found['entries']:,} (the good ones have {GOOD * 20})"
    peak = f"{peak_mb:.0f} (limit {LIMIT_MB})"
    table.add_row(str(len(urls)), f"{found['seconds']:.0f}", str(found["rejects"]), landed, peak)
    Console().print(table)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main()
