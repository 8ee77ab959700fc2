"""JSON lines of twint: what each says of a post."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors.archives.rows import read_json_archive
from connectors.records import Post
from connectors.x.posts import Reading

ROW = {
    "id": 1313996180544720896,
    "conversation_id": "1313996180544720896",
    "created_at": "2020-10-08 03:02:33 CEST",
    "date": "2020-10-08",
    "time": "03:02:33",
    "timezone": "+0200",
    "user_id": 5,
    "username": "Mike_Pence",
    "name": "Mike Pence",
    "tweet": "Pence was here",
    "replies_count": 1,
    "retweets_count": 2,
    "likes_count": 3,
    "retweet": False,
    "quote_url": "",
}


def read(tmp_path: Path, *rows: dict[str, object]) -> list[Post | str]:
    path = tmp_path / "twint.json"
    path.write_text("\n".join(map(json.dumps, rows)))
    reading = Reading(
        source_key="us/old",
        source_kind="x_archive",
        observed_at=datetime(2020, 12, 1, tzinfo=UTC),
        hash_author=lambda author: f"key of {author}",
        accounts={"mike_pence": "mike_pence"},
    )
    return [found for _, found in read_json_archive(path, "x-v2", reading)]


def test_a_line_of_twint_is_a_post_at_the_time_of_its_id(tmp_path: Path) -> None:
    [post] = read(tmp_path, ROW)
    assert isinstance(post, Post)
    # The id is (milliseconds since X's epoch) << 22.
    milliseconds = (1313996180544720896 >> 22) + 1288834974657
    assert post.posted_at == datetime.fromtimestamp(milliseconds / 1000, UTC)
    assert (post.post_id, post.author_key, post.account) == ("1313996180544720896", "key of 5", "mike_pence")
    assert (post.text, post.post_type) == ("Pence was here", "original")
    assert (post.like_count, post.repost_count, post.reply_count) == (3, 2, 1)


def test_replies_reposts_and_quotes_of_twint_are_told_apart(tmp_path: Path) -> None:
    rows = [ROW | {"conversation_id": "7"}, ROW | {"retweet": True}, ROW | {"quote_url": "https://x.example/1"}]
    assert [post.post_type for post in read(tmp_path, *rows) if isinstance(post, Post)] == ["reply", "repost", "quote"]


def test_a_line_without_an_id_is_set_aside(tmp_path: Path) -> None:
    assert read(tmp_path, ROW | {"id": "x"}) == ["no post: an id that is no number"]
