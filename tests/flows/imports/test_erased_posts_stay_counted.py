"""What an erasure leaves of an archive survives that the archive is read anew."""

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.imports.donations import withdraw_file
from flows.people.erase import Request, erase_author
from flows.steps import land_facts
from tests.flows.imports.archives.test_posts import NOW, V2, settings_of
from tests.flows.x.case import campaign_of


def mentions(home: Path) -> int:
    with duckdb.connect(home / "published" / "afterdebate.duckdb", read_only=True) as con:
        found = con.execute("SELECT sum(mentions) FROM metrics.buzz_by_interval WHERE interval_minutes = 60").fetchone()
    return int((found or (0,))[0] or 0)


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_erased_posts_stay_counted_when_their_archive_is_read_anew(tmp_path: Path, is_taken_back: bool) -> None:
    settings, archive = settings_of(tmp_path), tmp_path / "race" / "archive"
    archive.mkdir(parents=True)
    lines = [
        # The one who is erased wrote on a day of their own: what is left must also keep that day seen.
        {
            "id": str(10**18 + n),
            "author_id": str(n % 2),
            "text": "Ada Quill",
            "created_at": f"2026-11-2{n % 2}T01:00:30Z",
        }
        for n in range(10)
    ]
    (archive / "posts.jsonl").write_text("\n".join(map(json.dumps, lines)))
    campaign = campaign_of(tmp_path, V2)
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)
    build_warehouse_once(settings.home, NOW)
    assert mentions(settings.home) == 10

    erase_author(settings, "1", Request(asked_at=NOW, clock=lambda: NOW + timedelta(hours=1)))
    assert mentions(settings.home) == 10

    later = NOW + timedelta(hours=2)
    if is_taken_back:
        withdraw_file(campaign, settings, later, archive / "posts.jsonl")
        again = import_posts_once(campaign, settings, later + timedelta(hours=1), [archive / "posts.jsonl"])
    else:
        changed = campaign_of(tmp_path, V2.replace('["AdaQuill"]', '["AdaQuill", "QuillHQ"]'))
        land_facts(changed, settings, later)
        again = import_posts_once(changed, settings, later)
    assert "old-posts: posts.jsonl: 5 erased posts stay counted, without author, id and text" in again.notes
    build_warehouse_once(settings.home, later + timedelta(hours=2))
    assert mentions(settings.home) == 10


@pytest.mark.parametrize("is_file_changed", [False, True])
def test_an_archive_under_another_id_keeps_the_counts_of_its_erased_posts_or_says_that_it_cannot(
    tmp_path: Path, is_file_changed: bool
) -> None:
    settings, path = settings_of(tmp_path), tmp_path / "race" / "archive" / "posts.jsonl"
    path.parent.mkdir(parents=True)
    told = '{{"id": "{}", "author_id": "{}", "text": "Ada Quill", "created_at": "2026-11-20T01:00:30Z"}}\n'
    path.write_text("".join(told.format(10**18 + n, n % 2) for n in range(10)))
    campaign = campaign_of(tmp_path, V2)
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)
    build_warehouse_once(settings.home, NOW)
    erase_author(settings, "1", Request(asked_at=NOW, clock=lambda: NOW + timedelta(hours=1)))

    later = NOW + timedelta(hours=2)
    renamed = campaign_of(tmp_path, V2.replace('id = "old-posts"', 'id = "tweets"'))
    if is_file_changed:
        path.write_text(path.read_text() + told.format(2 * 10**18, 7))
    land_facts(renamed, settings, later)
    again = import_posts_once(renamed, settings, later)
    build_warehouse_once(settings.home, later)
    warned = [note for note in again.notes if "5 erased posts that it brought are not counted" in note]
    if is_file_changed:
        assert [note.partition(":")[0] for note in warned] == ["old-posts"]
        assert mentions(settings.home) == 6
    else:
        assert "tweets: posts.jsonl: 5 erased posts stay counted, without author, id and text" in again.notes
        assert (warned, mentions(settings.home)) == ([], 10)
