"""`make bench`: every benchmark, one after the other; those on real data skip without `AFTERDEBATE_BENCH_DATA`.

Each runs in a process of its own, so that the memory it reports is its own.
"""

import subprocess
import sys
import time
from pathlib import Path

_NO_BENCH = {"__init__", "__main__", "peers", "worlds"}  # what the benches share


def main() -> int:
    """How many benches failed; the rest went on."""
    failed = []
    folder = Path(__file__).parent
    benches = [path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py") if path.stem not in _NO_BENCH]
    for name in sorted(".".join(bench.parts) for bench in benches):
        print(f"\n== python -m bench.{name}", flush=True)
        started = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
        print(f"   {time.monotonic() - started:.0f} s", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
