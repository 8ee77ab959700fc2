"""The smallest campaign that lands something: one total of one hour, in a file that dropped long ago."""

import os
from pathlib import Path

from flows.commands.new import write_new_campaign

_TOTALS = """
[[donations]]
id = "totals"
format = "totals"
path = "totals.csv"
candidate = "ALL"
precision = "interval"
timezone = "Europe/Paris"
"""


def write_small_campaign(folder: Path) -> Path:
    """The campaign's folder, written under `folder`."""
    campaign = write_new_campaign("small", folder)
    for name, more in (("campaign.toml", _TOTALS), ("events.csv", "")):
        (campaign / name).write_text((campaign / name).read_text().replace("2027", "2022") + more)
    (campaign / "totals.csv").write_text(
        "interval_start_at,interval_minutes,amount,count,candidate\n2022-04-01T21:00+02:00,60,250.00,5,\n"
    )
    os.utime(campaign / "totals.csv", (0, 0))  # a file that changed a moment ago would be left for the next run
    return campaign
