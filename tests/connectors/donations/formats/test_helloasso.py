"""HelloAsso's payments: the API's JSON and the back office's CSV."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from connectors.donations.formats.helloasso import read_helloasso
from connectors.donations.source import ReadDonations, SetAside
from connectors.errors import SourceUnreadable
from connectors.records import Donation
from tests.connectors.donations.given import a_file, a_source, key_of

PARIS = ZoneInfo("Europe/Paris")
PAYMENT = {
    "id": 7001,
    "amount": 1550,
    "date": "2021-10-05T21:30:15.1234567+02:00",
    "state": "Authorized",
    "paymentMeans": "Card",
    "installmentNumber": 1,
    "payer": {"email": "jeanne@example.fr", "firstName": "Jeanne", "lastName": "Martin", "zipCode": "91000"},
    "items": [{"type": "Donation", "amount": 1550}],
}


def read(content: str) -> ReadDonations:
    return read_helloasso(
        a_file(content), a_source(format="helloasso", timezone=PARIS, campaign_timezone=PARIS, currency="EUR"), key_of
    )


def payments(*changes: Mapping[str, object]) -> ReadDonations:
    return read(json.dumps({"data": [{**PAYMENT, **change} for change in changes], "pagination": {"pageIndex": 1}}))


def test_cents_and_offsets_become_euros_and_utc() -> None:
    [gift] = payments({}).records
    assert isinstance(gift, Donation)
    assert (gift.donation_id, gift.amount, gift.currency, gift.channel) == ("7001", Decimal("15.50"), "EUR", "card")
    assert gift.occurred_at == datetime(2021, 10, 5, 19, 30, 15, 123456, tzinfo=UTC)


def test_a_payment_that_brought_no_money_is_set_aside() -> None:
    assert payments({}, {"state": "Refused"}).set_aside == [
        SetAside(2, "the payment was not received: refused, cancelled or waiting")
    ]


def test_monthly_gifts_recur_after_their_first() -> None:
    monthly = {"items": [{"type": "MonthlyDonation"}]}
    kinds = [
        g.gift_kind for g in payments(monthly, monthly | {"installmentNumber": 3}).records if isinstance(g, Donation)
    ]
    assert kinds == ["first_recurring", "recurring"]


def test_a_refund_says_when() -> None:
    refund = {
        "state": "Refunded",
        "refundOperations": [{"amount": 1550, "meta": {"createdAt": "2021-10-07T10:00:00Z"}}],
    }
    [gift] = payments(refund).records
    assert isinstance(gift, Donation)
    assert gift.refunded_at == datetime(2021, 10, 7, 10, tzinfo=UTC)


def test_the_back_office_writes_french_columns_and_decimal_commas() -> None:
    header = "Référence paiement;Date du paiement;Statut du paiement;Montant total;Email payeur;Nom payeur\n"
    [gift] = read(header + "7001;05/10/2021 21:30;Validé;15,50;jeanne@example.fr;Martin\n").records
    assert isinstance(gift, Donation)
    assert (gift.donation_id, gift.amount, gift.occurred_at) == (
        "7001",
        Decimal("15.50"),
        datetime(2021, 10, 5, 19, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("content", ['{"data": [{"id": 1', '{"message": "Unauthorized"}', "[1]"])
def test_json_that_holds_no_payments_is_unreadable(content: str) -> None:
    with pytest.raises(SourceUnreadable):
        read(content)
