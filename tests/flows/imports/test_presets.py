"""Exports of listening tools are read by the name of the tool."""

from pathlib import Path

import pytest

from tests.flows.imports.archives.test_posts import TOML, land, posts

BRANDWATCH = (
    b'Report:,Bulk Mentions Download\nBrand:,Quill\nFrom:,"Wed, Nov 18 2026"\nTo:,"Mon, Nov 30 2026"\nLabel:,x\n\n'
    b"Query Id,Query Name,Date,Title,Url,Page Type,Full Text,Author\n"
    b"1,Quill,2026-11-19 20:30:05.0,,https://x.example/1,twitter,Ada Quill spoke,someone\n"
)
TALKWALKER = (
    b"url;indexed;published;title;content;extra_author_attributes.name\n"
    b"https://x.example/1;2026-11-20 01:00;2026-11-19 20:30:05;;Ada Quill spoke;someone\n"
)
MELTWATER = (
    "Date\tTime\tDocument ID\tURL\tAuthor Handle\tOpening Text\tHit Sentence\n"
    "2026-11-19\t20:30:05\tabc-1\thttps://x.example/1\t@someone\tAda Quill\tspoke\n"
).encode("utf-16")


@pytest.mark.parametrize(
    ("name", "content"), [("brandwatch", BRANDWATCH), ("talkwalker", TALKWALKER), ("meltwater", MELTWATER)]
)
def test_an_export_is_read_by_the_name_of_its_tool(tmp_path: Path, name: str, content: bytes) -> None:
    collected = land(tmp_path, f'{TOML}format = "{name}"\ntimezone = "America/New_York"\n', "export.csv", content)
    assert (collected.failed, collected.set_aside.total()) == ({}, 0)
    [post] = posts(tmp_path)
    assert (post["text"], f"{post['posted_at']:%Y-%m-%d %H:%M:%S}") == ("Ada Quill spoke", "2026-11-20 01:30:05")
    assert post["author_key"]


def test_an_export_with_other_columns_is_refused_by_its_header(tmp_path: Path) -> None:
    collected = land(tmp_path, f'{TOML}format = "brandwatch"\n', "export.csv", TALKWALKER)
    assert "this is no export that is known of brandwatch" in collected.failed["old-posts"]
