"""The contract's own donation CSV."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.donations.formats.generic import read_generic
from connectors.donations.source import ReadDonations, SetAside
from connectors.records import Donation
from flows.people.keys import keyed_hash
from tests.connectors.donations.given import NOON, a_file, a_source, key_of

HEADER = "donation_id,occurred_at,amount,currency,gift_kind,refunded_at,channel,scope,territory,candidate,donor\n"


def gifts(rows: str, **said: object) -> list[Donation]:
    read = read_generic(a_file(HEADER + rows), a_source(**said), key_of)
    assert read.set_aside == []
    return [row for row in read.records if isinstance(row, Donation)]


def test_a_gift_is_read_whole_and_its_giver_leaves_as_a_key() -> None:
    row = "d1,2020-09-29 21:05:09,25.00,usd,recurring,2020-10-02,web,local,NY,trump,jane@example.org\n"
    file = a_file(HEADER + row)
    assert read_generic(file, a_source(), key_of).records == [
        Donation(
            campaign_id="us-2020",
            source_id="gifts",
            file_sha256=file.sha256,
            line_number=2,
            donation_id="d1",
            candidate_id="trump",
            occurred_at=datetime(2020, 9, 30, 1, 5, 9, tzinfo=UTC),
            occurred_on=date(2020, 9, 29),
            precision="instant",
            amount=Decimal("25.00"),
            currency="USD",
            gift_kind="recurring",
            is_memo=False,
            refunded_at=datetime(2020, 10, 2, 4, tzinfo=UTC),
            channel="web",
            scope="local",
            territory="NY",
            donor_key="key-of-16",
            flags=(),
            version=0,
            known_at=NOON,
        )
    ]


def test_a_gift_of_a_day_has_no_instant() -> None:
    [gift] = gifts("d1,2020-09-29,25.00,,,,,,,,\n", precision="day", timezone=None)
    assert (gift.occurred_at, gift.occurred_on, gift.gift_kind) == (None, date(2020, 9, 29), "one_off")


def test_a_row_without_an_id_gets_the_same_one_in_every_export() -> None:
    one, two = "2020-09-29 21:05,25.00,,,,,,,,jane\n", "2020-09-29 21:06,5.00,,,,,,,,joe\n"
    first = [gift.donation_id for gift in gifts(f",{one},{one},{two}".replace("\n,", "\n,"))]
    second = [gift.donation_id for gift in gifts(f",{two},{one}")]
    assert len(set(first)) == 3
    assert set(second) < set(first)


def test_columns_may_stand_in_any_order() -> None:
    read = read_generic(a_file("donor,amount,occurred_at\njane,5,2020-09-29 21:05\n"), a_source(), key_of)
    assert [gift.donor_key for gift in read.records if isinstance(gift, Donation)] == ["key-of-4"]


def test_a_kind_that_nobody_knows_is_set_aside_and_not_quoted() -> None:
    read = read_generic(a_file(HEADER + "d1,2020-09-29 21:05,5,,Jane Doe,,,,,,\n"), a_source(), key_of)
    assert read.set_aside == [SetAside(2, "the gift kind is none of one_off, first_recurring, recurring")]


def test_an_e_mail_address_is_nobodys_label() -> None:
    [gift] = gifts("jane@example.org,2020-09-29 21:05,5,,,,jane@example.org,,,,\n")
    assert (gift.channel, "@" in gift.donation_id) == (None, False)


@pytest.mark.parametrize("column", ["donation_id", "channel", "scope", "territory"])
@pytest.mark.parametrize("name", ["Quillfeather", "Zebediah Quillfeather", "1 Wobblemoor Lane", "Doe"])
def test_a_name_that_slipped_into_another_column_is_not_kept(column: str, name: str) -> None:
    [gift] = read_generic(
        a_file(f"occurred_at,amount,{column}\n2020-09-29 21:05,25,{name}\n"), a_source(), keyed_hash(b"secret", "us")
    ).records
    assert name.lower() not in str(gift).lower()


def test_labels_that_are_codes_and_known_words_are_kept() -> None:
    [gift] = gifts("d1,2020-09-29 21:05,25,,,,Direct Mail,Local,fr-91,,\n")
    assert (gift.donation_id, gift.channel, gift.scope, gift.territory) == ("d1", "direct_mail", "local", "FR-91")


def test_an_id_that_could_be_a_name_is_the_same_hash_in_every_file() -> None:
    both = [gifts("first gift,2020-09-29 21:05,25,,,,,,,,\n") for _ in range(2)]
    assert both[0][0].donation_id == both[1][0].donation_id != "first gift"


def test_a_currency_is_a_code_and_no_name() -> None:
    found = read_generic(a_file("occurred_at,amount,currency\n2020-09-29 21:05,25,Quillfeather\n"), a_source(), key_of)
    reason = "the currency is no code of three letters that ISO 4217 knows"
    assert found == ReadDonations([], [SetAside(2, reason)])


def test_an_empty_file_is_called_empty() -> None:
    assert read_generic(a_file(""), a_source(), key_of) == ReadDonations([], [SetAside(1, "the file is empty")])


def test_a_postal_code_is_kept_only_where_the_campaign_declares_it_as_a_territory() -> None:
    rows = "occurred_at,amount,territory\n2020-10-01T10:00,5,10001\n2020-10-01T10:00,6,10002\n"
    declared = a_source(territories=frozenset({"10001"}))
    assert [gift.territory for gift in read_generic(a_file(rows), declared, key_of).records] == ["10001", None]  # type: ignore[union-attr]
