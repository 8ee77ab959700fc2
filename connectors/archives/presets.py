"""Exports of listening tools, by name: which of their columns is what.

Source: programs that read such exports. Brandwatch (about six lines, then a header with Query Id, Date, Url, Full Text,
Author), Talkwalker (url, published, content, extra_author_attributes.name), Meltwater (Date, Time, Document ID, Author
Handle, Opening Text, Hit Sentence; UTF-16 with tabs). The makers publish no specification.
"""

from collections.abc import Mapping

Columns = Mapping[str, str | tuple[str, ...]]  # our word -> a header, or several whose cells are taken together

PRESETS: Mapping[str, Columns] = {
    "brandwatch": {"post_id": "Url", "posted_at": "Date", "text": "Full Text", "author": "Author"},
    "talkwalker": {
        "post_id": "url",
        "posted_at": "published",
        "text": "content",
        "author": "extra_author_attributes.name",
    },
    "meltwater": {
        "post_id": "Document ID",
        "posted_at": ("Date", "Time"),
        "text": ("Opening Text", "Hit Sentence"),
        "author": "Author Handle",
    },
}


def headers_of(columns: Columns) -> list[str]:
    """Every header that the columns name."""
    return [name for names in columns.values() for name in ([names] if isinstance(names, str) else names)]


def cells_of(row: Mapping[str, str], columns: Columns) -> dict[str, str]:
    """The cells of a row by our words."""
    named = {word: (names,) if isinstance(names, str) else names for word, names in columns.items()}
    return {word: " ".join(filter(None, (row.get(name, "") for name in names))) for word, names in named.items()}
