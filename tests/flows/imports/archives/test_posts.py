"""Archives of posts: every shape lands the same posts, and what is none is set aside with its line."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.campaign.folder import read_campaign
from flows.collected import Collected
from flows.imports.archives.posts import import_posts_once
from flows.imports.donations import withdraw_file
from flows.settings import Settings
from tests.flows.x.case import campaign_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOML = """
id = "race"
title = "A race"
timezone = "America/New_York"
currency = "USD"
start = 2026-11-18
end = 2026-11-30
[[candidates]]
id = "ada"
name = "Ada Quill"
accounts = { x = ["AdaQuill"] }
[[archives]]
id = "old-posts"
path = "archive/*"
"""
V2 = TOML + 'format = "x-v2"\n'
V1 = TOML + 'format = "x-v1"\n'
CSV = (
    TOML
    + """format = "csv"
timezone = "America/New_York"
columns = { posted_at = "tweet_created", text = "body", author = "user", post_id = "nr" }
"""
)
POST: dict[str, Any] = {
    "id": "1990000000000000001",
    "text": "Quill was right…",
    "author_id": "5",
    "created_at": "2026-11-20T01:00:30.000Z",
    "edit_history_tweet_ids": ["1990000000000000000", "1990000000000000001"],
    "note_tweet": {"text": "Quill was right about everything"},
    "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4},
    "referenced_tweets": [{"type": "quoted", "id": "1"}],
    "entities": {"mentions": [{"username": "somebody"}]},
}
OWN: dict[str, Any] = {"id": "1990000000000000007", "text": "Vote", "author_id": "77"}
NAMES = ["Garc\u00eda", "a letter lost: \x9d"]
USERS = {"users": [{"id": "77", "username": "AdaQuill"}, {"id": "5", "username": "somebody"}]}


def land(tmp_path: Path, toml: str, name: str, content: str | bytes, now: datetime = NOW) -> Collected:
    archive = tmp_path / "race" / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    campaign = campaign_of(tmp_path, toml)
    (archive / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return import_posts_once(campaign, settings_of(tmp_path), now)


def settings_of(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", author_key="a key")


def posts(tmp_path: Path) -> list[dict[str, Any]]:
    files = (tmp_path / "home" / "landing" / "posts").glob("*.parquet")
    return sorted(
        (row for file in files for row in pq.ParquetFile(file).read().to_pylist()), key=lambda p: p["post_id"]
    )


def rejects(tmp_path: Path) -> list[tuple[int, str]]:
    files = (tmp_path / "home" / "landing" / "rejects").glob("*.parquet")
    rows = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
    return [(row["line_number"], row["reason"]) for row in rows]


def lines(*objects: Any) -> str:
    return "".join(f"{json.dumps(found)}\n" for found in objects)


SHAPES = {
    "posts": lines(POST, OWN | {"author": {"id": "77", "username": "AdaQuill"}}),
    "a page with its users, as twarc2 writes it": lines(
        {"data": [POST, OWN], "includes": USERS, "meta": {"result_count": 2}, "__twarc": {"version": "2.14"}}
    ),
    "two pages": lines({"data": [POST], "includes": USERS}, {"data": [OWN], "includes": USERS}),
    "posts under data, as a stream sends them": lines(
        {"data": POST, "includes": USERS, "matching_rules": [{"id": "1"}]}, {"data": OWN, "includes": USERS}
    ),
    "one document": json.dumps([POST, OWN | {"author": {"username": "adaquill"}}], indent=1),
    "a page over many lines": json.dumps({"data": [POST, OWN], "includes": USERS}, indent=2),
    "posts and pages mixed": lines(POST, {"data": [OWN], "includes": USERS}),
    "a page without results among pages": lines(
        {"meta": {"result_count": 0}}, {"data": [POST, OWN], "includes": USERS}
    ),
    "documents one after the other": "\n".join(
        json.dumps(post, indent=1) for post in (POST, OWN | {"author": {"username": "AdaQuill"}})
    ),
    "pages in one array": json.dumps([{"data": [POST]}, {"data": [OWN], "includes": USERS}]),
    "with a page of errors and one of nothing": lines(
        {"errors": [{"detail": "gone"}]}, {"data": None, "meta": {}}, {"data": [POST, OWN], "includes": USERS}
    ),
    "with Windows line ends": lines(POST, OWN | {"author": {"username": "AdaQuill"}}).replace("\n", "\r\n"),
    "the new spelling": lines(
        {
            ("edit_history_post_ids" if k == "edit_history_tweet_ids" else k.replace("tweet", "post")): v
            for k, v in POST.items()
            if k != "public_metrics"
        }
        | {"public_metrics": {"repost_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4}},
        OWN | {"author": {"username": "AdaQuill"}},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_v2_lands_the_same_posts(tmp_path: Path, shape: str) -> None:
    collected = land(tmp_path, V2, "posts.jsonl", SHAPES[shape])
    quote, own = posts(tmp_path)
    assert collected.set_aside["old-posts"] == 0
    assert {name: quote[name] for name in quote if name not in ("author_key", "file_sha256")} == {
        "post_id": "1990000000000000001",
        "source_key": "race/old-posts",
        "source_kind": "x_archive",
        "account": None,
        "posted_at": datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC),
        "post_type": "quote",
        "text": "Quill was right about everything",
        "edit_of": "1990000000000000000",
        "like_count": 3,
        "repost_count": 1,
        "reply_count": 2,
        "quote_count": 4,
        "observed_at": NOW,
        "network": None,
        "time_quality": None,
        "client": None,
    }
    # By the keyed hash: sha256(hmac-sha256("a key", "authors on X") + "5"), as another program computes it.
    assert quote["author_key"] == "aa8ab28ec60fb4fc796fb64d2d161042"
    assert (own["account"], own["text"], own["posted_at"].year) == ("adaquill", "Vote", 2025)


def test_a_line_that_is_no_post_is_set_aside_and_the_others_land(tmp_path: Path) -> None:
    broken = lines(POST) + '{"id": "19900\n' + lines({"id": "x", "text": "?"}, 5, OWN)
    collected = land(tmp_path, V2, "posts.jsonl", broken)
    assert rejects(tmp_path) == [
        (2, "not JSON"),
        (3, "no post: an id that is no number"),
        (4, "no post: no object"),
    ]
    assert (len(posts(tmp_path)), collected.read["old-posts"], collected.landed["posts"]) == (2, 5, 2)


ODD = {
    "an id rounded by a spreadsheet": (
        '{"id": 1.99e18, "text": "Quill"}',
        "no post: an id that is a rounded number; write the ids as text where they come from",
    ),
    "an id of another kind": ('{"id": "-5", "text": "Quill"}', "no post: an id that is no number"),
    "no text": ('{"id": "1990000000000000009", "text": null}', "no post: no text"),
    "no time, and an id that does not tell it": (
        '{"id": "20", "text": "Quill"}',
        "no post: no time that can be read, and an id that does not tell it",
    ),
    "a status of version 1.1": (
        '{"id": 1990000000000000009, "id_str": "1990000000000000009", "text": "cut"}',
        "no post: a status of version 1.1; declare format x-v1",
    ),
    "brackets without end": ("[" * 100_000, "not JSON"),
    "a torn last line": ('{"id": "199', "not JSON"),
    "zero bytes": ("\0\0", "not JSON"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_line_is_set_aside_with_a_reason_that_quotes_nothing(tmp_path: Path, what: str) -> None:
    line, reason = ODD[what]
    land(tmp_path, V2, "posts.jsonl", f"{lines(POST)}{line}\n{lines(OWN)}")
    assert rejects(tmp_path) == [(2, reason)]
    assert len(posts(tmp_path)) == 2


@pytest.mark.parametrize("first", ["[" * 100_000, '{"id": "199'])
def test_an_archive_whose_first_line_is_broken_is_read_from_the_second(tmp_path: Path, first: str) -> None:
    land(tmp_path, V2, "posts.jsonl", f"{first}\n{lines(POST)}")
    assert rejects(tmp_path) == [(1, "not JSON")]
    assert len(posts(tmp_path)) == 1


@pytest.mark.parametrize(
    ("fields", "text", "likes"),
    [
        ('"text": "Quill \\ud83d"', "Quill \ufffd", None),
        ('"text": "Quill \\ud83d\\ude00"', "Quill \U0001f600", None),
        ('"text": "Quill\\u0000"', "Quill\0", None),
        ('"text": "Quill", "public_metrics": {"like_count": NaN}', "Quill", None),
        (f'"text": "Quill", "public_metrics": {{"like_count": {"9" * 400}}}', "Quill", None),
        (f'"text": "Quill", "entities": {"[" * 500 + "]" * 500}', "Quill", None),
        ('"text": "Quill", "created_at": "yesterday", "public_metrics": {"like_count": 3}', "Quill", 3),
    ],
)
def test_an_odd_value_beside_good_ones_costs_no_post(tmp_path: Path, fields: str, text: str, likes: int | None) -> None:
    land(tmp_path, V2, "posts.jsonl", f'{{"id": "1990000000000000009", {fields}}}\n')
    [post] = posts(tmp_path)
    assert (post["text"], post["like_count"], post["posted_at"].date().isoformat()) == (text, likes, "2025-11-16")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_an_archive_may_be_of_another_encoding(tmp_path: Path, encoding: str) -> None:
    line = json.dumps(OWN | {"text": "élu \u2019"}, ensure_ascii=False)
    land(tmp_path, V2, "posts.jsonl", f"{line}\n{line}\n".encode(encoding))
    assert [post["text"] for post in posts(tmp_path)] == ["élu \u2019"] * 2


REPOST = OWN | {"text": "RT @x: Quill is…", "referenced_tweets": [{"type": "retweeted", "id": "7"}]}
WHOLE = {"id": "7", "text": "Quill is not cut"}


@pytest.mark.parametrize(
    "content",
    [
        lines({"data": [REPOST], "includes": {"tweets": [{"id": "8", "text": "another"}, WHOLE]}}),
        json.dumps({"data": [REPOST], "includes": {"tweets": [WHOLE]}}, indent=1),
        lines(REPOST | {"referenced_tweets": [{"type": "retweeted", **WHOLE}]}),
        lines(REPOST | {"referenced_tweets": [{"type": "retweeted", "note_tweet": {"text": WHOLE["text"]}, **WHOLE}]}),
    ],
)
def test_a_repost_has_the_whole_text_where_the_archive_has_it(tmp_path: Path, content: str) -> None:
    land(tmp_path, V2, "posts.jsonl", content)
    [post] = posts(tmp_path)
    assert (post["post_type"], post["text"]) == ("repost", "Quill is not cut")


def test_an_archive_may_be_compressed(tmp_path: Path) -> None:
    land(tmp_path, V2, "posts.jsonl.gz", gzip.compress(lines(POST, OWN).encode()))
    assert len(posts(tmp_path)) == 2


@pytest.mark.parametrize("toml", [V2, V1, CSV])
def test_a_file_that_is_packed_otherwise_is_refused_with_a_mend(tmp_path: Path, toml: str) -> None:
    collected = land(tmp_path, toml, "posts.zip", b"PK\3\4\0\xff")
    assert collected.failed["old-posts"] == "posts.zip: .zip is not read. Mend: unpack it, or pack it as .gz, .bz2, .xz"


def test_a_truncated_archive_is_named_and_nothing_lands(tmp_path: Path) -> None:
    whole = gzip.compress(lines(*[POST | {"id": str(n)} for n in range(10**6, 10**6 + 2000)]).encode())
    assert "posts.jsonl.gz" in land(tmp_path, V2, "posts.jsonl.gz", whole[: len(whole) // 2]).failed["old-posts"]
    assert posts(tmp_path) == []


V1_STATUS: dict[str, Any] = {
    "id_str": "1314384748846186497",
    "created_at": "Fri Oct 09 01:58:38 +0000 2020",
    "full_text": "Quill said so",
    "user": {"id_str": "77", "screen_name": "AdaQuill"},
    "retweet_count": 1,
    "favorite_count": 3,
    "is_quote_status": False,
    "in_reply_to_status_id_str": None,
}
V1_STATUSES = [
    V1_STATUS,
    V1_STATUS | {"id_str": "2", "text": "cut…", "full_text": None, "extended_tweet": {"full_text": "whole"}},
    V1_STATUS
    | {"id_str": "3", "full_text": "RT @x: cut…", "retweeted_status": {"id_str": "9", "full_text": "not cut"}},
    V1_STATUS | {"id_str": "4", "in_reply_to_status_id_str": "9"},
]


@pytest.mark.parametrize("content", [lines(*V1_STATUSES), json.dumps({"statuses": V1_STATUSES})])
def test_statuses_of_v1_land_whole(tmp_path: Path, content: str) -> None:
    land(tmp_path, V1, "statuses.json", content)
    assert [(p["post_id"], p["post_type"], p["text"]) for p in posts(tmp_path)] == [
        ("1314384748846186497", "original", "Quill said so"),
        ("2", "original", "whole"),
        ("3", "repost", "not cut"),
        ("4", "reply", "Quill said so"),
    ]
    first = posts(tmp_path)[0]
    assert first["posted_at"] == datetime(2020, 10, 9, 1, 58, 38, tzinfo=UTC)
    assert (first["account"], first["like_count"], first["repost_count"]) == ("adaquill", 3, 1)


def test_the_posts_that_x_gives_an_account_of_its_own_are_read(tmp_path: Path) -> None:
    told = [{"tweet": status | {"favorite_count": "3", "user": None}} for status in V1_STATUSES]
    land(tmp_path, V1, "tweets.js", f"window.YTD.tweets.part0 = {json.dumps(told, indent=2)}")
    assert [(p["post_id"], p["text"], p["like_count"]) for p in posts(tmp_path)][:2] == [
        ("1314384748846186497", "Quill said so", 3),
        ("2", "whole", 3),
    ]


def test_posts_of_version_2_are_no_statuses(tmp_path: Path) -> None:
    land(tmp_path, V1, "posts.jsonl", lines(POST))
    assert rejects(tmp_path) == [(1, "no post: a post of version 2; declare format x-v2")]


def test_an_author_is_known_by_his_id_however_it_is_written(tmp_path: Path) -> None:
    land(
        tmp_path,
        V1,
        "a.json",
        lines(V1_STATUS | {"user": {"id": 5}}, V1_STATUS | {"id_str": "6", "user": {"id_str": "5"}}),
    )
    first, second = posts(tmp_path)
    assert first["author_key"] == second["author_key"] == "aa8ab28ec60fb4fc796fb64d2d161042"


def test_a_status_may_tell_its_time_as_iso_8601(tmp_path: Path) -> None:
    land(tmp_path, V1, "a.json", lines(V1_STATUS | {"id_str": "2", "created_at": "2020-10-09T03:58:38+02:00"}))
    assert posts(tmp_path)[0]["posted_at"] == datetime(2020, 10, 9, 1, 58, 38, tzinfo=UTC)


PLAIN_CSV = """nr,tweet_created,user,body,lang
1,2026-11-19 20:00:30,adaquill,"Quill, of course",en
2,2026-11-20T01:00:30Z,other,"two
lines",en
3,1795136430,other,seconds,en
"""


@pytest.mark.parametrize("ragged", ["", "4,2026-11-20 20:00:30,other\n"])
def test_a_csv_lands_by_its_declared_columns_and_zone(tmp_path: Path, ragged: str) -> None:
    collected = land(tmp_path, CSV, "posts.csv", PLAIN_CSV + ragged)
    first, second, third = posts(tmp_path)
    assert (first["posted_at"], first["text"], first["account"]) == (
        datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC),
        "Quill, of course",
        "adaquill",
    )
    assert (second["posted_at"], second["text"]) == (datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC), "two\nlines")
    assert third["posted_at"] == datetime.fromtimestamp(1795136430, UTC)
    assert collected.set_aside["old-posts"] == (1 if ragged else 0)


CSV_CELLS = {
    "Excel's list separator and encoding": ("1;2026-11-19 20:00:30;@AdaQuill;Québec;en", "cp1252", "Québec"),
    "Excel's Unicode text": ("1\t2026-11-19 20:00:30\t@AdaQuill\tQuébec\ten", "utf-16", "Québec"),
    "a time in UTC": ("1,2026-11-20 01:00:30 UTC,@AdaQuill,Québec,en", "utf-8-sig", "Québec"),
    "a time as version 1.1 tells it": ("1,Fri Nov 20 01:00:30 +0000 2026,@AdaQuill,Québec,en", "utf-8", "Québec"),
}


@pytest.mark.parametrize("broken", ["", "2;2;2"])  # a ragged row: the file is read row by row
@pytest.mark.parametrize("what", CSV_CELLS)
def test_a_csv_is_read_as_programs_write_it(tmp_path: Path, what: str, broken: str) -> None:
    row, encoding, text = CSV_CELLS[what]
    header = "nr,tweet_created,user,body,lang"
    content = f"{header if ',' in row else header.replace(',', row[1])}\n{row}\n{broken}\n"
    land(tmp_path, CSV, "posts.csv", content.encode(encoding))
    [post] = posts(tmp_path)
    assert (post["posted_at"], post["text"], post["account"]) == (
        datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC),
        text,
        "adaquill",
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "1.99E+18,2026-11-19,u,Quill,en",
            "an id that is a rounded number; write the ids as text where they come from",
        ),
        ("4,11/19/2026,u,Quill,en", "a time that is neither ISO 8601 nor seconds since 1970"),
        ("4,2026-11-19,u,,en", "no text"),
    ],
)
def test_a_csv_row_that_would_be_mangled_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    land(tmp_path, CSV, "posts.csv", f"{PLAIN_CSV}{row}\n")
    assert rejects(tmp_path) == [(6, f"no post: {reason}")]
    assert len(posts(tmp_path)) == 3


def test_a_quote_that_does_not_close_is_told(tmp_path: Path) -> None:
    land(tmp_path, CSV, "posts.csv", f'{PLAIN_CSV}4,2026-11-19,u,"Quill,en\n5,2026-11-19,u,Quill,en\n')
    assert [reason for _, reason in rejects(tmp_path)] == [
        "quotes that do not fit; what stands between them is not read"
    ]
    assert len(posts(tmp_path)) == 3


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    collected = land(tmp_path, CSV, "posts.csv", "nr,tweet_created,user,body,body\n")
    assert "twice in the header: body" in collected.failed["old-posts"]


def test_a_csv_without_its_declared_column_says_what_is_there(tmp_path: Path) -> None:
    collected = land(tmp_path, CSV, "posts.csv", "tweet_created,Message,Ada Quill\n1,2,3\n")
    assert "headers of the file: it has tweet_created, message and 1 other columns" in collected.failed["old-posts"]


def test_the_same_content_is_read_once_under_any_name(tmp_path: Path) -> None:
    land(tmp_path, V2, "posts.jsonl", lines(POST))
    collected = land(tmp_path, V2, "again.jsonl", lines(POST), NOW + timedelta(days=1))
    assert (collected.duplicates["old-posts"], len(posts(tmp_path))) == (2, 1)


def test_a_file_taken_back_stays_out_until_it_is_named(tmp_path: Path) -> None:
    land(tmp_path, V2, "posts.jsonl", lines(POST))
    campaign = read_campaign(tmp_path / "race")
    path = tmp_path / "race" / "archive" / "posts.jsonl"
    later = NOW + timedelta(hours=1)
    assert withdraw_file(campaign, settings_of(tmp_path), later, path).landed["withdrawals"] == 1
    assert "taken back" in import_posts_once(campaign, settings_of(tmp_path), later).notes[0]
    named = import_posts_once(campaign, settings_of(tmp_path), later + timedelta(hours=1), [path])
    assert named.landed["posts"] == 1


def test_an_author_id_is_data_and_no_sql(tmp_path: Path) -> None:
    """A file may call itself a declared account under any id; the id is compared, never run."""
    users = [{"id": "x' OR true THEN 'mallory' WHEN '1' = '1", "username": "AdaQuill"}]
    land(tmp_path, V2, "posts.jsonl", lines({"data": [POST, OWN], "includes": {"users": users}}))
    assert [post["account"] for post in posts(tmp_path)] == [None, None]


def test_nobody_is_named_in_what_landed(tmp_path: Path) -> None:
    land(tmp_path, V2, "posts.jsonl", SHAPES["two pages"])
    for file in (tmp_path / "home" / "landing").rglob("*.parquet"):
        assert "somebody" not in str(pq.ParquetFile(file).read().to_pylist())


FITTING = ["posts", "a page with its users, as twarc2 writes it", "two pages", "the new spelling"]


@pytest.mark.parametrize("shape", [*FITTING, "posts under data, as a stream sends them"])
def test_files_of_one_shape_are_read_at_full_speed(tmp_path: Path, shape: str) -> None:
    told: list[str] = []
    land(tmp_path, V2, "posts.jsonl", "")
    (tmp_path / "race" / "archive" / "posts.jsonl").write_text(SHAPES[shape])
    import_posts_once(campaign_of(tmp_path, V2), settings_of(tmp_path), NOW, tell=told.append)
    assert told == ["old-posts: posts.jsonl, 2 rows landed, 0 set aside"]


def test_v1_and_csv_are_read_at_full_speed(tmp_path: Path) -> None:
    for toml, name, content in ((V1, "a.json", lines(*V1_STATUSES)), (CSV, "a.csv", PLAIN_CSV)):
        told: list[str] = []
        land(tmp_path, toml, name, content)
        (tmp_path / "race" / "archive" / name).write_text(content.replace("Quill", "Quill!"))
        import_posts_once(campaign_of(tmp_path, toml), settings_of(tmp_path), NOW, tell=told.append)
        (tmp_path / "race" / "archive" / name).unlink()
        assert "row by row" not in " ".join(told)


WRITTEN = "nr,tweet_created,user,body,lang\n" + "".join(f"{n},11/{n}/26 9:54,other,Quill,en\n" for n in range(13, 29))


def test_an_archive_of_another_order_of_dates_lands_in_no_odd_year(tmp_path: Path) -> None:
    collected = land(tmp_path, CSV, "posts.csv", WRITTEN)
    assert posts(tmp_path) == []
    assert collected.failed["old-posts"] == (
        "posts.csv: 16 of 16 rows set aside, most of them so: no post: a time whose day and month may stand "
        'either way round. Mend: its times look like dates = "month-first"'
    )


def test_declared_dates_are_read_and_their_share_in_the_season_is_said(tmp_path: Path) -> None:
    collected = land(tmp_path, CSV + 'dates = "month-first"\n', "posts.csv", WRITTEN)
    assert [post["posted_at"].date().isoformat() for post in posts(tmp_path)][:2] == ["2026-11-13", "2026-11-14"]
    assert collected.failed == {}
    assert collected.outside == {"old-posts": "69% of them in the season 2026-11-18 to 2026-11-30"}


@pytest.mark.parametrize("ragged", ["", "4,2026-11-20 20:00:30,other\n"])
def test_a_time_before_there_was_an_x_is_refused(tmp_path: Path, ragged: str) -> None:
    old = "7,2005-12-31 10:00:00,u,Quill,en\n8,0008-07-15 09:54:00,u,Quill,en\n"
    land(tmp_path, CSV, "posts.csv", PLAIN_CSV + old + ragged)
    assert [reason for _, reason in rejects(tmp_path)][:2] == ["no post: a time before 2006, when there was no X"] * 2
    assert len(posts(tmp_path)) == 3


def test_a_status_from_before_there_was_an_x_is_refused(tmp_path: Path) -> None:
    land(tmp_path, V1, "a.json", lines(V1_STATUS | {"created_at": "1999-10-09T03:58:38+02:00"}, V1_STATUS))
    assert rejects(tmp_path) == [(1, "no post: a time before 2006, when there was no X")]


@pytest.mark.parametrize(
    ("declared", "content", "mend"),
    [
        (V1, lines(POST, OWN), 'Mend: it looks like format = "x-v2"'),
        (V2, lines(*V1_STATUSES), 'Mend: it looks like format = "x-v1"'),
        (V2, PLAIN_CSV, 'Mend: it is no JSON; of a table say format = "csv" and its columns'),
    ],
)
def test_a_file_most_of_whose_rows_are_no_posts_fails_with_its_likely_format(
    tmp_path: Path, declared: str, content: str, mend: str
) -> None:
    assert land(tmp_path, declared, "posts.txt", content).failed["old-posts"].endswith(mend)


def test_a_few_flawed_rows_fail_nothing_and_their_reasons_are_said(tmp_path: Path) -> None:
    collected = land(tmp_path, CSV, "posts.csv", PLAIN_CSV + "4,soon,other,Quill,en\n")
    assert collected.failed == {}
    assert collected.aside == {
        ("old-posts", "no post: a time that is neither ISO 8601 nor seconds since 1970"): (1, "posts.csv, line 6")
    }


def test_letters_that_could_not_be_decoded_are_counted(tmp_path: Path) -> None:
    lines = [json.dumps(OWN | {"id": str(n), "text": text}, ensure_ascii=False) for n, text in enumerate(NAMES, 10**18)]
    collected = land(tmp_path, V2, "a.jsonl", "\n".join(lines).encode("latin-1"))
    assert [post["text"] for post in posts(tmp_path)] == NAMES
    assert collected.garbled == {"old-posts": 1}


APP = '<a href="https://mobile.example" rel="nofollow">Phone App</a>'
V1_OWN: dict[str, Any] = {
    "id_str": "1990000000000000007",
    "created_at": "Fri Nov 20 01:00:30 +0000 2026",
    "full_text": "Vote",
    "user": {"id_str": "77", "screen_name": "AdaQuill"},
    "favorite_count": 3,
    "source": APP,
}
V1_OTHER = V1_OWN | {"id_str": "1990000000000000008", "user": {"id_str": "5", "screen_name": "somebody"}}


@pytest.mark.parametrize("is_plain", [True, False], ids=["at full speed", "row by row"])
def test_the_app_of_a_declared_account_is_kept_and_that_of_anybody_else_is_not(tmp_path: Path, is_plain: bool) -> None:
    text = lines(V1_OWN, V1_OTHER) if is_plain else json.dumps([V1_OWN, V1_OTHER], indent=1)
    land(tmp_path, V1, "posts.jsonl", text)
    own, other = posts(tmp_path)
    assert (own["account"], own["client"]) == ("adaquill", "Phone App")
    assert (other["account"], other["client"]) == (None, None)


@pytest.mark.parametrize("name", ["posts.csv", "posts.csv.gz"])
def test_a_column_of_a_csv_tells_the_app(tmp_path: Path, name: str) -> None:
    toml = CSV.replace('post_id = "nr"', 'post_id = "nr", client = "via", likes = "hearts"')
    text = "nr,tweet_created,body,user,via,hearts\n7,2026-11-20 01:00,Vote,AdaQuill,Hootsuite,12\n"
    land(tmp_path, toml, name, gzip.compress(text.encode()) if name.endswith("gz") else text)
    [post] = posts(tmp_path)
    assert (post["client"], post["like_count"]) == ("Hootsuite", 12)
