"""Kill -9 at random moments of import, build, rebuild and run: `python -m bench.kills [KILLS] [SEED]`."""

import sys
import tempfile
import time
from pathlib import Path

from tests.doubles.kills import kill_many


def main(kills: int, seed: int) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = kill_many(Path(folder), kills, seed)
    shares = ", ".join(f"{count} of {command}" for command, count in sorted(told.by_command.items()))
    print(
        f"{told.kills} kills in {time.monotonic() - began:.0f} s ({shares}); {told.ended} commands were through before"
    )
    print(f"{len(told.wrong)} wrong")
    for words in told.wrong:
        print(f"    {words}")
    return len(told.wrong)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:] or ("200", "15"))))
