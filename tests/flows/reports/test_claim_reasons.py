"""Reasons of claims in the language of the page: every one that the warehouse writes has words."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import warehouse.effects.describe.claims as judged
from flows.reports.claim_reasons import reason_of_claim, statistic_of_claim
from flows.reports.tongue import LANGUAGES, Tongue
from tests.flows.reports.rows import ENGLISH, FRENCH
from warehouse.effects.spec import Spec


def facts(say: Tongue) -> Any:
    return SimpleNamespace(
        say=say, who=lambda one: "everyone" if one == "ALL" else one, series=lambda *words: " ".join(words[1:])
    )


REASONS = [
    "fewer than 3 events of another kind, or of debates",
    "against rally, 4 events and 3",
    "against rally, 4 events and 3; nothing on donations",
    "national and local sources, and no debate with an estimate on both",
    "1 pairs of effects",
    "no debate with 50 items of 10 authors",
    "8 of 120 authors",
    "8 of 120 authors, not fewer than in quiet windows of that size",
    "no estimate: no data",
    "ALL in actblue-ticker: 2 events leave 0.75 to 2.38 open",
    "biden in x_counts national, the best known of 4: the interval of 3 events lies above 1 and q is 1.2e-05",
    "ALL in ticker: significant, but only effects of 4.1 could be: likely too large",
    "ALL in ticker: the whole interval lies under 1.10",
    "whether X leads the blogs is not known",
    "X does not lead the blogs: neither",
    "no posts of an own account",
    "a rise, then a fall by 33 per cent or more",
    "fewer than 31 posts",
    "5 weeks: a change of pace shows in 8 at the least",
    "regimes: steady, rise",
    "more money, but not surely most of them within a day",
    "2 mailings that call for a meeting and 5 others: 3 of each are needed",
    "mailings that call for a meeting bring 2.10 times the usual sign-ups, 1.30 to 3.40 over 5, other mailings "
    "1.05 times the usual sign-ups, 0.90 to 1.20 over 7",
    "ada in facebook national: after 3 debates Facebook holds 1.02 times its usual mentions, 0.95 to 1.08",
    "ada in facebook national: after 3 debates Facebook holds 1.02 times its usual mentions, 0.95 to 1.08; "
    "12% of posts there are replies, 40% on X",
    "5 weeks in which both cost something: 8 are needed, and 30 sign-ups or gifts that name a channel on either side",
    "the local network brings 0.60 times the sign-ups of what the same money brought by other channels, "
    "0.40 to 0.90, in 20 weeks",
    "an hour in the field brings 2.00 times the sign-ups of what an hour online does, 1.40 to 2.90, in 20 weeks",
    "ada in x_own: 12 posts by own hand and 30 of the staff stand beside each other in a week, "
    "and 30 of each are needed",
    "ada in x_own: a post by own hand brings 1.80 times the reactions of one by the staff in the same week, "
    "1.20 to 2.70, of 40 and 300 posts",
    "fewer than 6 debates",
    "7 debates",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_told_in_every_language_with_its_numbers(reason: str) -> None:
    told = [reason_of_claim(reason, facts(say)) for say in (ENGLISH, FRENCH)]
    assert None not in told
    assert told[0] != told[1]
    assert "{" not in "".join(map(str, told))


def test_numbers_are_written_as_the_language_writes_them() -> None:
    told = reason_of_claim("ALL in actblue-ticker: 2 events leave 0.75 to 2.38 open", facts(FRENCH))
    assert told == "everyone, actblue-ticker\u00a0: 2 événements laissent ouvert de 0,75 à 2,38 fois l’habitude"


def test_a_reason_that_nobody_foresaw_has_no_words_and_stays_as_it_was_written() -> None:
    assert reason_of_claim("the moon was full", facts(FRENCH)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_that_can_be_judged_has_words_for_what_is_computed(language: str) -> None:
    say = FRENCH if language == "fr" else ENGLISH
    rows = judged.judge_claims(judged.Findings(has_scopes=True), Spec())
    measurable = [row for row in rows if not row.reason.startswith(judged.NOT_MEASURABLE)]
    assert len(measurable) == 8
    assert None not in [statistic_of_claim(row.claim_id, row.statistic, facts(say)) for row in measurable]
    assert None not in [reason_of_claim(row.reason, facts(say)) for row in measurable]


def test_every_sentence_that_the_warehouse_can_write_is_among_those_tried() -> None:
    source = Path(str(judged.__file__)).read_text(encoding="utf-8")
    written = re.findall(r'f?"((?:[a-z0-9{][^"]* ){2,}[^"]*)"', source.partition("def judge_claims")[2])
    tried = "\n".join(REASONS)
    fixed = [max(re.split(r"\{[^}]*\}", text), key=len).strip() for text in written]
    sentences = [text for text in fixed if len(text.split()) > 2]
    assert len(sentences) > 15
    statistics = {row.statistic for row in judged.judge_claims(judged.Findings(), Spec())}
    left = [text for text in sentences if text not in tried and not any(text in name for name in statistics)]
    assert [text for text in left if not text.startswith(("pooled effect on", ": no source of this campaign"))] == []
