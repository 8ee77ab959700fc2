"""Texts as SQL writes them, for the places where a statement takes no parameter."""

from collections.abc import Iterable
from pathlib import Path


def quoted(text: str | Path) -> str:
    """A literal of SQL that means the text."""
    return "'" + str(text).replace("'", "''") + "'"


def listed(texts: Iterable[str | Path]) -> str:
    """A list of SQL: as a parameter a long list is slow, because DuckDB looks for pandas at each element."""
    return "[" + ", ".join(map(quoted, texts)) + "]"
