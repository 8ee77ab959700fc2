"""Whatever is wrong with a home is named with its mend; what can be mended safely is mended, and nothing is lost."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from flows.build import build_warehouse_once
from flows.keeping.backup import back_up
from flows.keeping.doctor import examine
from flows.keeping.finding import Finding
from flows.keeping.mending import mend
from flows.private_home import keep_private
from flows.settings import Settings
from flows.state import open_state
from tests.flows.commands.commands import afterdebate
from tests.flows.keeping.posts import post_by
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from tests.warehouse.published import whole_parquet, whole_publication
from warehouse.landing.files import land, landed_files
from warehouse.publish.publishing import published_file

FUTURE = NOW + timedelta(days=365 * 100)  # whatever the machine's clock shows, what lands now has landed before


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with nothing wrong in it."""
    home = tmp_path_factory.mktemp("well") / "home"
    keep_private(home)
    land_campaign(home)
    land_ticker(home, "1.csv", steady_totals(range(24)))
    build_warehouse_once(home, NOW)
    return home


@pytest.fixture
def home(well: Path, tmp_path: Path) -> Path:
    return shutil.copytree(well, tmp_path / "home")


def look(home: Path) -> list[Finding]:
    return examine(Settings(home=home), FUTURE)


def one_finding(home: Path) -> Finding:
    [found] = look(home)
    return found


def mend_all(home: Path, backups: Path | None = None) -> list[Finding]:
    return mend(Settings(home=home), look(home), FUTURE, backups=backups)


def test_of_a_home_that_is_well_nothing_is_said(home: Path) -> None:
    assert look(home) == []


def cut(path: Path, share: float) -> None:
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def lose_state(home: Path) -> None:
    (home / "state.sqlite").unlink()


def spoil_state(home: Path) -> None:
    for left in home.glob("state.sqlite-*"):
        left.unlink()
    (home / "state.sqlite").write_bytes(b"no database at all, by no means" * 100)


def cut_warehouse(home: Path) -> None:
    cut(home / "warehouse.duckdb", 0.99)


def spoil_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").write_bytes(b"")


def open_rights(home: Path) -> None:
    (home / "landing").chmod(0o755)
    (home / "state.sqlite").chmod(0o644)


def edit_published(home: Path) -> None:
    with (home / "published" / "claims.parquet").open("ab") as file:
        file.write(b"more")


def lose_published(home: Path) -> None:
    (home / "published" / "claims.parquet").unlink()


def spoil_database(home: Path) -> None:
    cut(published_file(home), 0.5)


def lose_manifest(home: Path) -> None:
    (home / "published" / "manifest.json").unlink()


def leave_half_a_file(home: Path) -> None:
    (home / "landing" / "posts").mkdir()
    (home / "landing" / "posts" / ".abc.parquet.999999999").write_bytes(b"half")


MENDED: list[tuple[Callable[[Path], None], str, str]] = [
    (lose_state, "state.sqlite", "is gone"),
    (spoil_state, "state.sqlite", "cannot be used"),
    (cut_warehouse, "warehouse.duckdb", "cannot be read whole"),
    (spoil_warehouse, "warehouse.duckdb", "cannot be read whole"),
    (open_rights, "landing, state.sqlite", "can be read by other accounts"),
    (edit_published, "published/claims.parquet", "other bytes"),
    (lose_published, "published/claims.parquet", "is gone"),
    (spoil_database, "published/afterdebate.duckdb", "other bytes"),
    (lose_manifest, "published/manifest.json", "is gone"),
    (leave_half_a_file, "landing/posts/.abc.parquet.999999999", "half-written"),
]


@pytest.mark.parametrize(("harm", "subject", "fault"), MENDED, ids=[harm.__name__ for harm, *_ in MENDED])
def test_what_is_wrong_is_named_and_mended(home: Path, harm: Callable[[Path], None], subject: str, fault: str) -> None:
    before = whole_publication(home)
    harm(home)
    found = look(home)[0]
    assert found.subject == subject
    assert fault in found.fault
    assert all(finding.is_mended for finding in mend_all(home))
    assert look(home) == []
    assert whole_publication(home) == before
    assert whole_parquet(home) == before


