"""Two builds side by side: which numbers differ, and the causes that what landed between them shows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.records import Erasure
from flows.build import build_as_of_once, build_warehouse_once
from flows.differing import CANNOT_TELL, Difference, cause_of, find_difference
from flows.faults import UsageFault
from tests.warehouse.homes import NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from warehouse.landing.files import land
from warehouse.publish.comparing import Change, Published

LATER = NOW + timedelta(days=1)
RUN = Published("a", NOW, "1.0", "c1", "s1")
CELL = Change("donation_by_interval", "tiny", "", "changed", "amount", "1", "2")


def compare(home: Path, before: str | None = None, after: str | None = None) -> Difference:
    return find_difference(home, before, after, now=datetime.now(UTC), tell=lambda _text: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    land_campaign(home)
    land_ticker(home, "first.csv", steady_totals(range(24)))
    land_poll(home, START_AT + timedelta(hours=3), START_AT, {"Ada speaks": START_AT + timedelta(minutes=30)})
    build_warehouse_once(home, NOW)
    return home


def test_a_late_reading_is_why_money_changed_and_no_mention_did(home: Path) -> None:
    late = {START_AT + timedelta(hours=h): 2440 + 90 * (h - 24) for h in range(24, 30)}
    land_ticker(home, "late.csv", late, known_at=LATER)
    build_warehouse_once(home, LATER)
    found = compare(home)
    assert {because for change, because in found.changes if change.table == "donation_by_interval"} == {"late data"}
    assert any(change.kind == "added" for change, _ in found.changes)
    assert not [change for change, _ in found.changes if change.table == "buzz_by_interval"]
    assert (found.before.built_at, found.after.built_at) == (NOW, LATER)


def test_an_edited_campaign_is_why_mentions_changed(home: Path) -> None:
    land_campaign(home, campaign_hash="c2", aliases=("Countess",), landed_at=LATER)
    build_warehouse_once(home, LATER)
    [(change, because), *_] = [
        (change, because)
        for change, because in compare(home).changes
        if change.table == "buzz_by_interval" and change.column == "mentions"
    ]
    assert (change.before, change.after, because) == ("1", "0", "campaign edited")


def test_the_same_build_twice_differs_in_nothing(home: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        build_as_of_once(home, LATER, tmp_path / name, now=datetime.now(UTC))
    assert compare(home, str(tmp_path / "one"), str(tmp_path / "two")).changes == []


@pytest.mark.parametrize(
    ("after", "landed", "told"),
    [
        (RUN, {}, CANNOT_TELL),
        (RUN._replace(version="1.1"), {}, "another version"),
        (RUN._replace(spec_hash="s2", campaign_hash="c2"), {}, "another [spec] or campaign edited"),
        (RUN, {("tiny", "money"): {"refunds"}}, "refunds"),
        (RUN, {("tiny", "money"): {"amended filings", "refunds"}}, "amended filings or refunds"),
        (RUN, {("tiny", "buzz"): {"late data"}, ("other", "money"): {"late data"}}, CANNOT_TELL),
        (RUN, {("", "any"): {"erasure"}}, "erasure"),
        (RUN, {("", "any"): {"what was asked since"}, ("tiny", "money"): {"late data"}}, "late data"),
    ],
)
def test_a_cause_is_told_where_it_can_have_moved_the_number(
    after: Published, landed: dict[tuple[str, str], set[str]], told: str
) -> None:
    assert cause_of(CELL, RUN, after, landed) == told


def test_an_erasure_between_the_builds_is_named(home: Path) -> None:
    land_campaign(home, campaign_hash="c2", aliases=("Countess",), landed_at=LATER)
    land(home, [
        Erasure(erasure_id="e", what="author", reason=None, asked_at=LATER, erased_at=LATER, hours_elapsed=0,
                rows_changed=1, files_rewritten=1, subject_hash=None)
    ])  # fmt: skip
    build_warehouse_once(home, LATER)
    assert "campaign edited or erasure" in {because for _, because in compare(home).changes}


@pytest.mark.parametrize(("before", "after"), [("nowhere", "neither"), ("one", None), (None, None)])
def test_what_cannot_be_compared_is_refused(home: Path, before: str | None, after: str | None) -> None:
    with pytest.raises(UsageFault, match="Mend:"):
        compare(home, before, after)
