"""One author, however a file writes him."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.handles import known_spellings, plain_author, plain_author_sql

WRITTEN = [
    "AdaQuill",
    "@AdaQuill",
    " @adaquill ",
    "@ AdaQuill",
    "\uff20AdaQuill",
    "\uff21\uff44\uff41\uff31\uff55\uff49\uff4c\uff4c",
    "\u200e@AdaQuill\u200b",
    "https://twitter.com/AdaQuill",
    "http://www.x.com/@AdaQuill/",
    "mobile.twitter.com/adaquill?lang=fr",
    "https://x.com/AdaQuill/status/1990000000000000001",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_handle_is_one_author_however_it_is_written(written: str) -> None:
    assert plain_author(written) == "adaquill"


@pytest.mark.parametrize(
    ("written", "author"),
    [("77", "77"), ("https://x.com/i/user/77", "77"), ("Jane  DOE", "jane doe"), ("https://blog.example/ada", None)],
)
def test_an_id_and_a_name_stay_what_they_are(written: str, author: str | None) -> None:
    assert plain_author(written) == (author or written)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\u0130")) | st.sampled_from(WRITTEN))
def test_the_database_writes_an_author_as_python_does(written: str) -> None:
    [told] = duckdb.execute(f"SELECT {plain_author_sql('$1')}", [written]).fetchone() or ()
    assert told.encode() == plain_author(written).encode()


@given(st.text() | st.sampled_from(["@x.com/ada", "@@ @ada", "x.com/@x.com/a"]))
def test_written_once_it_stays_so(written: str) -> None:
    assert plain_author(plain_author(written)) == plain_author(written)


def test_what_older_versions_hashed_is_among_the_spellings() -> None:
    assert {"adaquill", "@adaquill", "https://twitter.com/adaquill"} <= known_spellings("https://x.com/AdaQuill")
    assert known_spellings("AdaQuill") - known_spellings("@AdaQuill") == set()
