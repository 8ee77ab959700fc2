"""Questions: the text that is shown is the text that was asked, and its answer is safe in a spreadsheet."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from flows.reports.ask import Asked, filled
from flows.reports.sheets import MOST_ROWS, TooManyRows, workbook

HOSTILE = '=HYPERLINK("http://evil.example","click")'
ASKED = Asked(sql="SELECT 1", columns=["who", "n"], rows=[{"who": HOSTILE, "n": -3}, {"who": "@sum", "n": None}])


def test_a_value_with_a_quote_stays_one_literal() -> None:
    asked = filled("WHERE a = $campaign_id AND b = $campaign", {"campaign": "x", "campaign_id": "l'an'"})
    assert asked == "WHERE a = 'l''an''' AND b = 'x'"


def test_a_cell_of_csv_that_looks_like_a_formula_is_text_and_a_number_stays_one() -> None:
    assert ASKED.csv() == 'who,n\n"\'=HYPERLINK(""http://evil.example"",""click"")",-3\n\'@sum,\n'


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    with ZipFile(BytesIO(workbook([("a [strange]: name/of 31 letters and more", ASKED)]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.namelist()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<v>-3</v>" in sheet
    assert not any("externalLink" in name for name in names)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (datetime(2020, 9, 29, 21, tzinfo=UTC), "<v>44103.875</v>"),
        (datetime(2020, 9, 29, 17, tzinfo=timezone(timedelta(hours=-4))), "<v>44103.875</v>"),
        (datetime(2020, 9, 29, 21), "<v>44103.875</v>"),  # noqa: DTZ001 - a local clock, as local_start is
        (date(2020, 9, 29), "<v>44103</v>"),
        (Decimal("16956784.03"), "<v>16956784.03</v>"),
        (True, 't="b"><v>1</v>'),
        (0, "<v>0</v>"),
    ],
)
def test_a_workbook_holds_dates_numbers_and_truths_as_such(value: object, cell: str) -> None:
    asked = Asked(sql="", columns=["a"], rows=[{"a": value}])
    with ZipFile(BytesIO(workbook([("answer", asked)]))) as book:
        assert cell in book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("value", "text"), [(float("inf"), "inf"), (["synthetic", "no_control"], "synthetic, no_control")]
)
def test_what_a_cell_has_no_form_for_is_written_as_text(value: object, text: str) -> None:
    asked = Asked(sql="", columns=["a"], rows=[{"a": value}])
    with ZipFile(BytesIO(workbook([("answer", asked)]))) as book:
        assert text in book.read("xl/sharedStrings.xml").decode()


def test_an_answer_that_a_sheet_would_cut_is_no_workbook() -> None:
    asked = Asked(sql="", columns=["a"], rows=[{"a": 1}] * (MOST_ROWS + 1))
    with pytest.raises(TooManyRows, match="1048576 rows; a sheet holds 1048575"):
        workbook([("answer", asked)])
