"""The server of `afterdebate up` in its own process, as `prefect server start` runs it, but behind our door."""

import sys
from pathlib import Path

import uvicorn

from flows.deployed.up.parent import end_with_parent
from flows.only_one import held_by_us


def main(lock: Path, host: str, port: int) -> None:
    """Serve until interrupted, or until `up` is gone."""
    with held_by_us(lock, port=port):
        end_with_parent()
        uvicorn.run("flows.deployed.up.door:guarded_server", factory=True, host=host, port=port, log_level="warning")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
