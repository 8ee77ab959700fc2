"""Plain text out of what feeds send in titles, authors and summaries, as a person would read it."""

import html
import re

import nh3

_ELEMENTS = (
    "p|a|br|div|span|img|strong|em|li|ul|figure|h[1-6]|"  # first what comes most
    "abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|blockquote|body|button"
    "|canvas|caption|center|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|dl|dt|embed"
    "|fieldset|figcaption|font|footer|form|frame|frameset|head|header|hgroup|hr|html|i|iframe|input"
    "|ins|kbd|label|legend|link|main|map|mark|marquee|math|menu|meta|meter|nav|nobr|noscript|object|ol|optgroup"
    "|option|output|param|picture|pre|progress|q|rp|rt|ruby|s|samp|script|section|select|slot|small|source"
    "|strike|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u"
    "|var|video|wbr|xmp"
)
# A "<" that begins no markup: "a < b", "List<String>", "#include <stdio.h>". Elements with a colon or a hyphen are
# those of editors and of web components.
_NO_MARKUP = re.compile(
    rf"<(?!/?(?:{_ELEMENTS}|[a-z]+[:-][\w:-]*)(?=[\s/>])[^>]{{0,4000}}>|!--|!\[CDATA|!doctype|\?xml)", re.IGNORECASE
)
# An end of an element, or an attribute: nobody writes these into a title but as markup.
_SURE_MARKUP = re.compile(rf"</(?:{_ELEMENTS})\s*>|<(?:{_ELEMENTS})\s+[\w-]+\s*=", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);)", re.IGNORECASE)
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

    Entities are decoded once; where that brings elements with their ends to light, the feed had escaped its HTML
    twice, and it is read as HTML again.
    """
    text = _CONTROL.sub("", markup[: max(_MARKUP_CHARS, 4 * most_chars)])
    for _ in range(3):
        if "<" not in text and "&" not in text:
            break
        text = _without_markup(text)
        if not _SURE_MARKUP.search(text):
            break
    return _cut(" ".join(text.split()), most_chars)


def verbatim_text(text: str, most_chars: int) -> str:
    """Text that the feed says is no HTML, as it is; what is HTML all the same is read so."""
    if _SURE_MARKUP.search(text, 0, _MARKUP_CHARS):
        return plain_text(text, most_chars)
    return _cut(" ".join(_CONTROL.sub("", text[: 4 * most_chars]).split()), most_chars)


def _without_markup(text: str) -> str:
    marked = _BARE_AMPERSAND.sub("&amp;", text)
    if "<" in marked:
        # Tags fall away without a trace: a blank keeps the words of two paragraphs apart.
        marked = nh3.clean(_BLOCK.sub(" <", _NO_MARKUP.sub("&lt;", marked)), tags=set(), link_rel=None)
    return _CONTROL.sub("", html.unescape(marked)) if "&" in marked else marked


def _cut(text: str, most_chars: int) -> str:
    if len(text) <= most_chars:
        return text
    head = text[: most_chars - 1]
    return (head.rpartition(" ")[0] or head) + "…"
