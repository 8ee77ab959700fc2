"""The contract's own CSV of sign-ups -> one record a row."""

from collections import Counter
from dataclasses import replace
from typing import cast, get_args

from connectors.donations.cells.columns import (
    Names,
    candidate_of,
    cell,
    find_columns,
    missing_columns,
    read_each,
    unknown_header,
)
from connectors.donations.cells.gifts import id_of, when
from connectors.donations.cells.labels import channel_of, scope_of, territory_of
from connectors.donations.cells.tables import Row, read_table
from connectors.donations.cells.values import ORDERS, BadCell
from connectors.donations.source import DonationFile, DonationSource, DonorKey, ReadDonations
from connectors.records import Signup, SignupKind

_NAMES: Names = {
    "signup_id": ("id",),
    "signed_up_at": ("signed_up_on", "date"),
    "what": ("kind",),
    "event_id": ("event",),
    "channel": (),
    "scope": (),
    "territory": (),
    "candidate": ("candidate_id",),
    "person": (),
}
_NEEDED = ("signed_up_at",)


def read_signups(file: DonationFile, source: DonationSource, donor_key: DonorKey) -> ReadDonations:
    """The sign-ups of one file; whoever signed up leaves this function as a keyed hash only.

    Raises:
        SourceUnreadable: times without an offset, and the source declares no zone.
    """
    table = read_table(file.content)
    columns = find_columns(table, _NAMES, source)
    missing = missing_columns(columns, _NEEDED, source)
    if missing:
        return unknown_header(table, missing, source)
    layouts = ORDERS[source.dates]
    sha256 = file.sha256
    repeats: Counter[str] = Counter()

    def read_signup(row: Row) -> Signup:
        signed_up_at, signed_up_on = when(cell(row, columns, "signed_up_at"), source, layouts)
        event, person = cell(row, columns, "event_id"), cell(row, columns, "person")
        signup = Signup(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=sha256,
            line_number=row.line_number,
            signup_id=id_of(cell(row, columns, "signup_id"), donor_key),
            candidate_id=candidate_of(cell(row, columns, "candidate"), source),
            signed_up_at=signed_up_at,
            signed_up_on=signed_up_on,
            precision=source.precision,
            what=what_of(cell(row, columns, "what")),
            event_id=(event if event in source.events else id_of(event, donor_key)) or None,
            channel=channel_of(cell(row, columns, "channel"), source.channels),
            scope=scope_of(cell(row, columns, "scope")),
            territory=territory_of(cell(row, columns, "territory"), source.territories),
            person_key=donor_key(person) if person else None,
            known_at=file.known_at,
        )
        return _with_id(signup, donor_key, repeats)

    return read_each(table, read_signup)


def what_of(text: str) -> SignupKind:
    """What a row says that was signed up for; a row that does not say is of another kind.

    Raises:
        BadCell: the word is none of ours.
    """
    what = text.strip().lower() or "other"
    if what not in get_args(SignupKind):
        raise BadCell(f"what was signed up for is none of {', '.join(get_args(SignupKind))}")
    return cast("SignupKind", what)


def _with_id(signup: Signup, donor_key: DonorKey, repeats: Counter[str]) -> Signup:
    """The sign-up, with an id made of what it says where its row has none: the same in an overlapping export."""
    if signup.signup_id:
        return signup
    told = (signup.candidate_id, signup.signed_up_at, signup.signed_up_on, signup.what, signup.event_id)
    key = donor_key(f"row|{told}|{signup.channel}|{signup.territory}|{signup.person_key}")[:32]
    repeats[key] += 1
    return replace(signup, signup_id=f"{key}-{repeats[key]}")
