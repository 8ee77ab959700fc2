"""A disk that takes no more is said in one line, without a traceback; what stood before stands."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.faults import said_of_disk
from flows.state import state_fault
from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.published import published, whole_publication
from warehouse.landing.files import landed_files
from warehouse.landing.unreadable import look_at_all

SIZE = "48m"


class Disk:
    """A disk of its own, as small as a test wants it."""

    def __init__(self, at: Path) -> None:
        self.at, self.ballast = at, at / "ballast"

    def leave(self, most_bytes: int) -> None:
        """Fill it but for that."""
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.at).free - most_bytes)

    def make_room(self) -> None:
        """Free what was filled."""
        self.ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk in memory, mounted for one test."""
    at = tmp_path / "disk"
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", at], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", at], check=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        site.replies["/feed"] = Reply(body=rss(item(1, "Fri, 01 Apr 2022 20:30:00 GMT", title="Paul Martin")))
        yield site


@pytest.fixture
def campaign(tmp_path: Path, site: Site) -> Path:
    campaign = write_small_campaign(tmp_path)
    with (campaign / "campaign.toml").open("a") as toml:
        toml.write(f'\n[[feeds]]\nid = "blog"\nurl = "{site.url("/feed")}"\n')
    return campaign


def afterdebate(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AFTERDEBATE_ALLOW_PRIVATE_HOSTS": "true", "AFTERDEBATE_DONOR_KEY": "a", "COLUMNS": "300"},
    )


def assert_said_in_one_line(done: subprocess.CompletedProcess[str]) -> None:
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert ".py:" not in said
    assert len([line for line in said.splitlines() if "Mend: " in line]) == 1, said


def assert_whole(home: Path) -> None:
    assert not look_at_all(landed_files(home))
    assert not [path for path in home.rglob("*") if "partial" in path.name or path.suffix == ".tmp"]


def more_totals(campaign: Path) -> None:
    file = campaign / "totals.csv"
    file.write_text(file.read_text() + "2022-04-01T22:00+02:00,60,50.00,1,\n")
    os.utime(file, (1, 1))


def test_without_room_nothing_is_collected_by_halves_and_all_of_it_with_room(campaign: Path, disk: Disk) -> None:
    home = disk.at / "home"
    assert afterdebate("import", campaign, "--home", home).returncode == 0
    assert afterdebate("build", "--home", home).returncode == 0
    before = whole_publication(home)
    more_totals(campaign)
    for room in (0, 40_000):
        disk.leave(room)
        assert_said_in_one_line(afterdebate("import", campaign, "--home", home))
        assert_said_in_one_line(afterdebate("collect", "feeds", campaign, "--home", home))
        assert state_fault(home) is None
        disk.make_room()
        assert_whole(home)
    assert whole_publication(home) == before
    assert afterdebate("run", campaign, "--home", home).returncode == 0
    asked = "SELECT sum(amount)::INT, sum(count)::INT FROM metrics.donation_by_interval WHERE interval_minutes = 60"
    assert published(home, asked) == [(300, 6)]
    assert published(home, "SELECT attempts FROM facts.source_health WHERE source_id = 'blog'") == [(1,)]


@pytest.mark.parametrize("room", [0, 300_000, 3_000_000])
def test_a_build_without_room_leaves_what_was_published(campaign: Path, disk: Disk, room: int) -> None:
    home = disk.at / "home"
    assert afterdebate("import", campaign, "--home", home).returncode == 0
    assert afterdebate("build", "--home", home).returncode == 0
    before = whole_publication(home)
    (home / "warehouse.duckdb").unlink()  # all is made anew, which wants the most room
    disk.leave(room)
    assert_said_in_one_line(afterdebate("build", "--home", home))
    assert whole_publication(home) == before
    disk.make_room()
    assert afterdebate("rebuild", "--home", home).returncode == 0
    assert whole_publication(home) == before
    assert_whole(home)


def test_what_is_published_stays_whole_where_only_publishing_finds_no_room(
    campaign: Path, disk: Disk, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert afterdebate("import", campaign, "--home", home).returncode == 0
    assert afterdebate("build", "--home", home).returncode == 0
    before = whole_publication(home)
    shutil.copytree(home / "published", disk.at / "published")
    shutil.rmtree(home / "published")
    (home / "published").symlink_to(disk.at / "published")
    more_totals(campaign)
    assert afterdebate("import", campaign, "--home", home).returncode == 0
    disk.leave(100_000)
    assert_said_in_one_line(afterdebate("build", "--home", home))
    after = whole_publication(home)
    assert after == before
    disk.make_room()
    assert afterdebate("build", "--home", home).returncode == 0
    assert published(home, "SELECT max(amount)::INT FROM metrics.donation_by_interval") == [(300,)]
    assert_whole(home)


def test_a_backup_without_room_is_none_and_the_next_is_whole(campaign: Path, disk: Disk, tmp_path: Path) -> None:
    home, kept = tmp_path / "home", disk.at / "kept"
    assert afterdebate("import", campaign, "--home", home).returncode == 0
    disk.leave(20_000)
    assert_said_in_one_line(afterdebate("backup", kept, "--home", home))
    assert not list(kept.glob("backups/*"))
    disk.make_room()
    assert afterdebate("backup", kept, "--home", home).returncode == 0
    assert afterdebate("restore", kept, "--home", tmp_path / "new").returncode == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_what_the_system_says_of_a_disk_names_the_file(code: int) -> None:
    said = said_of_disk(OSError(code, "it is so", "home/landing/posts"))
    assert said is not None
    assert said.startswith("home/landing/posts: it is so. ")


def test_a_state_that_another_process_holds_is_named() -> None:
    held = sqlite3.OperationalError("database is locked")
    held.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert "another process has held it" in str(said_of_disk(held))


@pytest.mark.parametrize("error", [ValueError("no disk"), FileNotFoundError(errno.ENOENT, "gone", "x")])
def test_any_other_error_is_left_to_be_a_traceback(error: Exception) -> None:
    assert said_of_disk(error) is None
