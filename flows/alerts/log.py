"""The log of a home: one line of JSON for each thing that happened, in `logs/`, kept short.

Values are numbers, times, and ids of our own; a text is cut to the letters that an id has, so that neither a name nor a
secret can come in with it.
"""

import json
import re
from datetime import datetime
from pathlib import Path

from flows.only_one import only_one

_MOST_BYTES = 1_000_000
_KEPT = 5
_NO_ID = re.compile(r"[^\w.:/|-]+")
_LONGEST = 120


def log_file(home: Path) -> Path:
    """Where the log of a home is."""
    return home / "logs" / "afterdebate.log"


def note_in_log(home: Path, now: datetime, what: str, **told: float | str | None) -> None:
    """Add one line; a log that is full is put aside, and the oldest of those goes."""
    line = json.dumps({"at": now.isoformat(timespec="seconds"), "what": what, **{k: _safe(v) for k, v in told.items()}})
    file = log_file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    with only_one(home, "log", waits=True):
        if file.exists() and file.stat().st_size + len(line) > _MOST_BYTES:
            for n in range(_KEPT - 1, 0, -1):
                aside = file.with_name(f"{file.name}.{n}")
                if aside.exists():
                    aside.replace(file.with_name(f"{file.name}.{n + 1}"))
            file.replace(file.with_name(f"{file.name}.1"))
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")


def _safe(value: float | str | None) -> float | str | None:
    return _NO_ID.sub("_", value)[:_LONGEST] if isinstance(value, str) else value
