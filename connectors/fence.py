"""The one fence round the work on one source: what nobody foresaw is that source's failure, and the others go on.

A hostile feed, a torn file or our own mistake must not cost the other sources of a run their rows. So the edge of
each source's work is fenced, once, and nothing inside it. The errors that a connector names pass as they are; any
other becomes a `SourceBroken`, which the edge keeps as it keeps every failure. It stays visible: the run fails, and
the places that it came from are told.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.disk import is_of_the_disk
from connectors.errors import CampaignFault, SourceBroken, SourceError
from connectors.foreign_errors import kind_and_place

_PLACES_TOLD = 8


@contextmanager
def fenced(source: str, tell: Callable[[str], object], *, passing: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Within, whatever is raised comes out as an error of ours; `passing` are more classes that come out as they are.

    What the disk is at fault for comes out as it is: no source broke, and the next one would meet it too.

    Raises:
        SourceBroken: something was raised that nobody foresaw; `tell` was told where.
    """
    try:
        yield
    except (SourceError, CampaignFault):
        raise
    except Exception as error:
        if isinstance(error, passing) or is_of_the_disk(error):
            raise
        tell(f"warning: {source}: {type(error).__name__}, raised by way of\n{_places(error)}")
        # Without the error itself and its words: they may quote a cell of a donor's row, or a secret.
        raise SourceBroken(
            f"{source}: {kind_and_place(error, but=__file__)}. Mend: report it with the lines in the log"
        ) from None


def _places(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES_TOLD:]
    return "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
