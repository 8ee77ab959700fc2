"""The dates that a cron schedule comes to, in the zones of campaigns; Prefect's code, with what the lock pins."""

import asyncio
from datetime import datetime

import pytest
from prefect.server.schemas.schedules import CronSchedule

pytestmark = pytest.mark.schedule


@pytest.mark.parametrize(
    ("zone", "asked_at", "expected"),
    [
        ("America/New_York", "2020-10-22T19:52-04:00", ["2020-10-22T20:00-04:00", "2020-10-22T20:15-04:00"]),
        ("Europe/Paris", "2022-04-20T20:31+02:00", ["2022-04-20T20:45+02:00", "2022-04-20T21:00+02:00"]),
        ("Asia/Kolkata", "2024-05-13T23:50+05:30", ["2024-05-14T00:00+05:30", "2024-05-14T00:15+05:30"]),
        ("UTC", "2024-12-31T23:59+00:00", ["2025-01-01T00:00+00:00", "2025-01-01T00:15+00:00"]),
        # The hour from two to three is not there.
        ("America/New_York", "2020-03-08T01:40-05:00", ["2020-03-08T01:45-05:00", "2020-03-08T03:00-04:00"]),
    ],
)
def test_a_schedule_has_its_next_dates(zone: str, asked_at: str, expected: list[str]) -> None:
    schedule = CronSchedule(cron="*/15 * * * *", timezone=zone)

    dates = asyncio.run(schedule.get_dates(2, datetime.fromisoformat(asked_at)))

    assert [date.isoformat() for date in dates] == [datetime.fromisoformat(each).isoformat() for each in expected]
