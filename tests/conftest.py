"""What holds for every test."""

import os

import pytest
from hypothesis import settings

# A slow or busy machine is no fault of what is tested; and the same commit passes or fails twice alike.
settings.register_profile("steady", deadline=None, derandomize=True)
# To look for more: HYPOTHESIS_PROFILE=searching make test
settings.register_profile("searching", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Files that start real servers, kill processes or build many homes, by `--durations`: `-m "not slow"` leaves them out.
_SLOW = {
    "test_attacked.py",
    "test_building.py",
    "test_commands.py",
    "test_demo.py",
    "test_deployed.py",
    "test_donation_files_as_sent.py",
    "test_effects_export.py",
    "test_erase.py",
    "test_estimating.py",
    "test_increments.py",
    "test_mentions.py",
    "test_no_cell_is_told.py",
    "test_private.py",
    "test_private_by_design.py",
    "test_robustness.py",
    "test_show_status.py",
    "test_stopped.py",
    "test_stream_killed.py",
    "test_stream_x.py",
    "test_x_posts.py",
    "test_x_token.py",
}


def pytest_configure(config: pytest.Config) -> None:
    # An expression of .ci/run may name only markers that are known, whether a test bears them or not.
    config.addinivalue_line("markers", "schedule: a real server whose clock starts runs; for every Python")
    config.addinivalue_line("markers", "slow: takes seconds; left out where a run must be quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in _SLOW:
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A name that stays: gzip writes the time into its bytes, and workers must find the same tests under one name."""
    return "gzip" if isinstance(val, bytes) and b"\x1f\x8b" in val else None
