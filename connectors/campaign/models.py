"""What a campaign folder says, as frozen models: field names are the keys of `campaign.toml`, no others."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from typing_extensions import TypedDict  # pydantic takes the one of `typing` from Python 3.12 on only

from connectors.campaign.csv_files.channels_csv import ChannelConfig
from connectors.campaign.csv_files.claims_csv import OwnClaim
from connectors.campaign.networks import BlueskyConfig, MastodonConfig
from connectors.campaign.values import (
    Count,
    Currency,
    Day,
    Flag,
    Handle,
    Horizons,
    Hours,
    Id,
    Money,
    Part,
    Positive,
    Text,
    Url,
    Zone,
    plain_id,
    without_user,
)
from connectors.records import DateOrder, Event, Precision, Scope, Territory

FamilyPart = Literal["source", "outcome", "horizon_minutes", "candidate_id", "event_id"]
Language = Literal["en", "fr"]
FeedKind = Literal["blog", "press", "party", "network"]
DonationFormat = Literal["generic", "actblue", "fec-schedule-a", "helloasso", "totals", "cumulative"]
DonationColumn = Literal[
    "donation_id",
    "occurred_at",
    "amount",
    "currency",
    "gift_kind",
    "refunded_at",
    "channel",
    "scope",
    "territory",
    "candidate",
    "donor",
    "interval_start_at",
    "interval_minutes",
    "count",
    "observed_at",
    "total",
]
SignupColumn = Literal[
    "signup_id", "signed_up_at", "what", "event_id", "channel", "scope", "territory", "candidate", "person"
]
PollColumn = Literal["pollster", "starts_on", "ends_on", "sample", "population", "share", "candidate", "territory"]
ArchiveFormat = Literal[
    "x-v2", "x-v1", "csv", "brandwatch", "talkwalker", "meltwater", "twint", "crowdtangle", "meta-content-library"
]
ArchiveKind = Literal[
    "x_archive", "facebook", "instagram", "bluesky", "mastodon", "tiktok", "youtube", "telegram", "threads", "other"
]
Sampling = Literal["constant"]
ArchiveColumn = Literal[
    "post_id", "posted_at", "text", "author", "post_type", "likes", "reposts", "replies", "quotes", "client"
]

COMMITTEE_NETWORKS = (
    "fec",
    "committees",
)  # of `accounts`: numbers that files know a committee by, and nobody speaks of


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Headers = Annotated[tuple[Text, ...], BeforeValidator(_as_list), Field(min_length=1)]  # one column, or several together


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CandidateConfig(_Table):
    """One public figure of the roster."""

    id: Id
    name: Text
    aliases: Annotated[tuple[Text, ...], Field(min_length=1)] = ()  # none given: the name
    exclude: tuple[Text, ...] = ()  # phrases that are someone else
    accounts: dict[str, tuple[Handle, ...]] = {}  # network -> the candidate's own accounts, without @
    party: Text | None = None
    signature: Text | None = None  # that ends the posts which the candidate writes: "-MV"
    staff_clients: tuple[Text, ...] = ()  # apps that only the staff posts by
    x_query: Text | None = None  # instead of the one derived from the aliases

    @model_validator(mode="before")
    @classmethod
    def _name_stands_in_for_aliases(cls, table: Any) -> Any:
        if isinstance(table, dict) and "aliases" not in table and isinstance(table.get("name"), str):
            return {**table, "aliases": [table["name"]]}
        return table


class FeedConfig(_Table):
    """One feed that is polled."""

    id: Id  # derived from the URL where the file gives none
    url: Url
    source_kind: FeedKind = "blog"
    scope: Scope = "national"
    territory: Text | None = None
    timezone: Zone | None = None  # for dates without a zone
    synthetic: Flag = False  # made up for the demo, and marked so wherever it shows

    @model_validator(mode="before")
    @classmethod
    def _id_comes_from_the_url(cls, table: Any) -> Any:
        if isinstance(table, dict) and "id" not in table:  # without a URL, that alone is said
            return {**table, "id": plain_id(re.sub(r"^\w+://(www\.)?", "", without_user(str(table.get("url")))))}
        return table


class XConfig(_Table):
    """What may be asked of X, and what it may cost."""

    budget_usd: Money  # per calendar month in UTC; hard stop
    posts_per_event: Count = 0  # bounded sample around each event; 0 = counts only
    own_accounts: Flag = True  # the candidates' own posts, from the campaign's start on
    stream: Flag = False
    granularity: Literal["minute", "hour", "day"] = "minute"
    coverage: Literal["measured", "unknown"] = "measured"  # "unknown": a replay that nobody vouches for
    sampling: Sampling | None = None  # of a replay: the counts are a constant part of all


class ArchiveConfig(_Table):
    """Posts that people already hold, in files."""

    id: Id  # derived from the path where the file gives none
    path: Text  # a glob, relative to the folder
    format: ArchiveFormat
    source_kind: ArchiveKind = "x_archive"
    timezone: Zone | None = None
    columns: dict[ArchiveColumn, Text] = {}  # of a csv: our word -> its header
    dates: DateOrder = "iso"  # of a csv
    covers_from: Day | None = None  # the declared span of the files, both days included; none: coverage unknown
    covers_to: Day | None = None
    sampling: Sampling | None = None  # the files are a constant part of all posts; how large, nobody knows

    @property
    def network(self) -> str:
        """Where the posts were posted, by the name that `accounts` has for it."""
        return "x" if self.source_kind == "x_archive" else self.source_kind

    @model_validator(mode="before")
    @classmethod
    def _id_comes_from_the_path(cls, table: Any) -> Any:
        if isinstance(table, dict) and "id" not in table:
            return {**table, "id": plain_id(str(table.get("path")))}
        return table


class _FileSeries(_Table):
    """What a series of dated rows in files says of itself."""

    id: Id
    path: Text  # a glob, relative to the folder
    candidate: Text | None = None  # where a row does not say; "ALL" = a whole platform or party
    candidates: tuple[Text, ...] = ()  # whose the rows of "ALL" are: events reach them by these
    party: Text | None = None  # the same, by the party of the candidates
    precision: Precision
    timezone: Zone | None = None
    dates: DateOrder = "iso"
    covers_from: Day | None = None  # the declared span of the files, both days included; none: coverage unknown
    covers_to: Day | None = None


class DonationConfig(_FileSeries):
    """One donation series, in files."""

    format: DonationFormat
    api: Flag = False  # of actblue: its CSV API is asked as well
    columns: dict[DonationColumn, Headers] = {}  # of generic, totals and cumulative: our word -> headers of the file
    currency: Currency | None = None  # of rows that name none; none given: the campaign's


class SignupConfig(_FileSeries):
    """One series of people who signed up for something, in files."""

    format: Literal["generic"] = "generic"
    columns: dict[SignupColumn, Headers] = {}  # our word -> headers of the file
    synthetic: Flag = False  # made up, and marked so wherever it shows

    @property
    def api(self) -> bool:
        """No platform is asked for sign-ups."""
        return False

    @property
    def currency(self) -> None:
        """Sign-ups are no money."""


class PollConfig(_Table):
    """Polls of support, in files: a row a poll with a column a candidate, or a row a poll and candidate."""

    id: Id
    path: Text  # a glob, relative to the folder
    columns: dict[PollColumn, Text] = {}  # our word -> its header
    candidate_columns: dict[Id, Text] = {}  # candidate -> the header of the column with the share; none: `candidate`
    unit: Literal["percent", "share"] = "percent"
    dates: DateOrder = "iso"
    territory: Text | None = None  # where a row does not say; none: the whole country
    covers_from: Day | None = None  # the declared span of the files, both days included; none: coverage unknown
    covers_to: Day | None = None


SeriesConfig = DonationConfig | SignupConfig


def is_of(series: SeriesConfig, candidate: CandidateConfig) -> bool:
    """Whether the series is that of the candidate's party, case aside."""
    return series.party is not None and series.party.casefold() == (candidate.party or "").casefold()


