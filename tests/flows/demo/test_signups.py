"""Synthetic sign-ups say that they are, and are read like any others."""

import csv
from pathlib import Path

from connectors.campaign.folder import read_campaign
from connectors.donations.formats.signups import read_signups
from flows.demo.signups import HEADER, main, synthetic_signups
from tests.connectors.campaign.folders import write_campaign
from tests.connectors.donations.given import a_file, a_source, key_of

EVENT = "d1,debate,First debate,2020-09-29T21:00,,,,,,,,true,\n"


def test_every_row_is_read_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "us", events=EVENT)
    (folder / "channels.csv").write_text("channel,channel_kind\nnet,network\nstreet,field\n")
    assert main(folder) == 0
    text = (folder / "signups" / "synthetic.csv").read_text(encoding="utf-8")
    source = a_source(format="signups", events=frozenset({"d1"}), channels=frozenset({"net", "street"}), timezone=None)
    read = read_signups(a_file(text), source, key_of)
    assert read.set_aside == []
    assert {record.channel for record in read.records} == {"net", "street"}  # type: ignore[union-attr]
    rows = list(csv.DictReader(text.splitlines()))
    assert all(row["signup_id"].startswith("synthetic-") and row["person"].startswith("synthetic-") for row in rows)


def test_the_same_campaign_gives_the_same_rows_and_more_after_an_event(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path / "us", events=EVENT))
    rows = list(synthetic_signups(campaign))
    assert rows == list(synthetic_signups(campaign))
    assert len(rows[0]) == len(HEADER)
    of_days = [row[1][:10] for row in rows]
    assert of_days.count("2020-09-30") > of_days.count("2020-09-28")
