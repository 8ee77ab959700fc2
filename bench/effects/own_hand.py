"""Does the answer on own and staff posts keep its level? Invented accounts, with and without a difference.

`python -m bench.effects.own_hand [WORLDS [FIRST END]]`: a table of size, coverage and power.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.describe.own_hand import ToldPosts, measure_own_hand
from warehouse.effects.spec import Spec

RATIO = 1.5
SPEC = Spec(draws=299, hand_permutations=499)  # as published, with fewer draws


@dataclass(frozen=True, kw_only=True)
class Account:
    """How an account's posts and their reactions come about; spreads are of logs."""

    name: str
    weeks: int = 40
    posts_a_day: float = 4.0
    own: float = 0.3  # share of posts by his own hand
    by_day: float = 0.0  # 1: a day is of one hand alone
    level: float = 4.5
    growth: float = 0.03  # of the account, a week, up and down
    own_grows: bool = False  # the own share follows the growth
    news: float = 0.5  # of a day
    post: float = 1.0
    is_heavy: bool = False  # some posts go round the world
    staff_replies: float = 0.2  # share of replies, which bring a tenth
    own_replies: float = 0.2


ACCOUNTS = (
    Account(name="plain"),
    Account(name="he replies, staff announce", own_replies=0.6, staff_replies=0.1),
    Account(name="he writes on days of his own", by_day=1.0, news=0.8),
    Account(name="own share grows with the account", own_grows=True, growth=0.15),
    Account(name="some posts go round the world", is_heavy=True),
    Account(name="few own posts", own=0.06),
    Account(name="ten weeks", weeks=10, news=0.8),
    Account(name="few reactions", level=1.0),
)


def draw(account: Account, rng: np.random.Generator, ratio: float) -> tuple[ToldPosts, float]:
    """The posts of one account, and the mean true difference of logs."""
    days = account.weeks * 7
    day = np.repeat(np.arange(days), rng.poisson(account.posts_a_day, days))
    week = day // 7
    growth = np.cumsum(rng.normal(0, account.growth, account.weeks))
    share = np.full(account.weeks, account.own)
    if account.own_grows:
        share = np.clip(account.own + 0.5 * (growth - growth.mean()), 0.05, 0.9)
    chance = share[week]
    of_day = rng.random(days)[day] < chance
    is_own = np.where(rng.random(len(day)) < account.by_day, of_day, rng.random(len(day)) < chance)
    is_reply = rng.random(len(day)) < np.where(is_own, account.own_replies, account.staff_replies)
    noise = rng.standard_t(3, len(day)) if account.is_heavy else rng.normal(0, 1, len(day))
    log_mean = account.level + growth[week] + rng.normal(0, account.news, days)[day] + account.post * noise
    log_mean -= np.log(10) * is_reply
    seed = rng.integers(2**32)
    told = [
        np.random.default_rng(seed).poisson(np.exp(np.clip(log_mean + step, None, 15))) for step in (0.0, np.log(ratio))
    ]
    truth = float(np.mean(np.log1p(told[1]) - np.log1p(told[0])))
    reactions = np.where(is_own, told[1], told[0]).astype(np.float64)
    return ToldPosts(day=day, alike=week * 2 + is_reply, is_own=is_own, reactions=reactions), truth


def main(worlds: int, which: range) -> None:
    """Print one line for each of the accounts."""
    print("| account | size | coverage, no difference | coverage, ratio 1.5 | power | answered |")
    print("|---|---|---|---|---|---|")
    for number in which:
        account = ACCOUNTS[number]
        told = {}
        for ratio in (1.0, RATIO):
            drawn = [draw(account, np.random.default_rng([number, seed]), ratio) for seed in range(worlds)]
            truth = float(np.exp(np.mean([true for _, true in drawn])))
            spec = [replace(SPEC, seed=seed) for seed in range(worlds)]
            found = [measure_own_hand(posts, one) for (posts, _), one in zip(drawn, spec, strict=True)]
            sound = [one for one in found if one.ratio is not None]
            told[ratio] = (
                np.mean([(one.p_perm or 0) <= SPEC.level for one in sound]),
                np.mean([(one.ci_low or 0) <= truth <= (one.ci_high or 0) for one in sound]),
                len(sound),
            )
        (size, covered, n), (power, covers, _) = told[1.0], told[RATIO]
        print(
            f"| {account.name} | {size:.3f} | {covered:.3f} | {covers:.3f} | {power:.2f} | {n} of {worlds} |",
            flush=True,
        )


if __name__ == "__main__":
    told = [int(text) for text in sys.argv[1:]]
    main(told[0] if told else 400, range(*told[1:]) if told[1:] else range(len(ACCOUNTS)))
