"""Random histories: batches of records as they may land, in pieces, out of order, corrected and taken back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

from connectors.records import (
    Alias,
    CampaignFacts,
    Candidate,
    Donation,
    Entry,
    Event,
    FetchAttempt,
    ImportedFile,
    Post,
    PostCount,
    Source,
    TickerReading,
    Withdrawal,
)
from warehouse.landing.files import Record

START_AT = datetime(2020, 10, 31, tzinfo=UTC)
HOURS = 72
FEEDS = ("https://a.example/feed", "https://b.example/feed")
TEXTS = ("Ada speaks", "Bob and Ada", "BOB!", "Ada Smith is no candidate", "nobody")
# A clock-change weekend, and a zone whose hours start at half past.
ZONES = {"us": "America/New_York", "in": "Asia/Kolkata"}


@dataclass
class History:
    """What has landed so far, as far as the next batch must know it."""

    draw: Callable[[st.SearchStrategy[int]], int]
    now: datetime = START_AT + timedelta(hours=HOURS + 24)
    files: list[ImportedFile] = field(default_factory=list)
    serial: "count[int]" = field(default_factory=count)

    def below(self, limit: int) -> int:
        return self.draw(st.integers(0, limit - 1))

    def moment(self) -> datetime:
        """Any ten minutes of the season, a little before or a little after."""
        return START_AT + timedelta(minutes=10 * (self.below(6 * (HOURS + 24)) - 72))

    def batch(self, number: int) -> list[Record]:
        """What lands before a build; the first batch holds the campaigns."""
        self.now += timedelta(hours=1)
        landed = [*self.campaign("us", 0), *self.campaign("in", 0)] if number == 0 else []
        for _ in range(1 + self.below(4)):
            landed += _KINDS[self.below(len(_KINDS))](self)
        return landed

    def changed_campaign(self) -> list[Record]:
        return self.campaign("us", 1 + self.below(3))

    def campaign(self, campaign_id: str, state: int) -> list[Record]:
        """State 1 knows one alias less, state 2 lacks a feed and a day, state 3 has another candidate."""
        us, state_hash = campaign_id, f"{campaign_id}{state}"
        key = {"campaign_id": us, "campaign_hash": state_hash}
        names = {"ada": ("Ada", "Smith"), "bob": ("Bob",)} if state != 3 else {"smith": ("Ada Smith", "Nobody")}
        feeds = FEEDS[:1] if state == 2 else FEEDS
        aliases = [Alias(**key, candidate_id=c, alias=a, is_excluded=False) for c, many in names.items() for a in many]
        if state == 0:
            aliases.append(Alias(**key, candidate_id="ada", alias="Ada Smith", is_excluded=True))
        return [
            *(
                Candidate(campaign_id=campaign_id, campaign_hash=key["campaign_hash"], candidate_id=name, name=name)
                for name in names
            ),
            *(aliases[1:] if state == 1 else aliases),
            *(_source(key, f"feed{n}", url, "blog") for n, url in enumerate(feeds)),
            _source(key, "posts", f"{campaign_id}/posts", "x_posts"),
            _source(key, "counts", f"{campaign_id}/counts", "x_counts", candidate_id="ada"),
            _source(key, "ticker", f"{campaign_id}/ticker", "donations", candidate_id="ALL", precision="interval"),
            _source(key, "gifts", f"{campaign_id}/gifts", "donations", precision="instant"),
            _debate(key),
            CampaignFacts(
                campaign_id=key["campaign_id"],
                campaign_hash=key["campaign_hash"],
                spec_hash="s",
                spec="{}",
                title=campaign_id,
                timezone=ZONES[campaign_id],
                currency="USD",
                start_on=date(2020, 10, 31),
                end_on=date(2020, 11, 1 if state == 2 else 2),
                small_gift_max=Decimal(20),
                landed_at=self.now,
            ),
        ]

    def entry(self) -> list[Record]:
        return [
            Entry(
                entry_id=f"e{self.below(3)}",
                feed_url=FEEDS[self.below(2)],
                guid=None,
                link=None,
                title=TEXTS[self.below(len(TEXTS))],
                author=None,
                summary="",
                published_at=self.moment() if self.below(5) else None,
                updated_at=None,
                time_quality=("exact", "assumed_date", "suspect")[self.below(3)],
                # No two versions of one moment: a feed answers a poll once.
                fetched_at=self.moment() + timedelta(seconds=next(self.serial)),
            )
        ]

    def post(self) -> list[Record]:
        number = self.below(3)
        return [
            Post(
                post_id=f"p{number}",
                source_key=("us/posts", "in/posts")[self.below(2)],
                source_kind="x_posts",
                author_key=f"k{number}",
                account=None,
                posted_at=START_AT + timedelta(hours=20 * number, minutes=10),
                post_type="original",
                text=TEXTS[self.below(len(TEXTS))],
                edit_of=None,
                like_count=self.below(9),
                repost_count=0,
                reply_count=0,
                quote_count=0,
                observed_at=self.moment() + timedelta(seconds=next(self.serial)),
            )
        ]

    def attempt(self) -> list[Record]:
        at = self.moment() + timedelta(hours=self.below(12))
        kind = self.below(4)
        since = at - timedelta(hours=1 + self.below(30))
        return [
            FetchAttempt(
                attempt_id=f"a{next(self.serial)}",
                source_key=(*FEEDS, "us/posts", "in/counts", "us/counts")[self.below(5)],
                source_kind="blog",
                attempted_at=at,
                due_at=None,
                outcome="unavailable" if kind == 0 else "ok",
                reason=("timeout", None, "the window moved on", None)[kind],
                observed_from_at=None if kind == 0 else at if kind == 1 else since,
                observed_to_at=None if kind == 0 else at,
                unknown_from_at=since if kind == 1 else None,
                items=0,
                http_status=None,
                requests=1,
                is_conditional=None,
                cost_usd=None,
            )
        ]

    def counts(self) -> list[Record]:
        campaign_id = ("us", "in")[self.below(2)]
        minutes = (1, 60)[self.below(2)]
        start_at = self.moment().replace(minute=0)
        return [
            PostCount(
                source_key=f"{campaign_id}/counts",
                campaign_id=campaign_id,
                candidate_id="ada",
                query_hash=f"q{self.below(2)}",
                interval_start_at=start_at + timedelta(minutes=minutes * n),
                interval_minutes=minutes,
                posts=n,
                retrieved_at=self.now,
            )
            for n in range(1 + self.below(3))
        ]

    def ticker(self) -> list[Record]:
        """A piece of a quarter-hourly ticker; now and then a reading is bogus."""
        campaign_id = ("us", "in")[self.below(2)]
        first = self.below(HOURS * 4 - 1)
        places = [n for n in range(first, min(HOURS * 4, first + 1 + self.below(60))) if n % 37]
        bogus = {self.below(HOURS * 4): (17, 90000)[self.below(2)] for _ in range(2)}
        moments = [START_AT + timedelta(minutes=15 * n) for n in places]
        file = self.file(campaign_id, "ticker", moments)
        return [
            *(
                TickerReading(
                    campaign_id=campaign_id,
                    source_id="ticker",
                    file_sha256=file.file_sha256,
                    line_number=line,
                    candidate_id="ALL",
                    observed_at=moment,
                    total=Decimal(bogus.get(place, 1000 + 10 * place - 15 * (place % 13 == 0))),
                    currency="USD",
                    known_at=file.imported_at,
                )
                for line, (place, moment) in enumerate(zip(places, moments, strict=True))
            ),
            file,
        ]

    def gifts(self) -> list[Record]:
        campaign_id = ("us", "in")[self.below(2)]
        moments = [self.moment() for _ in range(1 + self.below(3))]
        file = self.file(campaign_id, "gifts", moments)
        return [*(self._gift(file, line, moment) for line, moment in enumerate(moments)), file]

    def _gift(self, file: ImportedFile, line: int, moment: datetime) -> Donation:
        shift = timedelta(hours=5, minutes=30) if file.campaign_id == "in" else timedelta(hours=-4)
        if file.campaign_id == "us" and moment >= datetime(2020, 11, 1, 6, tzinfo=UTC):
            shift = timedelta(hours=-5)
        return Donation(
            campaign_id=file.campaign_id,
            source_id="gifts",
            file_sha256=file.file_sha256,
            line_number=line,
            donation_id=f"g{self.below(4)}{('', '', '/refund')[self.below(3)]}",
            candidate_id=("ada", "bob", None)[self.below(3)],
            occurred_at=moment,
            occurred_on=(moment + shift).date(),
            precision="instant",
            amount=Decimal((10, 25, -10)[self.below(3)]),
            currency="USD",
            gift_kind=("one_off", "recurring")[self.below(2)],
            is_memo=self.below(4) == 0,
            refunded_at=self.moment() if self.below(3) == 0 else None,
            channel=None,
            scope=None,
            territory=None,
            donor_key=(None, "d1", "d2")[self.below(3)],
            flags=((), ("refund",))[self.below(2)],
            version=self.below(2),
            known_at=file.imported_at,
        )

    def file(self, campaign_id: str, source_id: str, moments: list[datetime]) -> ImportedFile:
        """The file that holds rows of these moments; one in three declares what it covers."""
        self.now += timedelta(seconds=1)
        is_declared = source_id == "gifts" and self.below(3) == 0
        file = ImportedFile(
            campaign_id=campaign_id,
            source_id=source_id,
            file_sha256=f"f{next(self.serial)}",
            file_name="file.csv",
            imported_at=self.now,
            rows_read=len(moments),
            rows_landed=len(moments),
            rows_set_aside=0,
            span_from_at=START_AT if is_declared else None,
            span_to_at=START_AT + timedelta(hours=40) if is_declared else None,
            rows_from_at=min(moments, default=None),
            rows_to_at=max(moments, default=None),
        )
        self.files.append(file)
        return file

    def withdrawal(self) -> list[Record]:
        if not self.files:
            return []
        file = self.files[self.below(len(self.files))]
        self.now += timedelta(seconds=1)
        return [
            Withdrawal(
                campaign_id=file.campaign_id,
                source_id=file.source_id,
                file_sha256=file.file_sha256,
                withdrawn_at=self.now,
            )
        ]


_KINDS: tuple[Callable[[History], list[Record]], ...] = (
    History.entry,
    History.post,
    History.attempt,
    History.attempt,
    History.counts,
    History.ticker,
    History.gifts,
    History.gifts,
    History.withdrawal,
    History.changed_campaign,
)


def _source(
    key: dict[str, Any],
    source_id: str,
    source_key: str,
    kind: str,
    *,
    candidate_id: str | None = None,
    precision: str | None = None,
) -> Source:
    return Source(
        **key,
        source_id=source_id,
        source_key=source_key,
        source_kind=kind,
        scope="local" if source_id == "feed1" else "national",
        territory=None,
        candidate_id=candidate_id,
        query_hash=None,
        precision=precision,  # type: ignore[arg-type]  # of the list
        currency="USD" if precision else None,
        coverage="measured",
        is_synthetic=False,
    )


def _debate(key: dict[str, str]) -> Event:
    return Event(
        campaign_id=key["campaign_id"],
        campaign_hash=key["campaign_hash"],
        event_id="debate",
        event_kind="debate",
        title="Debate",
        starts_on=date(2020, 11, 2),
        starts_at=datetime(2020, 11, 2, 20, 15, tzinfo=UTC),
        ends_at=None,
        timezone="UTC",
        channels=(),
        participants=("ada", "bob"),
        audience_millions=None,
        scope=None,
        territory=None,
        is_held=True,
        source_url=None,
    )
