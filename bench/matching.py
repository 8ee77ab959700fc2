"""How fast texts are matched to candidates: `python -m bench.matching [POSTS]`.

Synthetic short posts through the warehouse's own SQL, beside a bare `regexp_matches` scan of the same texts for the
same names. The scan neither folds accents nor knows longest phrases or exclusions, so it is a floor. The ratio is one
of processor time, so that it holds on a machine that is shared.
"""

import random
import sys
import time
from collections.abc import Callable

import duckdb

from warehouse.store import prepare
from warehouse.tables.models import create_tables, models, restate

ROSTER = {
    "biden": (["Joe Biden", "Biden", "@JoeBiden"], ["Hunter Biden", "Jill Biden"]),
    "trump": (["Donald Trump", "Trump", "@realDonaldTrump"], ["Melania Trump", "Trump Jr"]),
    "harris": (["Kamala Harris", "Kamala", "Harris"], ["Harris County"]),
    "royal": (["Ségolène Royal", "Royal"], ["Port Royal"]),
}
WORDS = [
    "the",
    "debate",
    "was",
    "long",
    "and",
    "nobody",
    "answered",
    "questions",
    "about",
    "taxes",
    "élu",
    "déjà",
    "vote",
]
NAMES = ["Biden", "Trump", "Hunter Biden", "Kamala Harris", "#JoeBiden", "@realDonaldTrump", "Ségolène Royal", "royal"]
SCAN = (
    r"(?i)\b(joe biden|biden|joebiden|donald trump|trump|realdonaldtrump"
    r"|kamala harris|kamala|harris|s.gol.ne royal|royal)\b"
)


def main(posts: int) -> None:
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        prepare(con)
        create_tables(con)
        _fill(con, posts)
        scan = _timed(lambda: con.execute("SELECT count(*) FROM staging.posts WHERE regexp_matches(text, ?)", [SCAN]))
        model = next(model for model in models() if model.name == "staging.mentions")
        match = _timed(lambda: restate(con, model))
        [mentions] = con.execute("SELECT count(*) FROM staging.mentions").fetchone() or (0,)
    print(f"{posts:,} short posts, {mentions:,} mentions, 2 threads, DuckDB {duckdb.__version__}")
    print(f"{'':24}{'seconds':>9}{'processor s':>13}{'items/s':>12}{'ratio':>8}")
    for what, (wall_s, processor_s) in {"bare regexp_matches": scan, "staging.mentions": match}.items():
        ratio = processor_s / scan[1]
        print(f"{what:24}{wall_s:9.2f}{processor_s:13.2f}{posts / wall_s:12,.0f}{ratio:8.1f}")


def _fill(con: duckdb.DuckDBPyConnection, posts: int) -> None:
    con.execute("INSERT INTO staging.campaigns BY NAME SELECT 'us' AS campaign_id, 'h' AS campaign_hash")
    con.execute(
        "INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, 'x' AS source_id, 'us/x' AS source_key,"
        " 'x_archive' AS source_kind, 'national' AS scope"
    )
    con.execute(
        "INSERT INTO staging.days BY NAME SELECT 'us' AS campaign_id, day::DATE AS local_on, day AS starts_at,"
        " day + INTERVAL 1 DAY AS ends_at"
        " FROM generate_series(TIMESTAMPTZ '2020-10-01', TIMESTAMPTZ '2020-10-31', INTERVAL 1 DAY) AS d (day)"
    )
    con.execute("INSERT INTO staging.touched_days SELECT campaign_id, local_on FROM staging.days")
    for candidate_id, both in ROSTER.items():
        for is_excluded, phrases in zip((False, True), both, strict=True):
            for phrase in phrases:
                con.execute(
                    "INSERT INTO raw.aliases VALUES ('us', 'h', ?, ?, ?, 1)", [candidate_id, phrase, is_excluded]
                )
    restate(con, next(model for model in models() if model.name == "staging.phrases"))
    # Ten thousand texts, each made unlike the next by its number: enough to be no cache's friend.
    texts = [_text(random.Random(number)) for number in range(10_000)]  # noqa: S311 - a bench, no secret
    con.execute("CREATE TEMP TABLE texts AS SELECT unnest(range(10000)) AS number, unnest(?) AS text", [texts])
    con.execute(
        "INSERT INTO staging.posts BY NAME SELECT 'p' || i AS post_id, 'x_archive' AS source_kind, 'k' || i % 5000 AS"
        " author_key, TIMESTAMPTZ '2020-10-01' + to_seconds(i * 2600000 / ?) AS posted_at, 'us/x' AS source_key,"
        " 'original' AS post_type, t.text || ' ' || i AS text"
        " FROM range(?) AS r (i) INNER JOIN texts AS t ON t.number = i % 10000",
        [posts, posts],
    )


def _text(pick: random.Random) -> str:
    words = pick.choices(WORDS, k=pick.randint(8, 25))
    if pick.random() < 0.1:
        words.append("déjà vu")
    for _ in range(pick.choice((0, 0, 1, 1, 2))):
        words.insert(pick.randrange(len(words)), pick.choice(NAMES))
    return " ".join(words)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    started, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - used


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
