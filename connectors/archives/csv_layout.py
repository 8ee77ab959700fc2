"""How a CSV of posts is laid out whose columns a campaign declares, as SQL."""

import hashlib
from collections.abc import Mapping

from connectors.archives.layouts import PostLayout, sql_text
from connectors.archives.presets import Columns, headers_of
from connectors.archives.times import time_sql
from connectors.donations.cells.headers import listed_headers
from connectors.donations.cells.tables import column_name
from connectors.errors import SourceUnreadable
from connectors.handles import client_sql, plain_author_sql
from connectors.records import DateOrder, PostType

NUMBER = r"[\d.,]+([eE]\+?\d+)?"  # of an id: right, or rounded by a spreadsheet
CSV_WORDS = ("post_id", "posted_at", "text", "author", "post_type", "likes", "reposts", "replies", "quotes", "client")

CSV_TYPES: Mapping[str, PostType] = {
    "original": "original",
    "reply": "reply",
    "repost": "repost",
    "quote": "quote",
    "replied_to": "reply",
    "retweeted": "repost",
    "reposted": "repost",
    "quoted": "quote",
}


def csv_layout(
    header: list[str], delimiter: str, columns: Mapping[str, str], zone: str | None, dates: DateOrder
) -> PostLayout:
    """The layout of a CSV whose columns the campaign declares; times without an offset are of `zone`.

    Raises:
        SourceUnreadable: a declared column is not in the header, or a word is none of ours.
    """
    check_columns(header, columns)
    cell = {word: f'"{columns[word]}"' if word in columns else "CAST(NULL AS VARCHAR)" for word in CSV_WORDS}
    names = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in header)
    at = cell["posted_at"]
    row_id = f"'row-' || left(sha256(concat_ws(chr(31), {at}, {cell['author']}, {cell['text']})), 24)"
    whens = " ".join(f"WHEN '{word}' THEN '{meant}'" for word, meant in CSV_TYPES.items())
    return PostLayout(
        rows=f"SELECT * FROM read_csv({{path}}, auto_detect = false, header = true, delim = {sql_text(delimiter)}, "
        f"quote = '\"', escape = '\"', strict_mode = true, max_line_size = 10000000, columns = {{{{{names}}}}})",
        fields={
            "post_id": f"coalesce({_id_sql(cell['post_id'])}, {row_id})",
            "author": plain_author_sql(cell["author"]),
            "handle": plain_author_sql(cell["author"]),
            "posted_at": time_sql(at, zone, dates),
            "post_type": f"CASE {cell['post_type']} {whens} ELSE 'original' END",
            "text": cell["text"],
            "edit_of": "CAST(NULL AS VARCHAR)",
            "like_count": f"try_cast({cell['likes']} AS BIGINT)",
            "repost_count": f"try_cast({cell['reposts']} AS BIGINT)",
            "reply_count": f"try_cast({cell['replies']} AS BIGINT)",
            "quote_count": f"try_cast({cell['quotes']} AS BIGINT)",
            "client": client_sql(cell["client"]),
        },
    )


def text_id(written: str) -> str:
    """The id of a post whose export numbers it in another way than X (`p1`)."""
    return f"row-{hashlib.sha256(f'id: {written.strip()}'.encode()).hexdigest()[:24]}"


def _id_sql(cell: str) -> str:
    # A rounded number is no id of another kind: it stays as it is, and its row is set aside.
    is_number = rf"regexp_full_match(trim({cell}), '{NUMBER}')"
    return f"CASE WHEN {is_number} THEN {cell} ELSE 'row-' || left(sha256('id: ' || trim({cell})), 24) END"


def check_columns(header: list[str], columns: Columns, tool: str | None = None) -> None:
    """Nothing, where every declared column, or every column of the tool's exports, is there.

    Raises:
        SourceUnreadable: one is not, or is there twice, or a word is none of ours, or time or text is not declared.
    """
    names = headers_of(columns)
    faults = {
        "not ours": [word for word in columns if word not in CSV_WORDS],
        "not in the header": [name for name in names if name not in header],
        "twice in the header": [name for name in names if header.count(name) > 1],
        "not mapped": [word for word in ("posted_at", "text") if word not in columns],
    }
    if not any(faults.values()):
        return
    fault = "; ".join(f"{what}: {', '.join(words)}" for what, words in faults.items() if words)
    headers = listed_headers(list(map(column_name, header)))
    if tool is not None:
        raise SourceUnreadable(
            f"this is no export that is known of {tool} ({fault}). Mend: export it with these columns, or say "
            f'format = "csv" and which of its columns is what; the file has: {headers}'
        )
    raise SourceUnreadable(
        f"columns do not fit ({fault}). Mend: map at least posted_at and text, of {', '.join(CSV_WORDS)}, to headers "
        f"of the file: {headers}"
    )
