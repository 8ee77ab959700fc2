"""Sentences by rule: what an editor may print of a row, with the row's own numbers and nothing else."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flows.reports.ask import Row
from flows.reports.tongue import Tongue

_REASONS = {
    "no two readings": "apart",
    "nobody looked": "nobody",
    "how complete the source itself is": "completeness",
    "backlog of a first poll": "backlog",
    "silent: a feed without entries": "no_entries",
    "a feed without entries": "no_entries",
    "gap: no entry of the poll before": "gap",
    "the file does not say what span": "span",
    "a gift or refund lies outside": "outside",
}


def effect_sentence(row: Row, say: Tongue, *, currency: str, who: str, series: str) -> str:
    """What one row of an effect table says; who and series are names to print."""
    if row["outcome"] == "money" and row["metric"] != "amount":
        return _other_metric(row, say, currency)
    window = window_words(row, say)
    said = {"window": window, "who": who, "series": series, "why": why(row, say)}
    if not is_told(row):
        is_seen = row["observed"] is not None and row["status"] != "no_data"
        key = f"{row['outcome']}_none_observed" if is_seen else f"{row['outcome']}_none"
        return capital(say(f"sentence.{key}", **said, observed=_observed(row, say, currency)))
    numbers = {
        "observed": _observed(row, say, currency), **ratio_words(row, say),
        # Of a sample the excess is not the world's, and not given.
        "excess": "" if row["excess"] is None else amount(abs(row["excess"]), row, say, currency),
        "mde": say.ratio(row["mde80"] or 0), "placebo": placebo_words(row, say),
    }  # fmt: skip
    if row["status"] == "so_far":
        end = say.moment(row["window_start_at"] + timedelta(minutes=row["horizon_minutes"]))
        return capital(say(f"sentence.{row['outcome']}_so_far", **said, **numbers, end=end))
    key = {"no_detectable_effect": "unclear", "not_enough_data": "cannot"}.get(
        row["verdict"], "more" if row["rr"] > 1 else "less"
    )
    notes = [say("sentence.half_count")] if is_apart(row) else []
    notes += [say("sentence.sampled")] if "constant_sampling" in row["flags"] else []
    return " ".join([capital(say(f"sentence.{row['outcome']}_{key}", **said, **numbers)), *notes])


def short_sentence(row: Row, say: Tongue, currency: str) -> str:
    """The same in a line of a list."""
    hours = capital(say.hours(abs(row["horizon_minutes"])))
    if not is_told(row):
        return say("sentence.short_none", hours=hours, why=why(row, say))
    return say(
        "sentence.short_so_far" if row["status"] == "so_far" else "sentence.short",
        hours=hours,
        observed=_observed(row, say, currency),
        **ratio_words(row, say),
    )


def awaited_sentence(row: Row, say: Tongue, currency: str) -> str:
    """What the hours before an event held."""
    hours = say.hours(-row["horizon_minutes"])
    key = "sentence.awaited_buzz" if row["outcome"] == "buzz" else "sentence.awaited"
    return say(key, hours=hours, observed=_observed(row, say, currency), **ratio_words(row, say))


def is_apart(row: Row) -> bool:
    """Whether excess and ratio point apart: the ratio holds half a count more than was observed."""
    return is_told(row) and row["excess"] is not None and row["excess"] < 0 and row["rr"] > 1


def ratio_words(row: Row, say: Tongue) -> dict[str, str]:
    """The ratio and its interval by the names that sentences use."""
    return dict(zip(("ratio", "low", "high"), say.ratios(row["rr"], row["rr_low"], row["rr_high"]), strict=True))


def window_words(row: Row, say: Tongue) -> str:
    """The window of a row: three hours from 21:00; of one that still runs, the part that is in."""
    hours = say.hours(row["horizon_minutes"])
    if row["status"] == "so_far":
        hours = say.hours(round((row["window_end_at"] - row["window_start_at"]).total_seconds() / 60))
    if row["event_id"] == "ALL":
        return say("sentence.window_pooled", hours=hours)
    if row["window_start_at"] is None:
        return hours
    if row["status"] == "precision_too_coarse":
        return say("sentence.window_day", hours=hours, start=say.day(row["window_start_at"]))
    return say("sentence.window", hours=hours, start=say.clock(row["window_start_at"]))


def why(row: Row, say: Tongue, *, form: str = "status") -> str:
    """Why there is no number, or what could have been missed; `status_short` is for charts."""
    if row["status"] != "ok":
        return say.either(form, row["status"])
    # What the interval holds, and nothing that it rules out.
    if row["rr_high"] is None or row["rr_high"] >= 2:  # noqa: PLR2004
        return say("forest.missed")
    return say("forest.missed_half" if row["rr_low"] <= 0.5 else "forest.missed_some")  # noqa: PLR2004


def placebo_words(row: Row, say: Tongue) -> str:
    """How many quiet windows were as extreme, in words."""
    n, p = row["n_placebo"], row["p_placebo"]
    if not n or p is None:
        return say("placebo.unknown")
    k = as_extreme(row)
    # Of pooled rows the share is of 2,000 draws, not of windows.
    if row["event_id"] == "ALL" or not 0 <= k <= n:
        return f"p {say.probability(p)}"
    return say("placebo.none" if k == 0 else "placebo.some", k=say.number(k), n=say.number(n))


def as_extreme(row: Row) -> int:
    """How many comparable windows were at least as far from their expected: `p_placebo` is (1 + k) of (n + 1)."""
    return round(float(row["p_placebo"]) * (int(row["n_placebo"]) + 1)) - 1


def flag_words(flags: Sequence[str], say: Tongue) -> list[str]:
    """Each flag in plain words; one with a value keeps it."""
    told = []
    for flag in flags:
        name, _, value = flag.partition("=")
        told.append(say(f"flag.{name}", value=value) if say.knows(f"flag.{name}") else flag.replace("_", " "))
    return told


def reason_words(reason: str | None, say: Tongue) -> str:
    """Why an hour was not seen. What the catalogue does not know stays as the collector wrote it."""
    if reason is None:
        return ""
    for start, key in _REASONS.items():
        if reason.startswith(start):
            return say(f"reason.{key}")
    return reason


def amount(value: float, row: Row, say: Tongue, currency: str) -> str:
    """A value of the row in its unit."""
    if row["metric"] in {"amount", "mean_gift"}:
        return say.money(float(value), currency)
    return say.number(float(value), 0 if float(value).is_integer() else 1)


def amount_short(value: float | None, row: Row, say: Tongue, currency: str) -> str:
    """The same for a cell of a table."""
    if value is None:
        return ""
    return say.money_short(float(value), currency) if row["metric"] == "amount" else amount(value, row, say, currency)


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def is_told(row: Row) -> bool:
    """Whether the row has an estimate, of its whole window or of the part that is in."""
    return row["status"] in {"ok", "so_far"} and row["rr"] is not None


def verdict_of(row: Row) -> str:
    """The verdict word's key; whatever has no number cannot tell, and a window that still runs has none yet."""
    if row["status"] == "so_far":
        return "so_far"
    return row["verdict"] if row["status"] == "ok" and row["verdict"] else "not_enough_data"


def headline(rows: Sequence[Row]) -> Row | None:
    """The row to tell first: the shortest clear window, else the shortest with a number, else the first."""
    ordered: list[Any] = sorted(rows, key=lambda row: row["horizon_minutes"])
    clear = [row for row in ordered if verdict_of(row) == "effect"]
    told = [row for row in ordered if is_told(row)]
    found = clear or told or ordered
    return found[0] if found else None


def _observed(row: Row, say: Tongue, currency: str) -> str:
    if row["observed"] is None:
        return ""
    if row["outcome"] == "buzz":
        return say.count("times", float(row["observed"]))
    return amount(row["observed"], row, say, currency)


def _other_metric(row: Row, say: Tongue, currency: str) -> str:
    metric = capital(say.either("metric", row["metric"]))
    window = window_words(row, say)
    if not is_told(row):
        return say("sentence.other_metric_none", metric=metric, window=window, why=why(row, say))
    return say(
        "sentence.other_metric",
        metric=metric,
        window=window,
        observed=_observed(row, say, currency),
        **ratio_words(row, say),
    )
