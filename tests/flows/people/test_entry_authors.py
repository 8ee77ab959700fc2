"""Who signs an entry is nowhere in a home by name, unless he is on the roster; old homes are mended, and he may go."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.records import Entry
from flows.build import build_warehouse_once
from flows.people.erase import Request, erase_author
from flows.people.keys import author_hash, author_key
from flows.settings import Settings
from flows.steps import land_facts
from tests.doubles.home_search import found_in_home
from tests.flows.feeds.loopback import Reply, Site, rss, served
from tests.flows.feeds.polling import HOUR, NOON, campaign_of, collect, landed
from warehouse.landing.files import land

PERSON = "Zebediah Quillfeather"


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def signed(number: int, author: str, title: str) -> str:
    date = "<pubDate>Wed, 01 Jul 2026 11:00:00 GMT</pubDate>"
    creator = f"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{author}</dc:creator>"
    return f"<item><guid isPermaLink='false'>g{number}</guid><title>{title}</title>{creator}{date}</item>"


def settings_of(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


def built(tmp_path: Path, *urls: str) -> None:
    land_facts(campaign_of(tmp_path, *urls), settings_of(tmp_path), NOON)
    build_warehouse_once(tmp_path / "home", NOON)


def key_of(tmp_path: Path, author: str) -> str:
    return author_hash(author_key(settings_of(tmp_path), print))(author)


def test_no_file_of_a_home_names_who_signs_an_entry(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(signed(1, PERSON, "About Anne A"), signed(2, "Anne A", "By herself")))
    collect(tmp_path, NOON, site.url("/feed"))
    built(tmp_path, site.url("/feed"))
    assert found_in_home(tmp_path / "home", [PERSON, "Quillfeather", "Zebediah"]) == []
    assert {e["author"] for e in landed(tmp_path, "entries")} == {"Anne A", key_of(tmp_path, PERSON)}


def test_an_entry_that_did_not_change_lands_once_though_its_author_is_hashed(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(signed(1, PERSON, "About Anne A")))
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(body=rss(signed(1, PERSON, "About Anne A"), extra="<ttl>60</ttl>"))
    collect(tmp_path, NOON + HOUR, site.url("/feed"), force=True)
    for file in (tmp_path / "home").glob("state.sqlite*"):
        file.unlink()
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"), force=True)
    assert len(landed(tmp_path, "entries")) == 1


def entry(author: str) -> Entry:
    return Entry(
        entry_id="1",
        feed_url="https://blog.example/feed",
        guid="1",
        link=None,
        title="About Anne A",
        author=author,
        summary="A secret of the heart",
        published_at=NOON - HOUR,
        updated_at=None,
        time_quality="exact",
        fetched_at=NOON,
    )


def test_a_home_that_holds_names_is_mended_by_the_next_build(tmp_path: Path) -> None:
    land(tmp_path / "home", [entry(PERSON)])
    said: list[str] = []
    land_facts(campaign_of(tmp_path), settings_of(tmp_path), NOON)
    build_warehouse_once(tmp_path / "home", NOON, tell=said.append)
    build_warehouse_once(tmp_path / "home", NOON + HOUR, tell=said.append)
    assert found_in_home(tmp_path / "home", [PERSON]) == []
    assert [e["author"] for e in landed(tmp_path, "entries")] == [key_of(tmp_path, PERSON)]
    assert sum("1 names of authors of feeds are hashed" in line for line in said) == 1


@pytest.mark.parametrize("asked", [PERSON, f" {PERSON.upper()} "])
def test_who_signs_may_go_and_does_not_come_back(tmp_path: Path, site: Site, asked: str) -> None:
    site.replies["/feed"] = Reply(body=rss(signed(1, PERSON, "About Anne A, a secret"), signed(2, "Other", "Else")))
    collect(tmp_path, NOON, site.url("/feed"))
    built(tmp_path, site.url("/feed"))
    request = Request(asked_at=NOON, clock=lambda: NOON + timedelta(hours=1))
    assert erase_author(settings_of(tmp_path), asked, request).rows == 1
    site.replies["/feed"] = Reply(body=rss(signed(1, PERSON, "About Anne A, a secret, mended")))
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"), force=True)
    assert found_in_home(tmp_path / "home", ["a secret", key_of(tmp_path, PERSON)]) == []
    assert len(landed(tmp_path, "entries")) == 2


def test_a_name_in_a_home_that_was_not_built_since_may_go_too(tmp_path: Path) -> None:
    land(tmp_path / "home", [entry(PERSON)])
    request = Request(asked_at=NOON, clock=lambda: NOON)
    assert erase_author(settings_of(tmp_path), PERSON.lower(), request).rows == 1
    assert found_in_home(tmp_path / "home", [PERSON, "secret of the heart"]) == []


def test_a_build_of_a_home_without_names_makes_no_key(tmp_path: Path) -> None:
    home = settings_of(tmp_path).home
    (home / "landing" / Entry.TABLE).mkdir(parents=True)
    built(tmp_path, "https://a.example/feed")
    assert not (home / "keys").exists()
