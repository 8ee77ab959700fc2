"""Exports of listening tools and scrapers, by name: which of their columns is what.

Source: programs that read such exports. Brandwatch (about six lines, then a header with Query Id, Date, Url, Full Text,
Author), Talkwalker (url, published, content, extra_author_attributes.name, of social posts .short_name as well),
Meltwater (Date, Time, Document ID, Author Handle, Opening Text, Hit Sentence in UTF-16 with tabs; of social posts
Alternate Date Format, Time, URL, Influencer), twint (36 columns from id to
trans_dest). CrowdTangle: a historical report of Facebook has Page Name, User Name, Facebook Id, Post Created, Message,
Likes, URL; one of Instagram has User Name, Created or Post Created, Title, Description, Likes, URL. The Meta Content
Library has its API's field names: id, creation_time, text, post_owner.username, statistics.like_count; text and user
name only where they were asked for. The makers publish no
specification, and one tool has several exports: of those below the first whose columns a header has is taken.
"""

from collections.abc import Mapping, Sequence

Columns = Mapping[str, str | tuple[str, ...]]  # our word -> a header, or several whose cells are taken together

_TALKWALKER: Columns = {"post_id": "url", "posted_at": "published", "text": "content"}
_MELTWATER: Columns = {"text": ("Opening Text", "Hit Sentence")}
# Of an account: its user name, for a page's title is not what a campaign declares.
_CROWDTANGLE: Columns = {"post_id": "URL", "author": "User Name", "likes": "Likes"}
_META: Columns = {"post_id": "id", "posted_at": "creation_time", "text": "text"}
_META_COUNTS: Columns = {
    "likes": "statistics.like_count", "reposts": "statistics.share_count", "replies": "statistics.comment_count",
}  # fmt: skip
PRESETS: Mapping[str, tuple[Columns, ...]] = {
    "brandwatch": ({"post_id": "Url", "posted_at": "Date", "text": "Full Text", "author": "Author"},),
    "talkwalker": (
        # The handle, where there is one: a display name is no account.
        {**_TALKWALKER, "author": "extra_author_attributes.short_name"},
        {**_TALKWALKER, "author": "extra_author_attributes.name"},
    ),
    "meltwater": (
        {**_MELTWATER, "post_id": "Document ID", "posted_at": ("Date", "Time"), "author": "Author Handle"},
        {**_MELTWATER, "post_id": "URL", "posted_at": ("Alternate Date Format", "Time"), "author": "Influencer"},
        {**_MELTWATER, "post_id": "URL", "posted_at": ("Date",), "author": "Influencer"},
    ),
    "crowdtangle": (
        # What stands on a page beside the message is part of what was said: a shared link's title names people.
        {**_CROWDTANGLE, "posted_at": "Post Created", "text": ("Message", "Link Text")},
        {**_CROWDTANGLE, "posted_at": "Created", "text": ("Message", "Link Text")},
        {**_CROWDTANGLE, "posted_at": "Post Created", "text": ("Title", "Description")},
        {**_CROWDTANGLE, "posted_at": "Created", "text": ("Title", "Description")},
    ),
    "meta-content-library": (
        {**_META, "author": "post_owner.username", **_META_COUNTS},
        {**_META, "author": "post_owner.name", **_META_COUNTS},
        {**_META, "author": "post_owner.id", **_META_COUNTS},
        {**_META, "author": "post_owner.username"},
        {**_META, "author": "post_owner.name"},
        {**_META, "author": "post_owner.id"},
    ),
    "twint": ({"post_id": "id", "posted_at": "created_at", "text": "tweet", "author": "username"},),
}


def fitting(header: Sequence[str], variants: Sequence[Columns]) -> Columns | None:
    """The first of the variants whose columns the header has."""
    return next((columns for columns in variants if set(headers_of(columns)) <= set(header)), None)


def headers_of(columns: Columns) -> list[str]:
    """Every header that the columns name."""
    return [name for names in columns.values() for name in ([names] if isinstance(names, str) else names)]


def cells_of(row: Mapping[str, str], columns: Columns) -> dict[str, str]:
    """The cells of a row by our words."""
    named = {word: (names,) if isinstance(names, str) else names for word, names in columns.items()}
    return {word: " ".join(filter(None, (row.get(name, "") for name in names))) for word, names in named.items()}
