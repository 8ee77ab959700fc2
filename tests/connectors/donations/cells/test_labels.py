"""What may stand in an id: the codes of real systems, and nobody's name, phone or employer."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.cells.labels import PLAIN_ID, is_plain_id

CODES = [
    *("d1", "T1", "C40", "1", "0", "ab", "8817", "4041320141234567890", "AB123456", "AB-123456", "INC1234", "C132445B"),
    *("SA17A.59058.0", "SA18.905357.1.V010", "SA17.4353240G", "SB28A.PPV1", "SB28.YE.1931", "SB28A-106502", "VN8G2"),
    *("gift-17", "don1", "TRAN1", "2020-gift-17"),
    *("9XJ12345AB123456C", "don-2020-0017", "1a79a4d60de6718e8e5b326e338ae533", "1234567 D12", "ABC/2020/17"),
    *("550e8400-e29b-41d4-a716-446655440000", "123E4567-E89B-12D3-A456-426614174000"),
]
PEOPLE = [
    *("QZNAME1", "Quillfeather", "quill1985", "Studio54", "AREA51", "7Eleven", "Forever21", "3COM", "O'Neil2", "Lee2"),
    *("555-0199", "212-555-0199", "212.555.0199", "(212) 555-0199", "1-212-555-0199", "+12125550199", "212 555 0199"),
    *("06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "+33612345678", "33 6 12 34 56 78", "212/555/0199"),
    *("10001-1234", "123-45-6789", "1969-12-31", "1 Elm", "12 B", "zeb@quill.example", "zeb1@q2.example"),
    "tel:5550199",
]


@pytest.mark.parametrize("text", CODES)
def test_a_code_is_kept_as_it_stands(text: str) -> None:
    assert is_plain_id(text)


@pytest.mark.parametrize("text", [*PEOPLE, ""])
def test_what_a_shifted_column_may_hold_of_a_person_is_no_code(text: str) -> None:
    assert not is_plain_id(text)


@given(st.one_of(st.sampled_from([*CODES, *PEOPLE]), st.from_regex(r"[A-Za-z0-9 .:/#+=@é_-]{1,12}", fullmatch=True)))
def test_duckdb_and_python_agree_on_what_a_code_is(text: str) -> None:
    [said] = duckdb.execute("SELECT regexp_full_match(?, ?)", [text, PLAIN_ID]).fetchone() or ()
    assert said == is_plain_id(text)
