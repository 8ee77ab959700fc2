"""Writes a campaign's pages: those whose rows, words or looks changed, and no other."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.reports.ask import Asked, Asker
from flows.reports.campaign_facts import CampaignFacts, file_name, read_facts, shortened
from flows.reports.draw import PATTERNS, vega_bundle, vega_locale
from flows.reports.figure import Figure
from flows.reports.pages.claims import claims_page
from flows.reports.pages.compare import compare_page
from flows.reports.pages.event import event_page
from flows.reports.pages.others import coverage_page, donations_page, methods_page, tables_page
from flows.reports.pages.overview import answers, overview
from flows.reports.sentences import capital
from flows.reports.studio import draw_all, figures_in, with_pictures
from warehouse.publish.reading import query_published, read_published

Context = dict[str, Any]
_FOLDER = Path(__file__).parent
_MANIFEST = ".written.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to write. `build` is called only where the page is not as it was."""

    path: str
    template: str
    heading: str
    build: Callable[[CampaignFacts], Context]

    @property
    def name(self) -> str:
        """Its name in the menu."""
        return "overview" if self.template == "index" else self.template


@dataclass(slots=True, kw_only=True)
class Written:
    """What was written, and where the pages begin."""

    index: Path
    pages: list[str] = field(default_factory=list)
    kept: int = 0


def write_reports(home: Path, *, tell: Callable[[str], object] = str) -> list[Written]:
    """The pages of every published campaign, each in its own language."""
    return [write_report(home, campaign_id, tell=tell) for campaign_id in published_ids(home)]


def published_ids(home: Path) -> list[str]:
    """The ids of the campaigns that are published in a home."""
    rows = query_published(home, "SELECT campaign_id FROM facts.campaigns ORDER BY campaign_id").rows
    return [str(campaign_id) for (campaign_id,) in rows]


def write_report(
    home: Path, campaign_id: str, *, language: str | None = None, tell: Callable[[str], object] = str
) -> Written:
    """Write the pages of one campaign into `home`/reports.

    Raises:
        NothingPublished: nothing is published in this home.
        NoSuchCampaign: the campaign is not among what is published.
    """
    with read_published(home) as answer:
        facts = read_facts(Asker(answer, campaign_id), language)
        folder = home / "reports" / file_name(campaign_id)
        for name in ("events", "assets", "data"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        before = _manifest(folder)
        written = Written(index=folder / "index.html")
        _write_assets(folder)
        told = dict(before.get("pages", {}))
        changed = list(_changed(_pages(facts, home, before.get("answers")), facts, folder, told, written))
        tell(f"{len(changed)} pages to write")
        figures = [figure for _, context in changed for figure in figures_in(context)]
        drawn = draw_all(figures, folder, facts.say.language, partial(_mark, facts=facts))
        for page, context in changed:
            (folder / page.path).write_text(_html(page, with_pictures(context, drawn), facts), encoding="utf-8")
            _write_scripts(folder, context.get("scripts", {}))
        _leave_out(folder, told, facts)
        now = {"pages": told, "answers": answers(facts)}
        (folder / _MANIFEST).write_text(json.dumps(now), encoding="utf-8")
    return written


def _pages(facts: CampaignFacts, home: Path, before: dict[str, str] | None) -> Iterator[Page]:
    say = facts.say
    for event in facts.events:
        yield Page(
            path=f"events/{file_name(event['event_id'])}.html", template="event", heading=event["title"],
            build=partial(event_page, event=event),
        )  # fmt: skip
    yield Page(path="index.html", template="index", heading=say("page.overview"), build=lambda f: overview(f, before))
    yield Page(path="donations.html", template="donations", heading=say("page.donations"), build=donations_page)
    yield Page(path="compare.html", template="compare", heading=say("page.compare"), build=compare_page)
    yield Page(path="claims.html", template="claims", heading=say("page.claims"), build=claims_page)
    yield Page(path="coverage.html", template="coverage", heading=say("page.coverage"), build=coverage_page)
    yield Page(path="tables.html", template="tables", heading=say("page.tables"), build=lambda f: tables_page(f, home))
    yield Page(path="methods.html", template="methods", heading=say("page.methods"), build=methods_page)


def _changed(
    pages: Iterable[Page], facts: CampaignFacts, folder: Path, told: dict[str, str], written: Written
) -> Iterator[tuple[Page, Context]]:
    """The pages that are not as they were, with what they show."""
    for page in pages:
        context = page.build(facts)
        mark = _mark(context, facts)
        if told.get(page.path) == mark and (folder / page.path).is_file():
            written.kept += 1
            continue
        told[page.path] = mark
        written.pages.append(page.path)
        yield page, context


def _html(page: Page, context: Context, facts: CampaignFacts) -> str:
    return _environment().get_template(f"{page.template}.html.j2").render(
        **context, facts=facts, say=facts.say, root="../" * page.path.count("/"), page=page.name, heading=page.heading,
        patterns=PATTERNS, locale=vega_locale(facts.say.language),
    )  # fmt: skip


def _mark(context: Context | Figure, facts: CampaignFacts) -> str:
    """A hash of all that the page shows, but for the build that it stands for."""
    shown = json.dumps(_plain(context), sort_keys=True, default=str)
    whole = "\0".join([shown, facts.say.language, json.dumps(facts.campaign, default=str), _looks()])
    return sha256(whole.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        # A caption names the run: it changes with every build, and the picture does not.
        return [value.name, value.title, value.alt, value.key, _plain(value.asked), value.rests_on]
    if isinstance(value, Asked):
        return [value.sql, [[row[name] for name in value.columns if name != "run_id"] for row in value.rows]]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items() if key != "run_id"}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


@cache
def _looks() -> str:
    """A hash of templates, words, style and charts: another look writes every page anew."""
    files = [path for path in sorted(_FOLDER.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _write_assets(folder: Path) -> None:
    for name in ("page.css", "page.js", "sheet.js", "compare.js", "claim.js"):
        text = (_FOLDER / "assets" / name).read_text(encoding="utf-8")
        (folder / "assets" / name).write_text(text, encoding="utf-8")
    bundle = folder / "assets" / "vega.js"
    first = f"// vl-convert {version('vl-convert-python')}\n"
    if not bundle.is_file() or not bundle.read_text(encoding="utf-8").startswith(first):
        bundle.write_text(first + vega_bundle(), encoding="utf-8")


def _write_scripts(folder: Path, scripts: Mapping[str, Any]) -> None:
    """Data for a page's own script: a page opened from disk may load a script, and may not read JSON."""
    for name, told in scripts.items():
        text = json.dumps(told, separators=(",", ":"), default=str)
        (folder / "data" / f"{name}.js").write_text(f"window.afterdebate.take({json.dumps(name)},{text});\n", "utf-8")


def _leave_out(folder: Path, told: dict[str, str], facts: CampaignFacts) -> None:
    """Remove pages of events that the calendar no longer has."""
    standing = {f"events/{file_name(event['event_id'])}.html" for event in facts.events}
    for path in [path for path in told if path.startswith("events/") and path not in standing]:
        (folder / path).unlink(missing_ok=True)
        del told[path]


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["shortened"] = shortened
    environment.filters["first_capital"] = capital
    return environment
