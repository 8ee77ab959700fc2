"""The flow that writes pages, without a server."""

from pathlib import Path

from prefect.logging import disable_run_logger

from flows.deployed.deployments import write_pages


def test_where_nothing_is_published_there_is_nothing_to_write(tmp_path: Path) -> None:
    with disable_run_logger():
        write_pages.fn(tmp_path / "home")
    assert not (tmp_path / "home" / "reports").exists()
