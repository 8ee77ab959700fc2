"""Questions: the text that is shown is the text that was asked, and its answer is safe in a spreadsheet."""

from io import BytesIO
from zipfile import ZipFile

from flows.reports.ask import Asked, filled
from flows.reports.sheets import workbook

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
