"""What one more feed costs a collector that knows 2,000 feeds, and one that knows 20,000.

    python -m bench.feeds.many [FEW MANY]

Loopback servers, 200 hosts, no gap. Processor seconds of the run alone: reading the campaign is not in them.
"""

import json
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.feeds.poll import NOW, campaign, timed

HOSTS = 200
_MS = 1_000


def costs(urls: list[str]) -> dict[str, float]:
    """Processor milliseconds a feed of a first poll and of one that brings only 304s, and of a run with none due."""
    with tempfile.TemporaryDirectory() as folder:
        campaign(Path(folder), urls)
        first, peak_mb = timed("ours", folder, NOW.isoformat())
        same, _ = timed("ours", folder, (NOW + timedelta(days=2)).isoformat())
        none_due, _ = timed("due", folder, (NOW + timedelta(days=2, minutes=10)).isoformat())
    return {
        "first, ms a feed": first["cpu_s"] * _MS / len(urls),
        "all 304, ms a feed": same["cpu_s"] * _MS / len(urls),
        "none due, ms a feed": none_due["cpu_s"] * _MS / len(urls),
        "peak MB": peak_mb,
    }


def main(few: int, many: int) -> None:
    """Print the table."""
    command = [sys.executable, "-m", "bench.feeds.poll", "serve", str(many), str(HOSTS)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    urls = json.loads(server.stdout.readline())
    small, large = costs(urls[:: many // few]), costs(urls)
    server.stdin.close()
    server.wait()
    table = Table("cost", f"{few:,} feeds", f"{many:,} feeds", "ratio (flat: 1)")
    for name, cost in small.items():
        table.add_row(name, f"{cost:.3f}", f"{large[name]:.3f}", f"{large[name] / cost:.2f}")
    Console().print(table)


if __name__ == "__main__":
    few, many = [*map(int, sys.argv[1:]), 2_000, 20_000][:2]
    main(few, many)
