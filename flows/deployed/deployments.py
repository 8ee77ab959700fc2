"""The flows that prefect.yaml deploys: each wraps one plain step in one task for its whole batch.

They stand apart from the steps so that commands, which call the steps, never import Prefect. A task run costs the
server some 30 ms and 19 KB, so a batch of sources is one task, and a feed or a post is none.
"""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from prefect import flow, get_run_logger, task

from connectors.errors import SourceError
from flows.alerts.morning import mornings_digest
from flows.alerts.once import alert_once
from flows.alerts.send import channels_of, send_to_all
from flows.bluesky.collect import collect_bluesky_once
from flows.bluesky.stream import follow_bluesky_for_a_while
from flows.build import build_what_waits
from flows.collected import Collected
from flows.deployed import events
from flows.deployed.early import SETTLE_S
from flows.deployed.last_good_campaign import campaign_or_last_good
from flows.deployed.moments import Moment, announce_events_once
from flows.deployed.one_sentence import say_in_one_sentence
from flows.deployed.retries import RETRIES
from flows.deployed.settings import settings_in_deployment
from flows.deployed.shown import show_health
from flows.feeds.collect import collect_feeds_once
from flows.imports.files import import_files_once
from flows.inputs import settings_for
from flows.mastodon.collect import collect_mastodon_once
from flows.people.erase import Erased
from flows.reports.campaign_facts import NoSuchCampaign
from flows.reports.write import published_ids, write_report
from flows.steps import Step, take_step
from flows.x.collect import collect_x_once
from flows.x.compliance import check_compliance_once
from flows.x.stream.collect import stream_event_once
from warehouse.build.run import Built
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import NothingPublished, query_published

say_in_one_sentence()


class SourcesFailed(SourceError):
    """Some sources of a batch failed, the others landed; the message names them."""


class PagesFailed(Exception):
    """The pages of some campaigns could not be written, the others were; the message names them."""


class DigestUnsent(Exception):
    """Some channels did not take the digest; the message names them by number and kind."""


class Taken(NamedTuple):
    """What a step did, and for which campaign."""

    campaign_id: str
    collected: Collected


@flow(name="announce-events")
def announce_events(campaign: str, home: Path | None = None) -> None:
    """Emit an event for each moment of the campaign that the clock passed."""
    settings, now = settings_in_deployment(home), datetime.now(UTC)
    read, fault = campaign_or_last_good(campaign, settings.home, now, get_run_logger().info)

    def announce(moment: Moment) -> None:
        events.reached(moment.name, read.id, moment.event_id)

    announced = announce_events_once(read, settings, now, announce)
    get_run_logger().info("announced: %s", ", ".join(f"{m.event_id} {m.name}" for m in announced) or "nothing")
    alert_once(settings, now, tell=get_run_logger().info)
    if fault:
        raise SourcesFailed(fault)


@flow(name="collect-feeds")
def collect_feeds(campaign: str, home: Path | None = None) -> None:
    """Poll what is due, and say that it landed."""
    _finish(collect_feeds_batch(campaign, home))


@flow(name="collect-x")
def collect_x(campaign: str, home: Path | None = None) -> None:
    """Ask X what is due, and say that it landed."""
    _finish(collect_x_batch(campaign, home))


@flow(name="stream-x")
def stream_x(campaign: str, home: Path | None = None) -> None:
    """Follow X's stream through the event that is on, and say that it landed."""
    _finish(stream_x_through_event(campaign, home))


@flow(name="collect-networks")
def collect_networks(campaign: str, home: Path | None = None) -> None:
    """Read what is due of Bluesky's and Mastodon's timelines, and say that it landed."""
    _finish(collect_networks_batch(campaign, home))


@flow(name="stream-bluesky")
def stream_bluesky(campaign: str, home: Path | None = None) -> None:
    """Follow Bluesky's stream for a while, and say that it landed; the next run goes on from there."""
    _finish(stream_bluesky_for_a_while(campaign, home))


@flow(name="check-compliance")
def check_compliance(home: Path | None = None) -> None:
    """Erase the posts that X wants gone; the log of it is built with what lands next."""
    erased = erase_what_x_wants_gone(home)
    get_run_logger().info("erased: %s", f"{erased.rows} rows" if erased else "nothing, no post of X is held")


@flow(name="import-donations")
def import_donations(campaign: str, home: Path | None = None) -> None:
    """Import what dropped, and say that it landed."""
    _finish(import_donations_batch(campaign, home))


@flow(name="build-warehouse")
def build_warehouse(home: Path | None = None) -> None:
    """Build what waits and publish, and say so where something was new: pages are a flow of their own."""
    try:
        built = build_and_publish(home)
    except Exception:
        show_health(settings_for(home).home)
        raise
    if built is None:
        return
    show_health(settings_for(home).home)
    if built.run_id is not None:
        campaigns = query_published(settings_in_deployment(home).home, "SELECT campaign_id FROM facts.campaigns")
        events.built([str(campaign_id) for (campaign_id,) in campaigns.rows], run_id=built.run_id)
    if built.unreadable:
        raise SourcesFailed("; ".join(f"{path}: {reason}" for path, reason in built.unreadable.items()))


