"""Erases a giver: his gifts leave every file and table, and stay out whatever is imported later."""

import re
import time
from datetime import datetime
from typing import NamedTuple

from connectors.records import Erasure
from flows.build_warehouse import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.keys import donor_secret, keyed_hash
from flows.settings import Settings
from warehouse.bulk import KEY_DIGITS
from warehouse.erasing import erase_landed, erase_stored
from warehouse.landing import land, read_landed

_TABLE = "donations"
_COLUMN = "donor_key"


class DonorErased(NamedTuple):
    """What an erasure did, and how long it took."""

    rows: int
    files: int
    seconds: float


def erase_donor_once(settings: Settings, now: datetime, donor: str, *, tell: Tell = say_nothing) -> DonorErased:
    """Erase one giver from every campaign of the home, named as a file names him or by his key; then publish anew.

    An FEC giver is named by last name, first name and the first five digits of the ZIP code.
    """
    started = time.monotonic()
    keys = donor_keys(settings, donor, tell)
    tell("rewriting what landed")
    erased = erase_landed(settings.home, _TABLE, _COLUMN, keys)
    erase_stored(settings.home, _TABLE, _COLUMN, keys, erased)
    seconds = round(time.monotonic() - started, 3)
    land(
        settings.home,
        [
            Erasure(
                what=_COLUMN, erased_key=key, asked_at=now, rows=erased.rows, files=len(erased.files), seconds=seconds
            )
            for key in sorted(keys)
        ],
    )
    build_warehouse_once(settings.home, now, tell=tell)
    return DonorErased(erased.rows, len(erased.files), round(time.monotonic() - started, 3))


def donor_keys(settings: Settings, donor: str, tell: Tell) -> set[str]:
    """Every key that the giver may have in this home: one for each campaign and way of writing his name."""
    if re.fullmatch(rf"[0-9a-f]{{{KEY_DIGITS}}}", donor):
        return {donor}
    secret = donor_secret(settings, tell)
    plain = re.sub(r"[.,;:'\"()\-/]", "", donor.lower())
    campaigns = {row["campaign_id"] for row in read_landed(settings.home, "campaigns")}
    campaigns |= {row["campaign_id"] for row in read_landed(settings.home, "imported_files")}
    return {keyed_hash(secret, campaign)(name) for campaign in campaigns for name in (donor, plain)}
