"""The demo's synthetic blogs: what each would have written by a given instant, and its feed at that instant.

Nobody wrote these entries. They are regular on purpose (a few a day, a few more after a debate), so that nobody
takes them for a finding; they are there to send the real collector over real HTTP.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from itertools import chain
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from connectors.campaign.models import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """How one synthetic blog writes."""

    host: str
    title: str
    is_atom: bool
    window: int  # entries that its feed shows at once
    hours: tuple[int, ...]  # of a local day, every day
    hours_after_debate: tuple[int, ...]
    busy_on: date | None = None  # a day on which more is written than the feed can show from poll to poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One synthetic entry."""

    guid: str
    title: str
    published_at: datetime


BLOGS = (
    Blog(
        host="capitol.synthetic.example",
        title="Synthetic blog: Capitol",
        is_atom=False,
        window=40,
        hours=(7, 10, 13, 16, 19, 22),
        hours_after_debate=(0, 1, 1, 2, 3, 9, 11),
    ),
    Blog(
        host="kitchen-table.synthetic.example",
        title="Synthetic blog: Kitchen table",
        is_atom=True,
        window=25,
        hours=(6, 12, 20),
        hours_after_debate=(1, 2, 10),
    ),
    Blog(
        host="lehigh-valley.synthetic.example",
        title="Synthetic blog: Lehigh Valley",
        is_atom=False,
        window=10,
        hours=(8, 18, 23),
        hours_after_debate=(2, 12),
        # An evening of the week before a debate: the gap shows in that debate's comparison.
        busy_on=date(2020, 10, 2),
    ),
)

_SUBJECTS = ("{name} and the economy", "What {name} said about schools", "A letter to {name}", "{name} and {other}")


def pieces(blog: Blog, campaign: Campaign) -> list[Piece]:
    """Everything the blog writes in the season, oldest first."""
    zone = ZoneInfo(campaign.timezone)
    daily = chain.from_iterable(_daily(blog, campaign, day, zone) for day in _days(campaign))
    return sorted(chain(daily, _after_debates(blog, campaign)), key=lambda piece: (piece.published_at, piece.guid))


def feed_at(blog: Blog, written: list[Piece], now: datetime) -> bytes:
    """The blog's feed as it stood at `now`: its latest entries, newest first."""
    shown = [piece for piece in written if piece.published_at <= now][-blog.window :][::-1]
    return (_atom if blog.is_atom else _rss)(blog, shown).encode()


def _days(campaign: Campaign) -> Iterator[date]:
    for number in range((campaign.end - campaign.start).days + 1):
        yield campaign.start + timedelta(days=number)


def _daily(blog: Blog, campaign: Campaign, day: date, zone: ZoneInfo) -> Iterator[Piece]:
    hours = list(blog.hours)
    if day == blog.busy_on:
        hours += [22] * (2 * blog.window)
    names = [candidate.name for candidate in campaign.candidates]
    for number, hour in enumerate(hours):
        turn = day.toordinal() + number
        at = datetime.combine(day, time(hour, (turn * 7 + number) % 60), zone)
        name, other = names[turn % len(names)], names[(turn + 1) % len(names)]
        title = _SUBJECTS[turn % len(_SUBJECTS)].format(name=name, other=other)
        yield Piece(guid=f"{day}-{number}", title=title, published_at=at)


def _after_debates(blog: Blog, campaign: Campaign) -> Iterator[Piece]:
    names = {candidate.id: candidate.name for candidate in campaign.candidates}
    for event in campaign.events:
        if event.event_kind != "debate" or not event.is_held or event.starts_at is None:
            continue
        for number, hours in enumerate(blog.hours_after_debate):
            name = names[event.participants[number % len(event.participants)]]
            at = event.starts_at + timedelta(hours=hours, minutes=11 + 7 * number)
            yield Piece(guid=f"{event.event_id}-{number}", title=f"{name} in the debate", published_at=at)


def _rss(blog: Blog, shown: list[Piece]) -> str:
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>http://{blog.host}/{piece.guid}</link>"
        f'<guid isPermaLink="false">{piece.guid}</guid><pubDate>{format_datetime(piece.published_at)}</pubDate></item>'
        for piece in shown
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{blog.title}</title>'
        f"<link>http://{blog.host}/</link><description>Made up for a demo</description>{items}</channel></rss>"
    )


def _atom(blog: Blog, shown: list[Piece]) -> str:
    entries = "".join(
        f"<entry><title>{escape(piece.title)}</title><id>http://{blog.host}/{piece.guid}</id>"
        f'<link href="http://{blog.host}/{piece.guid}"/><published>{piece.published_at.isoformat()}</published>'
        f"<updated>{piece.published_at.isoformat()}</updated></entry>"
        for piece in shown
    )
    updated = shown[0].published_at.isoformat() if shown else "2020-01-01T00:00:00Z"
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{blog.title}</title>'
        f"<id>http://{blog.host}/</id><updated>{updated}</updated>{entries}</feed>"
    )
