"""How many of the effects that stand out are chance.

Source: Benjamini, Hochberg 1995.
"""

from collections.abc import Hashable, Sequence

from scipy.stats import false_discovery_control


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """The q-value of each p-value within one family; None stays None and does not count.

    Source: Benjamini, Hochberg 1995.
    """
    found: list[float | None] = [None] * len(p_values)
    tested = [i for i, p in enumerate(p_values) if p is not None]
    for i, q in zip(tested, false_discovery_control([p_values[i] for i in tested]), strict=True):
        found[i] = float(q)
    return found


def q_by_family(families: Sequence[Hashable], p_values: Sequence[float | None]) -> list[float | None]:
    """The q-values, each within the family that is named beside its p-value.

    Source: Benjamini, Hochberg 1995.
    """
    found: list[float | None] = [None] * len(p_values)
    for family in dict.fromkeys(families):
        members = [i for i, name in enumerate(families) if name == family]
        for i, q in zip(members, benjamini_hochberg([p_values[i] for i in members]), strict=True):
            found[i] = q
    return found
