"""CSV bytes as people really send them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.cells.tables import Row, read_table
from connectors.donations.source import SetAside

PLAIN = "id,amount\na,1.50\nb,2.50\n"
TWO_ROWS = [Row(2, {"id": "a", "amount": "1.50"}), Row(3, {"id": "b", "amount": "2.50"})]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.removesuffix("\n").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace("a,", '"a",').encode(),
        PLAIN.replace("a,", '"""a""",').encode(),
        PLAIN.replace("1.50", "1.50,,").encode(),
        gzip.compress(PLAIN.encode()),
        gzip.compress(b"id,amount\na,1.50\n") + gzip.compress(b"b,2.50\n"),
    ],
)
def test_the_same_two_rows_however_they_are_written(content: bytes) -> None:
    table = read_table(content)
    assert (table.rows, table.set_aside) == (TWO_ROWS, [])


def test_a_spreadsheet_may_say_its_separator_first() -> None:
    assert read_table(b"sep=;\nid;amount\na;1,50\n").rows == [Row(3, {"id": "a", "amount": "1,50"})]


def test_latin_1_is_read_where_utf_8_is_not_what_came() -> None:
    assert read_table("id,city\na,Évry\n".encode("latin-1")).rows == [Row(2, {"id": "a", "city": "Évry"})]


def test_a_quoted_line_break_belongs_to_its_row() -> None:
    table = read_table(b'id,note\na,"two\nlines"\nb,one\n')
    assert table.rows == [Row(2, {"id": "a", "note": "two\nlines"}), Row(4, {"id": "b", "note": "one"})]


def test_a_stray_quote_costs_one_row_and_not_the_rest_of_the_file() -> None:
    table = read_table(b'id,amount\n"a,1.50\n' + b"b,2.50\n" * 100)
    assert table.set_aside == [SetAside(2, "1 cells where the header has 2")]
    assert len(table.rows) == 100


def test_a_line_with_a_cell_too_many_is_set_aside_with_its_number() -> None:
    table = read_table(b"id,amount\na,1.50\nb,2.50,Jane Doe\n")
    assert table.set_aside == [SetAside(3, "3 cells where the header has 2")]


def test_a_torn_last_line_is_set_aside() -> None:
    table = read_table(b"id,amount,city\na,1.50,Paris\nb,2.")
    assert table.set_aside == [SetAside(3, "the last line is torn: the file ends inside it")]


def test_a_gzip_file_cut_in_half_yields_its_whole_rows_and_says_that_it_was_cut() -> None:
    lines = "".join(f"{number},{number * 7919 % 1000}\n" for number in range(5000))
    whole = gzip.compress(f"id,amount\n{lines}".encode())
    table = read_table(whole[: len(whole) // 2])
    assert 0 < len(table.rows) < 5000
    assert all(int(row.cells["amount"]) == int(row.cells["id"]) * 7919 % 1000 for row in table.rows)
    assert table.set_aside[-1].reason == "the compressed file ends before its end: copy it again"


def test_blank_lines_are_no_rows() -> None:
    assert [row.line_number for row in read_table(b"\nid,amount\n\na,1\n\n\nb,2\n\n").rows] == [4, 7]


def test_an_empty_file_holds_nothing() -> None:
    assert read_table(b"").rows == []


@given(st.binary(max_size=400))
def test_whatever_the_bytes_each_row_is_told_by_a_line_of_its_own(content: bytes) -> None:
    for document in (b"id,amount\n" + content, content):
        table = read_table(document)
        lines = [row.line_number for row in table.rows] + [row.line_number for row in table.set_aside]
        assert all(line >= 1 for line in lines)
        assert len(set(lines)) == len(lines)


# Without quotes: a quoted line break makes one row of two lines, as it should.
CELLS = st.text(st.characters(exclude_characters='\r\n\0"', exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=20))
def test_every_line_with_text_is_a_row_or_set_aside(rows: list[tuple[str, str, str]]) -> None:
    lines = [",".join(cells) for cells in rows]
    table = read_table(("x,y,z\n" + "".join(line + "\n" for line in lines)).encode())
    assert len(table.rows) + len(table.set_aside) == sum(bool(line.strip()) for line in lines)
