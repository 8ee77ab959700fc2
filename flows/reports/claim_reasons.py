"""Why a claim's verdict is what it is, in the page's language: the table of claims tells it in English."""

import re

from flows.reports.campaign_facts import CampaignFacts

# The warehouse's sentences, and the key of the words that say each; names in them are numbers or words.
_HOURS_A_DAY, _MINUTES = 24, 60
_N = r"[\d.]+"
_EFFECT = (
    rf"In the (?P<span>[\d.]+ (?:hours|days)) after (?P<n>\d+) (?P<kind>debates|events of kind \w+), "
    rf"(?P<what>[\w ]+) \((?P<who>\S+) in (?P<source>.+?)(?:, the best known of (?P<of>\d+) "
    rf"series)?\) were (?P<rr>{_N}) times the usual, between (?P<low>{_N}) and (?P<high>{_N})"
)
_SLOPE = (
    rf"Over (?P<n>\d+) pairs at (?P<a>\d+) events a doubling of mentions went with (?P<points>-?{_N}) points of "
    rf"support, between (?P<low>-?{_N}) and (?P<high>-?{_N})"
)
_REASONS = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (
            r"There are too few events to compare: fewer than (?P<n>\d+) debates, or than \d+ of another kind\.",
            "few_kinds",
        ),
        (
            rf"The effect of (?P<a>\d+) debates was (?P<rr>{_N}) times that of (?P<b>\d+) events of kind "
            rf"(?P<kind>\w+), between (?P<low>{_N}) and (?P<high>{_N})\.",
            "against",
        ),
        (r"Nothing is known of (?P<missing>.+)\.", "missing"),
        (r"There are national and local sources, but no debate with an estimate on both\.", "no_pair"),
        (
            rf"Over (?P<n>\d+) pairs? the effect in national sources was (?P<rr>{_N}) times that in local ones, "
            rf"between (?P<low>{_N}) and (?P<high>{_N})\.",
            "pairs",
        ),
        (r"There is no debate with (?P<n>\d+) items by (?P<a>\d+) authors\.", "few_items"),
        (
            r"Half of what blogs wrote after a debate came from (?P<half>\d+) of (?P<n>\d+) authors, which is not "
            r"fewer than in quiet windows of that size\.",
            "authors_usual",
        ),
        (r"Half of what blogs wrote after a debate came from (?P<half>\d+) of (?P<n>\d+) authors\.", "authors"),
        (r"There is no estimate: there are no data, or too few\.", "no_estimate"),
        (rf"{_EFFECT}, which leaves open whether there is any effect\.", "open"),
        (rf"{_EFFECT}, more than chance would bring \((?P<p>[pq]) is (?P<value>[-\d.e]+)\)\.", "above"),
        (
            rf"{_EFFECT}, clear of chance, but only effects of (?P<mde>{_N}) could be seen, so it is likely "
            r"too large\.",
            "too_large",
        ),
        (rf"{_EFFECT}, and the whole interval lies under (?P<margin>{_N}): no rise that matters\.", "under"),
        (rf"{_EFFECT}, fewer than chance would leave \(p is (?P<value>[-\d.e]+)\)\.", "fall"),
        (rf"{_EFFECT}, and the whole interval lies above (?P<margin>{_N}): no fall that matters\.", "no_fall"),
        (rf"{_EFFECT}, and the whole interval lies within (?P<least>{_N}) and (?P<margin>{_N})\.", "within"),
        (rf"{_EFFECT}\.", "beside"),
        (r"Mentions on X rise after debates, but whether X comes before the blogs is not known\.", "x_unknown"),
        (r"Mentions on X rise after debates, but X does not come before the blogs: (?P<verdict>\w+)\.", "x_does_not"),
        (r"No gift says from which of the territories it comes\.", "no_territory"),
        (
            r"Only (?P<n>\d+) of (?P<of>\d+) territories have (?P<a>\d+) (?P<what>\w+): (?P<least>\d+) are needed, and "
            r"at most (?P<most>\d+) per cent with fewer\.",
            "few_territories",
        ),
        (
            rf"Over (?P<n>\d+) territories, where (?P<points>\d+) points more are online (?P<what>\w+) by inhabitant "
            rf"\((?P<who>\S+) in (?P<source>.+?)(?:, the best known of (?P<of>\d+) series)?\) were (?P<rr>{_N}) times "
            rf"as many, between (?P<low>{_N}) and (?P<high>{_N}), (?P<divide>which leaves open whether there is a "
            rf"divide|which leaves no room for a divide that matters|more than shares dealt at random would bring|"
            rf"fewer, not more)(?: \(p is (?P<value>[-\d.e]+)\))?\.",
            "divide",
        ),
        (r"This compares territories, not people, and income and density are not held fixed\.", "territories"),
        (r"This compares territories, not people, and only the control given is held fixed\.", "territories_control"),
        (r"There are no posts of an own account\.", "no_posts"),
        (r"The pace of posts rose, and later fell by (?P<n>\d+) per cent or more\.", "rise_and_fall"),
        (r"There are fewer than (?P<n>\d+) posts of an own account\.", "few_posts"),
        (r"Only (?P<n>\d+) weeks were seen: a change of pace shows in (?P<most>\d+) at the least\.", "weeks"),
        (r"In (?P<n>\d+) weeks the pace of posts did not rise and then fall: (?P<regimes>.+)\.", "regimes"),
        (r"There are fewer than (?P<n>\d+) debates with an estimate\.", "few_debates"),
        (
            rf"Over (?P<n>\d+) debates, each effect was (?P<rr>{_N}) times the one before, between (?P<low>{_N}) and "
            rf"(?P<high>{_N})\.",
            "debates",
        ),
        (r"No source of this campaign can show it: it needs a source of yours\.", "needs_source"),
        (
            r"On Facebook (?P<a>\d+) per cent of posts are replies, on X (?P<most>\d+) per cent\.",
            "facebook_replies",
        ),
        (
            r"There are (?P<n>\d+) mailings that call for a meeting and (?P<a>\d+) others: (?P<most>\d+) of each are "
            r"needed\.",
            "few_pushes",
        ),
        (
            rf"After (?P<n>\d+) mailings that call for a meeting, replies to come were (?P<rr>{_N}) times the usual, "
            rf"between (?P<low>{_N}) and (?P<high>{_N})\.",
            "pushes_meeting",
        ),
        (
            rf"After (?P<n>\d+) other mailings, people who joined were (?P<rr>{_N}) times the usual, between "
            rf"(?P<low>{_N}) and (?P<high>{_N})\.",
            "pushes_other",
        ),
        (
            r"In (?P<n>\d+) weeks something was laid out on both sides: (?P<most>\d+) are needed, and (?P<a>\d+) "
            r"sign-ups or gifts on either side that name a channel\.",
            "few_weeks",
        ),
        (
            rf"Over (?P<n>\d+) weeks the local network brought (?P<rr>{_N}) times the (?P<what>sign-ups|money given) "
            rf"of the same money on other channels, between (?P<low>{_N}) and (?P<high>{_N})\.",
            "network",
        ),
        (
            rf"Over (?P<n>\d+) weeks an hour in the field brought (?P<rr>{_N}) times the sign-ups of an hour online, "
            rf"between (?P<low>{_N}) and (?P<high>{_N})\.",
            "field",
        ),
        (
            r"Within a week (?P<n>\d+) posts by own hand and (?P<a>\d+) of the staff stand beside each other "
            r"\((?P<who>\S+) in (?P<source>.+?)(?:, the best known of (?P<of>\d+) series)?\): (?P<most>\d+) of each "
            r"are needed\.",
            "few_hands",
        ),
        (
            rf"Within a week, reactions to a post by own hand \((?P<who>\S+) in (?P<source>.+?)(?:, the best known of "
            rf"(?P<of>\d+) series)?\) were (?P<rr>{_N}) times those to one of the staff, between (?P<low>{_N}) and "
            rf"(?P<high>{_N}), over (?P<n>\d+) and (?P<a>\d+) posts\.",
            "hands",
        ),
        (rf"{_SLOPE}, which leaves no room for a change that matters\.", "vote_none"),
        (rf"{_SLOPE}, more than chance would bring \(p is (?P<value>[-\d.e]+)\)\.", "vote_follows"),
        (rf"{_SLOPE}, which leaves open whether the vote follows\.", "vote_open"),
        (r"A debate may move the vote without the internet\.", "vote_caveat"),
        (
            r"There are (?P<n>\d+) pairs of a change in polls and one in mentions: (?P<most>\d+) at 3 events or more "
            r"are needed\.",
            "few_votes",
        ),
    )
)
_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")
_DIVIDE = {"which leaves open": "open", "which leaves no room": "none", "more than": "more", "fewer, not more": "fewer"}


