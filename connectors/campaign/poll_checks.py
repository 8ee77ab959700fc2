"""What no single value can tell of a series of polls: candidates who are nobody's, shares told twice or not at all."""

from collections.abc import Iterator

from connectors.campaign.tables import Tables
from connectors.campaign.toml import Place, TomlFile
from connectors.campaign.values import mend_from
from connectors.errors import Fault


def check_polls(toml: TomlFile, tables: Tables) -> Iterator[Fault]:
    """Every fault of the `[[polls]]` tables that the roster or their own keys show."""
    roster = [candidate.id for candidate in tables.candidates.values()]
    for index, polls in tables.polls.items():
        at: Place = ("polls", index)
        for name in polls.candidate_columns:
            if roster and name not in roster:
                fault = f"candidate_columns names {name!r}, who is not on the roster"
                yield toml.fault((*at, "candidate_columns"), fault, mend_from(name, roster))
        for word in ("share", "candidate"):
            if polls.candidate_columns and word in polls.columns:
                fault = f"candidate_columns and a column {word!r} say the same twice"
                yield toml.fault((*at, "columns"), fault, "keep one of them")
        if (polls.covers_from is None) != (polls.covers_to is None):
            yield toml.fault(at, "covers_from and covers_to go together", "declare both days, or neither")
        if polls.covers_from and polls.covers_to and polls.covers_to < polls.covers_from:
            fault = f"covers_to, {polls.covers_to}, is before covers_from, {polls.covers_from}"
            yield toml.fault((*at, "covers_to"), fault, "exchange the two")
