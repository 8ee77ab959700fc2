"""The columns of `claims`, which every judge of a claim fills."""

from dataclasses import dataclass
from typing import Literal

ClaimVerdict = Literal["supports", "contradicts", "insufficient"]
NOT_MEASURABLE = "not_measurable"  # how the reason begins where no source of the campaign can show the claim


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """The columns of `claims`."""

    claim_id: str
    claim: str
    statistic: str
    verdict: ClaimVerdict
    reason: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: float | None = None
