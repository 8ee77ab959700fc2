"""What no single value can tell: ids that clash, names that mean two people, paths that lead nowhere."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from connectors.campaign.files import pattern_fault
from connectors.campaign.folding import fold_text
from connectors.campaign.models import ArchiveConfig, SeriesConfig, is_of
from connectors.campaign.poll_checks import check_polls
from connectors.campaign.tables import Tables
from connectors.campaign.toml import Place, TomlFile
from connectors.campaign.values import mend_from
from connectors.errors import Fault

# A metric finer than its data is refused, so a series may not claim a finer time than its layout has.
_PRECISIONS = {"totals": ("interval",), "cumulative": ("interval",), "fec-schedule-a": ("day",)}
# The words that a campaign may name headers for, and those that a file cannot do without.
_WORDS = {
    "generic": (
        *("occurred_at", "amount", "donation_id", "currency", "gift_kind", "refunded_at", "channel", "scope"),
        *("territory", "candidate", "donor"),
    ),
    "totals": ("interval_start_at", "amount", "interval_minutes", "count", "candidate", "currency", "territory"),
    "cumulative": ("observed_at", "total"),
}
_OF_X = ("x-counts-", "x-posts-", "x-own-", "bluesky-", "mastodon-")
_CSV_NEEDS = ("posted_at", "text")
_OF_META = ("crowdtangle", "meta-content-library")


def check_tables(toml: TomlFile, tables: Tables, folder: Path) -> Iterator[Fault]:
    """Every fault between the tables of one file, and between the file and its folder."""
    yield from _check_season(toml)
    yield from _check_roster(toml, tables)
    yield from _check_aliases(toml, tables)
    yield from _check_accounts(toml, tables)
    yield from _check_hands(toml, tables)
    yield from _check_source_ids(toml, tables)
    yield from _check_donations(toml, tables)
    yield from _check_signups(toml, tables)
    yield from _check_archives(toml, tables)
    yield from check_polls(toml, tables)
    yield from _check_paths(toml, tables, folder)


def _check_season(toml: TomlFile) -> Iterator[Fault]:
    start, end = toml.values.get("start"), toml.values.get("end")
    # Exactly a date: a time of day is a date to isinstance, and is refused where the value is read.
    if type(start) is type(end) is date and end < start:
        yield toml.fault(("end",), f"the season ends on {end}, before it starts on {start}", "exchange start and end")


def _check_roster(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    if not toml.values.get("candidates"):
        yield toml.fault(("candidates",), "the roster is empty", "add [[candidates]] with an id and a name for each")
    places = ((("candidates", index, "id"), each.id) for index, each in tables.candidates.items())
    yield from _check_unique(toml, places, "candidate id")


def _check_aliases(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    owner_of: dict[str, tuple[int, Place, str]] = {}
    for index, candidate in tables.candidates.items():
        excluded = {fold_text(phrase) for phrase in candidate.exclude}
        for number, alias in enumerate(candidate.aliases):
            place, folded = ("candidates", index, "aliases", number), fold_text(alias)
            if not folded:
                yield toml.fault(place, f"the alias {alias!r} has no letter or digit", "write a name")
                continue
            if folded in excluded:
                mend = "take it from aliases or from exclude"
                yield toml.fault(place, f"the alias {alias!r} is also under exclude, so it never counts", mend)
            first, first_place, written = owner_of.setdefault(folded, (index, place, alias))
            if first != index:
                other, line = tables.candidates[first].id, toml.line_of(first_place)
                fault = f"the alias {alias!r} of {candidate.id!r} is also {written!r} of {other!r} (line {line})"
                mend = "case and accents do not tell them apart: keep it for one, write the full name for the other"
                yield toml.fault(place, fault, mend)


def _check_hands(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    """What tells a candidate's own posts from those of the staff."""
    for index, candidate in tables.candidates.items():
        at: Place = ("candidates", index)
        if candidate.signature is not None and not fold_text(candidate.signature):
            mend = 'write what ends the posts: signature = "-JB"'
            yield toml.fault((*at, "signature"), f"the signature {candidate.signature!r} has no letter or digit", mend)
        if (candidate.signature or candidate.staff_clients) and not candidate.accounts:
            mend = 'add accounts = { x = ["..."] }, or take it out'
            key = "signature" if candidate.signature else "staff_clients"
            yield toml.fault((*at, key), f"{candidate.id!r} has no account whose posts it could tell apart", mend)


