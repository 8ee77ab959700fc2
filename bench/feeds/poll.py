"""Feeds polled per second, first with documents and then with 304s only, against the `reader` library.

    python -m bench.feeds.poll [FEEDS [HOSTS]]

Loopback servers, one port a host, one connection a host and no gap. `reader` is measured where it is installed
(`pip install reader`); the servers say how many requests a host saw at once and how many were unconditional.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console
from rich.table import Table

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ITEMS = 20
_TEXT = "<p>What the candidates said, and what they did not say, in some words. </p>" * 14


def document(number: int) -> bytes:
    """A feed of 20 entries, 24 KB."""
    times = [f"{NOW - timedelta(hours=3 * n):%a, %d %b %Y %H:%M:%S} GMT" for n in range(ITEMS)]
    items = "".join(
        f"<item><guid isPermaLink='false'>{number}-{n}</guid><link>https://blog{number}.example/{n}</link>"
        f"<title>Post {n} of blog {number}</title><pubDate>{times[n]}</pubDate>"
        f"<description><![CDATA[{_TEXT}]]></description></item>"
        for n in range(ITEMS)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>B</title>{items}</channel></rss>".encode()


async def serve(feeds: int, hosts: int) -> None:
    """Serve until the input ends; the first line out holds the ports, each line in asks for the counts so far."""
    seen: dict[str, int] = {"requests": 0, "unconditional": 0, "most_at_once": 0}

    def application(host: int) -> web.Application:
        at_once = 0

        async def feed(request: web.Request) -> web.Response:
            nonlocal at_once
            at_once += 1
            seen["requests"] += 1
            seen["most_at_once"] = max(seen["most_at_once"], at_once)
            number = host + hosts * int(request.match_info["n"])
            etag = f'"{number}"'
            try:
                if request.headers.get("If-None-Match") == etag:
                    return web.Response(status=304, headers={"ETag": etag})
                seen["unconditional"] += 1
                return web.Response(body=document(number), content_type="text/xml", headers={"ETag": etag})
            finally:
                at_once -= 1

        app = web.Application()
        app.router.add_get("/{n}", feed)
        return app

    urls = []
    for host in range(hosts):
        runner = web.AppRunner(application(host), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        urls += [f"http://127.0.0.1:{port}/{n}" for n in range(feeds // hosts)]
    print(json.dumps(urls), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(seen), flush=True)
        seen.update(requests=0, unconditional=0, most_at_once=0)


def ours(folder: Path, now: str, *, is_hostile: bool = False, force: bool = True) -> None:
    """One run of our collector, in a process of its own; its processor seconds are those of the run alone."""
    from connectors.campaign.folder import read_campaign  # noqa: PLC0415 — only this process needs it
    from flows.feeds.collect import collect_feeds_once  # noqa: PLC0415 — as above
    from flows.settings import Settings  # noqa: PLC0415 — as above

    settings = Settings(home=folder / "home", allow_private_hosts=True, host_gap_s=0, _env_file=None)
    campaign = read_campaign(folder)
    began, used_s = time.perf_counter(), cpu_s()
    collected = collect_feeds_once(campaign, settings, datetime.fromisoformat(now), force=force)
    assert is_hostile or not collected.failed, collected.failed
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu_s": cpu_s() - used_s, **collected.landed}))


def cpu_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def theirs(folder: Path) -> None:
    """One run of `reader` with 16 threads, in a process of its own."""
    import reader  # noqa: PLC0415 — an optional dependency of this bench

    library = reader.make_reader(str(folder / "reader.sqlite"))
    for url in json.loads((folder / "urls.json").read_text()):
        library.add_feed(url, exist_ok=True)
    began, used_s = time.perf_counter(), cpu_s()
    library.update_feeds(workers=16, scheduled=False)
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu_s": cpu_s() - used_s}))


def timed(*arguments: str) -> tuple[dict[str, Any], float]:
    """What a run of this module printed, and the peak memory of its processes together in MB."""
    process = subprocess.Popen([sys.executable, "-m", "bench.feeds.poll", *arguments], stdout=subprocess.PIPE)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _resident_mb(process.pid))
        time.sleep(0.05)
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.read())
    return found, peak


def _resident_mb(pid: int) -> float:
    """Memory of a process and of its children, shared pages counted for each."""
    total = 0
    for one in (pid, *_children(pid)):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * 4096
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1e6


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def campaign(folder: Path, urls: list[str]) -> None:
    """Write a campaign with these feeds."""
    head = 'id = "bench"\ntitle = "B"\ntimezone = "UTC"\ncurrency = "EUR"\nstart = 2026-10-01\nend = 2026-12-01\n'
    feeds = "".join(f'[[feeds]]\nid = "f{number}"\nurl = "{url}"\n' for number, url in enumerate(urls))
    (folder / "campaign.toml").write_text(head + '[[candidates]]\nid = "a"\nname = "Anne A"\n' + feeds)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    (folder / "urls.json").write_text(json.dumps(urls))


def main(feeds: int, hosts: int) -> None:
    """Print the table."""
    command = [sys.executable, "-m", "bench.feeds.poll", "serve", str(feeds), str(hosts)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    table = Table("poll", "by", "s", "feeds / s", "ratio", "CPU s", "peak MB", "at once", "uncond.")
    table.title = f"{feeds} feeds on {hosts} hosts"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        campaign(folder, json.loads(server.stdout.readline()))
        for poll in range(2):
            later = (NOW + timedelta(days=2 * poll)).isoformat()
            runs: list[tuple[str, tuple[str, ...]]] = [("afterdebate", ("ours", name, later))]
            runs += [("reader x16", ("theirs", name))] if find_spec("reader") else []
            base = None
            for by, arguments in reversed(runs):
                found, peak = timed(*arguments)
                server.stdin.write("counts\n")
                server.stdin.flush()
                seen = json.loads(server.stdout.readline())
                rate = feeds / found["seconds"]
                base = base or rate
                table.add_row(
                    "first" if poll == 0 else "all 304",
                    by,
                    f"{found['seconds']:.1f}",
                    f"{rate:,.0f}",
                    f"{rate / base:.1f}",
                    f"{found['cpu_s']:.1f}",
                    f"{peak:.0f}",
                    str(seen["most_at_once"]),
                    str(seen["unconditional"]),
                )
    server.stdin.close()
    server.wait()
    Console().print(table)
    if not find_spec("reader"):
        Console().print("reader is not installed: no peer in this run")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", feeds, hosts]:
            asyncio.run(serve(int(feeds), int(hosts)))
        case ["ours", folder, now]:
            ours(Path(folder), now)
        case ["due", folder, now]:
            ours(Path(folder), now, force=False)
        case ["hostile", folder, now]:
            ours(Path(folder), now, is_hostile=True)
        case ["theirs", folder]:
            theirs(Path(folder))
        case numbers:
            main(*[*map(int, numbers), 2_000, 200][:2])
