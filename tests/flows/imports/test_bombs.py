"""Packed bombs among donations and archives: named, counted as failed, and no hindrance to the files beside them."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.flows.imports.archives.test_posts import CSV, PLAIN_CSV, V2, land, posts
from tests.flows.imports.donation_campaign import GIFTS, NOON, a_campaign, with_fec
from tests.flows.imports.test_fec_editions import RECEIPTS, gift

HEADER = b"donation_id,occurred_at,amount,donor\n"
BOMBS = {
    "one line": gzip.compress(HEADER + b"0" * 40_000_000),
    "many lines": gzip.compress(HEADER + b"d1,2020-09-29 21:05,25,Jane Doe\n" * 2_000_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_among_gifts_is_named_and_the_others_land(bomb: str, tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us")
    (campaign.folder / "gifts" / "a.csv").write_text(GIFTS)
    (campaign.folder / "gifts" / "b.csv").write_bytes(BOMBS[bomb])
    collected = import_donations_once(campaign, Settings(home=tmp_path / "home", donor_key=SecretStr("k")), NOON)
    assert collected.failed["gifts"].startswith("b.csv: unpacks to more than")
    assert collected.told_anew["gifts"] == 2


def test_a_bomb_among_fec_files_is_named_and_the_others_land(tmp_path: Path) -> None:
    campaign = with_fec(tmp_path / "us")
    row = ",".join(gift("T1", 45, {})) + "\n"
    (campaign.folder / "fec" / "a.csv").write_text(",".join(RECEIPTS) + "\n" + row)
    (campaign.folder / "fec" / "b.csv").write_bytes(
        gzip.compress(f"{','.join(RECEIPTS)}\n".encode() + row.encode() * 300_000)
    )
    collected = import_donations_once(campaign, Settings(home=tmp_path / "home", donor_key=SecretStr("k")), NOON)
    assert collected.failed["fec"].startswith("b.csv: unpacks to more than")
    assert collected.told_anew == Counter(fec=1)


@pytest.mark.parametrize(("toml", "content"), [(CSV, PLAIN_CSV.encode()), (V2, b"")], ids=["csv", "json"])
@pytest.mark.parametrize("filling", [b"0", b'1,2026-11-19 20:00:30,adaquill,"Quill",en\n'], ids=["one line", "rows"])
def test_a_bomb_among_archives_is_named(toml: str, content: bytes, filling: bytes, tmp_path: Path) -> None:
    collected = land(tmp_path, toml, "a.csv.gz", gzip.compress(content + filling * (40_000_000 // len(filling))))
    assert collected.failed["old-posts"].startswith("a.csv.gz: unpacks to more than")
    assert posts(tmp_path) == []
