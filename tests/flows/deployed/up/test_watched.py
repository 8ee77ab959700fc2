"""Which campaigns are watched, and how a second `up` asks for others."""

from pathlib import Path
from threading import Thread

import pytest

from connectors.errors import CampaignFault
from flows.deployed.described import Watched
from flows.deployed.up import watched
from flows.faults import UsageFault
from tests.flows.small_campaign import write_small_campaign

ONE = Watched("small", "/somewhere/small", "Europe/Paris")


def test_a_campaign_is_watched_by_its_id_or_by_its_folder(tmp_path: Path) -> None:
    folder = write_small_campaign(tmp_path)

    by_id, by_folder = watched.campaigns_watched(["us-2020-general", str(folder)])

    assert by_id == Watched("us-2020-general", "us-2020-general", "America/New_York")
    assert by_folder == Watched("small", str(folder), "Europe/Paris")


def test_a_wrong_name_among_right_ones_is_a_fault() -> None:
    with pytest.raises(CampaignFault, match="no-such-race"):
        watched.campaigns_watched(["us-2020-general", "no-such-race"])


def test_two_folders_of_one_campaign_are_refused(tmp_path: Path) -> None:
    folders = []
    for name in "ab":
        (tmp_path / name).mkdir()
        folders.append(str(write_small_campaign(tmp_path / name)))
    with pytest.raises(UsageFault, match="two folders say that they are small"):
        watched.campaigns_watched(folders)


def test_what_a_second_up_asks_for_is_done_by_the_first(tmp_path: Path) -> None:
    answers = list[bool]()
    second = Thread(target=lambda: answers.append(watched.ask(tmp_path, [ONE], within_s=30)))
    second.start()
    while not watched.asked(tmp_path):
        pass
    assert watched.asked(tmp_path) == [ONE.found_as]
    watched.answer(tmp_path)
    second.join()

    assert answers == [True]
    assert watched.ask(tmp_path, [ONE], within_s=0) is False


def test_what_was_watched_is_remembered(tmp_path: Path) -> None:
    assert watched.remembered(tmp_path) == []
    watched.remember(tmp_path, [ONE])
    assert watched.remembered(tmp_path) == [ONE.found_as]
