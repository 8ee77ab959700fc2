"""The unit of each published number, by the name of its column; a table's own rule goes before."""

import re

_SHARE = "share, 0 to 1"
_PROBABILITY = "probability, 0 to 1"
_CURRENCY = "currency of the row"
_LOG_RATIO = "log rate ratio"

# The first rule that fits `table.column` holds.
_RULES: tuple[tuple[str, str], ...] = (
    (r"coverage\.(due|observed)|runs\.seconds", "second"),
    (r"debate_buzz_effect\.(observed|baseline|expected|excess\w*)", "mention"),
    (r"debate_donation_effect\.(observed|baseline|expected|excess\w*)", "unit of `metric`"),
    (r"signup_by_interval\.(signups|expected)|debate_signup_effect\.(observed|baseline|expected|excess\w*)", "sign-up"),
    (r"\w+\.new_people", "person"),
    (r"buzz_\w+\.(expected|excess_total)", "mention"),
    (r"donation\w*\.expected", _CURRENCY),
    (r"event_contrast\.(difference|mean_[ab]|ci_low|ci_high)", _LOG_RATIO),
    (r"claims\.(estimate|ci_low|ci_high)", "`unit` of the row"),
    (r"buzz_decay\.ci_(low|high)", "hour"),
    (r"share_of_voice\.ci_(low|high)", _SHARE),
    (r"donation_timing\.net_share\w*", "share of the net excess of 72 hours"),
    (r"poll_change\.(change|ci_low|ci_high)", "percentage point"),
    (r"share_of_voice\.change", "difference of log odds"),
    (r"channel_scorecard\.(ratio_to_rest|ci_low|ci_high)", "ratio"),
    (r"channel_scorecard\.signups_per_1000\w*", "sign-up for 1,000 of the currency"),
    (r"channel_scorecard\.amount_per_1\w*", "currency for one of it"),
    (r"channel_scorecard\.signups_per_hour\w*", "sign-up an hour"),
    (r"channel_scorecard\.spent", _CURRENCY),
    (r"channel_scorecard\.(hours|weeks|signups)", "number"),
    (r"own_hand\.(ci_low|ci_high)", "ratio"),
    (r"own_hand\.(n_\w+)", "post"),
    (r"own_hand\.median_\w+", "reaction"),
    (r"\w+\.(amount|refunded_amount|mean_gift|median_gift)", _CURRENCY),
    (r"campaigns\.small_gift_max", "currency of the campaign"),
    (r"\w+\.(interval_minutes|horizon_minutes)", "minute"),
    (r"\w+\.\w+_h(_ci_low|_ci_high)?|\w+\.peak_hour\w*", "hour"),
    (r"\w+\.(coverage|share|share_(before|after)|\w*_share\w*|gini|hhi)", _SHARE),
    (r"\w+\.(p|p_\w+|q_bh)", _PROBABILITY),
    (r"effect_placebos\.quiet_starts_at", "UTC"),
    (r"territory_divide\.(rate_ratio_per_10_points|ci_low|ci_high)", "ratio"),
    (r"territory_divide\.spread", "share of the rate"),
    (r"territory_rates\.amount_per_1000(_online)?", "currency of the row, for each 1,000 people"),
    (r"territory_rates\.\w+_per_1000(_online)?", "number for each 1,000 people"),
    (r"\w+\.population", "person"),
    (r"territories\.control", "unit of the campaign's own"),
    (r"\w+\.signups", "sign-up"),
    (r"\w+\.donors", "donor"),
    (r"territory_divide\.n_\w+", "territory"),
    (r"\w+\.(rr|quiet_rr|rr_low|rr_high|mde80|ratio)", "ratio"),
    (r"\w+\.(r_at_lag|memory)", "correlation, -1 to 1"),
    (r"\w+\.burstiness", "index, -1 to 1"),
    (r"\w+\.z", "standard error"),
    (r"\w+\.best_lag", "interval"),
    (r"\w+\.per_day", "post a day"),
    (r"\w+\.audience_millions", "million viewers"),
    (r"\w+\.line_number", "line, from 1"),
    (r"\w+\.(mentions|solo_mentions|total_mentions|originals|reposts)", "mention"),
    (r"\w+\.(gifts|small_gifts)", "gift"),
    (r"\w+\.refunds", "refund"),
    (r"\w+\.new_donors", "donor"),
    (r"\w+\.(unique_authors|n_authors|\w*authors_for_half\w*)", "author"),
    (r"\w+\.(posts|n_items)", "item"),
    (r"\w+\.(n_events|n_placebo|n_controls|n_[ab]|n_before|n_after|n)", "number"),
    (r"\w+\.(rows_loaded|set_aside)", "row"),
    (r"\w+\.(attempts|failures_in_a_row)", "attempt"),
)
_TIMES = {"TIMESTAMP WITH TIME ZONE": "UTC", "TIMESTAMP": "clock of the campaign's zone", "DATE": "local day"}


def unit_of(table: str, column: str, kind: str) -> str | None:
    """The unit of a column of a table, whose name has no schema; None of texts and truths, and where no rule fits."""
    if kind in _TIMES:
        return _TIMES[kind]
    if kind == "BOOLEAN" or kind.startswith("VARCHAR"):
        return None
    name = f"{table}.{column}"
    return next((unit for pattern, unit in _RULES if re.fullmatch(pattern, name)), None)
