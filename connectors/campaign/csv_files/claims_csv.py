"""Reads `claims.csv`: claims of the campaign's own, said before they are judged by the rules of the founding ones."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connectors.campaign.csv_files.csv_rows import read_rows
from connectors.campaign.values import Id, Text, mend_from, refusal
from connectors.errors import Fault
from connectors.records import EventKind

ClaimStatistic = Literal["mentions", "gifts", "amount", "new_donors", "divide"]
ClaimDirection = Literal["up", "down", "none"]


def _check_claim_id(value: Any) -> Any:
    if isinstance(value, str) and not value[:1].isalpha():
        raise refusal(f"{value!r} could be a founding claim, which numbers stand for", "begin it with a letter: c1")
    return value


class OwnClaim(BaseModel):
    """One claim as it is written; an empty cell is a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claim_id: Annotated[Id, BeforeValidator(_check_claim_id)]
    claim: Text
    statistic: ClaimStatistic
    candidate: Text | None = None  # none: whoever is known best; ALL: a whole platform or party
    kind: EventKind = "debate"  # of the events; a divide has none
    horizon: int = 1440  # minutes from an event's start
    direction: ClaimDirection = "up"
    source: Text | None = None  # of gifts the source id, of mentions the kind of source; none: what is known best


COLUMNS = tuple(OwnClaim.model_fields)
REQUIRED = COLUMNS[:3]
HEADER = ",".join(COLUMNS)
_EXAMPLES = {
    "claim_id": "c1",
    "claim": "Rallies bring new donors",
    "statistic": "new_donors",
    "kind": "rally",
    "horizon": "4320",
    "direction": "up",
}


class ReadClaims(NamedTuple):
    """The claims that could be read, and what is wrong with the others."""

    claims: list[OwnClaim]
    faults: list[Fault]


def read_claims(
    path: Path, text: str, *, roster: Collection[str], sources: Collection[str], horizons: Collection[int]
) -> ReadClaims:
    """The claims of the file; an empty roster is not known."""
    read = read_rows(path, text, OwnClaim, required=REQUIRED, examples=_EXAMPLES)
    faults = [*read.faults]
    line_of: dict[str, int] = {}
    for line, claim in read.rows:
        if (first := line_of.setdefault(claim.claim_id, line)) != line:
            fault = f"claim_id {claim.claim_id!r} is also in line {first}"
            faults.append(Fault(file=path, line=line, fault=fault, mend="give each claim an id of its own"))
        faults += [
            Fault(file=path, line=line, fault=fault, mend=mend)
            for fault, mend in _faults_of(claim, roster, sources, horizons)
        ]
    return ReadClaims([numbered.row for numbered in read.rows], faults)


def _faults_of(
    claim: OwnClaim, roster: Collection[str], sources: Collection[str], horizons: Collection[int]
) -> Iterator[tuple[str, str]]:
    if roster and claim.candidate not in (None, "ALL", *roster):
        yield f"candidate {claim.candidate!r} is not on the roster", f"{mend_from(str(claim.candidate), roster)}"
    if claim.statistic != "mentions" and claim.source is not None and claim.source not in sources:
        yield f"source {claim.source!r} is no [[donations]] id", mend_from(claim.source, sources)
    if claim.statistic != "divide" and claim.horizon not in horizons:
        known = ", ".join(map(str, sorted(horizons)))
        yield f"horizon {claim.horizon} is none that is estimated", f"write one of {known}, in minutes"
    if claim.kind == "deadline":
        yield "no effect is estimated of a deadline", "write another kind of event"


def rows_of(claims: Collection[OwnClaim]) -> list[dict[str, Any]]:
    """The claims as plain values, in the order of their ids: what is hashed and landed."""
    return [claim.model_dump(mode="json") for claim in sorted(claims, key=lambda one: one.claim_id)]
