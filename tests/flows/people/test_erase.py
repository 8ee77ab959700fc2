"""Erasure: what is asked away is nowhere in the home, the sums stand, and the log says how long it took."""

import gzip
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import SecretStr

from connectors.errors import SourceUnavailable
from connectors.records import Entry, Erasure, FetchAttempt, Post
from flows.build import build_warehouse_once, reduce_expired_texts
from flows.people.erase import Erased, Request, erase_author, erase_feed, erase_posts
from flows.people.keys import author_hash, author_key, subject_hash
from flows.screen.sql_shell import HISTORY
from flows.settings import Settings
from flows.steps import land_facts
from flows.x.compliance import check_compliance_once
from tests.doubles.home_search import found_in_home, where_found
from tests.doubles.x_server import FakeX, running
from tests.flows.commands.commands import afterdebate
from tests.flows.x.case import DEBATE, EVENTS, NOW, TOKEN, TOML, Waits, campaign_of, collect, rows
from tests.warehouse.published import rows_without_runs, run_list, runs_in_rows, whole_parquet, whole_publication
from warehouse.landing.files import land, landed_files
from warehouse.publish.publishing import tables_to_publish

NAMED = TOML.replace('["Quill"]', '["Quill", "Ada Quill"]').replace('["Stone"]', '["Stone", "Bob Stone"]')
SAMPLED = NAMED + "posts_per_event = 400\n"
SECRET_WORDS = "a confession of the heart"
LATER = NOW + timedelta(hours=4)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of two posts about one candidate, built and published."""
    tmp_path = tmp_path_factory.mktemp("built")
    posts = [
        {"id": "1990000000000000001", "author_id": "424242", "text": f"Quill! {SECRET_WORDS}"},
        {"id": "1990000000000000002", "author_id": "5", "text": "Quill and Stone"},
    ]
    stamped: list[dict[str, Any]] = [post | {"created_at": DEBATE.strftime("%Y-%m-%dT%H:%M:17Z")} for post in posts]
    with running(FakeX(now=NOW, posts=stamped)) as x:
        collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    settings = settings_of(tmp_path)
    land_facts(campaign_of(tmp_path, SAMPLED, EVENTS), settings, NOW)
    build_warehouse_once(settings.home, NOW)
    return tmp_path


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    shutil.copytree(built / "home", tmp_path / "home")
    return settings_of(tmp_path)


def settings_of(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", author_key="a key")


def request() -> Request:
    return Request(asked_at=NOW, clock=lambda: LATER)


def mentions(home: Path) -> int:
    with duckdb.connect(home / "published" / "afterdebate.duckdb", read_only=True) as con:
        [total] = con.execute(
            "SELECT sum(mentions) FROM metrics.buzz_by_interval WHERE source_kind = 'x_posts' AND interval_minutes = 60"
        ).fetchone() or (0,)
    return int(total or 0)


def test_an_erased_author_is_nowhere_and_the_counts_stand(settings: Settings, tmp_path: Path) -> None:
    key = author_hash(author_key(settings, print))("424242")
    before = mentions(settings.home)
    assert where_found(settings.home, SECRET_WORDS) != []
    assert where_found(settings.home, key) != []
    assert erase_author(settings, "424242", request()) == Erased(rows=1, files=1, hours_elapsed=4.0)
    for needle in (SECRET_WORDS, key, "1990000000000000001"):
        assert where_found(settings.home, needle) == []
    assert mentions(settings.home) == before == 3
    [entry] = rows(tmp_path, "erasures")
    assert (entry["what"], entry["hours_elapsed"], entry["rows_changed"]) == ("author", 4.0, 1)


def test_what_was_asked_in_the_shell_goes_with_an_erasure_and_not_with_a_rehearsal(settings: Settings) -> None:
    typed = settings.home / HISTORY
    typed.write_text("+SELECT '@somebody';\n")
    erase_author(settings, "424242", replace(request(), is_rehearsal=True))
    assert typed.is_file()
    erase_author(settings, "424242", request())
    assert not typed.exists()


def test_an_erased_post_is_gone_and_its_neighbour_stays(settings: Settings) -> None:
    erase_posts(settings, ["1990000000000000001"], request())
    assert where_found(settings.home, SECRET_WORDS) == []
    assert where_found(settings.home, "1990000000000000002") != []


def test_what_was_erased_does_not_come_in_again(settings: Settings, tmp_path: Path) -> None:
    subject = subject_hash(author_hash(author_key(settings, print))("424242"))
    land(settings.home, [erasure_of(subject)])
    posts: list[dict[str, Any]] = [
        {
            "id": "1990000000000000009",
            "author_id": "424242",
            "text": "Quill again",
            "created_at": "2026-11-20T01:00:30Z",
        }
    ]
    (settings.home / "state.sqlite").unlink()
    with running(FakeX(now=NOW, posts=posts)) as x:
        collect(x, tmp_path, NOW + timedelta(hours=2), toml=SAMPLED)
    assert where_found(settings.home, "Quill again") == []


def erasure_of(subject: str) -> Erasure:
    return Erasure(
        erasure_id="1",
        what="author",
        reason=None,
        asked_at=NOW,
        erased_at=NOW,
        hours_elapsed=0,
        rows_changed=1,
        files_rewritten=1,
        subject_hash=subject,
    )


def test_what_x_wants_gone_is_erased_and_the_rest_stays(settings: Settings, tmp_path: Path) -> None:
    waits = Waits()
    with running(FakeX(now=NOW, gone={"1990000000000000001": "deleted"})) as x:
        with_token = settings.model_copy(update={"x_bearer_token": SecretStr(TOKEN), "x_api_url": x.url})
        erased = check_compliance_once(with_token, lambda: LATER, pause=waits)
    assert (erased, x.uploaded) == (
        Erased(rows=1, files=1, hours_elapsed=0.0),
        ["1990000000000000001", "1990000000000000002"],
    )
    assert where_found(settings.home, SECRET_WORDS) == []
    [entry] = rows(tmp_path, "erasures")
    assert (entry["what"], entry["reason"], waits.seconds) == ("compliance", "deleted", [2.0])
    # The job's file lies elsewhere than X's API: our token is not for it.
    assert {asked.path: asked.authorization for asked in x.asked} == {
        "/2/compliance/jobs": f"Bearer {TOKEN}",
        "/upload": None,
        "/2/compliance/jobs/9": f"Bearer {TOKEN}",
        "/download": None,
    }


@pytest.mark.parametrize("reason", ["deleted", "suspended", "protected", "bounced", "deactivated", "scrub_geo"])
def test_whatever_the_reason_it_is_erased_and_the_log_counts_from_when_x_was_asked(
    settings: Settings, tmp_path: Path, reason: str
) -> None:
    with running(FakeX(now=NOW, gone={"1990000000000000001": reason}, job_looks=9)) as x:
        with_token = settings.model_copy(update={"x_bearer_token": SecretStr(TOKEN), "x_api_url": x.url})
        with pytest.raises(SourceUnavailable, match="the next run goes on with it"):
            check_compliance_once(with_token, lambda: NOW, pause=Waits())
        check_compliance_once(with_token, lambda: LATER, pause=Waits())
    assert where_found(settings.home, SECRET_WORDS) == []
    [entry] = rows(tmp_path, "erasures")
    assert (entry["reason"], entry["hours_elapsed"]) == (reason, 4.0)


def test_of_an_edited_post_every_version_goes_whichever_is_named(settings: Settings, tmp_path: Path) -> None:
    land(settings.home, [version_of("1990000000000000005", None), version_of("1990000000000000006", "5")])
    assert erase_posts(settings, ["1990000000000000006"], request()).rows == 2
    assert where_found(settings.home, "an edited thought") == []


def version_of(post_id: str, edit_of_number: str | None) -> Post:
    return Post(
        post_id=post_id,
        source_key="race/x-posts-ada",
        source_kind="x_posts",
        author_key="somebody",
        account=None,
        posted_at=DEBATE,
        post_type="original",
        text="Quill, an edited thought",
        edit_of=f"199000000000000000{edit_of_number}" if edit_of_number else None,
        like_count=None,
        repost_count=None,
        reply_count=None,
        quote_count=None,
        observed_at=NOW,
    )


@pytest.mark.parametrize("table", ["posts", "aliases"])
def test_beside_a_file_that_cannot_be_read_nothing_is_erased_and_the_file_is_named(
    settings: Settings, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.author_key is not None
    monkeypatch.setenv("AFTERDEBATE_AUTHOR_KEY", settings.author_key.get_secret_value())
    [broken, *_] = landed_files(settings.home, table)
    broken.write_bytes(broken.read_bytes()[:-20])
    before = {path: path.read_bytes() for path in landed_files(settings.home)}

    for asked in (["--author", "424242"], ["--post", "1990000000000000001"]):
        result = afterdebate("erase", *asked, "--yes", "--home", settings.home)

        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        assert f"not done: {broken} cannot be read" in result.stderr
    assert {path: path.read_bytes() for path in landed_files(settings.home)} == before


def test_a_request_about_nobody_is_answered_as_well(settings: Settings, tmp_path: Path) -> None:
    assert erase_author(settings, "31415", request()) == Erased(rows=0, files=0, hours_elapsed=4.0)


def test_a_text_kept_too_long_is_reduced_and_its_mention_stays_counted(settings: Settings, tmp_path: Path) -> None:
    before = mentions(settings.home)
    build_warehouse_once(settings.home, NOW + timedelta(days=30))
    assert where_found(settings.home, SECRET_WORDS) != []
    build_warehouse_once(settings.home, NOW + timedelta(days=31))
    assert where_found(settings.home, SECRET_WORDS) == []
    assert mentions(settings.home) == before == 3
    assert reduce_expired_texts(settings.home, NOW + timedelta(days=32)) == 0
    assert [entry["what"] for entry in rows(tmp_path, "erasures")] == ["retention"]


def post_of(number: int, text: str, observed_at: datetime = NOW, **changed: Any) -> Post:
    return replace(version_of(f"19900000000000001{number:02}", None), text=text, observed_at=observed_at, **changed)


WRITTEN_IN_MANY_WAYS = (
    "tonight #AdaQuill, a confession",
    "@BobStone answers a confession",
    "ＱＵＩＬＬ in letters of full width",
    "Ádá-Quíll a confession",
    "Ada, Quill | Bob; Stone",
    "nobody at all, a confession",
    "≈ Quill a confession that begins as a reduced text does",
    "",
)


def test_retention_changes_no_published_row(settings: Settings) -> None:
    """However the candidates are written, in a home of several loads; read from the published files."""
    land(settings.home, [post_of(number, text) for number, text in enumerate(WRITTEN_IN_MANY_WAYS)])
    build_warehouse_once(settings.home, NOW)
    land(settings.home, [post_of(90, "Stone again, a confession", NOW + timedelta(hours=1))])
    build_warehouse_once(settings.home, NOW + timedelta(hours=1))
    before, known = whole_publication(settings.home), run_list(settings.home)
    assert mentions(settings.home) == 3 + 6 + 1
    built = build_warehouse_once(settings.home, NOW + timedelta(days=32))
    assert sorted(built.tables_published) == sorted(tables_to_publish())
    assert where_found(settings.home, "confession") == []
    assert whole_publication(settings.home) == whole_parquet(settings.home) == before
    assert run_list(settings.home) == [*known, built.run_id]
    assert runs_in_rows(settings.home) == {built.run_id}


def test_texts_that_were_reduced_before_count_as_they_did(settings: Settings) -> None:
    older = [post_of(1, "≈ Ada Quill | Stone"), post_of(2, "≈ "), post_of(3, "≈ Quill")]
    land(settings.home, older)
    build_warehouse_once(settings.home, NOW)
    before = whole_publication(settings.home)
    assert mentions(settings.home) == 3 + 3
    build_warehouse_once(settings.home, NOW + timedelta(days=32))
    assert whole_publication(settings.home) == before


def test_an_erasure_in_a_home_of_several_loads_publishes_everything_anew(settings: Settings) -> None:
    key = author_hash(author_key(settings, print))("424242")
    for hour in (1, 2, 3):
        land(settings.home, [post_of(hour, "Stone, #AdaQuill", NOW + timedelta(hours=hour), author_key=key)])
        build_warehouse_once(settings.home, NOW + timedelta(hours=hour))
    (settings.home / "landing" / "posts" / ".half.parquet.999999999").write_text(f"{key}: left by a killed collector")
    known, before = run_list(settings.home), buzz(settings.home)
    erase_author(settings, "424242", request())
    assert found_in_home(settings.home, [SECRET_WORDS, key, "424242", "1990000000000000001"]) == []
    build_warehouse_once(settings.home, LATER + timedelta(hours=1))
    assert found_in_home(settings.home, [SECRET_WORDS, key, "424242", "1990000000000000001"]) == []
    assert buzz(settings.home) == before
    assert len(known) == 4
    assert run_list(settings.home)[:4] == known
    assert runs_in_rows(settings.home) <= set(run_list(settings.home))


def buzz(home: Path) -> list[list[str]]:
    tables = ("metrics.buzz_by_interval", "metrics.share_of_voice", "metrics.coverage")
    return [rows_without_runs(home, table) for table in tables]


def test_an_article_that_another_feed_carries_counts_once_when_one_of_them_is_erased(tmp_path: Path) -> None:
    feeds = "".join(f'[[feeds]]\nid = "{name}"\nurl = "{url}"\n' for name, url in FEEDS.items())
    settings = settings_of(tmp_path)
    land_facts(campaign_of(tmp_path, NAMED + feeds, EVENTS), settings, NOW)
    land(settings.home, [polled(url) for url in FEEDS.values()])
    shared = [entry_of(url, "shared", f"Ada Quill, {SECRET_WORDS}") for url in FEEDS.values()]
    land(settings.home, [*shared, entry_of(FEEDS["one"], "own", "#BobStone", "and @AdaQuill: words of a feed")])
    build_warehouse_once(settings.home, NOW)
    before = buzz(settings.home)
    (settings.home / "rejects").mkdir()
    (settings.home / "rejects" / "feed-0123456789abcdef.gz").write_bytes(gzip.compress(b"words of a feed"))
    erase_feed(settings, FEEDS["one"], request())
    assert buzz(settings.home) == before
    assert where_found(settings.home, "words of a feed") == []


FEEDS = {"one": "https://one.example/feed", "two": "https://two.example/feed"}


def entry_of(feed_url: str, entry_id: str, title: str, summary: str = "") -> Entry:
    return Entry(
        entry_id=entry_id,
        feed_url=feed_url,
        guid=None,
        link=None,
        title=title,
        author=None,
        summary=summary,
        published_at=DEBATE,
        updated_at=None,
        time_quality="exact",
        fetched_at=DEBATE + timedelta(hours=3),
    )


def polled(feed_url: str) -> FetchAttempt:
    return FetchAttempt(
        attempt_id=feed_url,
        source_key=feed_url,
        source_kind="blog",
        attempted_at=DEBATE + timedelta(hours=3),
        due_at=None,
        outcome="ok",
        reason=None,
        observed_from_at=DEBATE - timedelta(hours=3),
        observed_to_at=DEBATE + timedelta(hours=3),
        unknown_from_at=None,
        items=2,
        http_status=200,
        requests=1,
        is_conditional=False,
        cost_usd=None,
    )
