"""Keys that people are hashed with: none is made where people were hashed with another."""

import shutil
from pathlib import Path

import pytest

from flows.faults import UsageFault
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.flows.imports.donation_campaign import GIFTS, NOON, a_campaign


def test_no_new_key_is_made_where_givers_have_landed(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us")
    (tmp_path / "us" / "gifts" / "one.csv").write_text(GIFTS)
    settings = Settings(home=tmp_path / "home")
    import_donations_once(campaign, settings, NOON)
    shutil.rmtree(tmp_path / "home" / "keys")
    with pytest.raises(UsageFault, match=r"donor\.key: is not there.*Mend: bring the file back.*AFTERDEBATE_DONOR_KEY"):
        import_donations_once(campaign, settings, NOON)
    assert not (tmp_path / "home" / "keys").exists()
    import_donations_once(campaign, Settings(home=tmp_path / "home", donor_key="the old one"), NOON)
