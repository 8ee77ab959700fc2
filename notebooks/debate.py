"""One debate: pick campaign, event, candidate and window; see the pages' own charts, each with the SQL behind it.

Open it with `make notebook`, or of another home: `.venv/bin/marimo edit notebooks/debate.py -- --home DIR`.
It reads the published database and writes nothing.
"""

import marimo

app = marimo.App(width="medium", app_title="afterdebate: one debate")


@app.cell
def _():
    from functools import partial
    from pathlib import Path

    import marimo as mo

    from flows.inputs import settings_for
    from flows.reports.ask import Asker, filled
    from flows.reports.campaign_facts import read_facts
    from flows.reports.charts import look
    from flows.reports.draw import draw_svg, standing_alone
    from flows.reports.pages.buzz_figures import buzz_figures
    from flows.reports.pages.effect_figures import forest_figure
    from flows.reports.pages.money_figures import money_figures
    from flows.reports.write import published_ids
    from warehouse.publish.publishing import published_file
    from warehouse.publish.reading import query_published

    return (
        Asker,
        Path,
        buzz_figures,
        draw_svg,
        filled,
        forest_figure,
        look,
        mo,
        money_figures,
        partial,
        published_file,
        published_ids,
        query_published,
        read_facts,
        settings_for,
        standing_alone,
    )


@app.cell
def _(Path, mo, published_file, settings_for):
    # A home that is named, else the usual one, else that of the demo.
    _named = mo.cli_args().get("home")
    _usual = settings_for(None).home
    _homes = [Path(str(_named))] if _named else [_usual, _usual / "demo"]
    home = next((one for one in _homes if published_file(one).is_file()), None)
    mo.stop(home is None, mo.md("Nothing is published here yet. Mend: `make demo`, or name a home: `-- --home DIR`"))
    return (home,)


@app.cell
def _(home, mo, published_ids):
    _ids = published_ids(home)
    campaign_pick = mo.ui.dropdown(_ids, value=_ids[0], label="campaign")
    return (campaign_pick,)


@app.cell
def _(campaign_pick):
    campaign_id = campaign_pick.value
    return (campaign_id,)


@app.cell
def _(Asker, campaign_id, home, partial, query_published, read_facts):
    # One short connection a question, read-only: a build that ends meanwhile is seen by the next one.
    ask = Asker(partial(query_published, home), campaign_id)
    facts = read_facts(ask, None)
    return ask, facts


@app.cell
def _(facts, mo):
    _debates = [event for event in facts.events if event["event_kind"] == "debate"] or facts.events
    _events = {facts.event_label(event): event["event_id"] for event in facts.events}
    event_pick = mo.ui.dropdown(_events, value=facts.event_label(_debates[0]), label="event")
    _names = {facts.who("ALL"): "ALL"} | {name: candidate for candidate, name in sorted(facts.names.items())}
    candidate_pick = mo.ui.dropdown(_names, value=facts.who("ALL"), label="candidate")
    _horizons = sorted({row["horizon_minutes"] for row in facts.effects.rows}) or [180]
    horizon_pick = mo.ui.dropdown(
        {facts.say.hours(minutes): minutes for minutes in _horizons},
        value=facts.say.hours(_horizons[0]),
        label="window",
    )
    return candidate_pick, event_pick, horizon_pick


@app.cell
def _(candidate_pick, event_pick, horizon_pick):
    event_id = event_pick.value
    candidate_id = candidate_pick.value
    horizon_minutes = horizon_pick.value
    return candidate_id, event_id, horizon_minutes


@app.cell
def _(campaign_pick, candidate_pick, event_pick, facts, horizon_pick, mo):
    mo.vstack(
        [
            mo.md(f"# {facts.campaign['title']}"),
            mo.hstack([campaign_pick, event_pick, candidate_pick, horizon_pick], justify="start", wrap=True),
        ]
    )
    return


@app.cell
def _(candidate_id, event_id, facts):
    # Charts of the event as its page has them; of one candidate, with what is said of a whole platform.
    _event = next(row for row in facts.events if row["event_id"] == event_id)
    event = _event if candidate_id == "ALL" else {**_event, "participants": [candidate_id]}
    candidates = [*facts.names, "ALL"] if candidate_id == "ALL" else [candidate_id, "ALL"]
    return candidates, event


@app.cell
def _(candidates, event_id, facts, filled, home, horizon_minutes, query_published):
    _names = ", ".join(filled("$name", {"name": candidate}) for candidate in candidates)
    effects_sql = (
        f"SELECT * FROM ({facts.effects.sql})\n"
        f"WHERE {filled('event_id = $event', {'event': event_id})} AND horizon_minutes = {horizon_minutes:d}\n"
        f"  AND candidate_id IN ({_names})"
    )
    _answer = query_published(home, effects_sql)
    effects = [dict(zip(_answer.columns, row, strict=True)) for row in _answer.rows]
    return effects, effects_sql


@app.cell
def _(buzz_figures, candidates, effects, effects_sql, event, facts, forest_figure, money_figures):
    _forest = forest_figure(facts, effects, name=f"{event['event_id']}-effects", title=facts.say("head.numbers"))
    # Each chart with the SQL that gives its numbers.
    charts = [(figure, sql) for figure, sql in [(_forest, effects_sql)] if figure is not None]
    charts += [
        (figure, figure.asked.sql)
        for figure in money_figures(facts, event)
        if {row["candidate_id"] for row in figure.asked.rows} <= set(candidates)
    ]
    charts += [(figure, figure.asked.sql) for figure in buzz_figures(facts, event)]
    return (charts,)


@app.cell
def _(charts, draw_svg, facts, look, mo, standing_alone):
    def _shown(figure, sql):
        svg = standing_alone(draw_svg(look.looked(figure.chart, look.WIDE), facts.say.language, figure.name))
        return mo.vstack(
            [
                mo.md(f"## {figure.title}"),
                mo.Html(svg),
                mo.md(f"{figure.key} {figure.caption}"),
                mo.accordion({facts.say("figure.sql"): mo.md(f"```sql\n{sql}\n```")}),
            ]
        )

    mo.vstack([_shown(figure, sql) for figure, sql in charts] or [mo.md(facts.say("page.empty"))])
    return


@app.cell
def _(effects, facts, mo):
    # Every number of the picked window.
    mo.ui.table(
        [
            {key: (", ".join(value) if isinstance(value, list) else value) for key, value in row.items()}
            for row in effects
        ],
        label=facts.say("head.numbers"),
        selection=None,
    )
    return


if __name__ == "__main__":
    app.run()
