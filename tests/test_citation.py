"""CITATION.cff says what one needs to cite, and the same as the package does."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_the_citation_is_of_this_version_and_has_what_the_format_requires() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert cited["cff-version"] == "1.2.0"
    assert cited["message"]
    assert (cited["title"], cited["type"]) == (project["name"], "software")
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert all(author.get("name") or author.get("family-names") for author in cited["authors"])
    assert cited["authors"]
