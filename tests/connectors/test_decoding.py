"""Names in bytes of several encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.decoding import decode, is_garbled


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_a_name_keeps_its_letters_in_whatever_encoding(encoding: str) -> None:
    assert decode("Garc\u00eda and Mu\u00f1oz".encode(encoding)) == "Garc\u00eda and Mu\u00f1oz"


def test_what_windows_has_beside_latin_1_is_read() -> None:
    assert decode(b"\x93Biden\x94 \x80 5") == "\u201cBiden\u201d \u20ac 5"


def test_a_byte_without_a_letter_is_seen() -> None:
    assert is_garbled(decode(b"Garc\x9da"))
    assert is_garbled("Garc\ufffda")
    assert not is_garbled("Garc\u00eda \U0001f600")


@given(st.text())
def test_what_is_utf_8_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode("utf-8", "ignore")) == text.encode("utf-8", "ignore").decode().removeprefix("\ufeff")


@given(st.binary())
def test_no_bytes_are_too_strange(content: bytes) -> None:
    text = decode(content)
    assert text.encode().decode() == text  # half of a surrogate pair could not be written
