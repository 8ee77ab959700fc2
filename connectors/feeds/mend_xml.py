"""Slips of XML that feeds make every day, mended before anybody guesses at them: bare ampersands, HTML's names for
letters, control characters.

feedparser reads "AT&T and" as "AT&T; and", and drops `&eacute;` where a document type is declared.
"""

import re
from html.entities import html5

_REFERENCE = rb"#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31};)"
_SLIP = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&(?:%b)?" % _REFERENCE)
# The characters that XML lets a document refer to.
_LETTERS = (range(9, 11), range(13, 14), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
_XML_NAMES = (b"amp;", b"lt;", b"gt;", b"quot;", b"apos;")


def mended(document: bytes) -> bytes:
    """The document without the slips; untouched where it declares entities of its own or no ASCII can be seen in it."""
    if b"\x00" in document[:400] or b"<!ENTITY" in document[:10_000]:
        return document
    first, *rest = document.split(b"<![CDATA[")
    pieces = [_SLIP.sub(_mend, first)]
    for piece in rest:  # what a section holds is text already
        inside, end, outside = piece.partition(b"]]>")
        pieces += [b"<![CDATA[", inside, end, _SLIP.sub(_mend, outside)]
    return b"".join(pieces)


def _mend(slip: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, name = slip.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return slip[0] if any(code in letters for letters in _LETTERS) else b""
    if name in _XML_NAMES:
        return slip[0]
    if name:
        letters = html5.get(name.decode())
        return b"".join(b"&#%d;" % ord(letter) for letter in letters) if letters else b"&amp;" + name
    return b"&amp;" if slip[0] == b"&" else b""
