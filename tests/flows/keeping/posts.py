"""A post by somebody."""

from connectors.records import Post
from tests.warehouse.homes import NOW


def post_by(author: str) -> Post:
    return Post(
        post_id="1318944772183281664",
        source_key="tiny/x-posts",
        source_kind="x_archive",
        author_key=author,
        account=None,
        posted_at=NOW,
        post_type="original",
        text="Ada speaks",
        edit_of=None,
        like_count=0,
        repost_count=0,
        reply_count=0,
        quote_count=0,
        observed_at=NOW,
    )
