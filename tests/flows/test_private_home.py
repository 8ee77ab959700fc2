"""A home is for one account, whatever the umask; one group may be let in to what is published."""

import grp
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.faults import UsageFault
from flows.private_home import keep_private
from tests.flows.small_campaign import write_small_campaign

OWN_GROUP = grp.getgrgid(os.getgid()).gr_name


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): oct(path.lstat().st_mode & 0o7777) for path in home.rglob("*")}


@pytest.fixture
def open_home(tmp_path: Path) -> Path:
    """A home as a version that let the umask decide left it."""
    home = tmp_path / "home"
    for folder in ("landing/posts", "published", "keys"):
        (home / folder).mkdir(parents=True)
    for file in ("landing/posts/1.parquet", "published/afterdebate.duckdb", "state.sqlite"):
        (home / file).touch(mode=0o666)
    return home


def test_a_home_that_stood_open_is_closed(open_home: Path) -> None:
    keep_private(open_home)

    assert oct(open_home.stat().st_mode & 0o7777) == "0o700"
    assert modes(open_home) == {
        "keys": "0o700",
        "landing": "0o700",
        "landing/posts": "0o700",
        "landing/posts/1.parquet": "0o600",
        "published": "0o700",
        "published/afterdebate.duckdb": "0o600",
        "state.sqlite": "0o600",
    }


def test_what_is_written_afterwards_is_closed_too(open_home: Path) -> None:
    keep_private(open_home)

    (open_home / "rejects").mkdir()
    (open_home / "rejects" / "feed.gz").touch()

    assert {modes(open_home)[name] for name in ("rejects", "rejects/feed.gz")} == {"0o700", "0o600"}


def test_a_link_leads_out_and_what_it_leads_to_is_left_alone(open_home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch(mode=0o644)
    (open_home / "link").symlink_to(tmp_path / "elsewhere")

    keep_private(open_home)

    assert oct((tmp_path / "elsewhere").stat().st_mode & 0o777) == "0o644"


def test_readers_reach_what_is_published_and_nothing_else(open_home: Path) -> None:
    keep_private(open_home, OWN_GROUP)

    assert oct(open_home.stat().st_mode & 0o7777) == "0o710"
    found = modes(open_home)
    assert (found["published"], found["published/afterdebate.duckdb"]) == ("0o2750", "0o640")
    assert (found["landing"], found["state.sqlite"]) == ("0o700", "0o600")


def test_readers_who_are_no_longer_named_are_shut_out(open_home: Path) -> None:
    keep_private(open_home, OWN_GROUP)
    keep_private(open_home)

    assert oct(open_home.stat().st_mode & 0o7777) == "0o700"
    assert modes(open_home)["published/afterdebate.duckdb"] == "0o600"


def test_a_group_that_is_not_there_is_a_fault(open_home: Path) -> None:
    with pytest.raises(UsageFault, match="AFTERDEBATE_READERS: there is no group of-nobody"):
        keep_private(open_home, "of-nobody")


@pytest.mark.parametrize(("readers", "folder", "file"), [(None, 0o700, 0o600), (OWN_GROUP, 0o2750, 0o640)])
def test_what_a_build_publishes_is_as_open_as_its_folder(
    readers: str | None, folder: int, file: int, tmp_path: Path
) -> None:
    campaign = write_small_campaign(tmp_path)
    settings = {"AFTERDEBATE_HOME": str(tmp_path / "home"), **({"AFTERDEBATE_READERS": readers} if readers else {})}
    for words in (["import", str(campaign)], ["build"]):
        command = [sys.executable, "-m", "flows.cli", *words]
        subprocess.run(command, env={**os.environ, **settings}, umask=0, check=True, capture_output=True)

    published = tmp_path / "home" / "published"
    assert published.stat().st_mode & 0o7777 == folder
    assert {path.stat().st_mode & 0o777 for path in published.iterdir()} == {file}
    closed = [path for path in (tmp_path / "home").rglob("*") if published not in (path, path.parent)]
    assert {path.stat().st_mode & 0o077 for path in closed} == {0}
