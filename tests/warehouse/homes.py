"""Small homes for tests of the build: one campaign of four days with a ticker and a feed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from connectors.records import (
    Alias,
    CampaignFacts,
    Candidate,
    Entry,
    Event,
    FetchAttempt,
    ImportedFile,
    Source,
    TickerReading,
)
from warehouse.landing.files import Record, land

CAMPAIGN = "tiny"
FEED = "https://blog.example/feed"
DEBATE_AT = datetime(2020, 10, 2, 20, tzinfo=UTC)
START_AT = datetime(2020, 10, 1, tzinfo=UTC)
NOW = datetime(2020, 10, 5, tzinfo=UTC)


def land_campaign(
    home: Path,
    *,
    campaign_hash: str = "c1",
    aliases: tuple[str, ...] = ("Ada",),
    landed_at: datetime = NOW,
    title: str = "Tiny",
    event_title: str = "Debate",
    name: str = "Ada",
    language: str | None = None,
    feed: str = FEED,
) -> None:
    """A campaign of 1 to 4 October 2020 in UTC with one candidate, one debate, one feed and one ticker."""
    facts: list[Record] = [
        Candidate(campaign_id=CAMPAIGN, campaign_hash=campaign_hash, candidate_id="ada", name=name),
        *(
            Alias(campaign_id=CAMPAIGN, campaign_hash=campaign_hash, candidate_id="ada", alias=a, is_excluded=False)
            for a in aliases
        ),
        Event(
            campaign_id=CAMPAIGN,
            campaign_hash=campaign_hash,
            event_id="debate",
            event_kind="debate",
            title=event_title,
            starts_on=DEBATE_AT.date(),
            starts_at=DEBATE_AT,
            ends_at=DEBATE_AT + timedelta(hours=2),
            timezone="UTC",
            channels=(),
            participants=("ada",),
            audience_millions=None,
            scope=None,
            territory=None,
            is_held=True,
            source_url=None,
        ),
        _source(campaign_hash, "blog", feed, "blog"),
        _source(campaign_hash, "ticker", f"{CAMPAIGN}/ticker", "donations"),
        CampaignFacts(
            campaign_id=CAMPAIGN,
            campaign_hash=campaign_hash,
            spec_hash="s1",
            spec="{}",
            title=title,
            language=language,
            timezone="UTC",
            currency="USD",
            start_on=date(2020, 10, 1),
            end_on=date(2020, 10, 4),
            small_gift_max=Decimal(200),
            landed_at=landed_at,
        ),
    ]
    land(home, facts)


def land_ticker(home: Path, name: str, totals: dict[datetime, int], known_at: datetime = NOW) -> None:
    """One imported ticker file."""
    readings = [
        TickerReading(
            campaign_id=CAMPAIGN,
            source_id="ticker",
            file_sha256=name,
            line_number=line,
            candidate_id="ALL",
            observed_at=at,
            total=Decimal(total),
            currency="USD",
            known_at=known_at,
        )
        for line, (at, total) in enumerate(totals.items(), start=2)
    ]
    imported = ImportedFile(
        campaign_id=CAMPAIGN,
        source_id="ticker",
        file_sha256=name,
        file_name=name,
        imported_at=known_at,
        rows_read=len(readings),
        rows_landed=len(readings),
        rows_set_aside=0,
        span_from_at=None,
        span_to_at=None,
        rows_from_at=min(totals),
        rows_to_at=max(totals),
    )
    land(home, [*readings, imported])


def steady_totals(hours: range, an_hour: int = 60) -> dict[datetime, int]:
    """A reading every quarter of an hour, growing by `an_hour` each hour from the start of the season."""
    quarters = range(hours.start * 4, hours.stop * 4 + 1)
    return {START_AT + timedelta(minutes=15 * q): 1000 + an_hour * q // 4 for q in quarters}


def land_poll(home: Path, at: datetime, since: datetime, titles: dict[str, datetime]) -> None:
    """One poll of the feed that proves the span since `since`, with the entries it held."""
    attempt = FetchAttempt(
        attempt_id=at.isoformat(),
        source_key=FEED,
        source_kind="blog",
        attempted_at=at,
        due_at=None,
        outcome="ok",
        reason=None,
        observed_from_at=since,
        observed_to_at=at,
        unknown_from_at=None,
        items=len(titles),
        http_status=200,
        requests=1,
        is_conditional=False,
        cost_usd=None,
    )
    land(home, [*(_entry(title, published_at, at) for title, published_at in titles.items()), attempt])


def _entry(title: str, published_at: datetime, fetched_at: datetime) -> Entry:
    return Entry(
        entry_id=title,
        feed_url=FEED,
        guid=None,
        link=None,
        title=title,
        author=None,
        summary="",
        published_at=published_at,
        updated_at=None,
        time_quality="exact",
        fetched_at=fetched_at,
    )


def _source(campaign_hash: str, source_id: str, key: str, kind: str) -> Source:
    return Source(
        campaign_id=CAMPAIGN,
        campaign_hash=campaign_hash,
        source_id=source_id,
        source_key=key,
        source_kind=kind,
        scope="national",
        territory=None,
        candidate_id="ALL" if kind == "donations" else None,
        query_hash=None,
        precision="interval" if kind == "donations" else None,
        currency="USD" if kind == "donations" else None,
        coverage="measured",
        is_synthetic=False,
    )
