"""Commands that keep a home: make it anew, copy it, bring a copy back, say what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import HomeOption

_Home = Annotated[Path | None, typer.Argument(metavar="HOME", help="The home.", show_default="--home, else ./data")]
_BackupFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of backups, outside every home.")]


def rebuild(
    folder: _Home = None,
    state: Annotated[
        bool, typer.Option("--state", help="Make state.sqlite anew as well, though it can be read.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Make warehouse and published files anew from the landing zone, and say what differs from before.

    Readers keep the files that were published until new ones take their place. Collectors go on meanwhile. A rebuild
    that is ended midway leaves what was published, and the next build does the rest.

    A state.sqlite that is gone or cannot be read is made anew too, as far as the landing zone tells.

    Exit code 1 where a table differs from before, or a landed file cannot be read.

    Examples:
      afterdebate rebuild data/demo
      afterdebate rebuild --state
    """
    from flows.commands.keeping import run_rebuild

    run_rebuild(folder or home, is_state_wanted=state)


def backup(
    folder: _BackupFolder,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Keep the last N backups.", show_default="all")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Read again, too, what was kept before.")] = False,
    home: HomeOption = None,
) -> None:
    """Copy a home into a folder of backups: what landed, what collectors know, what was set aside, and the keys.

    Collectors, imports and builds may run meanwhile. A second backup into the same folder adds only what is new. Every
    file is known by the SHA-256 of its bytes. Who has the folder has the keys that people were hashed with: it is for
    its owner alone (0700), and wants a safe place.

    What an erasure removed is still in backups that were taken before: --keep 1 leaves only the one that is taken now.
    Campaign folders and .env are not in a home, and so not in its backup.

    Examples:
      afterdebate backup /mnt/safe/afterdebate --home data
      afterdebate backup /mnt/safe/afterdebate --home data --keep 14 --check
    """
    from flows.commands.keeping import run_backup

    run_backup(folder, home, keep=keep, is_checked=check)


def restore(
    folder: _BackupFolder,
    at: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which backup, by its name.", show_default="the last")
    ] = None,
    erased_in: Annotated[
        Path | None, typer.Option(metavar="HOME", help="Another home whose log of erasures counts as well.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Bring a backup back into an empty home, check every byte, and build it.

    Whoever was erased after the backup was taken is erased again: by the log in later backups of the folder, and by
    that of the home named with --erased-in. The log has hashes and no names.

    Examples:
      afterdebate restore /mnt/safe/afterdebate --home data
      afterdebate restore /mnt/safe/afterdebate --home new --erased-in data
    """
    from flows.commands.keeping import run_restore

    run_restore(folder, home, name=at, erased_in=erased_in)


def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="Mend what can be mended safely.")] = False,
    backups: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="With --mend: backups to take lost files from.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of findings.")] = False,
    home: HomeOption = None,
) -> None:
    """Say what is wrong with a home, and what mends it; change nothing, unless --mend is given.

    It looks at the disk, rights and links, the clock, what was broken off, every landed file, keys, state.sqlite, the
    price list, every page of the warehouse, and every published file.

    With --mend: rights are closed, leftovers of ended processes removed, a state that is lost is recalled, a broken
    warehouse or publication is made anew, and with --from files that cannot be read are brought back from a backup.

    Exit code 1 where something is wrong, and still is.

    Examples:
      afterdebate doctor --home data
      afterdebate doctor --mend --from /mnt/safe/afterdebate --home data
    """
    from flows.commands.keeping import run_doctor

    run_doctor(home, is_mending=mend, backups=backups, as_json=as_json)
