"""Whom X is asked about: the words of a candidate, whoever keeps them. X knows no campaign."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Candidate(Protocol):
    """What a query takes from a candidate; whoever has these words may be asked for."""

    @property
    def aliases(self) -> Sequence[str]:
        """The words that name the candidate."""

    @property
    def exclude(self) -> Sequence[str]:
        """Phrases that a post must not have."""

    @property
    def accounts(self) -> Mapping[str, Sequence[str]]:
        """The candidate's own accounts, by platform."""

    @property
    def x_query(self) -> str | None:
        """A query that stands in place of all these words."""
