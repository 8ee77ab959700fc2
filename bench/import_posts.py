"""An archive of X to landed Parquet and to matched mentions, against DuckDB's bare read_json of the same file.

Run: python -m bench.import_posts [posts, default 1000000] [bare|full, default bare]. The posts are made up; nothing is
read from outside. `bare` posts have only what we keep; `full` ones the entities, annotations and links besides that
collectors ask X for, which a bare read_json types and we leave in the file.
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

from connectors.campaign.folder import read_campaign
from flows.build import build_warehouse_once
from flows.imports.archives.posts import import_posts_once
from flows.settings import Settings
from flows.steps import land_facts

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


def write_campaign(folder: Path, posts: int, *, is_full: bool) -> Path:
    (folder / "archive").mkdir(parents=True)
    (folder / "campaign.toml").write_text(TOML)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    path = folder / "archive" / "posts.jsonl"
    dice = random.Random(7)  # noqa: S311  # posts are made up, not secret
    with path.open("w") as file:
        for number in range(posts):
            made = post(number, posts, dice)
            file.write(json.dumps(made | extras(made) if is_full else made) + "\n")
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


def extras(made: dict[str, object]) -> dict[str, object]:
    """What else a post has where everything was asked for."""
    topic = {
        "domain": {"id": "35", "name": "Politician", "description": "Politicians"},
        "entity": {"id": "1", "name": "A"},
    }
    link = {
        "start": 1,
        "end": 24,
        "url": "https://t.co/abcdefghij",
        "expanded_url": f"https://example.org/{made['id']}",
    }
    return {
        "entities": {
            "urls": [link],
            "mentions": [{"start": 0, "end": 9, "username": "somebody", "id": made["author_id"]}],
        },
        "context_annotations": [topic] * 4,
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "source": "Twitter for iPhone",
    }


def read_bare(path: Path) -> None:
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"CREATE TABLE posts AS SELECT * FROM read_json('{path}')")


def land_archive(folder: Path, home: Path) -> None:
    campaign, settings = read_campaign(folder), Settings(home=home, author_key="bench")
    land_facts(campaign, settings, NOW)
    import_posts_once(campaign, settings, NOW)


def build_home(home: Path, told_at: Path) -> None:
    """Build, and write down when the builder began each step: processor and wall seconds since the start."""
    wall, processor = time.perf_counter(), time.process_time()
    steps: list[tuple[str, float, float]] = []
    build_warehouse_once(
        home,
        NOW,
        tell=lambda step: steps.append((step, time.perf_counter() - wall, time.process_time() - processor)),
    )
    told_at.write_text(json.dumps(steps))


def matched_at(told_at: Path) -> tuple[float, float]:
    """Wall and processor seconds from the build's start until staging.mentions and all before it was built."""
    steps = json.loads(told_at.read_text())
    place = [step for step, _, _ in steps].index("building staging.mentions")
    _, wall, processor = steps[place + 1]
    return wall, processor


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
    is_full = sys.argv[2:] == ["full"]
    with tempfile.TemporaryDirectory() as folder:
        path = write_campaign(Path(folder) / "bench", posts, is_full=is_full)
        print(f"{posts} v2 posts, {path.stat().st_size / 1e6:.0f} MB of JSON lines; the better of two runs each")
        told_at = Path(folder) / "steps.json"
        bare = min((measured(read_bare, path) for _ in range(2)), key=_processor)
        landed = min(
            (measured(land_archive, path.parents[1], Path(folder) / f"home{n}") for n in range(2)), key=_processor
        )
        built = min((measured(build_home, Path(folder) / f"home{n}", told_at) for n in range(2)), key=_processor)
        matched = (*matched_at(told_at), built[2])
        print(f"{'step':44} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'x wall':>8} {'x cpu':>8} {'limit':>6}")
        for name, (wall, processor, peak), limit in (
            ("bare read_json into a table", bare, ""),
            ("to landed Parquet", landed, "1.5"),
            ("to staging.mentions, all before it included", _sum(landed, matched), "4"),
            ("to published", _sum(landed, built), ""),
        ):
            ratios = f"{wall / bare[0]:8.2f} {processor / bare[1]:8.2f}"
            print(f"{name:44} {wall:8.2f} {processor:8.2f} {peak:8.0f} {ratios} {limit:>6}")


def _processor(told: tuple[float, float, float]) -> float:
    return told[1]


def _sum(first: tuple[float, float, float], then: tuple[float, float, float]) -> tuple[float, float, float]:
    return first[0] + then[0], first[1] + then[1], max(first[2], then[2])


if __name__ == "__main__":
    main()
