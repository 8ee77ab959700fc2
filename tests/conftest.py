"""What holds for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.demo_run import demo  # noqa: F401 - a fixture

# A slow or busy machine is no fault of what is tested; and the same commit passes or fails twice alike.
settings.register_profile("steady", deadline=None, derandomize=True)
# To look for more: HYPOTHESIS_PROFILE=searching make test
settings.register_profile("searching", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Files that start real servers, kill processes or build many homes, by `--durations`: `-m "not slow"` leaves them out.
_HERE = Path(__file__).parent
_SLOW = {
    _HERE / path
    for path in (
        "flows/commands/test_build_as_of.py",
        "flows/commands/test_commands.py",
        "flows/commands/test_erase_people.py",
        "flows/commands/test_watch.py",
        "flows/demo/test_run.py",
        "flows/deployed/test_attacked.py",
        "flows/deployed/test_deployed.py",
        "flows/deployed/test_private.py",
        "flows/deployed/test_stopped.py",
        "flows/effects_csv/test_export.py",
        "flows/feeds/test_cadence.py",
        "flows/imports/test_donation_files_as_sent.py",
        "flows/imports/test_erased_posts_stay_counted.py",
        "flows/imports/test_no_cell_is_told.py",
        "flows/keeping/test_backup.py",
        "flows/keeping/test_disk.py",
        "flows/keeping/test_doctor.py",
        "flows/keeping/test_kills.py",
        "flows/keeping/test_rebuild.py",
        "flows/reports/test_browser.py",
        "flows/reports/test_live.py",
        "flows/reports/test_write.py",
        "flows/screen/test_status.py",
        "flows/test_differing.py",
        "flows/test_erase.py",
        "flows/test_private_by_design.py",
        "flows/x/test_collectors.py",
        "flows/x/test_follow.py",
        "flows/x/test_open.py",
        "flows/x/test_posts.py",
        "flows/x/test_stream_killed.py",
        "warehouse/build/test_as_of.py",
        "warehouse/build/test_broken_store.py",
        "warehouse/build/test_run.py",
        "warehouse/effects/test_robustness.py",
        "warehouse/estimates/test_estimating.py",
        "warehouse/landing/test_unreadable_files.py",
        "warehouse/publish/test_publishing.py",
        "warehouse/publish/test_readers.py",
        "warehouse/tables/test_increments.py",
        "warehouse/test_mentions.py",
    )
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path in _SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name that stays: gzip writes the time into its bytes, and workers must find the same tests under one name."""
    return "gzip" if isinstance(val, bytes) and b"\x1f\x8b" in val else None