def reason_of_claim(reason: str, facts: CampaignFacts) -> str | None:
    """The reason in the page's language, sentence by sentence; None where the catalogue has no words for one."""
    told = [_sentence(sentence, facts) for sentence in _SENTENCE.split(reason)]
    return None if None in told else " ".join(filter(None, told))


def _sentence(sentence: str, facts: CampaignFacts) -> str | None:
    say = facts.say
    for pattern, key in _REASONS:
        if found := pattern.fullmatch(sentence):
            texts = found.groupdict()
            values = {name: _told(name, text, facts) for name, text in texts.items()}
            if "who" in texts:
                values["whose"] = _whose(texts, facts)
                effect = "effect_debates" if texts.get("kind") == "debates" else "effect"
                values["effect"] = say(f"claim_reason.{effect}", **values) if "span" in texts else ""
            if "points" in texts and "a" in texts:
                values["slope"] = say("claim_reason.vote", **values)
            return say(f"claim_reason.{key}", **values)
    return None


def _whose(texts: dict[str, str | None], facts: CampaignFacts) -> str:
    say, source, who = facts.say, texts["source"] or "", texts["who"] or ""
    series = source.rsplit(" ", 1)
    if say.knows(f"kind.{series[0]}"):
        source = facts.series("buzz", *series) if len(series) > 1 else say(f"kind.{source}")
    key = "claim_reason.whose" if texts["of"] is None else "claim_reason.whose_of"
    return say(key, who=facts.who(who), source=source, of=texts["of"])


