"""Where an event stands among comparable windows without one."""

from flows.reports.ask import Asked, Row
from flows.reports.campaign_facts import CampaignFacts, file_name, shortened
from flows.reports.charts import look
from flows.reports.charts.placebos import placebos
from flows.reports.figure import Figure
from flows.reports.pages.around import LEFT
from flows.reports.pages.cells import window_short
from flows.reports.sentences import as_extreme, placebo_words, verdict_of

_MOST = 12  # lines that one looks at


def placebo_figure(facts: CampaignFacts, event: Row) -> Figure | None:
    """One line for each effect with an estimate: its comparable windows as dots; None where there is none.

    Where there are many, those of the windows that were clear, then the shortest.
    """
    asked = facts.ask("event/placebos", event_id=event["event_id"])
    effects = {_key(row): row for row in facts.effects.rows if row["event_id"] == event["event_id"]}
    found = [(row, effects[_key(row)]) for row in asked.rows if _key(row) in effects]
    chosen = sorted(found, key=lambda pair: (verdict_of(pair[1]) != "effect", pair[0]["horizon_minutes"]))[:_MOST]
    if not chosen:
        return None
    shown = [pair for pair in found if pair in chosen]
    drawn = [
        {"label": _label(facts, row), "rr": row["rr"], "verdict": verdict_of(effect), "quiet": row["quiet_rr"],
         "note": facts.say("placebo.short", k=facts.say.number(as_extreme(effect)), n=facts.say.number(
             len(row["quiet_rr"])))}
        for row, effect in shown
    ]  # fmt: skip
    told = " ".join(f"{_label(facts, row)}: {placebo_words(effect, facts.say)}." for row, effect in shown)

    def chart(width: int) -> look.AnyChart:
        is_wide = width == look.WIDE
        return placebos(drawn, width=width - 90 if is_wide else width + 46, left=LEFT[width] + 90)

    return Figure(
        name=file_name(f"{event['event_id']}-among-quiet-windows"), title="", alt=facts.say("alt.placebo", told=told),
        key=facts.say("figure.key_placebo"),
        caption=facts.caption(", ".join(dict.fromkeys(_series(facts, row) for row, _ in shown))), chart=chart,
        asked=Asked(sql=asked.sql, columns=asked.columns, rows=[row for row, _ in found]), rests_on=drawn,
    )  # fmt: skip


def _key(row: Row) -> tuple[object, ...]:
    names = ("outcome", "series", "scope", "metric", "candidate_id", "horizon_minutes")
    return tuple(row[name] for name in names)


def _series(facts: CampaignFacts, row: Row) -> str:
    return facts.series(row["outcome"], row["series"], row["scope"])


def _label(facts: CampaignFacts, row: Row) -> str:
    who = "" if row["candidate_id"] == "ALL" else f"{facts.who(row['candidate_id']).split()[-1]}, "
    return shortened(f"{window_short(row['horizon_minutes'], facts.say)} {who}{_series(facts, row)}", 40)
