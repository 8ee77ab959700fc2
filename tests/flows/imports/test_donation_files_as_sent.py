"""Donation files of every layout, cut, shuffled, doubled and written otherwise: nothing is lost, nobody is named."""

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from flows.collected import Collected
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.doubles.home_search import found_in_home
from tests.flows.imports.donation_campaign import NOON, with_every_format
from warehouse.landing.files import read_landed

PLANTED = ["Quillfeather", "Zebediah", "Wobblemoor Lane", "Grumbleworks", "zeb@quill.example", "Get well soon"]
LAST, FIRST, STREET, EMPLOYER, EMAIL, COMMENT = PLANTED
_BULK = "C00703975|N|Q3|P|2020|{}|IND|{}, {}|NEW YORK|NY|100011234|{}|CEO|0929202{}|2{}||T{}|111|{}|{}|40{}\n"
LAYOUTS = {
    "fec": "form_type,filer_committee_id_number,transaction_id,contributor_last_name,contributor_first_name,"
    "contributor_street_1,contribution_date,contribution_amount,contributor_employer,memo_code,memo_text_description\n"
    f"SA17A,C00703975,T1,{LAST},{FIRST},{STREET},20200929,25.00,{EMPLOYER},,{COMMENT}\n"
    f"SA17A,C00703975,T2,{LAST},{FIRST},{STREET},20200930,-5.00,{EMPLOYER},,\n"
    f"SA18,C00703975,T3,{LAST},{FIRST},{STREET},20200930,35.00,{EMPLOYER},X,{COMMENT}\n",
    "fec bulk": "".join(
        _BULK.format(kind, LAST, FIRST, EMPLOYER, n, n, n, memo, COMMENT, n)
        for n, (kind, memo) in enumerate([("15", ""), ("15E", "X"), ("22Y", "")])
    ),
    "generic": "donation_id,occurred_at,amount,channel,donor\n"
    f"g1,2020-09-29 21:05,25.00,web,{FIRST} {LAST}\n"
    f"g2,2020-09-29 21:06,-10.00,mail,{EMAIL}\n"
    f"g3,2020-09-29 21:07,7.50,web,{FIRST} of {STREET}\n",
    "actblue": "Receipt ID,Lineitem ID,Date,Amount,Donor First Name,Donor Last Name,Donor Addr1,Donor State,"
    "Donor Employer,Donor Email,Comments\n"
    f"A1,901,2020-09-29 21:05:09,25.00,{FIRST},{LAST},{STREET},NY,{EMPLOYER},{EMAIL},{COMMENT}\n"
    f"A2,902,2020-09-29 21:06:09,5.50,{FIRST},{LAST},{STREET},NY,{EMPLOYER},{EMAIL},\n",
    "helloasso": "Référence paiement,Date du paiement,Montant,Statut,Nom,Prénom,Email payeur\n"
    f"1,2020-09-29 21:05,15.00,Validé,{LAST},{FIRST},{EMAIL}\n"
    f"2,2020-09-29 21:06,20.00,Validé,{LAST},{FIRST},{EMAIL}\n",
}


class Told:
    """What one home holds after some files of one source, each imported by itself."""

    def __init__(self, layout: str, *contents: bytes) -> None:
        source = layout.split(maxsplit=1)[0]
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            campaign = with_every_format(Path(folder) / "us")
            self.runs: list[Collected] = []
            for number, content in enumerate(contents):
                (campaign.folder / source / f"{number}.csv").write_bytes(content)
                paths = [campaign.folder / source / f"{number}.csv"]
                said = Settings(home=home, donor_key=SecretStr("secret"))
                self.runs.append(import_donations_once(campaign, said, NOON.replace(hour=number), paths))
            self.gifts: dict[str, tuple[Any, ...]] = {
                row["donation_id"]: (row["amount"], row["occurred_on"], row["is_memo"], row["donor_key"])
                # A giver's name that was cut stands until the whole file comes: the later row holds.
                for row in sorted(read_landed(home, "donations"), key=lambda row: row["known_at"])
            }
            self.leaks = found_in_home(home, PLANTED)
        spoken = [str((run.notes, run.failed)) for run in self.runs]
        self.leaks += [(name, "said") for name in PLANTED for text in spoken if name.lower() in text.lower()]
        # Every row that was read is landed, set aside or a duplicate.
        self.lost = [
            run.read[source] - run.told_anew[source] - run.set_aside[source] - run.duplicates[source]
            for run in self.runs
        ]


