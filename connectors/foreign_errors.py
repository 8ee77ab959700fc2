"""The one place where errors that are not ours are made safe to repeat.

DuckDB, Arrow, csv and json put into their messages what they could not read: a line of a donation file, a cell, a path
of the system. A message of ours goes to the screen, logs, the ledger and the published tables, so of a foreign error
only its kind is repeated; of an error of the operating system also the reason, which is the system's own sentence.
"""

import csv
import gzip
import lzma
import os
import traceback
import zlib
from pathlib import Path

from connectors.errors import CampaignFault, SourceError

_OURS = (SourceError, CampaignFault)
_CUT = "it is packed, and cut or damaged. Mend: get it again"
_SAID: dict[type[BaseException] | tuple[type[BaseException], ...], str] = {
    (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile): _CUT,
    UnicodeError: "its bytes are no text in the encoding that it begins with. Mend: save it as UTF-8",
    csv.Error: "its quotes do not fit, or a cell is longer than any. Mend: export it again",
}
_ROOT = Path(__file__).parents[1]


def safely_told(error: BaseException) -> str:
    """What may be repeated of an error: all of one of ours, the reason of the system's, the kind of any other."""
    if isinstance(error, _OURS):
        return str(error)
    return _reason_of_system(error) or next(
        (said for kind, said in _SAID.items() if isinstance(error, kind)), type(error).__name__
    )


def kind_and_place(error: BaseException, *, but: str) -> str:
    """The class of an error, the system's reason and the last line of our code that it came from; none of its words.

    A line of the file `but` counts only where there is no other.
    """
    reason = _reason_of_system(error)
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_ROOT)]
    inner = [frame for frame in ours if frame.filename != but] or ours
    place = f" at {Path(inner[-1].filename).relative_to(_ROOT)}:{inner[-1].lineno}" if inner else ""
    return f"{type(error).__name__}{f', {reason}' if reason else ''}{place}"


def _reason_of_system(error: BaseException) -> str | None:
    # Arrow hands on the database's text, a whole line of the file, as an OSError that has no number.
    return os.strerror(error.errno) if isinstance(error, OSError) and isinstance(error.errno, int) else None
