"""A backup can be trusted: whole while others write, checked by every byte, and nobody else's to read."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.records import Erasure
from flows.build import build_warehouse_once
from flows.faults import UsageFault
from flows.keeping.backup import back_up
from flows.keeping.kept_files import Backup, backups_in
from flows.keeping.restore import MARK, restore
from flows.people.erase import Request, erase_author
from flows.people.keys import author_hash, author_key
from flows.settings import Settings
from tests.flows.commands.commands import afterdebate
from tests.flows.keeping.posts import post_by
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from tests.warehouse.published import published, whole_publication
from warehouse.landing.files import land, landed_files, read_landed

POSTED_AT = "2022-04-01T19:30:00.000Z"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built") / "home"
    land_campaign(home)
    land_ticker(home, "1.csv", steady_totals(range(24)))
    build_warehouse_once(home, NOW)
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "home")


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def bring_back(folder: Path, home: Path, **more: object) -> None:
    restore(folder, Settings(home=home), lambda: at(100), **more)  # type: ignore[arg-type]


def test_what_comes_back_publishes_the_same_rows_and_knows_its_runs(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backups", at(1))
    bring_back(tmp_path / "backups", tmp_path / "new")
    assert whole_publication(tmp_path / "new") == whole_publication(home)
    runs = "SELECT run_id FROM metrics.runs ORDER BY built_at"
    assert published(tmp_path / "new", runs)[0] == published(home, runs)[0]
    assert not (tmp_path / "new" / MARK).exists()


def test_a_second_backup_adds_only_what_is_new(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backups", at(1))
    assert back_up(home, tmp_path / "backups", at(2)).files_added == 0
    land_ticker(home, "2.csv", steady_totals(range(24, 48)))
    assert back_up(home, tmp_path / "backups", at(3)).files_added == 2  # the readings, and that the file was imported
    assert len(backups_in(tmp_path / "backups")) == 3


def test_only_its_owner_reads_a_backup_and_what_comes_back_of_it(home: Path, tmp_path: Path) -> None:
    (home / "keys").mkdir()
    (home / "keys" / "donor.key").write_text("secret")
    before = os.umask(0)
    try:
        assert back_up(home, tmp_path / "backups", at(1)).has_keys
        bring_back(tmp_path / "backups", tmp_path / "new")
    finally:
        os.umask(before)
    for folder in (tmp_path / "backups", tmp_path / "new"):
        open_to_others = [path for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.lstat().st_mode) & 0o077]
        assert open_to_others == []
    assert (tmp_path / "new" / "keys" / "donor.key").read_text() == "secret"


def test_a_home_that_is_not_empty_is_not_touched(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backups", at(1))
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "letter.txt").write_text("mine")
    with pytest.raises(UsageFault, match="is not empty"):
        bring_back(tmp_path / "backups", tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("harm", ["changed", "lost"])
def test_a_byte_that_is_not_what_it_was_is_named_before_anything_is_written(
    home: Path, tmp_path: Path, harm: str
) -> None:
    backup = back_up(home, tmp_path / "backups", at(1)).backup
    name = next(name for name in backup.files if name.startswith("landing/ticker_readings"))
    kept = next((tmp_path / "backups" / "files").glob(f"*/{backup.files[name].sha256}"))
    if harm == "lost":
        kept.unlink()
    else:
        kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    with pytest.raises(UsageFault, match=name):
        bring_back(tmp_path / "backups", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageFault, match=name):
        back_up(home, tmp_path / "backups", at(2), is_checked=True)
    back_up(home, tmp_path / "backups", at(2))
    bring_back(tmp_path / "backups", tmp_path / "new")


def test_a_restore_that_was_broken_off_goes_on(home: Path, tmp_path: Path) -> None:
    backup = back_up(home, tmp_path / "backups", at(1)).backup
    new = tmp_path / "new"
    (new / "landing").mkdir(parents=True)
    (new / MARK).write_text(backup.name)
    (new / "landing" / ".half.parquet").write_bytes(b"")
    bring_back(tmp_path / "backups", new)
    assert whole_publication(new) == whole_publication(home)


def test_while_files_are_imported_a_backup_holds_what_its_state_knows(tmp_path: Path) -> None:
    """Each backup taken beside a running import comes back as a home in which nothing is missing and nothing double."""
    home = tmp_path / "home"
    land_campaign(home)
    is_over = threading.Event()

    def keep_landing() -> None:
        with closing(sqlite3.connect(home / "state.sqlite", isolation_level=None)) as state:
            state.execute("PRAGMA journal_mode = WAL")
            state.execute("CREATE TABLE known (file_name TEXT)")
            for number in range(60):
                land_ticker(home, f"{number}.csv", steady_totals(range(number, number + 1)))
                for path in landed_files(home, "imported_files"):
                    state.execute("INSERT INTO known VALUES (?)", [path.name])
        is_over.set()

    landing = threading.Thread(target=keep_landing)
    landing.start()
    taken: list[Backup] = []
    while not is_over.is_set():
        taken.append(back_up(home, tmp_path / "backups", at(len(taken) + 1)).backup)
    landing.join()
    assert taken
    for number, backup in enumerate(taken):
        if "state.sqlite" not in backup.files:
            continue
        copy = tmp_path / f"state-{number}"
        kept = backup.files["state.sqlite"].sha256
        copy.write_bytes(next((tmp_path / "backups" / "files").glob(f"*/{kept}")).read_bytes())
        with closing(sqlite3.connect(copy)) as state:
            if state.execute("SELECT 1 FROM sqlite_master WHERE name = 'known'").fetchone():
                known = {f"landing/imported_files/{name}" for (name,) in state.execute("SELECT * FROM known")}
                assert known <= backup.files.keys()


def test_a_backup_taken_beside_a_real_import_comes_back_and_the_import_again_completes_it(tmp_path: Path) -> None:
    """By the commands alone: what was copied midway, restored and imported once more, is what the import made."""
    campaign, home, new = write_small_campaign(tmp_path), tmp_path / "home", tmp_path / "new"
    with (campaign / "campaign.toml").open("a") as toml:
        toml.write('\n[[archives]]\nid = "old-posts"\npath = "archive/*.jsonl"\nformat = "x-v2"\n')
    (campaign / "archive").mkdir()
    for number in range(12):
        posts = [
            {"id": f"{1 + number}{post:03}", "author_id": f"{post}", "text": "Jeanne Dupont", "created_at": POSTED_AT}
            for post in range(300)
        ]
        archive = campaign / "archive" / f"{number}.jsonl"
        archive.write_text("".join(json.dumps(post) + "\n" for post in posts))
        os.utime(archive, (number, number))
    command = [sys.executable, "-m", "flows.cli", "import", str(campaign), "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as importing:
        taken: list[tuple[int, str]] = []
        while importing.poll() is None:
            if len(landed_files(home, "posts")) > len(taken):
                done = back_up(home, tmp_path / "backups", datetime.now(UTC)).backup
                taken.append((sum(name.startswith("landing/posts/") for name in done.files), done.name))
        assert importing.returncode == 0
    midway = [name for posts, name in taken if 0 < posts < 12]
    assert midway
    words: list[list[str | Path]] = [
        ["restore", tmp_path / "backups", "--at", midway[-1]],
        ["import", campaign],
        ["build"],
    ]
    for each in words:
        assert afterdebate(*each, "--home", new).exit_code == 0, each
    assert afterdebate("build", "--home", home).exit_code == 0
    asked = "SELECT * EXCLUDE (run_id) FROM metrics.buzz_by_interval ORDER BY ALL"
    assert published(new, asked) == published(home, asked)
    counted = "SELECT max(mentions)::INT FROM metrics.buzz_by_interval WHERE source_kind = 'x_archive'"
    assert published(new, counted) == [(3600,)]


def test_half_files_of_a_backup_that_was_killed_go_with_the_next(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    back_up(home, folder, at(1))
    half = [folder / ".state.sqlite.4711", folder / "files" / ".4711", folder / "backups" / ".2020.json.4711"]
    for path in half:
        path.write_text("half")
    back_up(home, folder, at(2))
    assert not [path for path in half if path.exists()]


def test_whoever_was_erased_after_the_backup_does_not_come_back(home: Path, tmp_path: Path) -> None:
    settings = Settings(home=home)
    key = author_hash(author_key(settings, lambda _text: None))("12345")
    land(home, [post_by(key)])
    back_up(home, tmp_path / "backups", at(1))
    erase_author(settings, "12345", Request(asked_at=at(2), clock=lambda: at(2)))

    bring_back(tmp_path / "backups", tmp_path / "knows", erased_in=home)
    assert key not in {row["author_key"] for row in read_landed(tmp_path / "knows", "posts")}
    # Without the home that knows, the backup alone has no way of knowing.
    bring_back(tmp_path / "backups", tmp_path / "does not")
    assert key in {row["author_key"] for row in read_landed(tmp_path / "does not", "posts")}
    # A later backup in the same folder knows as well, for an earlier one too.
    first = backups_in(tmp_path / "backups")[0].name
    back_up(home, tmp_path / "backups", at(3))
    bring_back(tmp_path / "backups", tmp_path / "later", name=first)
    assert key not in {row["author_key"] for row in read_landed(tmp_path / "later", "posts")}
    assert [row["what"] for row in read_landed(tmp_path / "later", Erasure.TABLE)].count("again") == 1


def test_keeping_one_backup_leaves_nothing_of_whom_was_erased(home: Path, tmp_path: Path) -> None:
    settings = Settings(home=home)
    key = author_hash(author_key(settings, lambda _text: None))("12345")
    land(home, [post_by(key)])
    back_up(home, tmp_path / "backups", at(1))
    erase_author(settings, "12345", Request(asked_at=at(2), clock=lambda: at(2)))
    assert back_up(home, tmp_path / "backups", at(3), keep=1).backups_removed == 1
    assert not [
        path for path in (tmp_path / "backups").rglob("*") if path.is_file() and key.encode() in path.read_bytes()
    ]
    bring_back(tmp_path / "backups", tmp_path / "new")


def test_during_an_erasure_nothing_is_copied(home: Path, tmp_path: Path) -> None:
    (home / ".erasing").touch()
    with pytest.raises(UsageFault, match="an erasure is under way"):
        back_up(home, tmp_path / "backups", at(1))
    assert backups_in(tmp_path / "backups") == []


@pytest.mark.parametrize("where", ["home/backups", "letters"])
def test_a_folder_in_the_home_or_of_other_things_is_refused(home: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("mine")
    with pytest.raises(UsageFault, match=r"lies in the home|holds other things"):
        back_up(home, tmp_path / where, at(1))


def test_a_link_that_leads_out_of_the_home_is_not_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "private.txt").write_text("mine")
    (home / "rejects").mkdir()
    (home / "rejects" / "link").symlink_to(tmp_path / "private.txt")
    assert not [name for name in back_up(home, tmp_path / "backups", at(1)).backup.files if name.startswith("rejects")]
