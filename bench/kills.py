"""Kill -9 at random moments of import, feeds, build, rebuild and run: `python -m bench.kills [KILLS] [SEED] [LANES]`.

Lanes are homes that are disturbed beside each other, each with its own undisturbed twin.
"""

import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.doubles.kills import kill_many


def main(kills: int, seed: int, lanes: int) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(lanes) as pool:
        shares = [kills // lanes + (lane < kills % lanes) for lane in range(lanes)]
        folders = [Path(folder, str(lane)) for lane in range(lanes)]
        told = list(pool.map(partial(kill_many, tell=_say), folders, shares, range(seed, seed + lanes)))
    by_command = sum((one.by_command for one in told), Counter[str]())
    wrong = [words for one in told for words in one.wrong]
    print(
        f"{sum(one.kills for one in told)} kills in {time.monotonic() - began:.0f} s, "
        f"{sum(one.while_writing for one in told)} of them after the command had changed the home "
        f"({', '.join(f'{count} of {command}' for command, count in sorted(by_command.items()))}); "
        f"{sum(one.ended for one in told)} commands were through before"
    )
    print(f"{sum(one.rows_compared for one in told)} rows compared after {sum(one.rounds for one in told)} rounds")
    print(f"{len(wrong)} wrong")
    for words in wrong:
        print(f"    {words}")
    return len(wrong)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*given, *(200, 15, 2)[len(given) :]))
