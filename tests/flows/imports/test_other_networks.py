"""Archives of other networks than X: of their own kind, their authors' keys their own, a candidate's page by name."""

from pathlib import Path

import duckdb

from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.people.keys import author_hash, author_key
from flows.steps import take_step
from tests.flows.imports.archives.test_posts import NOW, TOML, land, posts, settings_of
from tests.flows.x.case import campaign_of

PAGES = TOML.replace('x = ["AdaQuill"]', 'x = ["AdaQuill"], facebook = ["ada.quill.official"]') + (
    'format = "csv"\nsource_kind = "facebook"\ncovers_from = 2026-11-18\ncovers_to = 2026-11-30\n'
    'columns = { posted_at = "at", text = "text", author = "page", post_id = "id", likes = "likes" }\n'
)
ROWS = (
    "id,at,page,text,likes\n"
    "1_2,2026-11-20T20:00:00Z,ada.quill.official,Watch me tonight,7\n"
    "1_3,2026-11-20T21:00:00Z,somebody,Ada Quill was right,\n"
)


def test_posts_of_facebook_are_of_their_own_kind_and_nobody_is_known_by_the_key_of_x(tmp_path: Path) -> None:
    collected = land(tmp_path, PAGES, "page.csv", ROWS)
    assert not collected.failed
    found = posts(tmp_path)
    assert {(post["source_kind"], post["network"]) for post in found} == {("facebook", "facebook")}
    assert {post["account"] for post in found} == {"ada.quill.official", None}
    secret = author_key(settings_of(tmp_path), print)
    keys = {post["author_key"] for post in found}
    assert author_hash(secret, "facebook")("somebody") in keys
    assert author_hash(secret)("somebody") not in keys


def test_mentions_of_an_archive_of_facebook_are_counted_and_its_span_was_seen(tmp_path: Path) -> None:
    land(tmp_path, PAGES, "page.csv", ROWS)
    home = tmp_path / "home"
    built_facts(tmp_path)
    build_warehouse_once(home, NOW)
    with duckdb.connect(home / "published" / "afterdebate.duckdb", read_only=True) as con:
        rows = con.execute(
            "SELECT source_kind, sum(mentions)::INT, min(coverage) FROM metrics.buzz_by_interval"
            " WHERE interval_minutes = 1440 AND interval_start_at BETWEEN '2026-11-19' AND '2026-11-21' GROUP BY 1"
        ).fetchall()
    assert rows == [("facebook", 1, 1.0)]


def built_facts(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    take_step(import_posts_once, campaign_of(tmp_path, PAGES), settings, NOW, title="imports", tell=print)
