"""A campaign as the records that `collect`, `import` and `run` land, and the hashes by which its states differ."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.campaign.csv_files.claims_csv import OwnClaim, rows_of
from connectors.campaign.models import COMMITTEE_NETWORKS, Campaign, CandidateConfig, XConfig, is_of
from connectors.campaign.values import AS_LANDED, plain_id
from connectors.errors import SourceRefused
from connectors.handles import plain_author
from connectors.records import Alias, CampaignFacts, Candidate, Channel, Event, Source, Territory
from connectors.x.queries import candidate_queries, query_hash

_LATER = {"polls", "signups", "channels", "signature", "staff_clients", "calls_for", "channel"}


def hash_campaign(campaign: Campaign) -> str:
    """One hash for one set of facts, whatever their order in the file and wherever the folder lies."""
    # The list that `feeds_from` names is in `feeds`; where it lies is no fact.
    ours = {"folder", "feeds_from", "campaign_hash", "spec_hash", "spec", "events", "territories", "claims"}
    facts = campaign.model_dump(mode="json", exclude=ours)
    facts["events"] = [{**asdict(event), "campaign_hash": ""} for event in campaign.events]
    # What nobody declared leaves the hash as it was before it could be.
    for table in (facts, *facts["candidates"], *facts["events"]):
        for name in _LATER & {key for key, value in table.items() if not value}:
            del table[name]
    if campaign.territories:  # without any a campaign has the hash that it had before they could be named
        facts["territories"] = [{**asdict(one), "campaign_hash": ""} for one in campaign.territories]
    if campaign.claims:
        facts["claims"] = rows_of(campaign.claims)
    return _hash([_unordered(facts), campaign.spec])


def hash_spec(spec: Mapping[str, Any], claims: Sequence[OwnClaim] = ()) -> str:
    """One hash for one set of overrides and of own claims; the order of a list is part of it."""
    return _hash([spec, rows_of(claims)] if claims else spec)


def _hash(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _unordered(facts: Any) -> Any:
    if isinstance(facts, dict):
        return {key: _unordered(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return sorted(
            (_unordered(each) for each in facts), key=lambda each: json.dumps(each, sort_keys=True, default=str)
        )
    return facts


Fact = CampaignFacts | Candidate | Alias | Event | Source | Channel | Territory


def campaign_facts(campaign: Campaign, landed_at: datetime) -> list[Fact]:
    """Every fact of the campaign's folder as records to land; only the first carries `landed_at`."""
    whole = CampaignFacts(
        campaign_id=campaign.id,
        campaign_hash=campaign.campaign_hash,
        spec_hash=campaign.spec_hash,
        spec=json.dumps(campaign.spec, sort_keys=True, default=str),
        title=campaign.title,
        timezone=campaign.timezone,
        currency=campaign.currency,
        start_on=campaign.start,
        end_on=campaign.end,
        small_gift_max=campaign.money.small_gift_max,
        landed_at=landed_at,
        retention_days=campaign.retention_days,
        settings=campaign_as_json(campaign),
        language=campaign.language,
        claims=json.dumps(rows_of(campaign.claims), sort_keys=True) if campaign.claims else None,
    )
    roster = [_candidate(campaign, candidate) for candidate in campaign.candidates]
    aliases = [alias for candidate in campaign.candidates for alias in _aliases(campaign, candidate)]
    channels = [
        Channel(
            campaign_id=campaign.id,
            campaign_hash=campaign.campaign_hash,
            channel=one.channel,
            title=one.title,
            channel_kind=one.channel_kind,
            spent=one.spent,
            currency=one.currency or campaign.currency,
            hours=one.hours,
            starts_on=one.starts_on or campaign.start,
            ends_on=one.ends_on or campaign.end,
            source_url=one.source_url,
        )
        for one in campaign.channels
    ]
    sources = campaign_sources(campaign)
    return [whole, *roster, *aliases, *campaign.events, *sources, *campaign.territories, *channels]


def campaign_as_json(campaign: Campaign) -> str:
    """The whole campaign as text, from which `campaign_from_json` makes it again."""
    return json.dumps(campaign.model_dump(mode="python"), sort_keys=True, default=_plain)


def campaign_from_json(text: str) -> Campaign:
    """The campaign as it was when it was written down."""
    return Campaign.model_validate_json(text, context=AS_LANDED)


