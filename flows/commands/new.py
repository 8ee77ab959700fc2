"""A campaign folder to fill in, written where `afterdebate new` is asked for one."""

from pathlib import Path

from pydantic_core import PydanticCustomError

from connectors.campaign.skeleton import skeleton_files
from flows.faults import UsageFault
from flows.inputs import CAMPAIGNS


def write_new_campaign(campaign_id: str, root: Path = CAMPAIGNS) -> Path:
    """The folder that was written.

    Raises:
        UsageFault: the id cannot be one, or the folder is there.
    """
    try:
        files = skeleton_files(campaign_id)
    except PydanticCustomError as refused:
        mend = refused.context["mend"] if refused.context else "choose a plain id, as fr-2027"
        raise UsageFault(f"{refused}. Mend: {mend}") from None
    folder = root / campaign_id
    if folder.exists():
        raise UsageFault(f"{folder}: is there already, and nothing was changed. Mend: choose another id")
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
