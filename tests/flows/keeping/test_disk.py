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
from tests.flows.commands.commands import afterdebate
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


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        site.replies["/feed"] = Reply(body=rss(item(1, "Fri, 01 Apr 2022 20:30:00 GMT", title="Paul Martin")))
        yield site


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    """A folder with a campaign, and a home that was built once."""
    folder = tmp_path_factory.mktemp("built")
    campaign = write_small_campaign(folder)
    with (campaign / "campaign.toml").open("a") as toml:
        toml.write(f'\n[[feeds]]\nid = "blog"\nurl = "{site.url("/feed")}"\n')
    assert afterdebate("import", campaign, "--home", folder / "home").exit_code == 0
    assert afterdebate("build", "--home", folder / "home").exit_code == 0
    return folder


@pytest.fixture
def campaign(built: Path, tmp_path: Path) -> Path:
    """The campaign, with gifts that no home has."""
    campaign = shutil.copytree(built / "small", tmp_path / "small")
    file = campaign / "totals.csv"
    file.write_text(file.read_text() + "2022-04-01T22:00+02:00,60,50.00,1,\n")
    os.utime(file, (1, 1))
    return campaign


def assert_said_in_one_line(*words: str | Path) -> None:
    """In a process of its own, as a person runs it: one line that says fault and mend, exit code 1."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"AFTERDEBATE_ALLOW_PRIVATE_HOSTS": "true"},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert ".py:" not in said
    assert len([line for line in said.splitlines() if "Mend: " in line]) == 1, said


def assert_whole(home: Path) -> None:
    assert not look_at_all(landed_files(home))
    assert not [path for path in home.rglob("*") if "partial" in path.name or path.suffix == ".tmp"]


def test_without_room_nothing_is_collected_by_halves_and_all_of_it_with_room(
    built: Path, campaign: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(built / "home", disk.at / "home")
    before = whole_publication(home)
    for room, words in ((0, ["import"]), (40_000, ["import"]), (0, ["collect", "feeds"])):
        disk.leave(room)
        assert_said_in_one_line(*words, campaign, "--home", home)
        assert state_fault(home) is None
        disk.make_room()
        assert_whole(home)
    assert whole_publication(home) == before
    monkeypatch.setenv("AFTERDEBATE_ALLOW_PRIVATE_HOSTS", "true")
    assert afterdebate("run", campaign, "--home", home).exit_code == 0
    asked = "SELECT sum(amount)::INT, sum(gifts)::INT FROM metrics.donation_by_interval WHERE interval_minutes = 60"
    assert published(home, asked) == [(300, 6)]
    assert published(home, "SELECT last_outcome FROM facts.source_health WHERE source_id = 'blog'") == [("ok",)]


@pytest.mark.parametrize("room", [100_000, 3_000_000])
def test_a_build_without_room_leaves_what_was_published(built: Path, disk: Disk, room: int) -> None:
    home = shutil.copytree(built / "home", disk.at / "home")
    before = whole_publication(home)
    (home / "warehouse.duckdb").unlink()  # all is made anew, which wants the most room
    disk.leave(room)
    assert_said_in_one_line("build", "--home", home)
    assert whole_publication(home) == before
    disk.make_room()
    assert afterdebate("build", "--home", home).exit_code == 0
    assert whole_publication(home) == before
    assert_whole(home)


def test_what_is_published_stays_whole_where_only_publishing_finds_no_room(
    built: Path, campaign: Path, disk: Disk, tmp_path: Path
) -> None:
    home = shutil.copytree(built / "home", tmp_path / "home")
    before = whole_publication(home)
    shutil.move(home / "published", disk.at / "published")
    (home / "published").symlink_to(disk.at / "published")
    assert afterdebate("import", campaign, "--home", home).exit_code == 0
    disk.leave(100_000)
    assert_said_in_one_line("build", "--home", home)
    assert whole_publication(home).keys() == before.keys()
    asked = "SELECT sum(amount)::INT FROM metrics.donation_by_interval WHERE interval_minutes = 60"
    assert published(home, asked) == [(250,)]
    disk.make_room()
    assert afterdebate("build", "--home", home).exit_code == 0
    assert published(home, asked) == [(300,)]
    assert_whole(home)


def test_a_backup_without_room_is_none_and_the_next_is_whole(built: Path, disk: Disk, tmp_path: Path) -> None:
    kept = disk.at / "kept"
    disk.leave(20_000)
    assert_said_in_one_line("backup", kept, "--home", built / "home")
    assert not list(kept.glob("backups/*"))
    disk.make_room()
    assert afterdebate("backup", kept, "--home", built / "home").exit_code == 0
    assert afterdebate("restore", kept, "--home", tmp_path / "new").exit_code == 0
    assert whole_publication(tmp_path / "new") == whole_publication(built / "home")


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