def _plain(value: object) -> object:
    # An amount as a number, for a quoted one is refused wherever a campaign is read.
    return float(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else str(value)


def campaign_sources(campaign: Campaign) -> list[Source]:
    """Every source that the campaign declares, with the id and key under which its attempts are kept."""
    feeds = [
        _source(
            campaign,
            feed.id,
            source_key=feed.url,
            source_kind=feed.source_kind,
            scope=feed.scope,
            territory=feed.territory,
            is_synthetic=feed.synthetic,
        )
        for feed in campaign.feeds
    ]
    archives = [
        _source(
            campaign,
            archive.id,
            source_kind=archive.source_kind,
            coverage=archive.sampling or "measured",
            reach="files",
        )
        for archive in campaign.archives
    ]
    donations = [
        _source(
            campaign,
            series.id,
            source_kind="donations",
            candidate_id=series.candidate,
            precision=series.precision,
            currency=series.currency or campaign.currency,
            summed_as=campaign.money.sum_of(series.id),
            candidates=series.candidates or tuple(one.id for one in campaign.candidates if is_of(series, one)) or None,
        )
        for series in campaign.donations
    ]
    signups = [
        _source(
            campaign,
            series.id,
            source_kind="signups",
            candidate_id=series.candidate,
            precision=series.precision,
            is_synthetic=series.synthetic,
            candidates=series.candidates or tuple(one.id for one in campaign.candidates if is_of(series, one)) or None,
        )
        for series in campaign.signups
    ]
    polls = [_source(campaign, one.id, source_kind="polls", territory=one.territory) for one in campaign.polls]
    networks = [*_x_sources(campaign), *_network_sources(campaign)]
    return [*feeds, *networks, *archives, *donations, *signups, *polls]


def _x_sources(campaign: Campaign) -> list[Source]:
    """What is asked of X: counts of each candidate, samples around events, and their own accounts."""
    x = campaign.x
    if x is None:
        return []
    sources = [_source(campaign, "x-stream", source_kind="x_posts", reach="live")] if x.stream else []
    for candidate in campaign.candidates:
        known = {"candidate_id": candidate.id, "query_hash": _query_hash(candidate)}
        kinds = [("x_counts", "x-counts", known | {"coverage": x.sampling or x.coverage})]
        kinds += [("x_posts", "x-posts", known)] if x.posts_per_event else []
        kinds += [("x_own", "x-own", {"candidate_id": candidate.id})] if _has_own_account(x, candidate) else []
        sources += [
            _source(campaign, f"{name}-{candidate.id}", source_kind=kind, reach="past", **rest)
            for kind, name, rest in kinds
        ]
    return sources


def _network_sources(campaign: Campaign) -> list[Source]:
    """What is read of the open networks."""
    sources: list[Source] = []
    if campaign.bluesky is not None:
        if campaign.bluesky.stream:
            sources.append(_source(campaign, "bluesky-stream", source_kind="bluesky", reach="live"))
        sources += _own_sources(campaign, "bluesky") if campaign.bluesky.own_accounts else []
    if campaign.mastodon is not None:
        sources += [
            _source(campaign, server_source_id(server), source_kind="mastodon", reach="past")
            for server in campaign.mastodon.servers
        ]
        sources += _own_sources(campaign, "mastodon") if campaign.mastodon.own_accounts else []
    return sources


def _own_sources(campaign: Campaign, network: str) -> list[Source]:
    return [
        _source(campaign, f"{network}-own-{one.id}", source_kind=f"{network}_own", reach="past", candidate_id=one.id)
        for one in campaign.candidates
        if one.accounts.get(network)
    ]


def server_source_id(server: str) -> str:
    """The id of the hashtags of one server of Mastodon."""
    return plain_id(f"mastodon-tags-{server.rpartition('://')[2]}")


def phrases_of(campaign: Campaign) -> list[str]:
    """Every alias, account and excluded phrase of the roster, as it lands."""
    return sorted({one.alias for candidate in campaign.candidates for one in _aliases(campaign, candidate)})


def _has_own_account(x: XConfig, candidate: CandidateConfig) -> bool:
    return x.own_accounts and bool(candidate.accounts.get("x"))


def _query_hash(candidate: CandidateConfig) -> str | None:
    """The hash of what X is asked about a candidate; None where it may not be asked, which collecting says aloud."""
    try:
        return query_hash(candidate_queries(candidate))
    except SourceRefused:
        return None


def _source(campaign: Campaign, source_id: str, **known: Any) -> Source:
    unknown = {"scope": "national", "territory": None, "candidate_id": None, "query_hash": None, "precision": None}
    rest = {"currency": None, "coverage": "measured", "is_synthetic": False, "summed_as": None}
    key = {"source_key": f"{campaign.id}/{source_id}"}
    return Source(
        campaign_id=campaign.id,
        campaign_hash=campaign.campaign_hash,
        source_id=source_id,
        **{**unknown, **rest, **key, **known},
    )


def _candidate(campaign: Campaign, candidate: CandidateConfig) -> Candidate:
    return Candidate(
        campaign_id=campaign.id,
        campaign_hash=campaign.campaign_hash,
        candidate_id=candidate.id,
        name=candidate.name,
        accounts=tuple(sorted({plain_author(one) for handles in candidate.accounts.values() for one in handles}))
        or None,
        signature=candidate.signature,
        staff_clients=candidate.staff_clients or None,
    )


def _aliases(campaign: Campaign, candidate: CandidateConfig) -> list[Alias]:
    # A handle on two networks is one way to name a person. Nobody names a committee by its number.
    networks = (handles for network, handles in candidate.accounts.items() if network not in COMMITTEE_NETWORKS)
    handles = dict.fromkeys(f"@{handle}" for network in networks for handle in network)
    spoken = [(alias, False) for alias in (*candidate.aliases, *handles)]
    excluded = [(phrase, True) for phrase in candidate.exclude]
    return [
        Alias(
            campaign_id=campaign.id,
            campaign_hash=campaign.campaign_hash,
            candidate_id=candidate.id,
            alias=alias,
            is_excluded=is_excluded,
        )
        for alias, is_excluded in (*spoken, *excluded)
    ]
