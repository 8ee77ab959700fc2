"""One thing that is wrong with a home."""

from dataclasses import dataclass
from typing import Literal

# How it is mended, by `doctor --mend` where it is not "hand".
Way = Literal["hand", "rights", "remove", "state", "build", "rebuild", "backup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong, where, and what mends it."""

    subject: str  # a path in the home, or the home
    fault: str
    mend: str
    way: Way = "hand"
    is_mended: bool = False

    @property
    def sentence(self) -> str:
        """All of it, for a person."""
        return f"{self.subject}: {self.fault}. {'Mended' if self.is_mended else f'Mend: {self.mend}'}"
