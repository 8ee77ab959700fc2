"""What every page of a campaign rests on, asked once."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

from flows.reports.ask import Asked, Asker, Row
from flows.reports.charts.grounds import Mark
from flows.reports.sentences import reason_words, verdict_of
from flows.reports.tongue import Tongue

_BEFORE, _AFTER = timedelta(hours=24), timedelta(hours=72)
_LONGEST_NAME = 60


class NoSuchCampaign(Exception):
    """The published database knows no campaign of this id; the message names those that it knows."""


@dataclass(frozen=True)
class CampaignFacts:
    """The campaign's own facts, its effects and its coverage, as rows, with names to print."""

    ask: Asker
    say: Tongue
    campaign: Row

    @property
    def campaign_id(self) -> str:
        """Its id."""
        return str(self.campaign["campaign_id"])

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its clock."""
        return self.say.zone

    @property
    def currency(self) -> str:
        """The currency of its amounts."""
        return str(self.campaign["currency"])

    @cached_property
    def events(self) -> list[Row]:
        """Its events in order of time, each with `at`, where it stands on a time axis."""
        rows = self.ask("events").rows
        return [{**row, "at": row["starts_at"] or self.midnight(row["starts_on"])} for row in rows]

    @cached_property
    def sources(self) -> Asked:
        """Its sources with their health and their hours by state."""
        return self.ask("sources")

    @cached_property
    def effects(self) -> Asked:
        """Every row of both effect tables, but for those of the hours before an event."""
        asked = self.ask("effects")
        return Asked(sql=asked.sql, columns=asked.columns, rows=[r for r in asked.rows if r["horizon_minutes"] > 0])

    @cached_property
    def awaited(self) -> list[Row]:
        """What the hours before each event held, in which it is awaited: no effect of it."""
        return [row for row in self.ask("effects").rows if row["horizon_minutes"] < 0 and row["event_id"] != "ALL"]

    @cached_property
    def spans(self) -> Asked:
        """Spans of coverage by source."""
        return self.ask("coverage_spans")

    @cached_property
    def names(self) -> dict[str, str]:
        """Candidates' names by id."""
        return {row["candidate_id"]: row["name"] for row in self.ask("candidates").rows}

    @cached_property
    def run(self) -> Row:
        """The published build."""
        return self.ask("runs").rows[0]

    @cached_property
    def through_at(self) -> datetime | None:
        """Until when anything was seen."""
        found: datetime | None = self.ask("through").rows[0]["data_through_at"]
        return found

    @cached_property
    def synthetic(self) -> set[str]:
        """Ids and kinds of what is made up."""
        made_up = [row for row in self.sources.rows if row["is_synthetic"]]
        return {row[key] for row in made_up for key in ("source_id", "source_kind")}

    def midnight(self, day: datetime) -> datetime:
        """The start of a local day."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def who(self, candidate_id: str) -> str:
        """The name to print."""
        return self.say("who.ALL") if candidate_id == "ALL" else self.names.get(candidate_id, candidate_id)

    def series(self, outcome: str, series: str, scope: str = "national") -> str:
        """The name of a series to print, marked where it is made up."""
        name = series if outcome == "money" else self.say.either("kind", series)
        name = f"{name}, {self.say.either('scope', scope)}" if outcome == "buzz" and scope == "local" else name
        return self.say("series.synthetic", name=name) if series in self.synthetic and "synthetic" not in name else name

    def event_label(self, event: Row) -> str:
        """The day, a star where it was cancelled, and the title."""
        star = "" if event["is_held"] else "*"
        return f"{self.say.day(event['at'])}{star} {shortened(event['title'])}"

    def effects_of(self, event_id: str, outcome: str, metric: str | None = None) -> list[Row]:
        """The rows of one event and outcome."""
        return [
            row
            for row in self.effects.rows
            if row["event_id"] == event_id and row["outcome"] == outcome and (metric is None or row["metric"] == metric)
        ]

    def has_effect(self, event: Row) -> bool:
        """Whether any series has a clear effect at this event, be it held or cancelled."""
        return any(row["event_id"] == event["event_id"] and row["verdict"] == "effect" for row in self.effects.rows)

    def gaps(self, source_ids: set[str]) -> list[Row]:
        """Spans of these sources with the words of their reason, as charts want them."""
        return [row for row in self._gaps if row["source_id"] in source_ids]

    @cached_property
    def _gaps(self) -> list[Row]:
        return [
            {**row, "source": shortened(row["source_id"]), "says": reason_words(row["reason"], self.say),
             "short": self.say(f"state_short.{row['state']}")}
            for row in self.spans.rows
        ]  # fmt: skip

    def marks(self, *, but: str = "", short: bool = False) -> list[Mark]:
        """Events as marks of a time axis; `short` ones are named by their day."""
        return [
            Mark(
                from_at=event["at"],
                to_at=event["ends_at"],
                label=self._short_label(event) if short else self.event_label(event),
            )
            for event in self.events
            if event["event_id"] != but
        ]

    def _short_label(self, event: Row) -> str:
        # A deadline's day would take the room of the debate's beside it.
        return "" if event["event_kind"] == "deadline" else self.say.day(event["at"])

    def around(self, event: Row) -> tuple[datetime, datetime]:
        """The stretch of time that an event's page shows."""
        return event["at"] - _BEFORE, event["at"] + _AFTER

    def caption(self, sources: str) -> str:
        """What stands under a chart."""
        if self.through_at is None:
            return self.say("figure.caption_unseen", sources=sources, run=self.run["run_id"])
        through = self.say.moment(self.through_at)
        return self.say("figure.caption", sources=sources, run=self.run["run_id"], through=through)

    def verdict(self, row: Row) -> str:
        """The verdict in words."""
        return self.say(f"verdict.{verdict_of(row)}")


def read_facts(ask: Asker, language: str | None) -> CampaignFacts:
    """The campaign's facts, to be told in its own language unless another is named.

    Raises:
        NoSuchCampaign: it is not among those published.
    """
    found = ask("campaign").rows
    if not found:
        raise NoSuchCampaign(ask.campaign_id)
    say = Tongue(language=language or found[0].get("language") or "en", zone=ZoneInfo(found[0]["timezone"]))
    return CampaignFacts(ask=ask, say=say, campaign=found[0])


def file_name(text: str) -> str:
    """The text as a name of a file or an id in a page: its own where that is plain, else with a hash of it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:_LONGEST_NAME]
    return plain if plain == text and plain else f"{plain or 'x'}-{sha256(text.encode()).hexdigest()[:8]}"


def shortened(text: str, most: int = _LONGEST_NAME) -> str:
    """The text, cut where it would fill a chart."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def unseen_by_all(spans: list[Row], source_ids: set[str]) -> list[Row]:
    """Where no source saw anything, or nobody knows of any: the gaps of a series that rests on all of them."""
    edges = sorted({at for span in spans for at in (span["from_at"], span["to_at"])})
    found: list[Row] = []
    for from_at, to_at in pairwise(edges):
        here = [span for span in spans if span["from_at"] <= from_at and span["to_at"] >= to_at]
        states = {span["state"] for span in here}
        if len(here) < len(source_ids) or not here or states & {"seen", "part"}:
            continue
        state = "unseen" if states == {"unseen"} else "unknown"
        says = next(span["says"] for span in here if span["state"] == state)
        if found and found[-1]["to_at"] == from_at and found[-1]["state"] == state:
            found[-1]["to_at"] = to_at
        else:
            found.append({"from_at": from_at, "to_at": to_at, "state": state, "says": says, "short": here[0]["short"]})
    return found
