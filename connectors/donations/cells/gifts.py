"""What a row says of its gift: when, of what kind, under which id and labels."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast, get_args

from connectors.donations.cells.labels import is_plain_id
from connectors.donations.cells.values import ISO, BadCell, floor_to, parse_day, parse_instant
from connectors.donations.source import DonationSource, DonorKey
from connectors.records import Donation, GiftKind


def when(time_cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> tuple[datetime | None, date]:
    """The instant (None where the source knows days only) and the local day of a gift."""
    if source.precision == "day":
        return None, parse_day(time_cell, source, layouts)
    occurred_at = floor_to(parse_instant(time_cell, source, layouts), source)
    return occurred_at, occurred_at.astimezone(source.campaign_timezone).date()


def refund_time(time_cell: str, source: DonationSource, layouts: tuple[str, ...] = ISO) -> datetime:
    """When a gift went back; a day alone is its first moment in the campaign's zone."""
    try:
        return parse_instant(time_cell, source, layouts)
    except BadCell:
        day = parse_day(time_cell, source, layouts)
        return datetime(day.year, day.month, day.day, tzinfo=source.campaign_timezone).astimezone(UTC)


def gift_kind_of(text: str) -> GiftKind:
    """The kind that a row says; a row that does not say is one-off."""
    kind = text.strip().lower().replace("-", "_").replace(" ", "_") or "one_off"
    if kind not in get_args(GiftKind):
        raise BadCell(f"the gift kind is none of {', '.join(get_args(GiftKind))}")
    return cast("GiftKind", kind)


def id_of(text: str, donor_key: DonorKey) -> str:
    """A platform's id as it stands, or as a keyed hash where it could be a name; empty where there is none."""
    return text if not text or is_plain_id(text) else donor_key(f"id|{text}")[:32]


def with_id(gift: Donation, donor_key: DonorKey, repeats: Counter[str]) -> Donation:
    """The gift, with an id made of what it says where its row has none.

    The same gift in an overlapping export gets the same id, also where that writes other columns, dates or decimal
    signs. Keyed, because what it says could be guessed. Equal rows of one file are made distinct by their count.
    """
    if gift.donation_id:
        return gift
    fields = (gift.candidate_id, gift.occurred_at, gift.occurred_on, gift.amount, gift.currency, gift.gift_kind)
    key = donor_key(f"row|{fields}|{gift.channel}|{gift.territory}|{gift.donor_key}")[:32]
    repeats[key] += 1
    return replace(gift, donation_id=f"{key}-{repeats[key]}")
