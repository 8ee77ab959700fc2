"""What channels cost and brought, from the weeks of a campaign's channels to `channel_scorecard`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import numpy as np

from warehouse.effects.arrays import Floats
from warehouse.effects.describe.scorecard import Flow, Rate, compare_rates, measure_rate
from warehouse.effects.spec import Spec
from warehouse.tables.filling import Row

_THOUSAND = 1000
_WEEKS = """
    SELECT c.channel, c.channel_kind, c.spent, c.currency, c.hours, epoch(w.week_on)::BIGINT AS week,
        w.days / w.days_in_all AS part, w.signups, w.gifts, w.amount
    FROM staging.channels AS c
    INNER JOIN staging.channel_weeks AS w USING (campaign_id, channel)
    WHERE c.campaign_id = ?
    ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelWeeks:
    """One channel on the weeks of its campaign."""

    channel: str
    kind: str
    spent: Decimal | None
    currency: str
    hours: float | None
    part: Floats  # of the channel's days that lie in each week
    signups: Floats
    gifts: Floats
    amount: Floats

    def flow(self, laid_out: str, came: str) -> Flow:
        """Money (`spent`) or `hours` week by week, and what came of them: `signups` or `amount`."""
        whole = float(getattr(self, laid_out) or 0)
        counted = self.gifts if came == "amount" else self.signups
        return Flow(laid_out=whole * self.part, came=getattr(self, came), counted=counted)


def read_channels(con: duckdb.DuckDBPyConnection, campaign_id: str) -> list[ChannelWeeks]:
    """The channels of a campaign, all on the same weeks."""
    rows = con.execute(_WEEKS, [campaign_id]).fetchall()
    weeks = sorted({row[5] for row in rows})
    found: dict[str, ChannelWeeks] = {}
    for channel, kind, spent, currency, hours, week, *told in rows:
        if channel not in found:
            part, signups, gifts, amount = (np.zeros(len(weeks)) for _ in range(4))
            found[channel] = ChannelWeeks(
                channel=channel, kind=kind, spent=spent, currency=currency, hours=hours,
                part=part, signups=signups, gifts=gifts, amount=amount,
            )  # fmt: skip
        one, place = found[channel], weeks.index(week)
        for name, value in zip(("part", "signups", "gifts", "amount"), told, strict=True):
            getattr(one, name)[place] = float(value)
    return list(found.values())


def added(channels: Sequence[ChannelWeeks], laid_out: str, came: str) -> Flow | None:
    """Several channels as one, those on which something was laid out; None where there is none."""
    flows = [one.flow(laid_out, came) for one in channels if getattr(one, laid_out)]
    if not flows:
        return None
    names = ("laid_out", "came", "counted")
    return Flow(**{name: np.sum([getattr(flow, name) for flow in flows], axis=0) for name in names})


def return_of(channels: Sequence[ChannelWeeks]) -> str:
    """What money is said to bring: sign-ups, or amounts where no sign-up names a channel."""
    return "signups" if any(one.signups.sum() for one in channels) else "amount"


def scorecard_rows(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Iterator[Row]:
    """One row for each channel of the campaign."""
    channels = read_channels(con, campaign_id)
    came = return_of(channels)
    for one in channels:
        rest = [other for other in channels if other is not one and other.currency == one.currency]
        others = added(rest, "spent", came)
        ratio = compare_rates(one.flow("spent", came), others, spec) if others and one.spent else Rate()
        yield {
            "channel": one.channel, "channel_kind": one.kind, "spent": one.spent, "currency": one.currency,
            "hours": one.hours, "signups": int(one.signups.sum()), "gifts": int(one.gifts.sum()),
            "amount": Decimal(str(round(one.amount.sum(), 2))),
            **_told("signups_per_1000", one.flow("spent", "signups"), spec, unit=_THOUSAND),
            **_told("amount_per_1", one.flow("spent", "amount"), spec),
            **_told("signups_per_hour", one.flow("hours", "signups"), spec),
            "return_in": came, "ratio_to_rest": ratio.value, "ci_low": ratio.low, "ci_high": ratio.high,
            "weeks": ratio.weeks, "coverage": None, "status": ratio.status, "flags": [],
        }  # fmt: skip


def _told(name: str, flow: Flow, spec: Spec, unit: int = 1) -> dict[str, float | None]:
    rate = measure_rate(flow, spec)
    numbers = {"": rate.value, "_ci_low": rate.low, "_ci_high": rate.high}
    return {f"{name}{end}": None if value is None else value * unit for end, value in numbers.items()}
