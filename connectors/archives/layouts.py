"""How archives of posts are laid out, told in SQL: the columns that are read, and what becomes of them.

The warehouse reads such files at the speed of its database. A file of another shape than its layout is read line by
line instead (`rows`), so every expression here has its twin there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.handles import client_sql

# A post that another refers to: its text stands beside its id where twarc2 flattened it in.
_TOLD = "text VARCHAR, note_tweet STRUCT(text VARCHAR), note_post STRUCT(text VARCHAR)"
_REFERENCE = f'STRUCT("type" VARCHAR, id VARCHAR, {_TOLD})'
# Both spellings, and nothing that we do not keep: entities, places, media and the rest stay in the file.
_POST = {
    "id": "VARCHAR",
    "id_str": "VARCHAR",  # of version 1.1: such a line is none of version 2
    "text": "VARCHAR",
    "author_id": "VARCHAR",
    "created_at": "VARCHAR",
    "note_tweet": "STRUCT(text VARCHAR)",
    "note_post": "STRUCT(text VARCHAR)",
    "edit_history_tweet_ids": "VARCHAR[]",
    "edit_history_post_ids": "VARCHAR[]",
    "referenced_tweets": f"{_REFERENCE}[]",
    "referenced_posts": f"{_REFERENCE}[]",
    "public_metrics": "STRUCT(like_count BIGINT, retweet_count BIGINT, repost_count BIGINT, reply_count BIGINT, "
    "quote_count BIGINT)",
    "author": "STRUCT(username VARCHAR)",  # as twarc2 flattens it in
    "source": "VARCHAR",  # the app
}
_STRUCT = f"STRUCT({', '.join(f'{name} {kind}' for name, kind in _POST.items())})"
_REFERENCES = "coalesce(referenced_posts, referenced_tweets)"
_TYPES = f"list_transform({_REFERENCES}, lambda r : r.type)"
_REPOSTED = f"list_filter({_REFERENCES}, lambda r : r.type IN ('retweeted', 'reposted'))[1]"
_WHOLE = "coalesce({0}.note_post.text, {0}.note_tweet.text, {0}.text)"
_INCLUDED = {"includes": f"STRUCT(tweets STRUCT(id VARCHAR, {_TOLD})[])"}
_INCLUDED_POST = f"list_filter(included, lambda p : p.id = {_REPOSTED}.id)[1]"
V1_TIME = "%a %b %d %H:%M:%S %z %Y"
_V1 = {
    "author_id": "VARCHAR",  # of version 2: such a line is none of version 1.1
    "id_str": "VARCHAR",
    "id": "VARCHAR",
    "created_at": "VARCHAR",
    "full_text": "VARCHAR",
    "text": "VARCHAR",
    "extended_tweet": "STRUCT(full_text VARCHAR)",
    "retweeted_status": "STRUCT(id_str VARCHAR, full_text VARCHAR, text VARCHAR, "
    "extended_tweet STRUCT(full_text VARCHAR))",
    "in_reply_to_status_id_str": "VARCHAR",
    "is_quote_status": "BOOLEAN",
    "user": "STRUCT(id_str VARCHAR, id VARCHAR, screen_name VARCHAR)",
    "favorite_count": "BIGINT",
    "retweet_count": "BIGINT",
    "reply_count": "BIGINT",
    "quote_count": "BIGINT",
    "source": "VARCHAR",  # the app, as a link
}
# Ids from before November 2010 were counted one by one, and tell no time.
_ID_TIME = (
    "CASE WHEN try_cast({id} AS BIGINT) >= 100000000000"
    " THEN make_timestamptz(((try_cast({id} AS BIGINT) >> 22) + 1288834974657) * 1000) END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLayout:
    """One shape of archive."""

    rows: str  # SQL that yields the posts; {path} is the file
    fields: Mapping[str, str]  # field of Post, and `author` and `handle`, -> SQL over `rows`
    users: str | None = None  # SQL that yields id and username of authors told beside the posts


def v2_layout(first_object: Mapping[str, object]) -> PostLayout:
    """The layout of v2 JSON lines, by the first of them: a post, a page of posts, or one post under `data`."""
    data, includes = first_object.get("data"), first_object.get("includes")
    has_posts = isinstance(data, list) and isinstance(includes, dict) and "tweets" in includes
    if isinstance(data, list):
        pages = _json({"data": f"{_STRUCT}[]"} | (_INCLUDED if has_posts else {}), "maximum_object_size = 67108864")
        told = "includes.tweets" if has_posts else "NULL"
        rows = f"SELECT unnest(post), included FROM (SELECT unnest(data) AS post, {told} AS included FROM {pages})"
    elif isinstance(data, dict):
        rows = f"SELECT unnest(data) FROM {_json({'data': _STRUCT})}"
    else:
        rows = f"SELECT * FROM {_json(_POST)}"
    included = {"includes": "STRUCT(users STRUCT(id VARCHAR, username VARCHAR)[])"}
    users = f"SELECT unnest(u) FROM (SELECT unnest(includes.users) AS u FROM {_json(included)})"
    whole = f"CASE WHEN len({_REFERENCES}) > 0 THEN {_WHOLE.format(_REPOSTED)} END"
    if has_posts:
        whole += f", CASE WHEN len({_REFERENCES}) > 0 THEN {_WHOLE.format(_INCLUDED_POST)} END"
    return PostLayout(
        rows=rows,
        users=users if isinstance(includes, dict) else None,
        fields={
            "post_id": "id",
            "author": "author_id",
            "handle": "author.username",
            "posted_at": f"coalesce(try_cast(created_at AS TIMESTAMPTZ), {_ID_TIME.format(id='id')})",
            "post_type": f"CASE WHEN {_REFERENCES} IS NULL THEN 'original'"
            f" WHEN list_has_any({_TYPES}, ['retweeted', 'reposted']) THEN 'repost'"
            f" WHEN list_contains({_TYPES}, 'replied_to') THEN 'reply'"
            f" WHEN list_contains({_TYPES}, 'quoted') THEN 'quote' ELSE 'original' END",
            # A repost's own text is cut; the reposted one is whole, where the archive has it.
            "text": f"CASE WHEN id_str IS NULL THEN coalesce({whole}, note_post.text, note_tweet.text, text) END",
            "edit_of": "nullif(coalesce(edit_history_post_ids, edit_history_tweet_ids)[1], id)",
            "like_count": "public_metrics.like_count",
            "repost_count": "coalesce(public_metrics.repost_count, public_metrics.retweet_count)",
            "reply_count": "public_metrics.reply_count",
            "quote_count": "public_metrics.quote_count",
            "client": client_sql("source"),
        },
    )


def v1_layout() -> PostLayout:
    """The layout of v1.1 statuses, one a line, compatible or extended."""
    whole = "coalesce({0}extended_tweet.full_text, {0}full_text, {0}text)"
    return PostLayout(
        rows=f"SELECT * FROM {_json(_V1)}",
        fields={
            "post_id": "coalesce(id_str, id)",
            "author": 'coalesce("user".id_str, "user".id)',
            "handle": '"user".screen_name',
            "posted_at": f"coalesce(try_strptime(created_at, '{V1_TIME}'), "
            "try_cast(created_at AS TIMESTAMPTZ), "
            f"{_ID_TIME.format(id='coalesce(id_str, id)')})",
            "post_type": "CASE WHEN retweeted_status IS NOT NULL THEN 'repost'"
            " WHEN in_reply_to_status_id_str IS NOT NULL THEN 'reply' WHEN is_quote_status THEN 'quote'"
            " ELSE 'original' END",
            # A repost's own text is cut; the reposted one is whole.
            "text": "CASE WHEN author_id IS NULL THEN"
            f" coalesce({whole.format('retweeted_status.')}, {whole.format('')}) END",
            "edit_of": "CAST(NULL AS VARCHAR)",
            "like_count": "favorite_count",
            "repost_count": "retweet_count",
            "reply_count": "reply_count",
            "quote_count": "quote_count",
            "client": client_sql("source"),
        },
    )


def _json(columns: Mapping[str, str], more: str = "") -> str:
    listed = ", ".join(f"{sql_text(name)}: {sql_text(kind)}" for name, kind in columns.items())
    further = f", {more}" if more else ""
    return f"read_json({{path}}, format = 'newline_delimited', columns = {{{{{listed}}}}}{further})"


def sql_text(value: str) -> str:
    """The value as a text of SQL, in a template."""
    return "'" + value.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"