class MoneyConfig(_Table):
    """What makes gifts distinct, and which series may be added."""

    small_gift_max: Money = Decimal(200)
    disjoint: tuple[tuple[Id, ...], ...] = ()

    def sum_of(self, source_id: str) -> str | None:
        """The id of the sum that a donation series is part of; None where it must not be added to any other."""
        return next(("+".join(sorted(group)) for group in self.disjoint if source_id in group), None)


class SpecOverrides(TypedDict, total=False):
    """Overrides of the pre-specified analysis; a plain dict that holds only what the file says."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # pydantic's way for a TypedDict

    horizons: Horizons
    families: Annotated[tuple[FamilyPart, ...], Field(min_length=1)]
    level: Part
    power: Part
    null_margin: Positive
    mde_seen: Positive
    margin: Positive
    min_coverage: Part
    min_window_seen: Part
    min_path_seen: Part
    impossible_zero: Part
    min_rows: Count
    min_events: Positive
    min_expected: Positive
    min_expected_on_hours: Positive
    exact_below: Positive
    widest_ratio: Positive
    min_placebo: Count
    min_same_weekday: Count
    least_scale: Positive
    min_control_expected: Positive
    guard_days_on_days: Positive
    guard_days_on_hours: Positive
    anticipation_hours: Hours
    min_near_weekday: Positive
    min_of_a_kind: Count
    placebo_reach_hours: Hours
    min_for_spill: Count
    spill_doubt: Positive
    control_disagreement: Positive
    visible_carry_over: Positive
    heavy_tail: Positive
    min_tail_windows: Positive
    edge_doubt: Positive
    crowded_events: Positive
    pool_alike: Part
    pool_spread: Positive
    pool_least: Part
    knot_days_on_days: Positive
    knot_days_on_hours: Positive
    trend_bend: Positive
    clear_excess: Positive
    min_excess: Positive
    min_pairs: Count
    min_items: Count
    days_before: Count
    min_gifts: Count
    min_mentions: Count
    min_share_windows: Count
    min_gaps: Count
    min_regime_weeks: Count
    regime_level: Part
    regime_fall: Part
    min_contrast_events: Count
    min_trend_events: Count
    min_hand_posts: Count
    min_channel_weeks: Count
    min_channel_returns: Count
    reaction_hours: Count
    hand_permutations: Count
    scope_ratio: Positive
    few_authors: Count
    few_authors_share: Part
    many_authors_share: Part
    min_territories: Count
    least_people: Count
    most_small_territories: Part
    divide_points: Part
    permutations: Count
    max_placebo: Count
    poll_days: Count
    min_polls: Count
    min_pollsters: Count
    min_poll_freedom: Count
    poll_weight_cap: Part
    poll_margin: Positive
    min_quiet_polls: Count
    min_vote_pairs: Count
    vote_margin: Positive
    draws: Count
    resamples: Count
    seed: Count


class CampaignHead(_Table):
    """Everything in `campaign.toml` but its lists of tables."""

    id: Id
    title: Text
    timezone: Zone  # local days, event times without an offset
    currency: Currency
    start: Day  # local days of `timezone`; both ends are in the season
    end: Day
    language: Language = "en"  # of its pages
    retention_days: Count = 30  # of texts of posts that are not a candidate's own
    feeds_from: Text | None = None  # an OPML list shared by campaigns
    x: XConfig | None = None  # None: nothing is asked of X
    bluesky: BlueskyConfig | None = None  # None: nothing is read of Bluesky
    mastodon: MastodonConfig | None = None
    money: MoneyConfig = MoneyConfig()
    spec: SpecOverrides = {}  # overrides of the pre-specified analysis


class Campaign(CampaignHead):
    """One campaign folder, read and checked."""

    folder: Path
    candidates: tuple[CandidateConfig, ...]
    feeds: tuple[FeedConfig, ...] = ()
    archives: tuple[ArchiveConfig, ...] = ()
    donations: tuple[DonationConfig, ...] = ()
    signups: tuple[SignupConfig, ...] = ()
    channels: tuple[ChannelConfig, ...] = ()
    polls: tuple[PollConfig, ...] = ()
    events: tuple[Event, ...] = ()
    territories: tuple[Territory, ...] = ()
    claims: tuple[OwnClaim, ...] = ()
    campaign_hash: str
    spec_hash: str

    @property
    def series(self) -> tuple[SeriesConfig, ...]:
        """Every series of dated rows in files: gifts, then sign-ups."""
        return (*self.donations, *self.signups)