def test_looking_changes_nothing(home: Path) -> None:
    for harm, *_ in MENDED:
        harm(home) if harm not in (lose_state, lose_published) else None
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    look(home)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_landed_file_that_is_cut_short_comes_back_from_a_backup(home: Path, tmp_path: Path) -> None:
    before = whole_publication(home)
    back_up(home, tmp_path / "backups", NOW)
    [path] = landed_files(home, "ticker_readings")
    cut(path, 0.5)
    (home / "warehouse.duckdb").unlink()
    assert "take it from a backup" in one_finding(home).mend or "from a backup" in one_finding(home).mend
    assert [finding.is_mended for finding in mend_all(home)] == [False]
    assert all(finding.is_mended for finding in mend_all(home, tmp_path / "backups"))
    assert whole_publication(home) == before


def test_a_key_that_is_gone_comes_back_from_a_backup(home: Path, tmp_path: Path) -> None:
    land(home, [post_by("a" * 32)])
    (home / "keys").mkdir()
    (home / "keys" / "author.key").write_text("secret")
    back_up(home, tmp_path / "backups", NOW)
    (home / "keys" / "author.key").unlink()
    assert "nobody can be erased by name" in one_finding(home).fault
    mend_all(home, tmp_path / "backups")
    assert (home / "keys" / "author.key").read_text() == "secret"


def test_a_clock_that_was_set_back_is_seen_in_what_landed(home: Path) -> None:
    found = examine(Settings(home=home), NOW)  # it landed later, by this machine's clock
    assert "still to come" in found[0].fault
    assert "timedatectl" in found[0].mend


def test_a_link_is_named_and_left(home: Path, tmp_path: Path) -> None:
    shutil.move(home / "published", tmp_path / "elsewhere")
    (home / "published").symlink_to(tmp_path / "elsewhere")
    assert "is a link to" in one_finding(home).fault
    assert (home / "published").is_symlink()


def test_a_state_that_a_process_holds_is_named(home: Path) -> None:
    open_state(home, "").close()
    with closing(sqlite3.connect(home / "state.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert "has held it" in one_finding(home).fault


def test_what_another_version_landed_or_published_is_named(home: Path) -> None:
    (home / "landing" / "smoke_signals").mkdir()
    shutil.copy(landed_files(home, "events")[0], home / "landing" / "smoke_signals")
    assert "knows no such table" in one_finding(home).fault


@pytest.mark.parametrize(("mark", "fault"), [(".erasing", "an erasure was begun"), (".restoring", "a restore of")])
def test_what_was_broken_off_is_named(home: Path, mark: str, fault: str) -> None:
    (home / mark).touch()
    assert fault in one_finding(home).fault


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_home_that_may_not_be_written_is_named(home: Path) -> None:
    home.chmod(0o500)
    try:
        assert "cannot be written" in look(home)[0].fault
    finally:
        home.chmod(0o700)


def test_a_price_list_that_cannot_be_read_is_named(home: Path) -> None:
    (home / "prices.toml").write_text("as_of = yesterday")
    (home / "prices.toml").chmod(0o600)
    assert one_finding(home).subject == "prices.toml"


def test_the_command_ends_with_1_where_something_is_wrong_and_programs_can_read_it(home: Path) -> None:
    lose_published(home)
    done = afterdebate("doctor", "--json", "--home", home)
    assert done.exit_code == 1
    assert [finding["subject"] for finding in json.loads(done.stdout)] == ["published/claims.parquet"]
    assert afterdebate("doctor", "--mend", "--home", home).exit_code == 0
    done = afterdebate("doctor", "--home", home)
    assert (done.exit_code, done.stdout) == (0, f"{home}: nothing is wrong\n")
