"""Whether a data file of a campaign was dropped or changed, and may be read: looked at without reading any."""

from datetime import datetime
from pathlib import Path

from connectors.campaign.models import Campaign
from flows.imports.donation_files import declared_files, settled_files

_Stamp = tuple[str, int, int]


class DropFolders:
    """The files of gifts and polls of one campaign, as they were when somebody asked last."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._seen: set[_Stamp] = set()

    def has_news(self, campaign: Campaign, now: datetime) -> bool:
        """Whether a file is there that nobody saw before, or saw otherwise, and that settled; each is said once."""
        found = [path for config in (*campaign.series, *campaign.polls) for path in declared_files(campaign, config)]
        settled = {_stamp(path) for path in settled_files(found, now, self._settle_s)}
        news = settled - self._seen
        self._seen = settled
        return bool(news)


def _stamp(path: Path) -> _Stamp:
    stat = path.stat()
    return str(path), stat.st_size, stat.st_mtime_ns
