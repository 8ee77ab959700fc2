"""In plain words: what was done to each ask of `afterdebate effects`, and why one was refused."""

from flows.effects_csv.results import Answer

_MINUTES_AN_HOUR = 60
_WHOLE_FROM = 1000

REASONS = {
    "insufficient_history": "fewer than 40 clean rows, or fewer than 40 counts in them, show what is usual",
    "insufficient_baseline": "fewer than 6 were to be expected in the window even without the event",
    "insufficient_placebo": "fewer than 20 windows without an event are left to learn how wrong such estimates are",
    "insufficient_coverage": "less than 60 % of what was to be expected in the window lies in hours that were seen",
    "confounded_deadline": "the window touches a part of a filing deadline that no other deadline of the data shows",
    "confounded_event": "another event lies in the window, and its kind was seen too seldom by itself to be taken off",
    "so_far": "the window still runs; this is its part that is in",
    "right_censored": "the data end before the window does",
    "precision_too_coarse": "the rows, or the event's start, are coarser than the horizon needs",
    "no_data": "there is no row of this candidate at the event",
    "bad_input": "the input is faulty",
    "not_estimated": "no effect is estimated for this kind of event",
}
FLAGS = {
    "coincident": "{} lies in the window as well; what its kind usually does was taken off. What nobody lists stays in",
    "truncated": "the candidate's next debate falls into the window, which ends there",
    "deadline_adjusted": "the window touches a filing deadline; what deadlines usually do was taken off",
    "carry_over": "an earlier event still fades; what was left of it was taken off",
    "no_control": "no absent candidate served as a control",
    "control_disagree": "with and without controls the answers are far apart: the absent may be affected too",
    "heavy_tail": "errors of windows without an event have heavy tails: p_placebo, by rank, is worth a look",
    "silent_outage": "zeros in the window are beyond belief; they were taken as hours that nobody saw",
    "coverage_assumed": "the coverage column is empty: everything was taken as seen",
    "constant_sampling": "ratios hold if the series is a steady part of all; how many there were in all nobody knows",
    "anticipation": "the hours before the event, in which it is awaited; they are no part of its effect",
    "anticipation_on_day_rows": "a day holds its event's hours before and after: on day rows they cannot be parted",
    "amount_as_count": "there are no counts; amounts were analysed",
    "start_floored": "the event starts within a row; the window begins with that row",
    "no_series": "the series file has no row of this candidate in this case",
    "horizon_not_in_whole_days": "on day rows a horizon is a whole number of days",
    "horizon_under_two_days_on_day_rows": "a first day lies partly before its event: two days are the least",
    "horizon_not_in_whole_hours": "windows are made of whole hours; finer rows only say where the first of them starts",
    "event_without_a_time_of_day": "the events file gives the day of the event only",
    "clock_change_row_set_aside": "a local time that a clock change makes ambiguous or impossible was set aside",
    "not_a_participant": "the candidate does not take part in the event",
    "zone_assumed": "events lie in several zones; local times without an offset were read as those of {}",
    "events_set_aside": "events of the case that have no readable time could not be taken into account: {}",
    "rows_set_aside": "rows of the series file that can neither be read nor given to a candidate: {}",
}


def explain_answer(answer: Answer) -> str:
    """Some sentences about one answer."""
    head = f"{answer.case_id} · {answer.candidate_id} · {answer.event_id} · {_horizon(answer.horizon_minutes)}: "
    split = [flag.partition("=") for flag in answer.flags]
    notes = [FLAGS[name].format(value) for name, _, value in split if name in FLAGS]
    details = ["".join(parts) for parts in split if parts[0] not in FLAGS]
    if answer.estimate_log_rr is None:
        reason = REASONS.get(answer.status, answer.status)
        text = f"no estimate ({answer.status}): {reason}"
    else:
        more = f"{_plain(answer.excess, '+')} ({_plain(answer.excess_low, '+')} to {_plain(answer.excess_high, '+')}), "
        text = (
            f"{_plain(answer.observed)} counted, {_plain(answer.expected)} expected without the event: "
            f"{more if answer.excess is not None else ''}"
            f"{answer.rr:.2f} times the usual ({answer.rr_low:.2f} to {answer.rr_high:.2f}); "
            f"p = {answer.p_value:.3g}, against {answer.n_placebo} windows without an event {answer.p_placebo:.3g} "
            f"(it cannot honestly be less than {answer.p_floor or 0:.2g}); "
            f"an effect of {answer.mde80:.2f} times would be found four times in five; "
            f"absent candidates as controls: {answer.n_controls}; verdict: {answer.verdict}"
        )
    return head + "; ".join([text, *details, *notes]) + "."


def _plain(value: float | None, sign: str = "") -> str:
    """Millions as digits with commas, small numbers to four of them: nobody reads 1.4e+07 aloud."""
    if value is None:
        return "unknown"
    return f"{value:{sign},.0f}" if abs(value) >= _WHOLE_FROM else f"{value:{sign}.4g}"


def _horizon(minutes: int | None) -> str:
    if minutes is None:
        return "unknown horizon"
    return f"{minutes / _MINUTES_AN_HOUR:g} h"
