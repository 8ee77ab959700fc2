"""Reasons of claims in the language of the page: every one that the warehouse writes has words."""

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import warehouse.effects.describe.claims.judge as judged
from flows.reports.claim_reasons import reason_of_claim, statistic_of_claim
from flows.reports.tongue import LANGUAGES, Tongue
from tests.flows.reports.rows import ENGLISH, FRENCH
from warehouse.effects.describe.claims import acts, claim_rows, divide, own, pushes, vote
from warehouse.effects.spec import Spec


def facts(say: Tongue) -> Any:
    return SimpleNamespace(
        say=say, who=lambda one: "everyone" if one == "ALL" else one, series=lambda *words: " ".join(words[1:])
    )


_EFFECT = (
    "In the 3 hours after 4 debates, amounts given (ALL in actblue-ticker) were 1.50 times the usual, between 0.75"
)
_BEST = (
    "In the 3 days after 3 debates, mentions (biden in x_counts national, the best known of 4 series) were 2.10 times "
    "the usual, between 1.20 and 3.00"
)
_DIVIDE = (
    "Over 51 territories, where 10 points more are online donors by inhabitant (romney in fec, the best known of 2 "
    "series) were 1.60 times as many, between 1.20 and 2.10, "
)
_SLOPE = "Over 8 pairs at 4 events a doubling of mentions went with 0.40 points of support, between -0.20 and 1.00"
REASONS = [
    "There are too few events to compare: fewer than 3 debates, or than 3 of another kind.",
    "The effect of 4 debates was 1.20 times that of 3 events of kind rally, between 0.80 and 1.90.",
    "The effect of 4 debates was 1.20 times that of 3 events of kind rally, between 0.80 and 1.90."
    " Nothing is known of donations.",
    "There are national and local sources, but no debate with an estimate on both.",
    "Over 6 pairs the effect in national sources was 2.00 times that in local ones, between 1.50 and 2.60.",
    "There is no debate with 50 items by 10 authors.",
    "Half of what blogs wrote after a debate came from 8 of 120 authors.",
    "Half of what blogs wrote after a debate came from 8 of 120 authors, which is not fewer than in quiet windows of "
    "that size.",
    "There is no estimate: there are no data, or too few.",
    f"{_EFFECT} and 2.38, which leaves open whether there is any effect.",
    f"{_BEST}, more than chance would bring (q is 1.2e-05).",
    f"{_EFFECT.replace('4 debates', '4 events of kind rally')} and 2.38, more than chance would bring (p is 0.01).",
    f"{_EFFECT} and 2.38, clear of chance, but only effects of 4.1 could be seen, so it is likely too large.",
    f"{_EFFECT} and 1.08, and the whole interval lies under 1.10: no rise that matters. {_EFFECT} and 2.38.",
    f"{_EFFECT} and 0.90, fewer than chance would leave (p is 0.01).",
    f"{_EFFECT} and 2.38, and the whole interval lies above 0.91: no fall that matters.",
    f"{_EFFECT} and 1.38, and the whole interval lies within 0.67 and 1.50.",
    "Mentions on X rise after debates, but whether X comes before the blogs is not known.",
    "Mentions on X rise after debates, but X does not come before the blogs: neither.",
    "No gift says from which of the territories it comes.",
    "Only 12 of 51 territories have 10 donors: 20 are needed, and at most 20 per cent with fewer.",
    f"{_DIVIDE}which leaves open whether there is a divide."
    " This compares territories, not people, and income and density are not held fixed.",
    f"{_DIVIDE}more than shares dealt at random would bring (p is 0.0002)."
    " This compares territories, not people, and only the control given is held fixed.",
    f"{_DIVIDE}which leaves no room for a divide that matters.",
    f"{_DIVIDE}fewer, not more (p is 0.004).",
    f"{_SLOPE}, which leaves no room for a change that matters. A debate may move the vote without the internet.",
    f"{_SLOPE}, more than chance would bring (p is 0.004). A debate may move the vote without the internet.",
    f"{_SLOPE}, which leaves open whether the vote follows. A debate may move the vote without the internet.",
    "There are 4 pairs of a change in polls and one in mentions: 6 at 3 events or more are needed.",
    "There are no posts of an own account.",
    "The pace of posts rose, and later fell by 33 per cent or more.",
    "There are fewer than 31 posts of an own account.",
    "Only 5 weeks were seen: a change of pace shows in 8 at the least.",
    "In 40 weeks the pace of posts did not rise and then fall: steady, rise.",
    "There are fewer than 6 debates with an estimate.",
    "Over 7 debates, each effect was 1.10 times the one before, between 0.95 and 1.30.",
    "No source of this campaign can show it: it needs a source of yours.",
    f"{_EFFECT} and 2.38, which leaves open whether there is any effect. On Facebook 12 per cent of posts are replies, "
    "on X 40 per cent.",
    "There are 2 mailings that call for a meeting and 5 others: 3 of each are needed.",
    "After 5 mailings that call for a meeting, replies to come were 2.10 times the usual, between 1.30 and 3.40. "
    "After 7 other mailings, people who joined were 1.05 times the usual, between 0.90 and 1.20.",
    "In 5 weeks something was laid out on both sides: 8 are needed, and 30 sign-ups or gifts on either side that name "
    "a channel.",
    "Over 20 weeks the local network brought 0.60 times the sign-ups of the same money on other channels, between 0.40 "
    "and 0.90.",
    "Over 20 weeks the local network brought 0.60 times the money given of the same money on other channels, between "
    "0.40 and 0.90.",
    "Over 20 weeks an hour in the field brought 2.00 times the sign-ups of an hour online, between 1.40 and 2.90.",
    "Within a week 12 posts by own hand and 30 of the staff stand beside each other (ada in x_own): 30 of each are "
    "needed.",
    "Within a week, reactions to a post by own hand (ada in x_own, the best known of 2 series) were 1.80 times those "
    "to one of the staff, between 1.20 and 2.70, over 40 and 300 posts.",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_told_in_every_language_with_its_numbers(reason: str) -> None:
    told = [reason_of_claim(reason, facts(say)) for say in (ENGLISH, FRENCH)]
    assert None not in told
    assert told[0] != told[1]
    assert "{" not in "".join(map(str, told))


def test_numbers_are_written_as_the_language_writes_them() -> None:
    told = reason_of_claim(f"{_EFFECT} and 2.38, which leaves open whether there is any effect.", facts(FRENCH))
    assert told is not None
    assert "1,50 fois l’habitude, entre 0,75 et 2,38" in told


def test_a_reason_that_nobody_foresaw_has_no_words_and_stays_as_it_was_written() -> None:
    assert reason_of_claim("the moon was full", facts(FRENCH)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_that_can_be_judged_has_words_for_what_is_computed(language: str) -> None:
    say = FRENCH if language == "fr" else ENGLISH
    rows = judged.judge_claims(judged.Findings(has_scopes=True, has_territories=True, vote_pairs=0), Spec())
    measurable = [row for row in rows if row.verdict != "not_measurable"]
    assert len(measurable) == 10
    assert None not in [statistic_of_claim(row.claim_id, row.statistic, facts(say)) for row in measurable]
    assert None not in [reason_of_claim(row.reason, facts(say)) for row in rows]


def test_every_sentence_that_the_warehouse_can_write_is_among_those_tried() -> None:
    tried = "\n".join(REASONS)
    rows = judged.judge_claims(judged.Findings(), Spec())
    known = {text for row in rows for text in (row.claim, row.statistic)} | set(claim_rows.NEXT_STEPS.values())
    found = [
        text
        for module in (judged, claim_rows, acts, pushes, divide, own, vote)
        for text in _texts(module.__file__ or "")
    ]
    sentences = [text for text in found if text not in known]
    assert len(sentences) > 20
    assert [text for text in sentences if text not in tried] == []


def _texts(path: str) -> list[str]:
    """The fixed parts of five words or more of a module's texts, but for SQL, docstrings and next steps."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    skipped = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    skipped += [
        node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in ("next_step", "unit")
    ]
    steps = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") in ("step", "statistic")
    ]
    left_out = {id(node) for top in [*skipped, *steps] for node in ast.walk(top) if not isinstance(top, ast.Call)}
    return [
        node.value.strip()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out
        if len(node.value.split()) > 4 and "FROM" not in node.value and " AND " not in node.value
    ]
