"""Ten readers through fifty publishes: `python -m bench.readers [READERS] [PUBLISHES]`.

Each reader opens the published database again and again and asks for the build of two tables and two sums, twice with a
pause between. Readers use the Pythons of AFTERDEBATE_BENCH_PYTHONS (paths, parted by `:`; each has a DuckDB of its own)
in turn with this one, and the DuckDB shell where there is one on the path.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from tests.doubles import reader
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from warehouse.build.run import build
from warehouse.publish.publishing import published_file

_SHELL = """
while [ ! -e "$2" ]; do
    "$3" -readonly -noheader -list "$1" \
        "SELECT (SELECT run_id FROM facts.publication) = (SELECT max_by(run_id, built_at) FROM metrics.runs)" \\
        || echo error
done | sort | uniq -c
"""


def main(readers: int, publishes: int) -> int:
    pythons = [sys.executable, *filter(None, os.environ.get("AFTERDEBATE_BENCH_PYTHONS", "").split(":"))]
    with tempfile.TemporaryDirectory() as folder:
        home, end = Path(folder), Path(folder, "end")
        land_campaign(home)
        _publish(home, 0)
        file = str(published_file(home))
        commands = [[python, reader.__file__, file, str(end)] for python in islice(cycle(pythons), readers)]
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
        shell = shutil.which("duckdb")
        in_shell = ["sh", "-c", _SHELL, "sh", file, str(end), shell or ""]
        beside = subprocess.Popen(in_shell, stdout=subprocess.PIPE, text=True) if shell else None
        began = time.monotonic()
        for number in range(1, publishes + 1):
            _publish(home, number)
            print(
                f"{number} of {publishes} published after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
            )
        seconds = time.monotonic() - began
        end.touch()
        told = [json.loads(one.communicate()[0]) for one in started]
        if beside:
            print(f"the shell, equal or not: {beside.communicate()[0].split()}")
    for one in told:
        print(f"DuckDB {one['duckdb']}: {one['looks']} looks, {one['builds']} builds seen, {one['errors']} wrong")
        for words in one["wrong"]:
            print(f"    {words}")
    print(
        f"{publishes} publishes in {seconds:.0f} s beside {readers} readers: {sum(one['errors'] for one in told)} wrong"
    )
    return sum(one["errors"] for one in told)


def _publish(home: Path, number: int) -> None:
    land_ticker(home, f"{number}.csv", steady_totals(range(number, number + 1)))
    assert build(home, NOW + timedelta(hours=number), "bench", lambda _text: None).tables_published


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:] or ("10", "50"))))
