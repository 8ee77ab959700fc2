"""The time of a run: it begins at the instant that the caller says, and goes on with the machine's own pace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RunClock:
    """Tells the time of a run that began at `now`."""

    now: datetime
    seconds: Callable[[], float] = time.monotonic
    began_s: float = field(init=False)

    def __post_init__(self) -> None:
        """It begins to run when it is made."""
        object.__setattr__(self, "began_s", self.seconds())

    def instant(self) -> datetime:
        """The exact time: hosts are owed their pauses to the millisecond."""
        return self.now + timedelta(seconds=self.seconds() - self.began_s)

    def whole_second(self) -> datetime:
        """The time in whole seconds since the beginning, never ahead: what records carry."""
        return self.now + timedelta(seconds=int(self.seconds() - self.began_s))
