"""What `check` and `plan` say of the open networks."""

from pathlib import Path

from flows.screen.networks import network_answers
from tests.flows.x.case import campaign_of

TOML = """
id = "race"
title = "A race"
timezone = "UTC"
currency = "USD"
start = 2026-11-18
end = 2026-11-30
[[candidates]]
id = "ada"
name = "Ada Quill"
accounts = { bluesky = ["ada.example.org"], mastodon = ["ada@mastodon.example"] }
[bluesky]
[mastodon]
servers = ["mastodon.example"]
"""


def test_each_source_says_what_it_answers_and_what_not(tmp_path: Path) -> None:
    found = {one.source_id: one for one in network_answers(campaign_of(tmp_path, TOML))}
    assert sorted(found) == [
        "bluesky-own-ada",
        "bluesky-stream",
        "mastodon-own-ada",
        "mastodon-tags-mastodon.example",
    ]
    assert "before the stream was first followed" in found["bluesky-stream"].cannot
    assert "#AdaQuill" in found["mastodon-tags-mastodon.example"].can
    assert "own posts of ada@mastodon.example" in found["mastodon-own-ada"].can


def test_a_campaign_without_the_tables_asks_nothing(tmp_path: Path) -> None:
    toml = TOML.partition("[bluesky]")[0]
    assert list(network_answers(campaign_of(tmp_path, toml))) == []
