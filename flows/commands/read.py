"""Commands that read what is published and what collectors know."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import CampaignArgument, HomeOption, LanguageOption


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    SPREADSHEET = "spreadsheet"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


_WRITTEN_AS = {  # by the ending of a file's name
    "csv": (Format.CSV, Format.SPREADSHEET),
    "json": (Format.JSON,),
    "parquet": (Format.PARQUET,),
    "xlsx": (Format.XLSX,),
} | dict.fromkeys(("xls", "xlsm", "xlsb", "ods", "numbers"), ())
_ENDING_OF = {Format.TABLE: "txt", Format.SPREADSHEET: "csv"}


def sql(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="One SELECT; without it a shell opens.")] = None,
    output_format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, csv, json, parquet, xlsx, or spreadsheet: CSV with semicolons and decimal commas.",
            show_default="FILE's ending, or table",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file, not to the screen.")] = None,
    example: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Ask a worked question; 'list' tells them all.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Ask the published database, read-only; also while a build writes.

    Times are UTC. The schema `metrics` is searched first: table names may stand alone.
    A query reaches the published tables and no other file; only --output writes one.
    Without a query a shell opens: Tab completes tables, columns and words of SQL, statements may take several lines,
    .help says the rest. What was typed is kept in sql_history of the home, for its owner alone, until an erasure.

    Examples:
      afterdebate sql
      afterdebate sql "SHOW TABLES"
      afterdebate sql "SELECT * FROM coverage LIMIT 5" --format csv
      afterdebate sql "FROM buzz_by_interval" --output buzz.parquet
      afterdebate sql "FROM donations_daily" --output money.xlsx
      afterdebate sql --example clear-effects
    """
    from flows.faults import UsageFault
    from flows.inputs import settings_for
    from flows.screen.sql import answer_sql

    ending = output.suffix.removeprefix(".").lower() if output else ""
    if output_format is None and ending not in ("", "txt") and not _WRITTEN_AS.get(ending):
        mend = "end its name in .csv, .json, .parquet, .xlsx or .txt, or say --format"
        raise UsageFault(f"{output}: no answer is written as .{ending}. Mend: {mend}")
    if output_format is not None and output_format not in _WRITTEN_AS.get(ending, (output_format,)):
        mend = f"leave out --format, or end its name in .{_ENDING_OF.get(output_format, output_format.value)}"
        raise UsageFault(f"{output}: would hold {output_format.value}, which its name does not say. Mend: {mend}")
    if example is not None:
        from flows.sql_examples import example_named, example_names, question_of

        if example == "list":
            typer.echo("\n".join(f"{name}: {question_of(name)}" for name in example_names()))
            return
        query = example_named(example)
        # On the error stream: the answer alone is the answer.
        typer.echo(query, err=True)
    chosen = output_format or (Format(ending) if ending in set(Format) else Format.TABLE)
    answer_sql(settings_for(home).home, query, chosen.value, output)


def report(campaign: CampaignArgument, language: LanguageOption = None, home: HomeOption = None) -> None:
    """Write a campaign's pages to read, in reports/ of the home; the last line is where they begin.

    They come from the published database alone, open by double click and ask nothing of the network.
    Only pages that changed are written; `run` and `demo` write them as well.

    Examples:
      afterdebate report us-2020-general --home data/demo
      afterdebate report us-2020-general --language fr
    """
    from flows.commands.report import run_report

    run_report(campaign, home, language)


def claim(  # noqa: PLR0917 - Typer passes them by name
    campaign: CampaignArgument,
    event: Annotated[str, typer.Option(metavar="EVENT", help="Id of the event that it is about.")],
    amount: Annotated[str, typer.Option(metavar="AMOUNT", help="As printed: 3.8M, 250k, 1200000.")],
    hours: Annotated[float, typer.Option(metavar="N", min=0.25, max=168, help="How long it is said to have taken.")],
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="One donation source.", show_default="each")
    ] = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Check a printed figure of money: what each way of counting gives, and a verdict in words.

    Beside it: what was expected, and the highest of the same hours without an event. An hour that a window cuts
    counts by its part.

    Example:
      afterdebate claim us-2020-general --event debate-2020-09-29 --amount 36M --hours 16 --home data/demo
    """
    from flows.commands.claim import run_claim

    run_claim(campaign, home, event_id=event, amount=amount, hours=hours, source_id=source, language=language)


def status(  # noqa: PLR0917 - Typer passes them by name
    etiquette: Annotated[
        bool, typer.Option("--etiquette", help="Show as well how politely each host was asked.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Show it anew until Ctrl-C.")] = False,
    every: Annotated[int, typer.Option(metavar="SECONDS", min=1, help="How often, with --watch.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON, for monitors.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say by the exit code how it is: 0 well, 1 degraded, 2 broken.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Show each source's health, gaps, silence, the budget, the last build, what waits, what is due. Times are UTC.

    The last lines say whether `up` lives and whether all is well: degraded is a source that fails or is silent, a
    budget that is spent, files that wait for more than an hour; broken is a build that failed, or published tables
    that cannot be read.

    Examples:
      afterdebate status --home data/demo
      afterdebate status --etiquette
      afterdebate status --watch --every 10
      afterdebate status --json --check
    """
    import sys
    import time
    from functools import partial

    from flows.faults import UsageFault
    from flows.inputs import settings_for
    from flows.screen.status import show_etiquette, show_status, watch_status

    if watch and (check or etiquette):
        raise UsageFault("--watch has no end. Mend: leave --check and --etiquette out, or --watch")
    data = settings_for(home).home
    if watch:
        pause = partial(time.sleep, every)
        watch_status(data, is_json=as_json, pause=pause, is_terminal=sys.stdout.isatty())
        return
    level = show_status(data, is_json=as_json)
    if etiquette:
        show_etiquette(data)
    if check:
        raise typer.Exit(int(level))


