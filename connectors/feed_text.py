"""Plain text out of the HTML that feeds send in titles, authors and summaries."""

import html
import re

import nh3

_BLOCK = re.compile(
    r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|td|tr|table|blockquote|section|article|figure|img|hr|dd|dt)\b)", re.IGNORECASE
)
_MARKUP_CHARS = 8_000  # how much markup is read to fill a summary
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_address(text: str, most_chars: int = 2_000) -> str:
    """A guid or a link without blanks at its ends and without characters that nothing can store."""
    return _CONTROL.sub("", text[:most_chars]).strip()


def plain_text(markup: str, most_chars: int) -> str:
    """The text of a piece of HTML, without tags, scripts and repeated blanks, cut at a word's end.

    Feeds escape once, twice or not at all; text is unescaped until no tag is left in it.
    """
    text = _CONTROL.sub("", markup[: max(_MARKUP_CHARS, 4 * most_chars)])
    for _ in range(3):
        if "<" not in text and "&" not in text:
            break
        # Tags fall away without a trace: a blank keeps the words of two paragraphs apart.
        cleaned = html.unescape(nh3.clean(_BLOCK.sub(" <", text), tags=set(), link_rel=None))
        if cleaned == text:
            break
        text = cleaned
    return _cut(" ".join(text.split()), most_chars)


def _cut(text: str, most_chars: int) -> str:
    if len(text) <= most_chars:
        return text
    head = text[: most_chars - 1]
    return (head.rpartition(" ")[0] or head) + "…"
