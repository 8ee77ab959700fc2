"""An archive that is declared wrongly: said at every import, told by `status`, and forgotten once it is mended."""

from datetime import timedelta
from pathlib import Path

import duckdb

from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.steps import land_facts
from tests.flows.commands.commands import afterdebate
from tests.flows.imports.archives.test_posts import NOW, TOML, posts, settings_of
from tests.flows.x.case import campaign_of

WRONG = TOML + 'format = "csv"\ntimezone = "UTC"\ncolumns = { posted_at = "when", text = "body", post_id = "nr" }\n'
RIGHT = WRONG + 'dates = "day-first"\n'
ROWS = "nr;when;body\np1;19/11/2026 20:30;Ada Quill\np2;20/11/2026 20:31;Ada Quill\n"


def test_an_archive_with_another_order_of_dates_is_said_each_time_and_leaves_no_count_once_mended(
    tmp_path: Path,
) -> None:
    settings, archive = settings_of(tmp_path), tmp_path / "race" / "archive"
    archive.mkdir(parents=True)
    (archive / "posts.csv").write_text(ROWS)
    campaign = campaign_of(tmp_path, WRONG)
    land_facts(campaign, settings, NOW)
    for hours in (0, 1):
        told = import_posts_once(campaign, settings, NOW + timedelta(hours=hours))
        assert told.failed["old-posts"].startswith("posts.csv: 2 of 2 rows set aside, most of them so: no post: a time")
        assert (told.set_aside["old-posts"], told.duplicates["old-posts"]) == (2, 0)
    build_warehouse_once(settings.home, NOW + timedelta(hours=2))
    assert "old-posts: 2 set aside, most of them so: no post: a time" in afterdebate(
        "status", "--home", settings.home
    ).stdout.replace("\n", " ")

    mended = campaign_of(tmp_path, RIGHT)
    land_facts(mended, settings, NOW + timedelta(hours=3))
    assert import_posts_once(mended, settings, NOW + timedelta(hours=3)).failed == {}
    again = import_posts_once(mended, settings, NOW + timedelta(hours=4))
    assert (again.failed, again.duplicates["old-posts"]) == ({}, 2)
    built = build_warehouse_once(settings.home, NOW + timedelta(hours=5))
    with duckdb.connect(str(built.published), read_only=True) as con:
        assert con.execute("SELECT set_aside, set_aside_mostly FROM facts.source_health").fetchall() == [(0, None)]


def test_posts_may_be_numbered_in_any_way_and_rounded_numbers_are_still_refused(tmp_path: Path) -> None:
    settings, archive = settings_of(tmp_path), tmp_path / "race" / "archive"
    archive.mkdir(parents=True)
    (archive / "posts.csv").write_text(ROWS)  # at full speed
    (archive / "rows.csv").write_text(ROWS + "1.99E+18;20/11/2026 20:32;Ada Quill\n")  # row by row
    campaign = campaign_of(tmp_path, RIGHT)
    collected = import_posts_once(campaign, settings, NOW)
    assert collected.set_aside["old-posts"] == 1
    ids = [post["post_id"] for post in posts(tmp_path)]
    assert all(post_id.startswith("row-") for post_id in ids)
    assert (len(ids), len(set(ids))) == (4, 2)
