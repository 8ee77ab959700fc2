"""A campaign folder to fill in: its text, with a comment at each choice. It passes `read_campaign` as it is."""

from string import Template

from connectors.campaign.csv_files import claims_csv, territories_csv
from connectors.campaign.csv_files.events_csv import HEADER
from connectors.campaign.models import Campaign
from connectors.campaign.values import check_id

_INVENTED = ("Jeanne Dupont", "Paul Martin")

_CAMPAIGN = Template("""\
# A campaign: one race that is watched. docs/campaigns.md lists every key; `afterdebate check $campaign_id` every fault.
id = "$campaign_id"
title = "$campaign_id"               # as it stands on pages
timezone = "Europe/Paris"            # IANA; local days, and event times without an offset
currency = "EUR"                     # three capital letters
start = 2027-01-01                   # the season, local days, both included
end = 2027-05-08
# language = "fr"                    # of its pages: en, fr
retention_days = 30                  # of texts of posts that are not a candidate's own
# feeds_from = "../feeds.opml"       # a list of feeds that campaigns share

# One table a candidate. These two are invented: overwrite them.
[[candidates]]
id = "dupont"                        # plain and lasting: it is part of every key
name = "Jeanne Dupont"
aliases = ["Jeanne Dupont", "Dupont"]  # how people write about her: whole words; case and accents do not count
exclude = ["Pierre Dupont"]          # phrases that are someone else
# accounts = { x = ["jdupont"] }     # her own; a handle is an alias as well
# party = "..."                      # for `party` of a donation series
# signature = "-JD"                  # ends the posts that she writes herself; unsigned ones are her staff's
# staff_clients = ["Hootsuite"]      # or: apps that only her staff posts by, where the posts name their app
# x_query = "..."                    # asked of X instead of the query made of the aliases

[[candidates]]
id = "martin"
name = "Paul Martin"                 # no aliases: the name is the only one

# [[feeds]]                          # one table a feed
# url = "https://example.org/feed/"
# id = "example-blog"                # else derived from the url
# source_kind = "blog"               # blog, press, party, network
# scope = "national"                 # national, local
# territory = "FR-91"                # of a local one
# timezone = "Europe/Paris"          # for dates that carry no zone

# [x]                                # needs AFTERDEBATE_X_BEARER_TOKEN
# budget_usd = 20.0                  # per calendar month in UTC; a hard stop
# posts_per_event = 0                # 0: counts only
# own_accounts = true                # the candidates' own posts too
# stream = false
# granularity = "minute"             # minute, hour, day

# [bluesky]                          # no account needed, no price; the candidates' own: accounts = { bluesky = [...] }
# stream = true                      # posts that name a candidate, from when the stream is first followed
# own_accounts = true                # the candidates' own posts

# [mastodon]                         # no price; the candidates' own: accounts = { mastodon = ["user@server"] }
# servers = ["mastodon.social"]      # asked for the hashtags made of the aliases
# own_accounts = true

# [[archives]]                       # posts that people already hold
# path = "archive/*.jsonl.gz"        # relative to this folder; make the folder first
# format = "x-v2"                    # x-v2, x-v1, twint, csv, brandwatch, talkwalker, meltwater, crowdtangle,
#                                    # meta-content-library
# source_kind = "x_archive"          # whose posts: of X; facebook, instagram, bluesky, mastodon, threads, tiktok,
#                                    # youtube, telegram, other
# timezone = "Europe/Paris"          # csv whose times carry no offset
# columns = { posted_at = "created", text = "text", author = "user" }   # csv only
# covers_from = 2027-01-01           # the span in which the files hold every post; without it coverage is unknown
# covers_to = 2027-05-08
# sampling = "constant"              # or they hold a steady part of all, nobody knows how large

# [[donations]]                      # one table a series of files
# id = "gifts"
# format = "generic"                 # generic, actblue, fec-schedule-a, helloasso, totals, cumulative
# path = "donations/*.csv"           # relative to this folder; make the folder first
# api = false                        # true, for actblue: its CSV API is asked too
# candidate = "dupont"               # where a row does not say; "ALL": no single candidate
# candidates = ["dupont"]            # whose "ALL" is: events reach it by these; or party = "..."
# precision = "instant"              # instant, minute, hour, day; interval for totals and cumulative
# timezone = "Europe/Paris"          # for times without an offset
# columns = { occurred_at = "Received", amount = "Sum", donor = ["Last Name", "Zip"] }   # a file with other headers
# dates = "month-first"              # iso, month-first, day-first
# currency = "CHF"                   # of rows that name none; else the campaign's
# covers_from = 2027-01-01           # the span that the files cover whole; without it coverage is unknown
# covers_to = 2027-05-08

# [[signups]]                        # one table a series of files on who signed up for what
# id = "signups"
# path = "signups/*.csv"             # columns: docs/campaigns.md
# candidate = "dupont"               # where a row does not say; candidates, party, timezone, columns, dates as above
# precision = "instant"              # instant, minute, hour, day
# covers_from = 2027-01-01           # the span that the files cover whole; without it coverage is unknown
# covers_to = 2027-05-08
# synthetic = false                  # true: made up, and marked so wherever it shows

# [[polls]]                          # polls of support, in files
# id = "polls"
# path = "polls/*.csv"               # relative to this folder; make the folder first
# columns = { pollster = "Institute", starts_on = "From", ends_on = "To", sample = "N", population = "Who" }
# candidate_columns = { dupont = "Dupont", martin = "Martin" }   # or columns with `candidate` and `share`
# unit = "percent"                   # percent, share (0 to 1)
# dates = "day-first"                # iso, month-first, day-first

# [money]
# small_gift_max = 200
# disjoint = [["gifts", "other"]]    # donation series that share no gift: their sum is shown too

# [spec]                             # overrides of the pre-specified analysis
# horizons = [180, 1440, 4320]
""")

