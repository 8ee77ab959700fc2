"""Own accounts of every network speak, and imported timelines of declared accounts with them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from warehouse.effects.spec import Spec
from warehouse.estimates.voices import voice_rows
from warehouse.store import prepare
from warehouse.tables.models import create_tables

SEASON_AT = datetime(2020, 9, 1, tzinfo=UTC)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        yield con


def test_the_voice_on_every_network_is_told_and_that_of_an_imported_timeline(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """INSERT INTO staging.sources BY NAME FROM (VALUES
        ('us', 'own', 'us/own', 'mastodon_own', 'ada', 'past'), ('us', 'tl', 'us/tl', 'facebook', NULL, 'files'),
        ('us', 'search', 'us/search', 'x_archive', NULL, 'files'))
        AS s (campaign_id, source_id, source_key, source_kind, candidate_id, reach)"""
    )
    con.execute("""INSERT INTO staging.campaigns BY NAME SELECT 'us' AS campaign_id, 'now' AS campaign_hash""")
    con.execute(
        """INSERT INTO raw.aliases BY NAME SELECT 'us' AS campaign_id, 'now' AS campaign_hash, 'ada' AS candidate_id,
        '@AdaQuill' AS alias, false AS is_excluded, 0 AS load_id"""
    )
    for source, kind, account in (
        ("own", "mastodon_own", None),
        ("tl", "facebook", "adaquill"),
        ("search", "x_archive", "adaquill"),
        ("search", "x_archive", None),  # a search holds what others wrote, and of her what matched
    ):
        con.execute(
            """INSERT INTO staging.posts BY NAME SELECT ? || ? || n AS post_id, ? AS source_kind, 'us/' || ? AS
            source_key, ? AS account, ?::TIMESTAMPTZ + to_hours(n::INT) AS posted_at, 'original' AS post_type
            FROM range(40) AS r (n)""",
            [source, str(account), kind, source, account, SEASON_AT],
        )
    found = list(voice_rows(con, "us", [], Spec()))
    assert [(row["source_kind"], row["posts"]) for row in found] == [("facebook", 40), ("mastodon_own", 40)]
