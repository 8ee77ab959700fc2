"""The whole way once: the shipped campaign through the loopback replay to the published tables."""

import csv
import hashlib
import re
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from flows.demo.run import SHIPPED
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate, assert_refused

DEBATES = [
    datetime(2020, 9, 30, 1, tzinfo=UTC),
    datetime(2020, 10, 8, 1, tzinfo=UTC),
    datetime(2020, 10, 23, 1, tzinfo=UTC),
]


def test_the_last_line_is_the_path_of_the_published_database(demo: Demo) -> None:
    assert Path(demo.stdout.splitlines()[-1]) == demo.home / "published" / "afterdebate.duckdb"


def test_the_demo_fits_one_screen_of_eighty_columns(demo: Demo) -> None:
    lines = demo.stdout.splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines[:-2]), lines


def test_the_demo_says_a_sentence_of_each_debate(demo: Demo) -> None:
    told = " ".join(demo.stdout.split())
    assert "9.7 million dollars more than expected came in: 3.3 times the usual" in told
    assert told.count("In the 3 hours from 21:00") == 3
    assert told.count("Cannot tell for the 3 hours from 21:00") == 1


def test_the_line_before_the_last_is_the_page_to_open(demo: Demo) -> None:
    page = Path(demo.stdout.splitlines()[-2])
    assert page == demo.home / "reports" / "us-2020-general" / "index.html"
    assert "First presidential debate" in page.read_text(encoding="utf-8")


def test_the_screen_is_clean(demo: Demo) -> None:
    for word in ("Traceback", "ERROR", "Error", "WARN", "Warning"):
        assert word not in demo.stdout + demo.stderr


def test_synthetic_feeds_are_marked_wherever_they_show(demo: Demo) -> None:
    for line in demo.stdout.splitlines():
        assert "blog" not in line or "synthetic" in line
    assert demo.rows("SELECT DISTINCT flags FROM metrics.buzz_by_interval WHERE source_kind = 'blog'") == [
        (["synthetic"],)
    ]


@pytest.mark.parametrize("starts_at", DEBATES)
def test_dollars_after_a_debate_are_those_of_the_ticker(demo: Demo, starts_at: datetime) -> None:
    ends_at = starts_at + timedelta(hours=4)
    [(amount,)] = demo.rows(
        """SELECT sum(amount)::DOUBLE FROM metrics.donation_by_interval
        WHERE interval_minutes = 60 AND interval_start_at >= ? AND interval_start_at < ?""",
        starts_at,
        ends_at,
    )

    assert amount == pytest.approx(ticker_total(ends_at) - ticker_total(starts_at), abs=0.05)


