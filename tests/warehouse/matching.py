"""Texts, rosters and a warehouse of two campaigns for the tests of whom a text names."""

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

from warehouse.tables.models import models, restate

Roster = dict[str, tuple[list[str], list[str]]]

# Other alphabets, letters without a bare form (ø, ß) and digits that are not ASCII end words elsewhere than ASCII does.
_WORDS = ("le", "pen", "Marine", "royal", "Ségolène", "port", "air", "d'", "Encausse", "de", "Villepin", "x", "2")
_FOREIGN = ("Støre", "ß", "Путин", "пут", "٣", "²", "東", "İ", "ＰＥＮ")
_GLUE = (
    " ",
    "-",
    "'",
    "\u2019",
    "_",
    ". ",
    "  ",
    " #",
    " @",
    "",
    "\n",
    "\u0301 ",
    "\x1f",
    "…",
    "\U0001f5f3",
    " | ",
    "≈ ",
)
word = st.sampled_from(_WORDS) | st.sampled_from(_WORDS + _FOREIGN)
texts = st.lists(st.tuples(word, st.sampled_from(_GLUE)), max_size=8).map(
    lambda pairs: "".join(word + glue for word, glue in pairs)
)
_aliases = st.lists(st.lists(word, min_size=1, max_size=3).map(" ".join), max_size=3)
rosters = st.fixed_dictionaries({name: st.tuples(_aliases, _aliases) for name in ("a", "b", "c")})


def match_items(con: duckdb.DuckDBPyConnection, by_campaign: dict[str, Roster], items: list[tuple[str, str]]) -> None:
    """Fill `staging.mentions` from titles and summaries, each an entry that is called by its number."""
    for table in ("raw.aliases", "staging.phrases", "staging.entries", "staging.entry_feeds", "staging.mentions"):
        con.execute(f"DELETE FROM {table}")
    for table in ("campaigns", "sources", "days", "touched_days"):
        con.execute(f"DELETE FROM staging.{table}")
    for campaign_id, roster in by_campaign.items():
        _declare(con, campaign_id, roster)
    numbered = [{"entry_id": str(n), "title": title, "summary": summary} for n, (title, summary) in enumerate(items)]
    con.register("items_given", pa.Table.from_pylist(numbered))
    con.execute(
        "INSERT INTO staging.entries BY NAME SELECT *, 'feed' AS feed_url,"
        " TIMESTAMPTZ '2011-10-01 12:00:00+00' AS published_at, 'exact' AS time_quality FROM items_given"
    )
    con.execute("INSERT INTO staging.entry_feeds SELECT entry_id, feed_url FROM staging.entries")
    by_name = {model.name: model for model in models()}
    restate(con, by_name["staging.phrases"])
    restate(con, by_name["staging.mentions"])


def _declare(con: duckdb.DuckDBPyConnection, campaign_id: str, roster: Roster) -> None:
    con.execute("INSERT INTO staging.campaigns BY NAME SELECT ? AS campaign_id, 'h' AS campaign_hash", [campaign_id])
    con.execute(
        "INSERT INTO staging.sources BY NAME SELECT ? AS campaign_id, 'blog' AS source_id, 'feed' AS source_key,"
        " 'blog' AS source_kind, 'local' AS scope",
        [campaign_id],
    )
    con.execute(
        "INSERT INTO staging.days BY NAME SELECT ? AS campaign_id, DATE '2011-10-01' AS local_on,"
        " TIMESTAMPTZ '2011-10-01 00:00:00+00' AS starts_at, TIMESTAMPTZ '2011-10-02 00:00:00+00' AS ends_at",
        [campaign_id],
    )
    con.execute("INSERT INTO staging.touched_days VALUES (?, DATE '2011-10-01')", [campaign_id])
    for candidate_id, both in roster.items():
        for is_excluded, aliases in zip((False, True), both, strict=True):
            for alias in aliases:
                con.execute(
                    "INSERT INTO raw.aliases VALUES (?, 'h', ?, ?, ?, 1)",
                    [campaign_id, candidate_id, alias, is_excluded],
                )
