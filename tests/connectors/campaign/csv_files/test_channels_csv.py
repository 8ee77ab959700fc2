"""`channels.csv`: a row a channel; a slip is told with its line and its mend."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.campaign.csv_files.channels_csv import HEADER, read_channels
from connectors.campaign.folder import read_campaign
from tests.connectors.campaign.folders import write_campaign

PATH = Path("channels.csv")


def faults(text: str) -> list[str]:
    return [f"{one.line}: {one.fault}. Mend: {one.mend}" for one in read_channels(PATH, text).faults]


def test_a_folder_with_channels_knows_them(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "us")
    plain = read_campaign(folder)
    (folder / "channels.csv").write_text(
        f"{HEADER}\nnet,Our network,network,1200.50,EUR,340,2020-09-20,,\nmail,,mail,,,,,,\n"
    )
    campaign = read_campaign(folder)
    net, mail = campaign.channels
    assert (net.channel, net.spent, net.hours, net.starts_on) == ("net", Decimal("1200.50"), 340, date(2020, 9, 20))
    assert (mail.channel_kind, mail.spent, mail.currency) == ("mail", None, None)
    assert campaign.campaign_hash != plain.campaign_hash


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channel,kind\nnet,network\n", "1: unknown column 'kind'. Mend: "),
        ("channel\nnet\n", "1: the header has no column 'channel_kind'. Mend: begin the file with: channel,title,"),
        ("channel,channel_kind\nnet,radio\n", "2: channel_kind = 'radio' is not known. Mend: "),
        ("channel,channel_kind\nnet,field\nnet,field\n", "3: channel 'net' is also in line 2. Mend: give each"),
        ("channel,channel_kind\nnet,field,3\n", "2: the row has 3 cells, the header 2. Mend: give it as many"),
        ("channel,channel_kind,spent\nnet,field,-3\n", "2: spent = '-3' "),
        (
            "channel,channel_kind,starts_on,ends_on\nnet,field,2020-10-02,2020-10-01\n",
            "2: the channel ends on 2020-10-01, before it starts on 2020-10-02. Mend: exchange the two",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(text: str, expected: str) -> None:
    assert any(fault.startswith(expected) for fault in faults(text))
