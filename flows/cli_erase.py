"""The command that takes somebody out of the home for good."""

from typing import Annotated

import typer

from flows.cli_options import HomeOption


def erase(
    donor: Annotated[
        str,
        typer.Option(metavar="WHO", help="As the file names the giver: e-mail, 'LAST FIRST ZIP' (FEC), or his key."),
    ],
    home: HomeOption = None,
) -> None:
    """Erase a giver from every file and table, write the erasure log, and publish anew.

    What a later import tells of the giver is left out.

    Example:
      afterdebate erase --donor jane@example.org
    """
    from datetime import UTC, datetime

    from flows.command_inputs import settings_for
    from flows.erase_donor import erase_donor_once

    done = erase_donor_once(settings_for(home), datetime.now(UTC), donor)
    typer.echo(f"erased {done.rows} rows in {done.files} landed files; published anew after {done.seconds:.1f} s")
