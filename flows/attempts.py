"""What a failure at a source is called in the ledger of attempts: by its class, the same for feeds, X and files."""

from connectors.errors import BudgetExhausted, SourceError, SourceRefused, SourceUnavailable
from connectors.records import Outcome

SILENT = "silent: "  # how the reason of a silent source begins, for people
_OUTCOMES: tuple[tuple[type[SourceError], Outcome], ...] = (
    (BudgetExhausted, "budget_exhausted"),
    (SourceUnavailable, "unavailable"),
    (SourceRefused, "refused"),
)


def outcome_of_failure(error: SourceError) -> Outcome:
    """The outcome of an attempt that ended so; `unreadable` where something came and nobody could make sense of it."""
    return next((outcome for kind, outcome in _OUTCOMES if isinstance(error, kind)), "unreadable")
