"""The command `erase`: it finds a person however he is written, asks first, and says what may have been meant."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.records import Post
from flows.imports.archives.posts import import_posts_once
from flows.imports.donations import import_donations_once
from flows.people.keys import author_key
from flows.settings import Settings
from flows.steps import land_facts
from tests.flows.commands.commands import afterdebate, assert_refused
from tests.flows.imports.archives.test_posts import CSV, NOW, posts
from tests.flows.imports.donation_campaign import NOON, with_every_format
from tests.flows.x.case import campaign_of
from warehouse.landing.files import land

COMMAND = [sys.executable, "-c", "from flows.cli import main; main()"]
TWO_FILES = {
    "a.csv": "nr,tweet_created,user,body\n"
    "1,2026-11-20 01:00:30,@SomeBody,Quill one\n2,2026-11-20 01:00:31,other,Quill\n",
    "b.csv": "nr,tweet_created,user,body\n3,2026-11-20 01:00:30,https://x.com/somebody,Quill two\n"
    "4,2026-11-20 01:00:30,\uff20SOMEBODY,Quill three\n5,2026-11-20 01:00:30,somebody ,Quill four\n",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with five posts of two authors, one of them spelt four ways."""
    monkeypatch.setenv("AFTERDEBATE_AUTHOR_KEY", "a key")
    archive = tmp_path / "race" / "archive"
    archive.mkdir(parents=True)
    for name, content in TWO_FILES.items():
        (archive / name).write_text(content, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    campaign = campaign_of(tmp_path, CSV)
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)
    return settings.home


def texts(home: Path) -> list[str]:
    return [post["text"] for post in posts(home.parent)]


def test_one_author_has_one_key_however_files_spell_him(home: Path) -> None:
    assert len({post["author_key"] for post in posts(home.parent)}) == 2


@pytest.mark.parametrize("asked", ["@SomeBody", "somebody", "https://twitter.com/SomeBody/status/7", "\uff20somebody"])
def test_an_author_is_found_however_he_is_asked_for(home: Path, asked: str) -> None:
    result = afterdebate("erase", "--author", asked, "--yes", "--home", home)
    assert (result.exit_code, "erased: 4 rows" in result.stdout) == (0, True)
    assert sorted(texts(home)) == ["Quill", *["\u2248 "] * 4]


@pytest.mark.parametrize("spelling", ["@somebody", "somebody", "https://twitter.com/somebody", "\uff20somebody"])
def test_keys_that_older_versions_made_of_a_spelling_are_found(home: Path, spelling: str) -> None:
    key = author_key(Settings(home=home), print)
    old_key = hashlib.sha256(key + spelling.encode()).hexdigest()[:32]
    land(home, [old_post(old_key)])
    result = afterdebate("erase", "--author", "@SomeBody", "--yes", "--home", home)
    assert "erased: 5 rows" in result.stdout
    assert "an old text" not in texts(home)


def old_post(author_key: str) -> Post:
    return Post(
        post_id="9",
        source_key="race/old-posts",
        source_kind="x_archive",
        author_key=author_key,
        account=None,
        posted_at=NOW,
        post_type="original",
        text="an old text",
        edit_of=None,
        like_count=None,
        repost_count=None,
        reply_count=None,
        quote_count=None,
        observed_at=NOW,
    )


def test_a_rehearsal_says_how_much_and_touches_nothing(home: Path) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    result = afterdebate("erase", "--author", "@SomeBody", "--dry-run", "--home", home)
    assert (result.exit_code, "would be erased: 4 rows" in result.stdout) == (0, True)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_without_a_terminal_it_neither_asks_nor_erases(home: Path) -> None:
    assert_refused(afterdebate("erase", "--author", "@SomeBody", "--home", home), "4 rows", "Mend: --yes, or --dry-run")
    assert "Quill one" in texts(home)


@pytest.mark.parametrize(("answer", "left"), [("y", 1), ("n", 5)])
def test_on_a_terminal_it_asks(home: Path, answer: str, left: int) -> None:
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    words = ["erase", "--author", "@SomeBody", "--home", str(home)]
    done = subprocess.run(
        [*COMMAND, *words], stdin=theirs, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == (0 if answer == "y" else 1)
    assert "4 rows will be erased for good" in done.stdout
    assert sum(text.startswith("Quill") for text in texts(home)) == left


def test_a_miss_ends_with_1_and_names_who_may_have_been_meant(home: Path) -> None:
    result = afterdebate("erase", "--author", "some body", "--yes", "--home", home)
    assert result.exit_code == 1
    assert "nothing here is known by that" in result.stderr
    assert "Perhaps: somebody" in result.stderr


def test_a_giver_known_by_an_address_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERDEBATE_DONOR_KEY", "secret")
    campaign = with_every_format(tmp_path / "us")
    (campaign.folder / "generic" / "1.csv").write_text(
        "donation_id,occurred_at,amount,gift_kind,channel,candidate,donor\n"
        "g1,2020-09-29 21:05,10,,,,zeb@quill.example\n"
    )
    settings = Settings(home=tmp_path / "home", donor_key=SecretStr("secret"))
    land_facts(campaign, settings, NOON)
    import_donations_once(campaign, settings, NOON)
    result = afterdebate("erase", "--donor", "Zeb Quill <zeb@quill.example>", "--yes", "--home", settings.home)
    assert result.exit_code == 1
    assert "an e-mail address at ActBlue" in result.stderr
    assert "Perhaps: zeb@quill.example" in result.stderr


@pytest.mark.parametrize("asked", ["somebody_", "somebdy", "@sombeody", "somebody1"])
def test_a_miss_by_one_letter_names_whom_the_home_holds(home: Path, asked: str) -> None:
    result = afterdebate("erase", "--author", asked, "--dry-run", "--home", home)
    assert result.exit_code == 1
    assert "Perhaps: somebody" in result.stderr
    assert "held under the id" in result.stderr


def test_a_giver_missed_by_one_letter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERDEBATE_DONOR_KEY", "a key")
    settings, campaign = Settings(home=tmp_path / "home"), with_every_format(tmp_path / "us")
    (campaign.folder / "generic" / "a.csv").write_text("occurred_at,amount,donor\n2020-09-29 21:05,25,Zoe D.\n")
    land_facts(campaign, settings, NOON)
    import_donations_once(campaign, settings, NOON)
    result = afterdebate("erase", "--donor", "Zoe D", "--dry-run", "--home", settings.home)
    assert (result.exit_code, "Perhaps: zoe d." in result.stderr) == (1, True)
