"""Faults that say in one sentence what is wrong and what mends it: in a run's log they stand without a traceback."""

import logging

from connectors.errors import SourceError
from flows.faults import UsageFault
from warehouse.store import DiskFault, StoreBroken, StoreBusy

_SAID = (DiskFault, StoreBroken, StoreBusy, SourceError, UsageFault)


class OneSentence(logging.Filter):
    """Lets every record pass, and takes the traceback from those of faults that have their words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True; the record is changed."""
        if record.exc_info and isinstance(record.exc_info[1], _SAID):
            record.exc_info = None
        return True


def say_in_one_sentence() -> None:
    """From now on the logs of flow runs and task runs do so in this process; a second call changes nothing."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logger = logging.getLogger(name)
        if not any(isinstance(kept, OneSentence) for kept in logger.filters):
            logger.addFilter(OneSentence())
