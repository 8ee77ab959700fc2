"""The campaigns that a build is about, each with its zone and its analysis."""

import json
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from warehouse.effects.spec import Spec, spec_with


class TouchedCampaign(NamedTuple):
    """One campaign of which any day was touched."""

    campaign_id: str
    zone: ZoneInfo
    spec: Spec


def touched_campaigns(con: duckdb.DuckDBPyConnection) -> list[TouchedCampaign]:
    """The campaigns of `staging.touched_days`, by id."""
    found = con.execute(
        "SELECT campaign_id, timezone, spec FROM staging.campaigns"
        " SEMI JOIN staging.touched_days USING (campaign_id) ORDER BY campaign_id"
    ).fetchall()
    return [TouchedCampaign(name, ZoneInfo(zone), spec_with(json.loads(overrides))) for name, zone, overrides in found]