def test_posts_in_the_hours_of_the_debate_are_those_that_were_counted(demo: Demo) -> None:
    with (SHIPPED / "x-counts" / "minute-counts.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["candidate"] == "pence"]
    counted = sum(
        int(row["posts"]) for row in rows if "2020-10-08T01:00" <= row["interval_start_at"] < "2020-10-08T04:00"
    )
    [(mentions,)] = demo.rows(
        """SELECT sum(mentions) FROM metrics.buzz_by_interval WHERE candidate_id = 'pence' AND source_kind = 'x_counts'
        AND interval_minutes = 60 AND interval_start_at BETWEEN '2020-10-08 01:00:00+00' AND '2020-10-08 03:59:00+00'"""
    )

    assert counted > 300
    assert mentions == counted


@pytest.mark.parametrize("starts_at", [DEBATES[0], DEBATES[2]])
def test_a_debate_outside_the_counted_days_has_no_buzz_on_x(demo: Demo, starts_at: datetime) -> None:
    asked = """SELECT count(*) FROM metrics.buzz_by_interval
        WHERE source_kind = 'x_counts' AND interval_start_at BETWEEN ? AND ?"""

    assert demo.rows(asked, starts_at, starts_at + timedelta(hours=24)) == [(0,)]


def test_a_feed_whose_window_moved_on_has_a_gap_and_no_zeros(demo: Demo) -> None:
    # Between the polls of 2 October, 18:00 and 24:00 Eastern, the blog wrote more than its feed shows.
    asked = """SELECT coverage FROM metrics.coverage
        WHERE source_id = 'synthetic-blog-lehigh-valley' AND interval_minutes = 60
        AND interval_start_at BETWEEN '2020-10-02 21:00:00+00' AND '2020-10-03 04:00:00+00'
        ORDER BY interval_start_at"""
    seen = [row[0] for row in demo.rows(asked)]
    assert seen[0] == 1
    assert seen[1:5] == [0, 0, 0, 0]
    assert seen[-1] == 1
    buzz = """SELECT count(*) FROM metrics.buzz_by_interval WHERE source_kind = 'blog' AND scope = 'local'
        AND interval_minutes = 60 AND interval_start_at BETWEEN '2020-10-02 22:00:00+00' AND '2020-10-03 01:00:00+00'"""
    assert demo.rows(buzz) == [(0,)]


def test_the_ticker_was_not_seen_on_the_morning_before_the_last_debate(demo: Demo) -> None:
    asked = """SELECT sum(coverage) FROM metrics.coverage WHERE source_id = 'actblue-ticker' AND interval_minutes = 60
        AND interval_start_at BETWEEN '2020-10-21 19:00:00+00' AND '2020-10-22 07:00:00+00'"""
    assert demo.rows(asked) == [(0,)]


def test_another_build_changes_nothing(demo: Demo) -> None:
    before = fingerprints(demo.home / "published")
    result = afterdebate("build", "--home", demo.home)

    assert result.exit_code == 0
    assert "nothing was new" in result.stdout
    assert fingerprints(demo.home / "published") == before


def test_status_answers_from_what_is_published(demo: Demo) -> None:
    result = afterdebate("status", "--home", demo.home)

    assert result.exit_code == 0
    assert "actblue-ticker" in result.stdout
    assert "Nothing waits for a build" in result.stdout


def test_status_shows_how_politely_hosts_were_asked(demo: Demo) -> None:
    result = afterdebate("status", "--etiquette", "--home", demo.home)

    [line] = [line for line in result.stdout.splitlines() if line.strip().startswith("capitol.synthetic.example")]
    cells = [cell.strip() for cell in line.split("│")]
    assert cells[1] == "185"
    assert cells[3] == "0"
    assert cells[6] == "0"


def test_check_shows_hits_of_each_alias_with_their_source(demo: Demo) -> None:
    result = afterdebate("check", SHIPPED, "--matches", "1", "--home", demo.home)

    assert result.exit_code == 0
    [line] = [line for line in result.stdout.splitlines() if " kamala harris " in line]
    assert "synthetic" in line
    assert "Kamala Harris" in line


def test_a_home_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("three years of work")

    assert_refused(afterdebate("demo", "--home", tmp_path), "left alone")
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "three years of work"


def ticker_total(at: datetime) -> float:
    """Dollars on the ticker at an instant: its running maximum, a straight line between two readings."""
    with (SHIPPED / "donations" / "actblue-ticker.csv").open() as file:
        read = [(row["observed_at"], row["total"]) for row in csv.DictReader(file) if row["total"]]
    # The bogus readings are near 160 million, forty times too small.
    readings = sorted((datetime.fromisoformat(time), float(total)) for time, total in read if float(total) > 1e9)
    times = [time for time, _ in readings]
    totals = list(accumulate((total for _, total in readings), max))
    after = bisect_right(times, at)
    part = (at - times[after - 1]) / (times[after] - times[after - 1])
    return totals[after - 1] + part * (totals[after] - totals[after - 1])


def fingerprints(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def readme_queries() -> list[tuple[str, str]]:
    """Each SQL block of the README with the answer that stands under it."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.*?)```\n\n```text\n(.*?)```", readme, re.DOTALL)


def test_the_readme_has_queries_with_their_answers() -> None:
    assert len(readme_queries()) >= 3


@pytest.mark.parametrize(("query", "answer"), readme_queries())
def test_the_readme_shows_what_the_published_database_answers(demo: Demo, query: str, answer: str) -> None:
    asked = afterdebate("sql", "--home", demo.home, query)
    assert [line.rstrip() for line in asked.output.splitlines()] == [line.rstrip() for line in answer.splitlines()]


def test_every_published_effect_can_be_computed_again_from_its_exported_files(demo: Demo, tmp_path: Path) -> None:
    done = afterdebate("effects", "--export", SHIPPED.name, str(tmp_path), "--home", str(demo.home))
    assert done.exit_code == 0, done.stderr
    results = tmp_path / "results.csv"
    assert afterdebate(*done.stdout.split()[1:], "--output", str(results)).exit_code == 0
    names = ["status", "rr", "rr_low", "rr_high", "p_value", "observed", "expected", "excess", "excess_low"]
    names += ["excess_high", "p_placebo", "mde80", "n_placebo", "n_controls"]
    columns = f"candidate_id, event_id, horizon_minutes, {', '.join(names).replace('p_value', 'p')}"
    published = demo.rows(
        f"""SELECT 'mentions/' || source_kind || '/' || scope, {columns} FROM metrics.debate_buzz_effect
        WHERE event_id != 'ALL' AND source_kind != 'ALL'
        UNION ALL
        SELECT metric || '/' || source_id, {columns} FROM metrics.debate_donation_effect
        WHERE event_id != 'ALL' AND metric != 'mean_gift'"""
    )
    with results.open(newline="") as file:
        again = {
            tuple(row[name] for name in ("case_id", "candidate_id", "event_id", "horizon_minutes", *names))
            for row in csv.DictReader(file)
        }
    assert len(published) > 100
    assert again == {tuple(map(_printed, row)) for row in published}


def _printed(value: object) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
