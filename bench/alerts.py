"""How often `buzz.spiked` is a false alarm: hours of worlds in which nothing happens.

Each world is a season of hours with a day's and a week's rhythm and shocks that last for hours; nothing is an event.
z is that of `metrics.buzz_by_interval`; what is expected of an hour is here the mean of the same hour of other weeks.
"""

import numpy as np

from flows.alerts.facts import SPIKE_MENTIONS, SPIKE_Z

WORLDS, DAYS = 200, 60
LEVELS = (4.0, 6.0, SPIKE_Z, 10.0)


def null_world(rng: np.random.Generator, mean: float, shock_sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts of each hour, and what was to be expected of them."""
    hours = np.arange(DAYS * 24)
    rhythm = 1 + 0.6 * np.sin(2 * np.pi * (hours % 24) / 24) + 0.15 * np.cos(2 * np.pi * (hours // 24 % 7) / 7)
    shocks = np.zeros(hours.size)
    for n in range(1, hours.size):
        shocks[n] = 0.8 * shocks[n - 1] + rng.normal(0, shock_sd * 0.6)
    counts = rng.poisson(mean * rhythm * np.exp(shocks - shocks.var() / 2))
    # The mean of the same hour of the week, the hour itself left out.
    cells = hours % 168
    sums = np.bincount(cells, counts, 168)[cells] - counts
    expected = np.maximum(sums / (np.bincount(cells, minlength=168)[cells] - 1), 0.05)
    return counts, expected


def main() -> None:
    rng = np.random.default_rng(20261127)
    print(f"{WORLDS} worlds of {DAYS} days each; false alarms a series and week, least mentions {SPIKE_MENTIONS}")
    print("mean an hour, shocks (sd of the log) | " + " | ".join(f"z >= {level:g}" for level in LEVELS))
    for mean in (5, 50, 500):
        for shock_sd in (0.0, 0.2, 0.4):
            alarms = np.zeros(len(LEVELS))
            for _ in range(WORLDS):
                counts, expected = null_world(rng, mean, shock_sd)
                dispersion = max(1.0, float(np.mean((counts - expected) ** 2 / expected)))
                z = (counts - expected) / np.sqrt(dispersion * expected)
                alarms += [np.sum((z >= level) & (counts >= SPIKE_MENTIONS)) for level in LEVELS]
            weeks = WORLDS * DAYS / 7
            print(f"{mean}, {shock_sd} | " + " | ".join(f"{count / weeks:.4f}" for count in alarms))


if __name__ == "__main__":
    main()