@flow(name="send-digest")
def send_digest(campaign: str, home: Path | None = None) -> None:
    """Send what is known of each event, where somebody wants it and something is published."""
    settings, now, tell = settings_in_deployment(home), datetime.now(UTC), get_run_logger().info
    channels = channels_of(settings.alerts)
    if not channels:
        tell("AFTERDEBATE_ALERTS names no channel: nothing is sent")
        return
    read, _fault = campaign_or_last_good(campaign, settings.home, now, tell)
    try:
        subject, text = mornings_digest(settings, read.id, None, now)
    except (NothingPublished, NoSuchCampaign):
        tell("nothing of the campaign is published yet: nothing is sent")
        return
    if faults := send_to_all(channels, subject, text):
        raise DigestUnsent("; ".join(faults))


@flow(name="write-pages")
def write_pages(home: Path | None = None) -> None:
    """Write the pages that are not as they were, of every published campaign; one that fails stops no other."""
    data = settings_for(home).home
    if not published_file(data).is_file():
        get_run_logger().info("pages: nothing is published yet")
        return
    ended = {name: write_changed_pages(name, home, return_state=True) for name in published_ids(data)}
    failed = {name: state.message for name, state in ended.items() if not state.is_completed()}
    if failed:
        raise PagesFailed("; ".join(f"{name}: {message}" for name, message in failed.items()))


# Settings are read inside the tasks: what goes into a task may be kept by the server, and settings hold secrets.
@task(**RETRIES)
def collect_feeds_batch(campaign: str, home: Path | None) -> Taken:
    """What came of all feeds that are due."""
    return _take(collect_feeds_once, "feeds", campaign, home)


@task(**RETRIES)
def collect_x_batch(campaign: str, home: Path | None) -> Taken:
    """What came of all questions to X that are due."""
    return _take(partial(collect_x_once, rests=True), "x", campaign, home)


@task(**RETRIES)
def stream_x_through_event(campaign: str, home: Path | None) -> Taken:
    """What the stream brought."""
    return _take(stream_event_once, "stream", campaign, home)


@task(**RETRIES)
def collect_networks_batch(campaign: str, home: Path | None) -> Taken:
    """What came of the accounts on Bluesky, and of the accounts and hashtags on Mastodon."""
    taken = _take(partial(collect_bluesky_once, follows=False), "bluesky", campaign, home)
    taken.collected.add(_take(collect_mastodon_once, "mastodon", campaign, home).collected)
    return taken


@task(**RETRIES)
def stream_bluesky_for_a_while(campaign: str, home: Path | None) -> Taken:
    """What Bluesky's stream brought."""
    return _take(follow_bluesky_for_a_while, "bluesky stream", campaign, home)


@task(**RETRIES)
def erase_what_x_wants_gone(home: Path | None) -> Erased | None:
    """What was erased; None where no post is held."""
    return check_compliance_once(settings_in_deployment(home), lambda: datetime.now(UTC), tell=get_run_logger().info)


@task(**RETRIES)
def import_donations_batch(campaign: str, home: Path | None) -> Taken:
    """What came of the files that dropped."""
    return _take(partial(import_files_once, settle_s=SETTLE_S), "imports", campaign, home)


@task(**RETRIES)
def build_and_publish(home: Path | None) -> Built | None:
    """What was built and published; None where nothing waited for it."""
    settings = settings_in_deployment(home)
    tell = get_run_logger().info
    try:
        return build_what_waits(settings.home, partial(datetime.now, UTC), tell=tell)
    finally:
        alert_once(settings, datetime.now(UTC), tell=tell)


@task(**RETRIES)
def write_changed_pages(campaign_id: str, home: Path | None) -> int:
    """How many pages of a campaign were written; those that nothing changed stay as they are."""
    written = write_report(settings_in_deployment(home).home, campaign_id, tell=get_run_logger().debug)
    get_run_logger().info("pages: %d written, %d as they were", len(written.pages), written.kept)
    return len(written.pages)


def _take(step: Step, title: str, campaign: str, home: Path | None) -> Taken:
    settings, now, tell = settings_in_deployment(home), datetime.now(UTC), get_run_logger().info
    read, fault = campaign_or_last_good(campaign, settings.home, now, tell)
    collected = take_step(step, read, settings, now, title=title, tell=tell)
    if fault:
        collected.failed[read.id] = fault
    alert_once(settings, datetime.now(UTC), tell=tell)
    return Taken(read.id, collected)


def _finish(taken: Taken) -> None:
    """Say what landed, so that it is built; then fail where a source failed, so that somebody looks."""
    campaign_id, collected = taken
    if collected.files:
        events.landed(campaign_id, rows=dict(collected.landed))
    if collected.unbought:
        events.exhausted(campaign_id, reason="; ".join(collected.unbought.values()))
    for source_id, reason in collected.silent.items():
        events.silent(campaign_id, source_id, reason=reason)
    if collected.failed:
        raise SourcesFailed("; ".join(f"{source_id}: {reason}" for source_id, reason in collected.failed.items()))
