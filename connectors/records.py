"""What connectors hand over: frozen records, each landed as one row of `raw.<TABLE>`.

Units and zones are stated once, here: times are aware UTC datetimes (`_at`), days are dates (`_on`),
amounts are Decimal in the unit of `currency`, coverage and shares are 0 to 1. The landing zone derives
its Arrow schema from these annotations, and a test compares them with `warehouse/sql/raw/`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

Price = Annotated[Decimal, 6]  # six decimals: one request of X costs half a cent
# Open: blog, press, party, network (feeds), x_counts, x_posts, x_archive, donations, signups, polls, and of any network
# its name (what anybody posts: bluesky, mastodon, facebook ...). `<network>_own` are the candidates' own accounts.
SourceKind = str
Reach = Literal["past", "live", "files"]  # of posts: asked for what was, heard as it comes, imported
TimeQuality = Literal["exact", "assumed_zone", "assumed_date", "suspect", "missing"]
DateOrder = Literal["iso", "month-first", "day-first"]  # how a file writes its dates
Precision = Literal["instant", "minute", "hour", "day", "interval"]
SignupKind = Literal["rsvp", "volunteer", "member", "list", "other"]
GiftKind = Literal["one_off", "first_recurring", "recurring"]
PostType = Literal["original", "reply", "repost", "quote"]
Scope = Literal["national", "local"]
EventKind = Literal["debate", "rally", "interview", "vote", "deadline", "launch", "push", "canvass", "market", "other"]
CallsFor = Literal["meeting", "donate", "join", "share"]
ChannelKind = Literal["network", "online", "field", "media", "mail"]
ErasureKind = Literal["author", "post", "donor", "feed", "compliance", "retention", "again"]
Outcome = Literal[
    "ok",  # the source answered and the answer was read
    "not_modified",  # 304, or the same bytes as before
    "empty",  # an answer with nothing in it
    "unavailable",
    "refused",
    "unreadable",
    "budget_exhausted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """One campaign's own settings, as its folder stood at `landed_at`; the last landed row holds."""

    TABLE: ClassVar = "campaigns"

    campaign_id: str
    campaign_hash: str  # of the whole folder's facts: roster, events, sources, spec
    spec_hash: str
    spec: str  # the campaign's overrides of the pre-specified analysis, as JSON
    title: str
    timezone: str  # IANA
    currency: str
    start_on: date  # local days of `timezone`; both ends are in the season
    end_on: date
    small_gift_max: Decimal
    landed_at: datetime
    retention_days: int = 30  # of texts of posts that are not a candidate's own
    settings: str | None = None  # the whole folder as JSON, to go on with while an edit of it is faulty
    claims: str | None = None  # claims of its own, as JSON
    language: str | None = None  # of its pages; None: landed before it could be said, as English


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One public figure of a campaign's roster."""

    TABLE: ClassVar = "candidates"

    campaign_id: str
    campaign_hash: str
    candidate_id: str
    name: str
    accounts: tuple[str, ...] | None = None  # the candidate's own, lower case, of every network
    signature: str | None = None  # ends the posts that the candidate writes
    staff_clients: tuple[str, ...] | None = None  # apps that only the staff posts by


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One way people write about a candidate, or (`is_excluded`) a phrase that is someone else."""

    TABLE: ClassVar = "aliases"

    campaign_id: str
    campaign_hash: str
    candidate_id: str
    alias: str  # as written in the campaign file; an account as @handle
    is_excluded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something dated that may move buzz or money."""

    TABLE: ClassVar = "events"

    campaign_id: str
    campaign_hash: str
    event_id: str
    event_kind: EventKind
    title: str
    starts_on: date  # local day of `timezone`
    starts_at: datetime | None  # None: the source gives the day only
    ends_at: datetime | None
    timezone: str
    channels: tuple[str, ...]
    participants: tuple[str, ...]  # candidate ids
    audience_millions: float | None
    scope: str | None
    territory: str | None
    is_held: bool  # False: cancelled, a control
    source_url: str | None
    calls_for: tuple[str, ...] | None = None  # of a push: meeting, donate, join, share
    channel: str | None = None  # of channels.csv, by which it went out


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel that a campaign pays for or works in: gifts and sign-ups carry its id."""

    TABLE: ClassVar = "channels"

    campaign_id: str
    campaign_hash: str
    channel: str
    title: str | None
    channel_kind: ChannelKind
    spent: Decimal | None  # in `currency`, in all
    currency: str
    hours: float | None  # worked, in all
    starts_on: date  # local days, both included
    ends_on: date
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed, X query, account, archive or donation series of a campaign."""

    TABLE: ClassVar = "sources"

    campaign_id: str
    campaign_hash: str
    source_id: str
    source_key: str  # what attempts are kept by: the feed's URL, else "<campaign_id>/<source_id>"
    source_kind: SourceKind
    scope: Scope
    territory: str | None
    candidate_id: str | None  # None: not about one candidate; "ALL": a whole platform or party
    query_hash: str | None  # of an X query: a change is a series break
    precision: Precision | None  # of a donation source
    currency: str | None
    coverage: Literal["measured", "unknown"]  # "unknown": nobody knows how complete the source itself is
    is_synthetic: bool
    summed_as: str | None = None  # of a donation source that is declared disjoint from others: the id of their sum
    candidates: tuple[str, ...] | None = None  # to whom the gifts to "ALL" belong; none: nobody says
    reach: Reach | None = None  # of posts; None: no source of posts, or landed before it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """One territory of a campaign: where gifts come from, how many live there and how many of them are online."""

    TABLE: ClassVar = "territories"

    campaign_id: str
    campaign_hash: str
    territory: str  # the code that gifts carry, in capital letters
    name: str
    population: int
    online_share: float | None  # of inhabitants or households, with internet access at home
    parent: str | None  # the territory that it lies in
    control: float | None  # what is held fixed, by its logarithm: an income, a density
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchAttempt:
    """One attempt to observe one source: what was due, what came, why not. Coverage is computed from these.

    `observed_from_at` to `observed_to_at` is the span that this attempt proves to have been seen whole; both
    None where it proves nothing. `unknown_from_at` to `observed_from_at` was glimpsed (the backlog of a first
    poll): its coverage is unknown, neither 0 nor 1.
    """

    TABLE: ClassVar = "fetch_attempts"

    attempt_id: str
    source_key: str
    source_kind: SourceKind
    attempted_at: datetime
    due_at: datetime | None = None
    outcome: Outcome
    reason: str | None = None  # for people: why nothing came, or why the span is short
    observed_from_at: datetime | None = None
    observed_to_at: datetime | None = None
    unknown_from_at: datetime | None = None
    items: int = 0  # records that the answer held, known ones included
    http_status: int | None = None
    requests: int = 0
    is_conditional: bool | None = None  # a validator was sent; None: not HTTP
    cost_usd: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row or document that could not be read: set aside, counted, shown."""

    TABLE: ClassVar = "rejects"

    source_key: str
    what: str  # file name or URL
    line_number: int | None
    reason: str
    seen_at: datetime
    file_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of one feed, as it stood at `fetched_at`; an edit is a further row with the same `entry_id`."""

    TABLE: ClassVar = "entries"

    entry_id: str  # survives http->https, moves, changed guids and tracking parameters: see `entry_key`
    feed_url: str
    guid: str | None
    link: str | None
    title: str
    author: str | None  # a keyed hash, unless the roster has their name
    summary: str
    published_at: datetime | None  # None: the feed gives no date
    updated_at: datetime | None
    time_quality: TimeQuality
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the feed collector must know again of one feed after one poll; the last row of a feed holds.

    `state.sqlite` keeps the same, so it can be rebuilt from these rows.
    """

    TABLE: ClassVar = "feed_states"

    feed_url: str  # as the campaign names it
    polled_at: datetime
    outcome: Outcome
    reason: str | None  # for people
    is_silent: bool | None = None  # nothing came of it again, or for far longer than its habit; None: never said
    asked_url: str  # where the feed is asked for: moves where every redirect was permanent
    answered_url: str | None  # where redirects ended, and what the validators belong to
    etag: str | None  # exactly as received
    last_modified: str | None
    document_sha256: str | None
    document_outcome: Outcome | None  # how that document could be read: ok, empty or unreadable
    document_fault: str | None = None  # why it gave no entry
    period_s: float | None  # how often the feed says that it changes
    next_poll_at: datetime
    interval_s: float  # the feed's own interval, before the server's wishes
    failures: int  # polls without a document since the last that had one
    is_gone: bool  # answered 410; a second one retires it
    is_retired: bool
    host: str
    host_waits_until: datetime | None  # the host asked to be left alone
    refusal: str | None = None  # what it said to this feed when it asked so
    shown_ids: tuple[str, ...] | None  # entry ids of the last document, newest first; None: as before
    newest_at: datetime | None  # when the newest entry was published
    habit_s: float | None  # the longest usual pause between two entries
    observed_at: datetime | None  # the last poll that proved something
    proved: tuple[datetime, ...]  # the spans proved whole: from, to, from, to ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of a network as it stood at `observed_at`. An author is a keyed hash unless a declared candidate."""

    TABLE: ClassVar = "posts"

    post_id: str
    source_key: str
    source_kind: SourceKind
    author_key: str
    account: str | None  # of a declared public figure only
    posted_at: datetime
    post_type: PostType
    text: str
    edit_of: str | None  # id of the first version
    like_count: int | None
    repost_count: int | None
    reply_count: int | None
    quote_count: int | None
    observed_at: datetime
    file_sha256: str | None = None  # of the archive it was imported from, which can be taken back
    network: str | None = None  # None: X
    time_quality: TimeQuality | None = None  # None: exact
    client: str | None = None  # the app it was sent by, of a declared public figure only


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCount:
    """How many posts a network counted for one query in one bucket."""

    TABLE: ClassVar = "post_counts"

    source_key: str
    campaign_id: str
    candidate_id: str
    query_hash: str
    interval_start_at: datetime
    interval_minutes: int
    posts: int
    retrieved_at: datetime
    network: str | None = None  # None: X


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """One file that `import` read; rows carry its hash, so that it can be taken back."""

    TABLE: ClassVar = "imported_files"

    campaign_id: str
    source_id: str
    file_sha256: str
    file_name: str
    imported_at: datetime
    rows_read: int
    rows_landed: int
    rows_set_aside: int
    span_from_at: datetime | None  # declared; None: nobody says what the file covers
    span_to_at: datetime | None
    rows_from_at: datetime | None  # first and last moment that a row of the file speaks of
    rows_to_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One imported file taken back; a later import of the same bytes puts it in again."""

    TABLE: ClassVar = "withdrawals"

    campaign_id: str
    source_id: str
    file_sha256: str
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Donation:
    """One gift, refund or redesignation. No name, address or e-mail: those stop at the connector."""

    TABLE: ClassVar = "donations"

    campaign_id: str
    source_id: str
    file_sha256: str
    line_number: int
    donation_id: str
    candidate_id: str | None
    occurred_at: datetime | None  # None where precision is day
    occurred_on: date  # local day of the campaign's zone
    precision: Precision
    amount: Decimal  # above zero a gift; below, a refund or a redesignation
    currency: str
    gift_kind: GiftKind
    is_memo: bool
    refunded_at: datetime | None
    channel: str | None
    scope: str | None
    territory: str | None
    donor_key: str | None  # keyed hash
    flags: tuple[str, ...]  # what the source says of the row: earmarked, redesignated, reattributed, repeated_hour ...
    version: int  # of an amended filing: the highest holds; 0 where the source has none
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup:
    """One person who signed up for something. No name, address or e-mail: those stop at the connector."""

    TABLE: ClassVar = "signups"

    campaign_id: str
    source_id: str
    file_sha256: str
    line_number: int
    signup_id: str
    candidate_id: str | None
    signed_up_at: datetime | None  # None where precision is day
    signed_up_on: date  # local day of the campaign's zone
    precision: Precision
    what: SignupKind
    event_id: str | None  # of the campaign, else a code or a keyed hash
    channel: str | None
    scope: str | None
    territory: str | None
    person_key: str | None  # keyed hash, the same as of a donor who is named alike
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationTotal:
    """What a source says came in over one span."""

    TABLE: ClassVar = "donation_totals"

    campaign_id: str
    source_id: str
    file_sha256: str
    line_number: int
    candidate_id: str | None
    interval_start_at: datetime
    interval_minutes: int
    amount: Decimal
    gifts: int | None
    currency: str
    known_at: datetime
    territory: str | None = None  # whose gifts these are; None: of the whole source, or nobody says


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerReading:
    """What a public ticker showed: money since its own beginning."""

    TABLE: ClassVar = "ticker_readings"

    campaign_id: str
    source_id: str
    file_sha256: str
    line_number: int
    candidate_id: str | None
    observed_at: datetime
    total: Decimal
    currency: str
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll found of one candidate."""

    TABLE: ClassVar = "polls"

    campaign_id: str
    source_id: str
    file_sha256: str
    line_number: int
    candidate_id: str
    pollster: str
    starts_on: date  # first and last local day of its fieldwork
    ends_on: date
    sample: int  # people asked
    population: str | None  # as the file says: likely voters, adults ...
    share: float  # of those asked, 0 to 1
    territory: str | None  # None: the whole country
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Something personal that was removed: the log of it holds no name, id or text."""

    TABLE: ClassVar = "erasures"

    erasure_id: str
    what: ErasureKind
    reason: str | None
    asked_at: datetime
    erased_at: datetime
    hours_elapsed: float
    rows_changed: int
    files_rewritten: int
    subject_hash: str | None  # of a post's id or an author's key: what comes in again is known by it
