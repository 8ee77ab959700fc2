"""What `check` says of a campaign that has no fault: things that are allowed and that people should know."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from connectors.campaign.common_words import COMMON_WORDS
from connectors.campaign.csv_files.territories_csv import territory_notes
from connectors.campaign.files import data_files
from connectors.campaign.folding import fold_text, join_words
from connectors.campaign.models import Campaign, CandidateConfig
from connectors.errors import SourceRefused
from connectors.x.queries import candidate_queries

CENSORED_DAYS = 90  # of a donation source, as the tables flag them
_NOON = 12
_NEEDS_ZONE = ("instant", "minute", "hour")


def campaign_notes(campaign: Campaign) -> list[str]:
    """Sentences for people, each about one thing, in the order of the campaign file."""
    return [
        *_zone_notes(campaign),
        *_alias_notes(campaign),
        *_common_word_notes(campaign),
        *_exclude_notes(campaign),
        *_query_notes(campaign),
        *_source_notes(campaign),
        *_season_notes(campaign),
        *_scope_notes(campaign),
        *_event_notes(campaign),
        *_territory_notes(campaign),
    ]


def _zone_notes(campaign: Campaign) -> Iterator[str]:
    if "/" not in campaign.timezone and campaign.timezone != "UTC":
        yield f"timezone {campaign.timezone!r} may know no summer time; a zone named by a city does"


def _alias_notes(campaign: Campaign) -> Iterator[str]:
    for one, other in permutations(campaign.candidates, 2):
        yield from _notes_between(one, other)
    for candidate in campaign.candidates:
        folded = [fold_text(alias) for alias in candidate.aliases]
        for number, alias in enumerate(candidate.aliases):
            if folded[number] in folded[:number]:
                yield f"{candidate.id}: the alias {alias!r} is there twice, case and accents aside"


def _common_word_notes(campaign: Campaign) -> Iterator[str]:
    for candidate in campaign.candidates:
        for alias in candidate.aliases:
            if fold_text(alias) in COMMON_WORDS:
                yield f"{candidate.id}: the alias {alias!r} is a common word, and finds texts about nobody"


def _season_notes(campaign: Campaign) -> Iterator[str]:
    days = (campaign.end - campaign.start).days + 1
    knows_givers = (series for series in campaign.donations if series.format not in ("totals", "cumulative"))
    if days <= CENSORED_DAYS and any(data_files(campaign.folder, series.path) for series in knows_givers):
        yield (
            f"the season has {days} days: in a source's first {CENSORED_DAYS} days every giver looks new, so "
            "new_donors says nothing here (left_censored) unless files from before the season are imported too"
        )


def _notes_between(one: CandidateConfig, other: CandidateConfig) -> Iterator[str]:
    for short in one.aliases:
        for long in other.aliases:
            inner, outer = fold_text(short), fold_text(long)
            if inner != outer and f" {inner} " in f" {outer} ":
                yield f"{one.id}: the alias {short!r} lies inside {long!r} of {other.id}; the longest match wins"
            if inner < outer and join_words(inner) == join_words(outer):
                yield f"#{join_words(inner)} names both {one.id} ({short!r}) and {other.id} ({long!r})"


def _exclude_notes(campaign: Campaign) -> Iterator[str]:
    for candidate in campaign.candidates:
        aliases = [f" {fold_text(alias)} " for alias in candidate.aliases]
        for phrase in candidate.exclude:
            if not any(alias in f" {fold_text(phrase)} " for alias in aliases):
                yield f"{candidate.id}: exclude {phrase!r} holds none of the aliases, so it changes nothing"


def _query_notes(campaign: Campaign) -> Iterator[str]:
    for candidate in campaign.candidates if campaign.x else ():
        try:
            candidate_queries(candidate)
        except SourceRefused as refused:
            yield f"{candidate.id}: X is not asked about this candidate: {refused}"


def _source_notes(campaign: Campaign) -> Iterator[str]:
    is_on_networks = campaign.x or campaign.bluesky or campaign.mastodon
    if not (campaign.feeds or is_on_networks or campaign.archives or campaign.series or campaign.polls):
        yield "no source is declared: there is nothing to collect, and every metric will say no_data"
    if campaign.x and not campaign.x.budget_usd:
        yield "budget_usd is 0: nothing will be asked of X"
    patterns = [(archive.id, archive.path) for archive in campaign.archives]
    patterns += [(series.id, series.path) for series in (*campaign.series, *campaign.polls)]
    for source_id, pattern in patterns:
        if not data_files(campaign.folder, pattern):
            yield f"{source_id}: no file matches {pattern!r} yet; files dropped there are imported by the next run"
    for series in campaign.series:
        if series.precision in _NEEDS_ZONE and series.timezone is None:
            yield f"{series.id}: no timezone, so a file with a time without an offset will be refused"
        if series.candidate == "ALL" and not (series.candidates or series.party):
            yield (
                f"{series.id}: nobody says whose it is, so every event reaches it, those of other parties too; "
                "candidates = [...] or party says it"
            )


def _scope_notes(campaign: Campaign) -> Iterator[str]:
    for feed in campaign.feeds:
        if feed.scope == "local" and feed.territory is None:
            yield f'{feed.id}: scope = "local" without a territory, so its counts are of no place'
    for event in campaign.events:
        if event.scope == "local" and event.territory is None:
            yield f'event {event.event_id}: scope = "local" without a territory, so it is of no place'


def _territory_notes(campaign: Campaign) -> Iterator[str]:
    places = [(feed.id, feed.territory) for feed in campaign.feeds if feed.territory]
    places += [(f"event {event.event_id}", event.territory) for event in campaign.events if event.territory]
    yield from territory_notes(campaign.territories, places)


def _event_notes(campaign: Campaign) -> Iterator[str]:
    for event in campaign.events:
        if not campaign.start <= event.starts_on <= campaign.end:
            yield f"event {event.event_id}: {event.starts_on} is outside the season {campaign.start} to {campaign.end}"
        if event.event_kind == "debate" and event.starts_at is None:
            yield f"event {event.event_id}: no time, so only the 4320-minute horizon of day data can be asked"
        if event.event_kind == "debate" and not event.participants:
            yield f"event {event.event_id}: no participants, so the effect on every candidate is asked of it"
        if event.event_kind == "debate" and event.starts_at:
            yield from _hour_notes(event.event_id, event.starts_at.astimezone(ZoneInfo(event.timezone)))


def _hour_notes(event_id: str, starts_at: datetime) -> Iterator[str]:
    if starts_at.hour < _NOON:
        evening = f"{starts_at + timedelta(hours=_NOON):%H:%M}"
        asked = f"is {evening} meant, or another zone?"
        yield f"event {event_id}: a debate that starts at {starts_at:%H:%M} local time: {asked}"
