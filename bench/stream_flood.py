"""A flood through a Jetstream on loopback: is anything lost, and what does it cost?

    python -m bench.stream_flood [posts a second] [seconds]

The server runs in a process of its own and sends so many posts a second, of which one in twenty names a candidate. The
follower is the product's own, real landing included. Printed: posts sent, named and landed, the follower's processor
seconds (user and system) and the most memory that it held.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from connectors.campaign.folder import read_campaign
from flows.bluesky.stream import follow_bluesky_once
from flows.settings import Settings
from tests.doubles.jetstream_server import jetstream, post

EACH = 20  # one post in so many names a candidate
TOML = """
id = "flood"
title = "A flood"
timezone = "UTC"
currency = "USD"
start = {start}
end = {end}
[[candidates]]
id = "ada"
name = "Ada Quill"
[bluesky]
"""


def serve(port_told: "multiprocessing.Queue[int]", rate: int, seconds: int, go: "multiprocessing.Queue[int]") -> None:
    """Send the flood once asked; the posts are made beforehand, so that the server keeps up."""
    with jetstream() as server:
        port_told.put(server.port)
        go.get()
        started_at, number = time.monotonic(), 0
        while number < rate * seconds:
            due = min(rate * seconds, int((time.monotonic() - started_at) * rate) + 1)
            for n in range(number, due):
                name = "Ada Quill" if n % EACH == 0 else "my cat"
                at = datetime.now(UTC)
                server.events.append(post(at, f"{name} {n} {'word ' * 20}", rkey=str(n), heard_at=at))
            number = due
            time.sleep(0.005)
        go.get()


def main(rate: int, seconds: int) -> int:
    """The exit code: 1 where a post was lost."""
    context = multiprocessing.get_context("spawn")
    port_told, go = context.Queue(), context.Queue()
    server = context.Process(target=serve, args=(port_told, rate, seconds, go), daemon=True)
    server.start()
    port = port_told.get()
    with tempfile.TemporaryDirectory() as folder:
        campaign_folder = Path(folder) / "flood"
        campaign_folder.mkdir()
        today = datetime.now(UTC).date()
        toml = TOML.format(start=today - timedelta(days=1), end=today + timedelta(days=2))
        (campaign_folder / "campaign.toml").write_text(toml)
        (campaign_folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
        settings = Settings(
            home=Path(folder) / "home", author_key="k", bluesky_stream_url=f"ws://127.0.0.1:{port}/subscribe"
        )
        campaign = read_campaign(campaign_folder)
        follow_bluesky_once(campaign, settings, None)  # from here on nothing may be missed
        before = resource.getrusage(resource.RUSAGE_SELF)
        go.put(1)
        until_at = datetime.now(UTC) + timedelta(seconds=seconds)
        follow_bluesky_once(campaign, settings, until_at)
        time.sleep(1.0)
        follow_bluesky_once(campaign, settings, None)  # what was still under way
        after = resource.getrusage(resource.RUSAGE_SELF)
        files = sorted((settings.home / "landing" / "posts").glob("*.parquet"))
        landed = {row for file in files for row in pq.ParquetFile(file).read(["post_id"])["post_id"].to_pylist()}
        go.put(2)
    named = -(-rate * seconds // EACH)
    told = {
        "posts_sent": rate * seconds,
        "posts_that_name_somebody": named,
        "posts_landed": len(landed),
        "files": len(files),
        "processor_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "most_memory_mb": round(after.ru_maxrss / 1024),
    }
    print(json.dumps(told, indent=2))
    return int(len(landed) != named)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(numbers + [2000, 60][len(numbers) :])))
