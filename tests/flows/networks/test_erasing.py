"""Whoever asks is erased by the network's own name of them; X is asked about posts of X alone."""

from datetime import timedelta
from pathlib import Path

from connectors.records import Post
from flows.people.erase import Request, erase_author, erase_posts
from flows.steps import land_facts
from tests.doubles.home_search import where_found
from tests.doubles.jetstream_server import jetstream, post
from tests.flows.bluesky.case import NOW, catch_up, race, settings_of
from tests.flows.imports.archives.test_posts import land
from tests.flows.imports.test_other_networks import PAGES
from tests.flows.x.case import rows
from warehouse.landing.files import landed_values


def test_an_author_is_erased_by_their_did_and_a_post_by_its_address(tmp_path: Path) -> None:
    with jetstream() as server:
        settings = settings_of(tmp_path, server)
        land_facts(race(tmp_path), settings, NOW)
        catch_up(tmp_path, server)
        for number, did in enumerate(("did:plc:one", "did:plc:two", "did:plc:three")):
            at = NOW + timedelta(minutes=1, seconds=number)
            server.events.append(post(at, f"Quill, by number {number}", rkey=f"r{number}", did=did))
        catch_up(tmp_path, server, NOW + timedelta(minutes=2))
        request = Request(asked_at=NOW, clock=lambda: NOW + timedelta(minutes=5))
        assert erase_author(settings, "did:plc:one", request).rows == 1
        assert erase_posts(settings, ["at://did:plc:two/app.bsky.feed.post/r1"], request).rows == 1
        assert [where_found(tmp_path / "home", f"by number {number}") == [] for number in range(3)] == [
            True,
            True,
            False,
        ]


def test_a_post_of_another_network_is_no_post_of_x_whatever_its_number(tmp_path: Path) -> None:
    land(tmp_path, PAGES, "page.csv", "id,at,page,text,likes\n123456,2026-11-20T20:00:00Z,somebody,Ada Quill,\n")
    assert [row["post_id"] for row in rows(tmp_path, "posts")] == ["123456"]
    assert landed_values(tmp_path / "home", Post.TABLE, "post_id", without="network") == set()
