"""What a command was given, checked before anything is touched."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from connectors.campaign.folder import find_campaign, read_campaign
from connectors.campaign.models import Campaign
from flows.faults import UsageFault
from flows.settings import Settings

CAMPAIGNS = Path("campaigns")  # CAMPAIGN may be an id under it


def settings_for(home: Path | None) -> Settings:
    """The settings of this machine, with the home that the command line names.

    Raises:
        UsageFault: a variable has a value that cannot be, or the home is a file.
    """
    try:
        settings = Settings() if home is None else Settings(home=home)
    except ValidationError as error:
        raise UsageFault("\n".join(_wrong_settings(error))) from None
    if settings.home.exists() and not settings.home.is_dir():
        raise UsageFault(f"{settings.home}: the home is a file, not a folder. Mend: name a folder with --home")
    return settings


def _wrong_settings(error: ValidationError) -> list[str]:
    # Our own words: pydantic's would print the value, which may be a secret.
    return [
        f"AFTERDEBATE_{str(fault['loc'][0]).upper()}: {fault['msg']}. Mend: correct it in the environment or in .env"
        for fault in error.errors(include_input=False)
    ]


def campaign_named(name: str) -> Campaign:
    """The campaign, its whole folder found right.

    Raises:
        CampaignFault: there is no such campaign, or its folder has faults.
    """
    return read_campaign(find_campaign(name, CAMPAIGNS))


def refuse_empty(home: Path) -> None:
    """Pass where something has landed.

    Raises:
        UsageFault: nothing has landed in this home.
    """
    if not (home / "landing").is_dir():
        raise UsageFault(
            f"{home}: nothing has landed here. Mend: `afterdebate run CAMPAIGN` first, or name another home with --home"
        )


def instant_named(text: str) -> datetime:
    """The instant that the command line names, in UTC.

    Raises:
        UsageFault: it is no instant: a date alone, a time without a zone, or something else.
    """
    mend = "Mend: as in 2020-10-08T12:00Z or 2020-10-08T08:00-04:00"
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageFault(f"{text!r} is no instant. {mend}") from None
    if instant.tzinfo is None:
        raise UsageFault(f"{text!r} says no zone, so it is no instant. {mend}")
    return instant.astimezone(UTC)
