"""The one place where errors that are not ours are made safe to repeat.

DuckDB, Arrow, csv and json put into their messages what they could not read: a line of a donation file, a cell, a path
of the system. A message of ours goes to the screen, logs, the ledger and the published tables, so of a foreign error
only its kind is repeated; of an error of the operating system also the reason, which is the system's own sentence.
"""

import os

from connectors.errors import CampaignFault, SourceError

_OURS = (SourceError, CampaignFault)


def safely_told(error: BaseException) -> str:
    """What may be repeated of an error: all of one of ours, the reason of the system's, the kind of any other."""
    if isinstance(error, _OURS):
        return str(error)
    # Arrow hands on the database's text, a whole line of the file, as an OSError that has no number.
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return os.strerror(error.errno)
    return type(error).__name__
