"""What a build did, for a person."""

import typer

from warehouse.build.run import Built


def print_built(built: Built) -> None:
    """Print what a build did, and which landed files it could not read."""
    for path, reason in built.unreadable.items():
        typer.echo(f"{path} was left out: {reason}. Mend: put a whole copy in its place, then build", err=True)
    if built.run_id is None and not built.tables_published:
        typer.echo("Built: nothing was new, and nothing was changed")
        return
    typer.echo(
        f"Built: {built.rows_loaded} rows of {built.files_loaded} files loaded, {built.days_touched} days built in "
        f"{built.seconds_building:.1f} s, {len(built.tables_published)} tables published in "
        f"{built.seconds_publishing:.1f} s"
    )
    typer.echo("Seconds: " + ", ".join(f"{phase} {seconds:.2f}" for phase, seconds in built.seconds.items()))
