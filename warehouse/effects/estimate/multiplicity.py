"""How many of the effects that stand out are chance.

Source: Benjamini, Hochberg 1995.
"""

from collections.abc import Hashable, Sequence

import numpy as np


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """The q-value of each p-value within one family; None stays None and does not count.

    Source: Benjamini, Hochberg 1995.
    """
    tested = [i for i, p in enumerate(p_values) if p is not None]
    p = np.array([p_values[i] for i in tested], dtype=np.float64)
    order = np.argsort(p)
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    found: list[float | None] = [None] * len(p_values)
    for rank, place in enumerate(order):
        found[tested[int(place)]] = float(q[rank])
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
