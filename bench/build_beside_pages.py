"""Whether a build waits for pages: `python -m bench.build_beside_pages [HOME]`.

HOME is a home in which the demo was built (./data/demo). A copy of it publishes one table again, alone and
while another process writes all of its pages. Seconds, and seconds of CPU of the build.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PROGRAM = (sys.executable, "-m", "flows.cli")


def main(home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, ignore=shutil.ignore_patterns("reports"))
        print("a build alone:        {:6.1f} s, {:.1f} of CPU".format(*_build(copy)))
        started = time.monotonic()
        words = (*_PROGRAM, "report", "us-2020-general", "--home", str(copy))
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as pages:
            while not (copy / "reports").is_dir():
                time.sleep(0.1)
            print("a build beside pages: {:6.1f} s, {:.1f} of CPU".format(*_build(copy)))
            still = "are not done" if pages.poll() is None else "were done before"
            told, _ = pages.communicate()
        print(f"pages, which {still} then: {time.monotonic() - started:.1f} s; {told.splitlines()[-2]}")


def _build(home: Path) -> tuple[float, float]:
    (home / "published" / "donation_by_interval.parquet").unlink()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*_PROGRAM, "build", "--home", str(home)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return time.monotonic() - started, cpu


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "data/demo"))
