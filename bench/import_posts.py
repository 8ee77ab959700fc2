"""An archive of X to landed Parquet and to matched mentions, against DuckDB's bare read_json of the same file.

Run: python -m bench.import_posts [posts, default 1000000]. The posts are made up; nothing is read from outside.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import duckdb

from connectors.campaign import read_campaign
from flows.build_warehouse import build_warehouse_once
from flows.import_posts import import_posts_once
from flows.land_facts import land_facts
from flows.settings import Settings

NOW = datetime(2020, 10, 12, tzinfo=UTC)
START = datetime(2020, 10, 5, tzinfo=UTC)
WORDS = [
    "the",
    "debate",
    "tonight",
    "was",
    "about",
    "economy",
    "masks",
    "vote",
    "people",
    "america",
    "question",
    "think",
]
NAMES = ["Biden", "Trump", "Kamala Harris", "Pence", "nobody", "Joe Biden", "#Trump2020", "Hunter Biden"]
TOML = """
id = "bench"
title = "Bench"
timezone = "America/New_York"
currency = "USD"
start = 2020-10-05
end = 2020-10-11
candidates = [
    { id = "biden", name = "Joe Biden", aliases = ["Joe Biden", "Biden"], exclude = ["Hunter Biden"] },
    { id = "trump", name = "Donald Trump", aliases = ["Donald Trump", "Trump"] },
    { id = "harris", name = "Kamala Harris", aliases = ["Kamala Harris", "Harris"] },
    { id = "pence", name = "Mike Pence", aliases = ["Mike Pence", "Pence"] },
]
[[archives]]
id = "posts"
path = "archive/*.jsonl"
format = "x-v2"
"""


def write_campaign(folder: Path, posts: int) -> Path:
    (folder / "archive").mkdir(parents=True)
    (folder / "campaign.toml").write_text(TOML)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    path = folder / "archive" / "posts.jsonl"
    dice = random.Random(7)  # noqa: S311  # posts are made up, not secret
    with path.open("w") as file:
        for number in range(posts):
            file.write(json.dumps(post(number, posts, dice)) + "\n")
    return path


def post(number: int, posts: int, dice: random.Random) -> dict[str, object]:
    at = START + timedelta(seconds=number * 604_800 / posts)
    text = " ".join([*dice.choices(WORDS, k=14), dice.choice(NAMES), *dice.choices(WORDS, k=4)])
    made: dict[str, object] = {
        "id": str(1_313_000_000_000_000_000 + number * 4_194_304),
        "text": text,
        "author_id": str(dice.randrange(10**9)),
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "conversation_id": str(number),
        "lang": "en",
        "edit_history_tweet_ids": [str(1_313_000_000_000_000_000 + number * 4_194_304)],
        "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": number % 90, "quote_count": 0},
    }
    if number % 4 == 0:
        made["referenced_tweets"] = [{"type": "replied_to", "id": "1"}]
    return made


def read_bare(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"CREATE TABLE posts AS SELECT * FROM read_json('{path}')")


def land_archive(folder: Path, home: Path) -> None:
    campaign, settings = read_campaign(folder), Settings(home=home, author_key="bench")
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)


def build_home(home: Path) -> None:
    build_warehouse_once(home, NOW)


def measured(work: Callable[..., None], *given: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory in MB of the work, in a process of its own."""
    context = get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=_report, args=(answers, work, given))
    process.start()
    answer: tuple[float, float, float] = answers.get()
    process.join()
    return answer


def _report(answers: "object", work: Callable[..., None], given: tuple[Path, ...]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    work(*given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answers.put((time.perf_counter() - wall, time.process_time() - processor, peak))  # type: ignore[attr-defined]


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = write_campaign(Path(folder) / "bench", posts)
        print(f"{posts} v2 posts, {path.stat().st_size / 1e6:.0f} MB of JSON lines; best of two runs each")
        home = Path(folder) / "home"
        bare = min(measured(read_bare, path) for _ in range(2))
        landed = min(measured(land_archive, path.parents[1], Path(folder) / f"home{n}") for n in range(2))
        land_archive(path.parents[1], home)
        built = measured(build_home, home)
        print(f"{'step':34} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'x bare':>8} {'limit':>6}")
        for name, (wall, processor, peak), limit in (
            ("bare read_json into a table", bare, ""),
            ("to landed Parquet", landed, "1.5"),
            ("to published, matching included", (landed[0] + built[0], landed[1] + built[1], built[2]), "4"),
        ):
            print(f"{name:34} {wall:8.2f} {processor:8.2f} {peak:8.0f} {wall / bare[0]:8.2f} {limit:>6}")


if __name__ == "__main__":
    main()
