"""A campaign folder to fill in: the smallest that `check` accepts, with a comment at each choice."""

from pathlib import Path
from string import Template

from connectors.campaign_words import check_id
from flows.command_inputs import CAMPAIGNS
from flows.faults import UsageFault

_CAMPAIGN = Template("""\
id = "$campaign_id"
title = "$campaign_id"               # as it stands on pages
timezone = "Europe/Paris"            # IANA; local days, and event times without an offset
currency = "EUR"
start = 2027-01-01                   # the season, local days, both included
end = 2027-05-08
retention_days = 30                  # of texts of posts that are not a candidate's own

[[candidates]]
id = "dupont"                        # plain and lasting: it is part of every key
name = "Jeanne Dupont"
aliases = ["Jeanne Dupont", "Dupont"]  # how people write about her: whole words, accents and case folded
exclude = ["Pierre Dupont"]          # phrases that are someone else
# accounts = { x = ["jdupont"] }     # her own; a handle is an alias as well
# x_query = "..."                    # instead of the query made of the aliases

[[candidates]]
id = "martin"
name = "Paul Martin"

# [[feeds]]                          # one table a feed
# url = "https://example.org/feed/"
# source_kind = "blog"               # blog, press, party, network
# scope = "national"                 # national, local
# territory = "FR-91"                # of a local one
# timezone = "Europe/Paris"          # for dates that carry no zone

# [x]                                # needs AFTERDEBATE_X_BEARER_TOKEN
# budget_usd = 20.0                  # per calendar month in UTC; a hard stop
# posts_per_event = 0                # 0: counts only

# [[donations]]                      # one table a series of files
# id = "gifts"
# format = "generic"                 # generic, actblue, fec-schedule-a, helloasso, totals, cumulative
# path = "donations/*.csv"           # relative to this folder
# candidate = "dupont"               # where a row does not say; "ALL": no single candidate
# precision = "instant"              # instant, minute, hour, day; interval for totals and tickers
# timezone = "Europe/Paris"          # for times without an offset
""")

# The columns are the contract's; the one row is an example to overwrite.
_EVENTS = """\
event_id,event_kind,title,starts_at,ends_at,timezone,channels,participants,audience_millions,scope,territory,held,source_url
debate-1,debate,First televised debate,2027-04-01T21:00,2027-04-01T23:00,,TF1|France 2,dupont|martin,,national,,true,
"""


def write_new_campaign(campaign_id: str, root: Path = CAMPAIGNS) -> Path:
    """The folder that was written.

    Raises:
        UsageFault: the id cannot be one, or the folder is there.
    """
    try:
        check_id(campaign_id)
    except ValueError as error:
        raise UsageFault(f"{campaign_id!r}: {error}. Mend: choose a plain id, as fr-2027") from error
    folder = root / campaign_id
    if folder.exists():
        raise UsageFault(f"{folder}: is there already, and nothing was changed. Mend: choose another id")
    folder.mkdir(parents=True)
    (folder / "campaign.toml").write_text(_CAMPAIGN.substitute(campaign_id=campaign_id), encoding="utf-8")
    (folder / "events.csv").write_text(_EVENTS, encoding="utf-8")
    return folder