def statistic_of_claim(claim_id: str, statistic: str, facts: CampaignFacts) -> str | None:
    """What is computed to judge the claim, in the page's language; None where the catalogue has no words for it."""
    key = f"claim_statistic.{claim_id}" + ("_amounts" if statistic.endswith("on amounts") else "")
    return facts.say(key) if facts.say.knows(key) else None


def _told(name: str, text: str | None, facts: CampaignFacts) -> str:  # noqa: PLR0911 - one a kind of value
    say = facts.say
    if text is None:
        return ""
    if name == "kind":
        return say.either("event", text.removeprefix("events of kind "))
    if name in {"missing", "what"}:
        return ", ".join(say.either("claim_reason.outcome", one) for one in text.split(", "))
    if name in {"verdict", "regimes"}:
        return ", ".join(say.either("claim_reason.state", one) for one in text.split(", "))
    if name == "divide":
        return say(f"claim_reason.divide_{next(key for start, key in _DIVIDE.items() if text.startswith(start))}")
    if name == "span":
        long, _, unit = text.partition(" ")
        return say.hours(float(long) * (1 if unit == "hours" else _HOURS_A_DAY) * _MINUTES)
    if name in {"p", "who", "source"}:
        return text
    number = float(text)
    return say.number(number, 0 if number.is_integer() and "." not in text else 2 if abs(number) >= 0.01 else 4)  # noqa: PLR2004
