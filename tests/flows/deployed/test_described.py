"""prefect.yaml says of one campaign what `afterdebate up` makes of any number."""

from pathlib import Path

import yaml

from flows.deployed.described import HOME, Watched, described

ROOT = Path(__file__).parents[3]
ONE = Watched("us-2020-general", "us-2020-general", "America/New_York")
OTHER = Watched("fr", "/somewhere/fr", "Europe/Paris")


def test_prefect_yaml_describes_what_up_deploys() -> None:
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text())

    assert told["deployments"] == described([ONE])


def test_each_campaign_has_its_own_deployments_in_its_own_zone() -> None:
    of_fr = [one for one in described([ONE, OTHER]) if one["name"] == "fr"]

    assert len(of_fr) == 8
    assert {one["parameters"]["campaign"] for one in of_fr} == {"/somewhere/fr"}
    assert {schedule["timezone"] for one in of_fr for schedule in one["schedules"]} == {"Europe/Paris"}


def test_a_home_has_one_build_however_many_campaigns_it_watches() -> None:
    builds = [one for one in described([ONE, OTHER]) if one["entrypoint"].endswith(":build_warehouse")]

    assert [one["name"] for one in builds] == [HOME]
