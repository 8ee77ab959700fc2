"""Text out of bytes, by what the bytes are: UTF-8 where they are that, else Windows-1252, byte for byte."""

import codecs
import re

BYTE_BY_BYTE = "windows_1252_byte_by_byte"  # the name of our error handler: for bytes that are no UTF-8
# What no text holds: a byte without a letter in Windows-1252, or the mark of a letter that was lost.
_LOST = re.compile("[\x80-\x9f\ufffd]")


def decode(content: bytes) -> str:
    """The text of these bytes, whatever their sender calls them; no byte is lost."""
    return content.decode("utf-8-sig", BYTE_BY_BYTE)


def is_garbled(text: str) -> bool:
    """Does the text hold a letter that could not be decoded, here or by whoever wrote it?"""
    return _LOST.search(text) is not None


def _decode_byte_by_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding != "utf-8":
        return "\ufffd", error.end
    return "".join(map(_letter, error.object[error.start : error.end])), error.end


def _letter(byte: int) -> str:
    # Five bytes have no letter in Windows-1252; as control characters they stay what they were.
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


codecs.register_error(BYTE_BY_BYTE, _decode_byte_by_byte)