def _check_accounts(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    places = (
        (("candidates", index, "accounts", network, number), f"{network}: {handle.casefold()}")
        for index, candidate in tables.candidates.items()
        for network, handles in candidate.accounts.items()
        for number, handle in enumerate(handles)
    )
    yield from _check_unique(toml, places, "account")


def _check_source_ids(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    ids: list[tuple[Place, str]] = [
        *((("feeds", index, "id"), feed.id) for index, feed in tables.feeds.items()),
        *((("archives", index, "id"), archive.id) for index, archive in tables.archives.items()),
        *((("donations", index, "id"), series.id) for index, series in tables.donations.items()),
        *((("signups", index, "id"), series.id) for index, series in tables.signups.items()),
        *((("polls", index, "id"), polls.id) for index, polls in tables.polls.items()),
    ]
    yield from _check_unique(toml, iter(ids), "source id")
    yield from _check_unique(toml, ((("feeds", i, "url"), feed.url) for i, feed in tables.feeds.items()), "feed URL")
    for place, source_id in ids:
        if source_id.startswith(_OF_X):
            mend = f"choose another id: {', '.join(_OF_X)} begin those of the networks"
            yield toml.fault(place, f"the source id {source_id!r} is taken", mend)


def _check_unique(toml: TomlFile, places: Iterator[tuple[Place, str]], what: str) -> Iterator[Fault]:
    first_of: dict[str, Place] = {}
    for place, value in places:
        first = first_of.setdefault(value, place)
        if first != place:
            fault = f"the {what} {value!r} is also in line {toml.line_of(first)}"
            yield toml.fault(place, fault, "give one of them another, or take it out")


def _check_donations(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    for index, series in tables.donations.items():
        at: Place = ("donations", index)
        allowed = _PRECISIONS.get(series.format, (series.precision,))
        if series.precision not in allowed:
            fault = f"precision {series.precision!r} is not what {series.format!r} files hold"
            yield toml.fault((*at, "precision"), fault, f'write precision = "{allowed[0]}"')
        words = _WORDS.get(series.format, ())
        for word in series.columns:
            if word not in words:
                mend = f"name headers for {', '.join(words)} only" if words else "take columns out: it knows its own"
                yield toml.fault((*at, "columns"), f"{series.format!r} files have no column {word!r} to name", mend)
        if series.api and series.format != "actblue":
            yield toml.fault(
                (*at, "api"), "an API is asked of 'actblue' only", 'take it out, or write format = "actblue"'
            )
        if series.dates != "iso" and not words:
            yield toml.fault((*at, "dates"), f"dates is not for {series.format!r} files", "take it out")
        yield from _check_span(toml, at, series)
        yield from _check_whose(toml, tables, at, series)
    yield from _check_disjoint(toml, tables)


def _check_span(toml: TomlFile, at: Place, source: ArchiveConfig | SeriesConfig) -> Iterator[Fault]:
    if (source.covers_from is None) != (source.covers_to is None):
        yield toml.fault(at, "covers_from and covers_to go together", "declare both days, or neither")
    if source.covers_from and source.covers_to and source.covers_to < source.covers_from:
        fault = f"covers_to, {source.covers_to}, is before covers_from, {source.covers_from}"
        yield toml.fault((*at, "covers_to"), fault, "exchange the two")


def _check_signups(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    for index, series in tables.signups.items():
        at: Place = ("signups", index)
        if series.precision == "interval":
            mend = 'write precision = "day", or "instant" where rows have a time of day'
            yield toml.fault((*at, "precision"), "precision 'interval' is of sums, and sign-ups are rows", mend)
        yield from _check_span(toml, at, series)
        yield from _check_whose(toml, tables, at, series)


def _check_whose(toml: TomlFile, tables: Tables, at: Place, series: SeriesConfig) -> Iterator[Fault]:
    """Whose the rows are, and those of a whole platform or party."""
    roster = [candidate.id for candidate in tables.candidates.values()]
    if series.candidate and roster and series.candidate not in {*roster, "ALL"}:
        mend = mend_from(series.candidate, [*roster, "ALL"])
        yield toml.fault((*at, "candidate"), f"candidate {series.candidate!r} is not on the roster", mend)
    if series.candidates and series.party:
        yield toml.fault((*at, "party"), "candidates and party say the same twice", "keep one of them")
    for number, name in enumerate(series.candidates):
        if roster and name not in roster:
            fault = f"candidates names {name!r}, who is not on the roster"
            yield toml.fault((*at, "candidates", number), fault, mend_from(name, roster))
    if series.party and not any(is_of(series, candidate) for candidate in tables.candidates.values()):
        fault = f"party {series.party!r} is that of no candidate"
        yield toml.fault((*at, "party"), fault, "write the same party in [[candidates]], or name candidates = [...]")


def _check_disjoint(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    if tables.head is None:
        return
    known = {series.id: series.currency or tables.head.currency for series in tables.donations.values()}
    listed: list[tuple[Place, str]] = []
    for index, group in enumerate(tables.head.money.disjoint):
        place: Place = ("money", "disjoint", index)
        listed += [((*place, number), source_id) for number, source_id in enumerate(group)]
        if len(group) == 1 and group[0] in known:
            mend = "name the series that it may be added to, or take the list out"
            yield toml.fault(place, f"disjoint lists {group[0]!r} alone", mend)
        currencies = sorted({known[source_id] for source_id in group if source_id in known})
        if len(currencies) > 1:
            fault = f"disjoint adds series in {' and '.join(currencies)}"
            yield toml.fault(place, fault, "list series of one currency only")
    for place, source_id in listed:
        if source_id not in known:
            mend = mend_from(source_id, known) if known else "name ids of [[donations]]"
            yield toml.fault(place, f"disjoint names {source_id!r}, which is no donation series here", mend)
    # Two sums that share a part would be added up by the next reader.
    yield from _check_unique(toml, iter(listed), "disjoint series")


def _check_archives(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    for index, archive in tables.archives.items():
        place: Place = ("archives", index, "columns")
        written = toml.values["archives"][index].get("columns", {})
        missing = [column for column in _CSV_NEEDS if isinstance(written, dict) and column not in written]
        if archive.format == "csv" and missing:
            mend = 'name the headers: columns = { posted_at = "created", text = "text" }'
            yield toml.fault(place, f"a csv archive needs columns for {' and '.join(missing)}", mend)
        if archive.format != "csv" and archive.columns:
            yield toml.fault(place, "columns are for csv archives only", 'take them out, or write format = "csv"')
        if archive.format.startswith("x-") and archive.dates != "iso":
            mend = "take it out: the others tell their times in one way"
            yield toml.fault(("archives", index, "dates"), "dates is for csv archives only", mend)
        if archive.format in _OF_META and archive.source_kind == "x_archive":
            mend = 'add source_kind = "facebook", or "instagram"'
            yield toml.fault(("archives", index, "format"), f"{archive.format} exports hold no posts of X", mend)
        yield from _check_span(toml, ("archives", index), archive)


def _check_paths(toml: TomlFile, tables: Tables, folder: Path) -> Iterator[Fault]:
    patterns: list[tuple[Place, str]] = [
        *((("archives", index, "path"), archive.path) for index, archive in tables.archives.items()),
        *((("donations", index, "path"), series.path) for index, series in tables.donations.items()),
        *((("signups", index, "path"), series.path) for index, series in tables.signups.items()),
        *((("polls", index, "path"), polls.path) for index, polls in tables.polls.items()),
    ]
    for place, pattern in patterns:
        if wrong := pattern_fault(folder, pattern):
            yield toml.fault(place, *wrong)
    listed = tables.head.feeds_from if tables.head else None
    if listed and not (folder / listed).is_file():
        yield toml.fault(("feeds_from",), f"there is no file {listed!r}", "mend the path, relative to the folder")
