"""A file that is refused whole is told by the import, by `status` and in the published tables, until it is mended."""

import gzip
from datetime import timedelta
from pathlib import Path

import duckdb
from pydantic import SecretStr

from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from flows.steps import land_facts
from tests.flows.commands.commands import afterdebate
from tests.flows.imports.archives.test_posts import CSV, NOW, PLAIN_CSV, settings_of
from tests.flows.imports.donation_campaign import GIFTS, NOON, a_campaign
from tests.flows.x.case import campaign_of
from warehouse.landing.files import read_landed


def status(home: Path) -> str:
    return " ".join(afterdebate("status", "--home", home).stdout.replace("│", " ").split())


def reasons(home: Path, source_id: str) -> set[str]:
    with duckdb.connect(home / "published" / "afterdebate.duckdb", read_only=True) as con:
        found = con.execute(
            "SELECT DISTINCT reason FROM metrics.coverage WHERE source_id = $source AND coverage IS DISTINCT FROM 1",
            {"source": source_id},
        )
        return {reason for (reason,) in found.fetchall()}


def test_an_archive_that_is_refused_whole_is_told_until_it_is_mended(tmp_path: Path) -> None:
    settings, archive = settings_of(tmp_path), tmp_path / "race" / "archive"
    archive.mkdir(parents=True)
    (archive / "posts.csv").write_text("colour;size\nred;3\n")
    (archive / "more.csv").write_text("a,b\n1,2\n")
    campaign = campaign_of(tmp_path, CSV)
    for hours in (0, 1):
        now = NOW + timedelta(hours=hours)
        land_facts(campaign, settings, now)
        told = import_posts_once(campaign, settings, now)
        assert [line.partition(":")[0] for line in told.failed["old-posts"].splitlines()] == ["more.csv", "posts.csv"]
        build_warehouse_once(settings.home, now)
        assert "unreadable x 1" in status(settings.home)
        [reason] = reasons(settings.home, "old-posts")
        assert "posts.csv: columns do not fit" in reason
        assert "more.csv: columns do not fit" in reason
    assert len(list(read_landed(settings.home, "fetch_attempts"))) == 1  # the second time there was nothing new to say

    (archive / "posts.csv").write_text(PLAIN_CSV)
    (archive / "more.csv").unlink()
    assert import_posts_once(campaign, settings, NOW + timedelta(hours=2)).failed == {}
    build_warehouse_once(settings.home, NOW + timedelta(hours=2))
    assert "unreadable" not in status(settings.home)
    assert not [reason for reason in reasons(settings.home, "old-posts") if "columns do not fit" in reason]


def test_each_donation_file_that_fails_is_named_and_none_once_they_are_gone(tmp_path: Path) -> None:
    campaign, settings = a_campaign(tmp_path / "us"), Settings(home=tmp_path / "home", donor_key=SecretStr("k"))
    folder = campaign.folder / "gifts"
    (folder / "a.csv").write_text(GIFTS)
    for name in ("b.csv", "c.csv"):
        (folder / name).write_bytes(gzip.compress(name.encode() + b"0" * 40_000_000))
    land_facts(campaign, settings, NOON)
    told = import_donations_once(campaign, settings, NOON)
    assert [line.partition(":")[0] for line in told.failed["gifts"].splitlines()] == ["b.csv", "c.csv"]
    build_warehouse_once(settings.home, NOON)
    assert "x 2, last well" in status(settings.home)
    assert all(name in status(settings.home) for name in ("b.csv", "c.csv"))

    for name in ("b.csv", "c.csv"):
        (folder / name).unlink()
    (folder / "d.csv").write_text("who,what\nJane Doe,5\n")  # read, and every row of it set aside: another trouble
    import_donations_once(campaign, settings, NOON + timedelta(hours=1))
    build_warehouse_once(settings.home, NOON + timedelta(hours=1))
    assert "b.csv" not in status(settings.home)
