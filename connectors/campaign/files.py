"""The files of a campaign folder: read as text, and the data files that a pattern names."""

from pathlib import Path

from connectors.decoding import decode
from connectors.errors import CampaignFault, Fault

_WILD = "*?["
_ANY_FOLDER = "**"


def read_text(path: Path, *, mend_missing: str) -> str:
    """The text of a file of the folder; a byte order mark, which spreadsheets write, is taken off.

    Raises:
        CampaignFault: it is not there, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        fault, mend = f"not UTF-8: {error.reason} at byte {error.start}", "save the file as UTF-8"
    except FileNotFoundError:
        line, fault, mend = None, "there is no such file", mend_missing
    except OSError as error:
        line, fault, mend = None, f"cannot be read: {error.strerror}", "make it a file that you may read"
    raise CampaignFault([Fault(file=path, line=line, fault=fault, mend=mend)])


def text_of_windows(path: Path) -> str | None:
    """The text of a file as Windows writes it, to find what else is wrong; None where it cannot be read at all."""
    try:
        return decode(path.read_bytes())
    except OSError:
        return None


def data_files(folder: Path, pattern: str) -> list[Path]:
    """The files that `pattern`, a path or glob relative to `folder`, names at this moment, in the order of their names.

    Files that begin with a dot are left out: copies in the making are named so.
    """
    top, wild = split_pattern(folder, pattern)
    if wild.endswith(_ANY_FOLDER):  # Python 3.12 finds only folders so, 3.13 files as well
        wild = f"{wild}/*"
    found = top.glob(wild) if wild else [top]
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def split_pattern(folder: Path, pattern: str) -> tuple[Path, str]:
    """The part of a pattern that is one place, and the part that is a glob ("" where there is none)."""
    parts = Path(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if any(c in part for c in _WILD)), len(parts))
    return folder.joinpath(*parts[:fixed]), str(Path(*parts[fixed:])) if fixed < len(parts) else ""


def pattern_fault(folder: Path, pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern, and its mend; None where files may at least be dropped later.

    A drop folder that is empty is no fault. A folder, or a file named in full, that is not there is one: it is
    more often a slip of the pen than a file to come.
    """
    top, wild = split_pattern(folder, pattern)
    if not wild and not top.is_file():
        return f"there is no file {pattern!r} in the campaign folder", "mend the path, or put the file there"
    if wild and not top.is_dir():
        return f"the folder of {pattern!r} does not exist", "mend the path, or make the folder: it may be empty"
    # Told by our own rule: what Python makes of it changes from version to version.
    if "\0" in pattern or any(_ANY_FOLDER in part and part != _ANY_FOLDER for part in Path(wild).parts):
        return f"{pattern!r} is not a pattern: ** stands for folders, and alone", "write one as in donations/*.csv"
    return None
