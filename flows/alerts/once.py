"""Look at a home once and alert people of what they must know; called at the end of every step."""

import sqlite3
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from connectors.errors import SourceError
from connectors.fence import fenced
from flows.alerts.facts import read_facts
from flows.alerts.log import note_in_log
from flows.alerts.memory import claim_alerts, give_back
from flows.alerts.rules import Alert, alerts_for
from flows.alerts.send import channels_of, send_to_all
from flows.collected import Tell
from flows.faults import said_of_disk
from flows.health.read import read_health
from flows.settings import Settings


def alert_once(settings: Settings, now: datetime, *, tell: Tell) -> list[Alert]:
    """The alerts that were due and went out or into the log; what goes wrong here is said, and fails no step."""
    try:
        with fenced("alerts", tell, passing=(OSError, sqlite3.Error)):
            return _alert(settings, now, tell)
    except (OSError, sqlite3.Error) as error:
        # Not in their own words: those of a connection may name its address, which is a secret.
        tell(f"warning: nobody could be alerted: {said_of_disk(error) or type(error).__name__}")
        return []
    except SourceError as error:
        tell(f"warning: nobody could be alerted: {error}")
        return []


def _alert(settings: Settings, now: datetime, tell: Tell) -> list[Alert]:
    home = settings.home
    health = read_health(home, now)
    due = claim_alerts(home, alerts_for(health, read_facts(settings, health)), now)
    for alert in due:
        note_in_log(home, now, alert.kind, campaign=alert.campaign_id, subject=alert.subject)
    channels = channels_of(settings.alerts)
    for campaign_id, alerts in _by_campaign(due).items() if channels else ():
        title, body = message(campaign_id, alerts, page_of(settings, campaign_id))
        faults = send_to_all(channels, title, body)
        for fault in faults:
            tell(f"warning: {fault}")
            note_in_log(home, now, "alert.unsent", channel=fault.partition(" of ")[0])
        if len(faults) == len(channels):
            give_back(home, alerts)
    return due


def message(campaign_id: str | None, alerts: list[Alert], page: str) -> tuple[str, str]:
    """Subject and text of one message."""
    kinds = ", ".join(dict.fromkeys(alert.kind for alert in alerts))
    where = f" {campaign_id}" if campaign_id else ""
    return f"afterdebate{where}: {kinds}", "\n".join([*(alert.text for alert in alerts), page])


def page_of(settings: Settings, campaign_id: str | None) -> str:
    """Where more is to be read: under the address that the operator serves the pages at, else the file."""
    name = f"{campaign_id}/index.html" if campaign_id else ""
    if settings.pages_url:
        return f"{settings.pages_url.rstrip('/')}/{name}"
    return (Path(settings.home).resolve() / "reports" / name).as_uri()


def _by_campaign(alerts: list[Alert]) -> dict[str | None, list[Alert]]:
    found: dict[str | None, list[Alert]] = defaultdict(list)
    for alert in alerts:
        found[alert.campaign_id].append(alert)
    return found
