"""Bluesky's stream: what names the roster lands, outages are heard again, and what is deleted goes everywhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.steps import take_step
from tests.doubles.home_search import where_found
from tests.doubles.jetstream_server import FakeJetstream, account_gone, delete, jetstream, post
from tests.flows.bluesky.case import NOW, catch_up, race, settings_of
from tests.flows.x.case import rows

BEFORE = NOW - timedelta(minutes=10)


@pytest.fixture
def server() -> Iterator[FakeJetstream]:
    with jetstream() as fake:
        yield fake


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def texts(tmp_path: Path) -> list[str]:
    return sorted(row["text"] for row in rows(tmp_path, "posts"))


def test_only_what_names_the_roster_lands_and_nobody_is_named_in_it(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events += [
        post(minutes(1), "Ada Quill was right #debate", rkey="r1"),
        post(minutes(2), "my cat", rkey="r2"),
        post(minutes(3), "I like #AdaQuill", rkey="r3", reply={"parent": {"uri": "at://x"}}),
        post(minutes(4), "quill!", rkey="r4", embed={"$type": "app.bsky.embed.record"}),
    ]
    collected = catch_up(tmp_path, server, minutes(5))
    assert not collected.failed
    found = {row["text"]: row for row in rows(tmp_path, "posts")}
    assert sorted(found) == ["Ada Quill was right #debate", "I like #AdaQuill", "quill!"]
    assert {row["post_type"] for row in found.values()} == {"original", "reply", "quote"}
    assert {(row["source_kind"], row["network"], row["account"]) for row in found.values()} == {
        ("bluesky", "bluesky", None)
    }
    assert where_found(tmp_path / "home", "did:plc:somebody") == []
    assert server.asked[-1]["wantedCollections"] == ["app.bsky.feed.post"]


def test_an_outage_is_heard_again_from_the_cursor_on_and_leaves_no_gap(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events.append(post(minutes(1), "Quill one", rkey="r1"))
    catch_up(tmp_path, server, minutes(2))
    # Nobody listens for three hours.
    server.events += [post(minutes(60 * hour), f"Quill {hour}", rkey=f"h{hour}") for hour in (1, 2, 3)]
    catch_up(tmp_path, server, minutes(181))
    assert texts(tmp_path) == ["Quill 1", "Quill 2", "Quill 3", "Quill one"]
    spans = [(row["observed_from_at"], row["observed_to_at"]) for row in rows(tmp_path, "fetch_attempts")]
    last_heard = minutes(1) + timedelta(seconds=1)
    assert [span for span in spans if span[0] == last_heard], spans
    assert all(row["reason"] is None for row in rows(tmp_path, "fetch_attempts"))


def test_an_outage_longer_than_the_server_keeps_is_a_gap_that_is_said(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events.append(post(minutes(1), "Quill one", rkey="r1"))
    catch_up(tmp_path, server, minutes(2))
    later = post(minutes(600), "Quill two", rkey="r2")
    server.events, server.kept_from_us = [later], later["time_us"]
    collected = catch_up(tmp_path, server, minutes(601))
    assert any("the server had no more of 2026-11-20 12:01" in note for note in collected.notes)
    spans = [(row["observed_from_at"], row["observed_to_at"]) for row in rows(tmp_path, "fetch_attempts")]
    lost = minutes(300)
    assert not [span for span in spans if span[0] and span[0] < lost < span[1]]


def test_a_cut_in_the_middle_loses_nothing_and_counts_nothing_twice(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events += [post(minutes(1 + n / 60), f"Quill {n}", rkey=f"r{n}") for n in range(40)]
    server.cut_after = [15, 20]
    collected = catch_up(tmp_path, server, minutes(3))
    assert not collected.failed
    assert len({row["post_id"] for row in rows(tmp_path, "posts")}) == 40
    assert len(server.asked) == 4


def test_a_stream_that_refuses_is_a_failure_that_says_what_to_do(tmp_path: Path, server: FakeJetstream) -> None:
    server.refuse = [404]
    collected = catch_up(tmp_path, server)
    assert "AFTERDEBATE_BLUESKY_STREAM_URL" in collected.failed["bluesky-stream"]
    assert [row["outcome"] for row in rows(tmp_path, "fetch_attempts")] == ["refused"]


def test_a_busy_stream_is_asked_again(tmp_path: Path, server: FakeJetstream) -> None:
    server.refuse = [429, 503]
    assert not catch_up(tmp_path, server).failed


def test_malformed_messages_are_set_aside_and_not_quoted(tmp_path: Path, server: FakeJetstream) -> None:
    server.raw = ["not json", '{"kind": "commit"}', "[" * 5000, '{"did": "did:plc:x", "time_us": "soon", "kind": "x"}']
    collected = catch_up(tmp_path, server)
    wordless = post(minutes(2), "Quill", rkey="r2")
    wordless["commit"]["record"]["text"] = 7
    server.events += [post(minutes(1), "Quill", rkey="r1"), wordless]
    server.raw = []
    collected.add(catch_up(tmp_path, server, minutes(3)))
    assert collected.set_aside["bluesky-stream"] == 5
    assert texts(tmp_path) == ["Quill"]
    assert all("did:plc" not in row["reason"] for row in rows(tmp_path, "rejects"))


def test_a_time_far_from_the_streams_own_is_suspect(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events += [
        post(minutes(1), "Quill now", rkey="r1"),
        post(minutes(-60 * 24 * 365), "Quill of an old archive", rkey="r2", heard_at=minutes(2)),
        post(minutes(600), "Quill of tomorrow", rkey="r3", heard_at=minutes(3)),
        post(minutes(4), "Quill of no time", rkey="r4", createdAt="0001-01-01T00:00:00Z"),
    ]
    catch_up(tmp_path, server, minutes(5))
    quality = {row["text"]: row["time_quality"] for row in rows(tmp_path, "posts")}
    assert quality == {
        "Quill now": None,
        "Quill of an old archive": "suspect",
        "Quill of tomorrow": "suspect",
        "Quill of no time": "suspect",
    }


def test_a_post_that_is_deleted_before_it_landed_never_lands(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events += [post(minutes(1), "Quill, in anger", rkey="r1"), delete(minutes(1.5), rkey="r1")]
    catch_up(tmp_path, server, minutes(2))
    assert texts(tmp_path) == []


def test_a_post_that_is_deleted_later_is_erased_everywhere_and_stays_counted(
    tmp_path: Path, server: FakeJetstream
) -> None:
    settings, campaign = settings_of(tmp_path, server), race(tmp_path)
    take_step(lambda *_args, **_more: catch_up(tmp_path, server), campaign, settings, NOW, title="bluesky", tell=print)
    server.events += [
        post(minutes(1), "Quill, in anger", rkey="r1"),
        post(minutes(1), "Quill, of one who leaves", rkey="r2", did="did:plc:leaver"),
        post(minutes(1), "Quill, of one who stays", rkey="r3"),
    ]
    catch_up(tmp_path, server, minutes(2))
    server.events += [delete(minutes(3), rkey="r1"), account_gone(minutes(3), "did:plc:leaver")]
    collected = catch_up(tmp_path, server, minutes(4))
    assert [note for note in collected.notes if "2 rows erased" in note]
    assert texts(tmp_path) == ["Quill, of one who stays", "≈ quill", "≈ quill"]
    assert where_found(tmp_path / "home", "in anger") == []
    # The stream rewinds a little: what was erased does not come in again.
    catch_up(tmp_path, server, minutes(5))
    assert texts(tmp_path) == ["Quill, of one who stays", "≈ quill", "≈ quill"]


def test_an_edit_that_takes_the_name_out_is_no_mention_any_more(tmp_path: Path, server: FakeJetstream) -> None:
    catch_up(tmp_path, server)
    server.events.append(post(minutes(1), "Quill", rkey="r1"))
    catch_up(tmp_path, server, minutes(2))
    server.events.append(post(minutes(3), "somebody else", rkey="r1", operation="update"))
    catch_up(tmp_path, server, minutes(4))
    found = rows(tmp_path, "posts")
    assert [row["text"] for row in found] == ["Quill", "somebody else"]
    assert len({row["post_id"] for row in found}) == 1
