from pathlib import Path

from flows.document_commands import commands_as_markdown
from flows.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_commands_are_documented_as_they_are() -> None:
    # Where this fails: python -m flows.document_commands > docs/commands.md
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == commands_as_markdown()


def test_every_command_has_an_example() -> None:
    sections = commands_as_markdown().split("\n## `")[1:]

    for section in sections:
        assert section.count("$ afterdebate ") >= 2, section


def test_every_option_names_its_value() -> None:
    assert " None`" not in commands_as_markdown()


def test_every_setting_is_documented_with_what_it_says() -> None:
    settings = commands_as_markdown().split("\n## Settings\n")[1]

    for name in Settings.model_fields:
        assert f"`AFTERDEBATE_{name.upper()}`" in settings
    assert "None" not in settings
