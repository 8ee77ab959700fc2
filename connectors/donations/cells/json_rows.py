"""JSON as people send it -> the entries of its list, as far as they are whole: a list, one in an object, lines."""

import json
import re
from collections.abc import Sequence
from typing import Any

from connectors.donations.source import SetAside
from connectors.errors import SourceUnreadable

_BEGINS = re.compile(r"[^\s,]")


def read_entries(text: str, lists: Sequence[str]) -> tuple[list[dict[str, Any]], list[SetAside]]:
    """The entries, and the torn one that ends a file which breaks off; `lists` are the names that a list may have.

    Raises:
        SourceUnreadable: no JSON, no list of objects, or broken off before the first entry's end.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise SourceUnreadable("the JSON is nested deeper than any list of rows") from None
    except ValueError as error:
        return _entries_before(text, lists, error)
    found = (
        next((document[name] for name in lists if name in document), None) if isinstance(document, dict) else document
    )
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise SourceUnreadable(f"the JSON holds no list named {' or '.join(lists)}")
    return found, []


def text_of(value: object) -> str:
    """A value of JSON as a cell: texts and numbers as they stand, anything else empty; half a character is replaced."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    try:
        return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except ValueError:  # a number of thousands of digits
        return ""


def _entries_before(text: str, lists: Sequence[str], error: ValueError) -> tuple[list[dict[str, Any]], list[SetAside]]:
    decoder, entries = json.JSONDecoder(), []
    is_lines = str(error).startswith("Extra data")  # the first value is whole, and more follow
    place = 0 if is_lines else _first_entry(text, lists)
    while begins := _BEGINS.search(text, place):
        try:
            entry, after = decoder.raw_decode(text, begins.start())
        except (ValueError, RecursionError):
            break
        if not isinstance(entry, dict):
            break
        entries.append(entry)
        place = after
    if not entries:
        raise SourceUnreadable("the JSON breaks off or is none. Mend: export it again") from None
    torn = SetAside(len(entries) + 1, "the JSON breaks off here: what stands before was read, copy the file again")
    return entries, [] if is_lines and begins is None else [torn]


def _first_entry(text: str, lists: Sequence[str]) -> int:
    """Where the entries begin: behind the bracket of their list, or at the start where each line is one."""
    names = "|".join(map(re.escape, lists))
    opened = re.match(r"\s*\[", text) or re.search(rf'"(?:{names})"\s*:\s*\[', text)
    return opened.end() if opened else 0
