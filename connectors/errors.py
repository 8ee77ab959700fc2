"""What can go wrong at a source, sorted by what the caller should do.

SourceError
├─ SourceUnavailable   try again later: timeout, 5xx, rate limit
├─ SourceRefused       do not try again: bad credentials, gone, forbidden
├─ SourceUnreadable    do not try again: the bytes came, and are not what they should be
├─ BudgetExhausted     stop: the next request could cost more than is left
└─ SourceBroken        look: the work on it raised what nobody foresaw
CampaignFault          the campaign folder is wrong: file, line, fault and mend; nothing was touched
"""

from dataclasses import dataclass
from pathlib import Path


class SourceError(Exception):
    """Something went wrong at one source; the message names it."""


class SourceUnavailable(SourceError):
    """Try again later, not before `retry_after_s` seconds where the source said so."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SourceRefused(SourceError):
    """Do not try again: credentials, gone, forbidden."""


class SourceUnreadable(SourceError):
    """Do not try again: the bytes came, and are not what they should be."""


class BudgetExhausted(SourceError):
    """Stop: the next request could cost more than is left."""


class SourceBroken(SourceError):
    """Look: the work on the source raised what nobody foresaw; the message says the class and the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a campaign folder, and how to mend it."""

    file: Path
    line: int | None
    fault: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.fault}. Mend: {self.mend}"


class CampaignFault(Exception):
    """A campaign folder cannot be used as it is; `faults` holds every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