# One row to overwrite.
_EVENT = "debate-1,debate,First debate,2027-04-01T21:00,2027-04-01T23:00,,TF1|France 2,dupont|martin,,national,,true,,,"

# As a comment: a file of comments alone says nothing.
_TERRITORIES = f"""\
# Where gifts come from; needed for rates by territory and for the digital divide. Take the # away, and overwrite.
# {territories_csv.HEADER}
# FR-91,Essonne,1301659,0.84,FR-IDF,,https://www.insee.fr/fr/statistiques/
# FR-IDF,Île-de-France,12271794,0.86,,,https://www.insee.fr/fr/statistiques/
"""

_CLAIMS = f"""\
# Claims of your own, judged by the rules of the founding ones. Write them before the events that they are about.
# {claims_csv.HEADER}
# c1,Rallies bring new donors,new_donors,dupont,rally,4320,up,
"""

_README = Template("""\
# $campaign_id

Say here where each fact of `campaign.toml` and `events.csv` comes from, and what is wrong with the data files.

- `events.csv`: times are local to the campaign's zone or carry an offset; a date alone where only the day is known;
  `|` between participants; `held` is false for a debate that was cancelled.
- `territories.csv`: inhabitants and internet access of the places that gifts come from; comments until it is filled in.
- `claims.csv`: claims of your own; comments until it is filled in.
- Data files (gifts, archives) lie in folders beside this file, as `campaign.toml` names them.
""")


def skeleton_files(campaign_id: str) -> dict[str, str]:
    """The files of a campaign folder to fill in, text by name.

    Raises:
        PydanticCustomError: the id cannot be one.
    """
    check_id(campaign_id)
    return {
        "campaign.toml": _CAMPAIGN.substitute(campaign_id=campaign_id),
        "events.csv": f"{HEADER}\n{_EVENT}\n",
        "territories.csv": _TERRITORIES,
        "claims.csv": _CLAIMS,
        "README.md": _README.substitute(campaign_id=campaign_id),
    }


def left_of_template(campaign: Campaign) -> list[str]:
    """What a campaign still has of the invented things that the skeleton begins with, in words."""
    candidates = [candidate.name for candidate in campaign.candidates if candidate.name in _INVENTED]
    first = _EVENT.split(",")
    events = [event.event_id for event in campaign.events if [event.event_id, event.title] == [first[0], first[2]]]
    return [*candidates, *(f"event {event_id}" for event_id in events)] if candidates else []
