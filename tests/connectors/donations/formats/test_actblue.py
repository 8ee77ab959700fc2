"""ActBlue's exports of contributions and refunds, from a file and from the API."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from connectors.donations.actblue_api import fetch_export
from connectors.donations.formats.actblue import read_actblue
from connectors.donations.source import SetAside
from connectors.errors import SourceRefused, SourceUnavailable, SourceUnreadable
from connectors.records import Donation
from tests.connectors.donations.given import a_file, a_source, key_of

HEADER = (
    "Receipt ID,Lineitem ID,Date,Amount,Recurrence Number,Recurring Total Months,Refund Date,Fec ID,Mobile,"
    "Donor First Name,Donor Last Name,Donor Addr1,Donor State,Donor ZIP,Donor Employer,Donor Email,Comments\n"
)
GIFT = "AB1,901,2020-09-29 21:05:09,$25.00,1,1,,C1,true,Jane,Doe,1 Elm St,NY,10001,Acme,jane@example.org,Go!\n"


def items(rows: str, name: str = "paid.csv", header: str = HEADER, **said: object) -> list[Donation]:
    read = read_actblue(a_file(header + rows, name), a_source(format="actblue", **said), key_of)
    assert read.set_aside == []
    return [row for row in read.records if isinstance(row, Donation)]


def test_a_gift_by_the_second_under_its_line_item() -> None:
    [gift] = items(GIFT)
    assert (gift.donation_id, gift.occurred_at, gift.amount) == (
        "901",
        datetime(2020, 9, 30, 1, 5, 9, tzinfo=UTC),
        Decimal("25.00"),
    )
    assert (gift.gift_kind, gift.channel, gift.territory, gift.donor_key) == ("one_off", "mobile", "NY", "key-of-16")


@pytest.mark.parametrize(
    ("recurrence", "kind"),
    [
        ("1,1", "one_off"),
        ("1,12", "first_recurring"),
        ("2,12", "recurring"),
        ("1,unlimited", "first_recurring"),
        (",", "one_off"),
    ],
)
def test_a_recurring_charge_is_no_first_gift(recurrence: str, kind: str) -> None:
    [gift] = items(GIFT.replace(",1,1,,", f",{recurrence},,"))
    assert gift.gift_kind == kind


def test_american_dates_are_read() -> None:
    [gift] = items(GIFT.replace("2020-09-29 21:05:09", "9/29/2020 21:05"))
    assert gift.occurred_at == datetime(2020, 9, 30, 1, 5, tzinfo=UTC)


def test_a_gift_that_went_back_says_when() -> None:
    gift, other = items(GIFT.replace(",,C1,", ",2020-10-02 10:00:00,C1,") + GIFT.replace("901", "902"))
    assert (gift.amount, gift.refunded_at) == (Decimal("25.00"), datetime(2020, 10, 2, 14, tzinfo=UTC))
    assert other.refunded_at is None


def test_the_export_of_refunds_gives_rows_below_zero_at_the_time_of_the_refund() -> None:
    [refund] = items(GIFT.replace(",,C1,", ",2020-10-02 10:00:00,C1,"), "refunded_contributions.csv")
    assert (refund.donation_id, refund.amount, refund.occurred_on, refund.flags) == (
        "901/refund",
        Decimal("-25.00"),
        date(2020, 10, 2),
        ("refund",),
    )


def test_a_comment_over_two_lines_belongs_to_its_gift() -> None:
    assert [gift.line_number for gift in items(GIFT.replace("Go!", '"Go,\nJoe!"') + GIFT)] == [2, 4]


def test_the_recipients_committee_tells_the_candidate() -> None:
    committees = {"C1": "biden"}
    assert [gift.candidate_id for gift in items(GIFT, committees=committees, candidate_id=None)] == ["biden"]
    read = read_actblue(
        a_file(HEADER + GIFT.replace(",C1,", ",C9,")),
        a_source(format="actblue", committees=committees, candidate_id=None),
        key_of,
    )
    assert read.set_aside == [SetAside(2, "the committee is no candidate's of this campaign")]


def test_an_export_without_a_declared_zone_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="Mend"):
        items(GIFT, timezone=None)


class _ActBlue(BaseHTTPRequestHandler):
    asks = 0
    status = 200

    def do_POST(self) -> None:
        wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert wish == {
            "csv_type": "paid_contributions",
            "date_range_start": "2020-09-29",
            "date_range_end": "2020-09-30",
        }
        self._answer(json.dumps({"id": "e1"}))

    def do_GET(self) -> None:
        if self.path == "/download":
            assert "Authorization" not in self.headers
            self._answer(HEADER + GIFT)
            return
        type(self).asks += 1
        ready = f"http://127.0.0.1:{self.server.server_port}/download"  # type: ignore[attr-defined]
        self._answer(json.dumps({"download_url": ready if self.asks > 1 else None}))

    def _answer(self, body: str) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def actblue() -> Iterator[type[_ActBlue]]:
    handler = type("Handler", (_ActBlue,), {"asks": 0})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(actblue: type[_ActBlue], pauses: list[float]) -> bytes:
    return fetch_export(
        "paid_contributions",
        date(2020, 9, 29),
        date(2020, 9, 30),
        credentials=("id", "secret"),
        pause=pauses.append,
        api_url=actblue.url,  # type: ignore[attr-defined]
    )


def test_the_api_is_asked_until_the_export_is_ready(actblue: type[_ActBlue]) -> None:
    pauses: list[float] = []
    assert fetched(actblue, pauses) == (HEADER + GIFT).encode()
    assert pauses == [5.0]


@pytest.mark.parametrize(("status", "error"), [(401, SourceRefused), (503, SourceUnavailable)])
def test_an_answer_that_is_no_success_is_sorted_by_what_to_do(
    actblue: type[_ActBlue], status: int, error: type[Exception]
) -> None:
    actblue.status = status
    with pytest.raises(error):
        fetched(actblue, [])


def test_a_postal_code_stands_for_the_state_only_where_the_campaign_declares_it() -> None:
    header = "Lineitem ID,Date,Amount,Donor State,Donor ZIP\n"
    rows = header + "1,2020-10-01 10:00:00,5,NY,10001-1234\n2,2020-10-01 10:00:00,6,NY,10002\n"
    read = read_actblue(a_file(rows), a_source(format="actblue", territories=frozenset({"10001"})), key_of)
    assert [gift.territory for gift in read.records] == ["10001", "NY"]  # type: ignore[union-attr]