def digest(
    campaign: CampaignArgument,
    send: Annotated[
        bool, typer.Option("--send", help="Send it to the channels of AFTERDEBATE_ALERTS as well.")
    ] = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Say in sentences what is known of each event so far, as the pages' overview does, for a message in the morning.

    The exit code is 1 where a channel did not take it.

    Examples:
      afterdebate digest us-2020-general --home data/demo
      afterdebate digest us-2020-general --language fr --send
    """
    from flows.commands.digest import run_digest

    run_digest(campaign, home, language, is_sent=send)


class DiffFormat(StrEnum):
    """How differences are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def diff(
    before: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN_A", help="A run id, or a folder with published tables.", show_default="last but one"
        ),
    ] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="RUN_B", help="The one to compare it with.", show_default="the last run")
    ] = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", metavar="FORMAT", help="table, csv or json: every cell.")
    ] = DiffFormat.TABLE,
    home: HomeOption = None,
) -> None:
    """Say which published numbers differ between two builds, and because of what.

    Causes come from what landed between the two and from the list of runs: late or new data, refunds, amended filings,
    files taken back, erasures, another version, another [spec], an edited campaign. Where several could have done it,
    all are named; where none is known: cannot tell. A run whose tables are no longer there is built again as of its
    time, by this version, with erasures made since.

    Examples:
      afterdebate diff
      afterdebate diff 20201008T120000Z-8e1c71e1 20201106T050000Z-a94ae290 --format csv
      afterdebate diff then data
    """
    from flows.inputs import settings_for
    from flows.screen.differing import show_difference

    show_difference(settings_for(home).home, before, after, form=form.value)


def effects(  # noqa: PLR0917 - Typer passes them by name
    series: Annotated[
        Path | None, typer.Argument(metavar="SERIES.csv", help="Counts by interval.", show_default=False)
    ] = None,
    events: Annotated[
        Path | None, typer.Argument(metavar="EVENTS.csv", help="What happened when, and to whom.", show_default=False)
    ] = None,
    asks: Annotated[
        Path | None, typer.Option(metavar="ASKS.csv", help="What to estimate.", show_default="every debate")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="RESULTS.csv", help="Write there, one row an ask.", show_default="the screen")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say in words, on the error stream, what was done to each ask.")
    ] = False,
    spec: Annotated[
        Path | None,
        typer.Option(metavar="SPEC.toml", help="Thresholds, as in a campaign's table spec.", show_default="ours"),
    ] = None,
    export: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="CAMPAIGN DIR",
            help="Write the exact files behind a campaign's published effects to DIR, and estimate nothing.",
            show_default=False,
        ),
    ] = None,
    self_test: Annotated[
        bool,
        typer.Option(
            "--self-test", help="Ask about events that were never held: how often is nothing called an effect?"
        ),
    ] = False,
    power: Annotated[
        bool, typer.Option("--power", help="Say beforehand how small an effect could be seen, and estimate nothing.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Estimate what events did to your own series; no campaign and no home needed.

    An ask that cannot be answered gets a status that says why, and the others are answered.

    SERIES has case_id, candidate_id, start_local, interval_minutes, count, amount, coverage: rows of a day (1440),
    an hour (60) or a part of one. A missing row was not observed. A blank coverage is unknown; without any coverage in
    the whole file every row is taken as seen (flag coverage_assumed). A column sampling that says constant: a steady
    part of all, which has ratios and no excess. A column mean_gift, the same in every row of a series of amounts, says
    how large its gifts are on average: sums are then known as well as counts. Two columns, date and count (or amount),
    do as well: one series, asked about every debate. On a screen answers are a table and sentences, in a pipe CSV.
    EVENTS has case_id, event_id, event_kind, start_local, tz, participants (parted by |; none: all).
    ASKS has case_id, candidate_id, event_id, horizon_minutes.

    Examples:
      afterdebate effects series.csv events.csv
      afterdebate effects series.csv events.csv --asks asks.csv --output results.csv --explain
      afterdebate effects series.csv events.csv --self-test
      afterdebate effects series.csv events.csv --power
      afterdebate effects --export us-2020-general rerun --home data/demo
    """
    from flows.faults import UsageFault
    from flows.inputs import settings_for
    from flows.screen.effects import answer_effects, tell_export, tell_power, tell_self_test

    if export is not None:
        tell_export(settings_for(home).home, *export)
        return
    if series is None or events is None:
        raise UsageFault("SERIES.csv and EVENTS.csv are needed. Mend: name both, or --export CAMPAIGN DIR")
    if self_test:
        tell_self_test(series, events, spec)
        return
    if power:
        tell_power(series, events, spec)
        return
    answer_effects(series, events, asks, output, spec, explain=explain)
