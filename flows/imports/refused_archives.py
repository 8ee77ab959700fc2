"""What an import says of an archive's files that were refused whole: one attempt for all of them, and not each time."""

from collections.abc import Sequence

from connectors.campaign.models import ArchiveConfig
from flows.imports.memory import remember_trouble, trouble_of
from flows.imports.run import Import


def land_refused(run: Import, config: ArchiveConfig, reasons: Sequence[str], *, has_read: bool) -> None:
    """Land the attempt that tells of refused files, or that none is any more; none where that was said before.

    `has_read`: another file of the archive was read now, which landed an attempt that went well.
    """
    is_whole = not run.is_named  # every file of the archive was tried, not some that were named
    said = "; ".join(reasons) or None
    before = trouble_of(run.state, run.campaign.id, config.id)
    if said or is_whole or has_read:
        remember_trouble(run.state, run.campaign.id, config.id, said)
    if said and (said != before or has_read):
        run.land([run.attempt(config, "unreadable", said, what="refused")])
    elif not said and before and is_whole and not has_read:
        run.land([run.attempt(config, "not_modified", None, what="well again")])
