"""A reader of X queries of the shape we write, for tests: does a text match?"""

import re


def matches(query: str, text: str) -> bool:
    """Groups in parentheses, OR within them, a space is AND, a dash before a term is NOT."""
    words = _padded(text)
    for negated, group, term in re.findall(r'(-?)(?:\(([^)]*)\)|("[^"]*"|\S+))', query):
        options = group.split(" OR ") if group else [term]
        if any(_padded(option) in words for option in options) == bool(negated):
            return False
    return True


def _padded(text: str) -> str:
    words = re.findall(r"[#@]?\w+", text.casefold())
    return f" {' '.join(words)} "
