"""What could be seen at best, before there is any series: counting alone, where nothing else varied."""

from scipy.special import gammaincinv
from scipy.stats import poisson

from warehouse.effects.spec import Spec


def least_ratio_at_best(expected: float, spec: Spec) -> float:
    """The least rate ratio that counts would show with the power of the spec, if nothing but chance moved them.

    `expected` is what the window holds without the event. Real series vary more: smaller effects are out of sight for
    certain, and larger ones may be.

    Source: docs/methods.md, section 4 (exact Poisson test).
    """
    # The fewest counts that are too many: chance alone brings as many less often than the level's upper half.
    fewest = float(poisson.isf(spec.level / 2, expected)) + 1
    return float(gammaincinv(fewest, spec.power)) / expected
