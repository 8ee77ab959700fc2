"""What afterdebate weighs, and how soon it answers: `python -m bench.weights`.

Seconds of CPU of `afterdebate --help` (the least of five runs: a busy machine waits, and does not count less) and which
heavy packages it loads; megabytes of what each lock brings beyond the one before, from the files that packages name.
"""

import re
import resource
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LOCKS = {
    "running": "requirements.txt",
    "afterdebate[notebook]": "requirements-notebook.txt",
    "tests, with the notebook": "requirements-dev.txt",
}
_HEAVY = (
    "duckdb",
    "pyarrow",
    "numpy",
    "scipy",
    "pydantic",
    "prefect",
    "altair",
    "vl_convert",
    "prompt_toolkit",
    "marimo",
)


def main() -> None:
    seconds = min(_seconds("-m", "flows.cli", "--help") for _ in range(5))
    bare = min(_seconds("-c", "pass") for _ in range(5))
    print(f"afterdebate --help: {seconds:.2f} s of CPU (Python alone: {bare:.2f}); loads of what is heavy: {_loaded()}")
    known: set[str] = set()
    for name, lock in _LOCKS.items():
        packages = set(re.findall(r"^([\w.-]+)==", (_ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        sizes = {package: _bytes(package) for package in packages - known}
        largest = sorted(sizes, key=lambda package: -sizes[package])[:3]
        told = ", ".join(f"{package} {sizes[package] / 1e6:.0f}" for package in largest)
        print(f"{name:26}{sum(sizes.values()) / 1e6:6.0f} MB more in {len(sizes)} packages ({told})")
        known |= packages


def _seconds(*words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=_ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def _loaded() -> str:
    ask = f"import sys, flows.cli; print(', '.join(name for name in {_HEAVY!r} if name in sys.modules) or 'none')"
    return subprocess.run(
        [sys.executable, "-c", ask], check=True, capture_output=True, text=True, cwd=_ROOT
    ).stdout.strip()


def _bytes(package: str) -> int:
    try:
        paths = [file.locate() for file in files(package) or []]
    except PackageNotFoundError:  # for another system, or not installed here
        return 0
    return sum(path.stat().st_size for path in map(Path, map(str, paths)) if path.is_file())


if __name__ == "__main__":
    main()
