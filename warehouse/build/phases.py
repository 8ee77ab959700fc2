"""From raw to metrics: what landed touches tables, and these are made anew where they are touched."""

from collections.abc import Callable

import duckdb

from warehouse.build.stopwatch import Stopwatch
from warehouse.estimates.campaigns import TouchedCampaign
from warehouse.estimates.claims import judge
from warehouse.estimates.describing import describe
from warehouse.estimates.estimating import estimate
from warehouse.estimates.polls import measure_polls
from warehouse.series.fits import Fits
from warehouse.tables.models import build_models, raw_tables_with_news, touch


def build_tables(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None], watch: Stopwatch) -> set[str]:
    """Restate what landed touches: count, estimate, then assemble; returns the names of the tables that changed."""
    watch.begin("touch")
    touch(con)
    watch.begin("count")
    news = raw_tables_with_news(con)
    changed = build_models(con, "staging", tell, news)
    watch.begin("estimate")

    def describe_beside(campaign: TouchedCampaign, fits: Fits) -> set[str]:
        watch.begin("describe")
        described = describe(con, campaign, fits, tell)
        watch.begin("estimate")
        return described

    changed |= estimate(con, tell, describe_beside)
    watch.begin("describe")
    changed |= measure_polls(con, tell)
    changed |= judge(con, tell)
    watch.begin("assemble")
    changed |= build_models(con, "metrics", tell, changed)
    watch.end()
    return changed
