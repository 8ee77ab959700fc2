"""What of an import of gifts was known before, lies outside the season, or stands in two sources."""

from connectors.campaign.models import SeriesConfig
from connectors.records import Donation, DonationTotal, Signup, TickerReading
from flows.imports.donation_files import SIGNUPS
from flows.imports.memory import standing_files
from flows.imports.run import Import
from warehouse.landing.repeats import Season, count_told
from warehouse.landing.twins import find_twins

# Every other layout tells of gifts.
_TABLE_OF = {
    "totals": DonationTotal.TABLE,
    "cumulative": TickerReading.TABLE,
    SIGNUPS: Signup.TABLE,
}  # every other format tells of gifts


def count_repeats(run: Import, config: SeriesConfig) -> None:
    """Count what of an import was known before as duplicates, and how much of its news lies outside the season."""
    standing = standing_files(run.state, run.campaign.id, config.id)
    if all(imported_at != run.now for _, imported_at in standing):
        return
    table = _TABLE_OF.get(run.source(config).format, Donation.TABLE)
    season = Season(run.campaign.start, run.campaign.end, run.source(config).campaign_timezone)
    told = count_told(run.home, table, (run.campaign.id, config.id), standing, run.now, season=season)
    run.collected.duplicates[config.id] += told.before
    run.collected.told_anew[config.id] -= told.before
    run.collected.landed[table] -= told.before
    if landed := run.collected.told_anew[config.id]:
        share = f"{(landed - told.outside) / landed:.0%} of them in the season {season.start_on} to {season.end_on}"
        kept = f"; {told.outside} outside: kept, counted in no interval" if told.outside else ""
        run.collected.outside[config.id] = share + kept


def note_twins(run: Import) -> None:
    """Note the sources that hold the same gifts: added up, they would count twice."""
    standing = [
        (config.id, sha256, imported_at)
        for config in run.campaign.donations
        for sha256, imported_at in standing_files(run.state, run.campaign.id, config.id)
    ]
    if all(imported_at != run.now for _, _, imported_at in standing):
        return
    run.collected.notes += [
        f"{twins.source_id} and {twins.other_id} tell the same gifts: {twins.gifts} of {twins.of_gifts} stand in "
        "both. Mend: take the file back where it does not belong (import --withdraw FILE)"
        for twins in find_twins(run.home, run.campaign.id, standing)
    ]
