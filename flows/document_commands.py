"""Writes docs/commands.md from the commands themselves: `python -m flows.document_commands > docs/commands.md`."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from flows.cli import main
from flows.settings import Settings

_HEAD = """\
# Commands

Written from the commands themselves (`python -m flows.document_commands`); `afterdebate COMMAND --help` says the same.

CAMPAIGN is an id under `./campaigns`, or a path to a campaign folder. `--home DIR` (or `AFTERDEBATE_HOME`) is where
landing zone, warehouse and published tables live: `./data` where nothing is said.

| exit code | means |
|---|---|
| 0 | done; rows set aside and a spent budget are counted and said |
| 1 | done, but a source failed or a landed file cannot be read (each is named), or the build could not be published |
| 2 | bad usage or configuration; nothing was touched |
"""


def commands_as_markdown() -> str:
    """Every command with its help, its arguments and its options, in the order of `--help`; then every setting."""
    sections = (_section(path, command) for path, command in _commands("afterdebate", get_command(main)))
    return "\n".join([_HEAD, *sections, _settings()])


def _settings() -> str:
    lines = ["## Settings", "", "From the environment, else from `.env` in the folder where a command is run.", ""]
    lines += ["| variable | what it says | where it is left out |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        left_out = "" if field.default is None else f"`{str(field.default).lower()}`"
        lines.append(f"| `AFTERDEBATE_{name.upper()}` | {field.description} | {left_out} |")
    return "\n".join([*lines, ""])


# Typer carries a Click inside whose classes have no public names, hence Any.
def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _commands(f"{path} {name}", inner)


def _section(path: str, command: Any) -> str:
    told, _, examples = inspect.cleandoc(command.help or "").partition("Example")
    shown = [param for param in command.params if param.name != "help"]
    words = " ".join(["[OPTIONS]", *(_word(param) for param in shown if not _is_option(param))])
    lines = [f"## `{path}`", "", told.strip(), "", "```console", f"$ {path} {words}"]
    lines += [f"$ {line.strip()}" for line in examples.splitlines()[1:] if line.strip()]
    lines += ["```", "", "| argument or option | means |", "|---|---|"]
    lines += [f"| {_spelled(param)} | {param.help or ''} |" for param in shown]
    return "\n".join([*lines, ""])


def _word(param: Any) -> str:
    return str(param.metavar) if param.required else f"[{param.metavar}]"


def _spelled(param: Any) -> str:
    if not _is_option(param):
        return f"`{param.metavar}`"
    return f"`{param.opts[0]}`" if param.is_flag else f"`{param.opts[0]} {param.metavar}`"


def _is_option(param: Any) -> bool:
    return bool(param.opts[0].startswith("-"))


if __name__ == "__main__":
    typer.echo(commands_as_markdown(), nl=False)
