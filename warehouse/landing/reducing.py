"""What is left of a text that must go: the phrases in it, found by the SQL that decides whom a text names.

"I met Hunter Biden and Joe Biden" is "≈ hunter biden | joe biden". Matched again, it names the same candidates.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.landing.files import landed_values
from warehouse.sql_files import SQL_FOLDER, statement_of
from warehouse.store import prepare
from warehouse.tables.models import set_variables

SEPARATOR = " |\x1f "  # between two texts: no phrase runs across it

NOTHING_NAMED = "≈ "  # what is left of a text without any of the phrases

Reduce = Callable[[Sequence[str]], list[str]]


@contextmanager
def open_reducer(home: Path) -> Iterator[Reduce]:
    """A function that reduces texts to the phrases of every campaign of the home, in every state of its folder.

    Of every state: a folder may be changed back, and the text cannot.
    """
    with reducer_of(sorted(landed_values(home, "aliases", "alias"))) as reduce:
        yield reduce


@contextmanager
def reducer_of(phrases: Sequence[str]) -> Iterator[Reduce]:
    """A function that reduces texts to these aliases and excluded phrases; it gives back as many as it was given."""
    with duckdb.connect() as con:
        prepare(con)
        # Whose a phrase is does not matter here.
        con.execute("CREATE TABLE staging.campaigns AS SELECT '' AS campaign_id, '' AS campaign_hash")
        con.register("phrases_given", pa.table({"alias": pa.array(phrases, pa.string())}))
        con.execute("INSERT INTO raw.aliases SELECT '', '', '', alias, false, 0 FROM phrases_given")
        con.execute(f"CREATE TABLE staging.phrases AS {statement_of(SQL_FOLDER / 'staging' / 'campaign/phrases.sql')}")
        statement = statement_of(SQL_FOLDER / "reductions" / "texts_reduced.sql")
        set_variables(con, statement)
        yield partial(_reduce, con, statement)


def _reduce(con: duckdb.DuckDBPyConnection, statement: str, texts: Sequence[str]) -> list[str]:
    whole = {"place": pa.array(range(len(texts)), pa.int64()), "text": pa.array(texts, pa.string())}
    con.register("texts_whole", pa.table(whole))
    return [text for _place, text in con.execute(statement).fetchall()]