@pytest.fixture(scope="module")
def whole() -> dict[str, dict[str, tuple[Any, ...]]]:
    """The gifts of each layout's file as it is."""
    return {layout: Told(layout, text.encode()).gifts for layout, text in LAYOUTS.items()}


REWRITES: dict[str, Callable[[str], bytes]] = {
    "a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, the other way round": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "Latin-1": lambda text: text.encode("latin-1"),
    "CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR only": lambda text: text.replace("\n", "\r").encode(),
    "no last line break": lambda text: text.rstrip("\n").encode(),
    "blank lines": lambda text: ("\n" + text.replace("\n", "\n\n")).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzip in two streams": lambda text: gzip.compress(text[:90].encode()) + gzip.compress(text[90:].encode()),
    "semicolons and decimal commas": lambda text: _by_cells(text, ";", _with_decimal_comma),
    "tabs": lambda text: _by_cells(text, "\t", str),
    "two pairs of quotes": lambda text: _by_cells(text, ",", lambda cell: f'"""{cell}"""'),
}


def _by_cells(text: str, delimiter: str, change: Callable[[str], str]) -> bytes:
    """The file with every cell changed and another delimiter; the bulk file has pipes by definition."""
    if "|" in text:
        return text.encode()
    return "".join(delimiter.join(map(change, line.split(","))) + "\n" for line in text.splitlines()).encode()


def _with_decimal_comma(cell: str) -> str:
    is_amount = cell.removeprefix("-").replace(".", "", 1).isdigit() and "." in cell
    return cell.replace(".", ",") if is_amount else cell


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rewrite", REWRITES)
def test_a_file_written_otherwise_tells_the_same(
    layout: str, rewrite: str, whole: dict[str, dict[str, tuple[Any, ...]]]
) -> None:
    told = Told(layout, LAYOUTS[layout].encode(), REWRITES[rewrite](LAYOUTS[layout]))
    assert (told.gifts, told.leaks, told.lost) == (whole[layout], [], [0, 0])
    assert told.runs[1].landed.total() == 0  # nothing of it is news


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=5)
@given(data=st.data())
def test_a_file_that_was_cut_and_then_came_whole_tells_the_same(
    layout: str, whole: dict[str, dict[str, tuple[Any, ...]]], data: st.DataObject
) -> None:
    content = LAYOUTS[layout].encode()
    cut = data.draw(st.integers(0, len(content) - 1))
    told = Told(layout, content[:cut], content)
    assert (told.gifts, told.leaks, told.lost) == (whole[layout], [], [0, 0])


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=3)
@given(data=st.data())
def test_rows_shuffled_and_doubled_tell_the_same(
    layout: str, whole: dict[str, dict[str, tuple[Any, ...]]], data: st.DataObject
) -> None:
    head, *rows = LAYOUTS[layout].splitlines(keepends=True)
    lines = [head, *rows] if "|" in head else rows
    shuffled = data.draw(st.permutations(lines + lines))
    told = Told(layout, ("" if "|" in head else head).encode() + "".join(shuffled).encode())
    assert (told.gifts, told.leaks, told.lost) == (whole[layout], [], [0])
    assert told.runs[0].duplicates.total() == len(lines)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=8)
@given(data=st.data())
def test_bytes_that_fell_out_or_in_lose_no_row_and_name_nobody(layout: str, data: st.DataObject) -> None:
    content = LAYOUTS[layout].encode()
    at = data.draw(st.integers(0, len(content)))
    gone = data.draw(st.integers(0, 12))
    come = data.draw(st.sampled_from([b"", b",", b'"', b"\n", b"\r", b";", b"\0", b"\xff", b"|", b"0", b" "]))
    told = Told(layout, content[:at] + come + content[at + gone :])
    assert (told.leaks, told.lost) == ([], [0])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_written_twice_into_one_tells_the_same(
    layout: str, whole: dict[str, dict[str, tuple[Any, ...]]]
) -> None:
    text = LAYOUTS[layout]
    told = Told(layout, (text + text).encode())
    assert (told.gifts, told.leaks, told.lost) == (whole[layout], [], [0])
    assert told.runs[0].set_aside.total() == (0 if "|" in text else 1)  # the header in the middle
