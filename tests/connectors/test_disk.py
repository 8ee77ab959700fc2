"""A disk at fault is no source's fault."""

import errno
import sqlite3

import pytest

from connectors.errors import SourceBroken
from connectors.fence import fenced

FULL = sqlite3.OperationalError("database or disk is full")
FULL.sqlite_errorcode = sqlite3.SQLITE_FULL
NO_STATEMENT = sqlite3.OperationalError("no such table")
NO_STATEMENT.sqlite_errorcode = sqlite3.SQLITE_ERROR


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only"), FULL])
def test_no_source_is_blamed_for_a_disk(error: Exception) -> None:
    said: list[str] = []
    with pytest.raises(type(error)) as raised, fenced("a feed", said.append):
        raise error
    assert raised.value is error
    assert said == []


@pytest.mark.parametrize("error", [OSError(errno.EIO, "cannot be read"), NO_STATEMENT, ValueError("ours")])
def test_any_other_error_is_that_sources_own(error: Exception) -> None:
    with pytest.raises(SourceBroken), fenced("a feed", lambda _text: None):
        raise error
