"""What the expressions over a bulk file's cells make of texts."""

import re

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.bulk.layout import words

_SPELLED = st.text(alphabet="aBé .,;:'\"()-/", max_size=8)


@given(st.none() | _SPELLED, _SPELLED)
def test_a_name_is_small_letters_and_single_blanks_without_punctuation(last: str | None, first: str) -> None:
    [told] = (
        duckdb.execute(f"SELECT {words('last', 'first')} FROM (SELECT ? AS last, ? AS first)", [last, first]).fetchone()
        or ()
    )
    joined = " ".join(cell for cell in (last, first) if cell is not None)
    letters = re.sub(r"[.,;:'\"()\-/]", "", joined.lower())
    assert told == re.sub(" +", " ", letters.strip(" "))


def test_a_name_with_punctuation_is_the_plain_one() -> None:
    spelled = (
        "SELECT DISTINCT " + words("name") + " FROM (VALUES ('O''Brien,  Mary-Ann'), ('OBRIEN MARYANN ')) AS t (name)"
    )
    assert duckdb.execute(spelled).fetchall() == [("obrien maryann",)]
