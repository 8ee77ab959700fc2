"""Why a claim's verdict is what it is, in the page's language: the table of claims tells it in English."""

import re

from flows.reports.campaign_facts import CampaignFacts

# The warehouse's sentence, and the key of the words that say it; names in it are numbers or words of the sentence.
_REASONS = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"fewer than (?P<n>\d+) events of another kind, or of debates", "few_kinds"),
        (r"against (?P<kind>\w+), (?P<a>\d+) events and (?P<b>\d+)(?:; nothing on (?P<missing>.+))?", "against"),
        (r"national and local sources, and no debate with an estimate on both", "no_pair"),
        (r"(?P<n>\d+) pairs of effects", "pairs"),
        (r"no debate with (?P<n>\d+) items of (?P<a>\d+) authors", "few_items"),
        (r"(?P<half>\d+) of (?P<n>\d+) authors, not fewer than in quiet windows of that size", "authors_usual"),
        (r"(?P<half>\d+) of (?P<n>\d+) authors", "authors"),
        (r"no estimate: no data", "no_estimate"),
        (r"(?P<n>\d+) events leave (?P<low>[\d.]+) to (?P<high>[\d.]+) open", "open"),
        (r"the interval of (?P<n>\d+) events lies above 1 and (?P<p>[pq]) is (?P<value>[-\d.e]+)", "above"),
        (r"significant, but only effects of (?P<n>[\d.]+) could be: likely too large", "too_large"),
        (r"the whole interval lies under (?P<n>[\d.]+)", "under"),
        (r"whether X leads the blogs is not known", "x_unknown"),
        (r"X does not lead the blogs: (?P<verdict>\w+)", "x_does_not"),
        (r"no posts of an own account", "no_posts"),
        (r"a rise, then a fall by (?P<n>\d+) per cent or more", "rise_and_fall"),
        (r"fewer than (?P<n>\d+) posts", "few_posts"),
        (r"(?P<n>\d+) weeks: a change of pace shows in (?P<most>\d+) at the least", "weeks"),
        (r"regimes: (?P<regimes>.+)", "regimes"),
        (r"more (?P<what>gifts|money), but not surely most of them within a day", "not_within_a_day"),
        (
            r"(?P<n>\d+) posts by own hand and (?P<a>\d+) of the staff stand beside each other in a week, "
            r"and (?P<most>\d+) of each are needed",
            "few_hands",
        ),
        (
            r"a post by own hand brings (?P<value>[\d.]+) times the reactions of one by the staff in the same week, "
            r"(?P<low>[\d.]+) to (?P<high>[\d.]+), of (?P<n>\d+) and (?P<a>\d+) posts",
            "hands",
        ),
        (
            r"(?P<n>\d+) weeks in which both cost something: (?P<most>\d+) are needed, and (?P<a>\d+) sign-ups or "
            r"gifts that name a channel on either side",
            "few_weeks",
        ),
        (
            r"the local network brings (?P<value>[\d.]+) times the (?P<what>sign-ups|gifts in money) of what the same "
            r"money brought by other channels, (?P<low>[\d.]+) to (?P<high>[\d.]+), in (?P<n>\d+) weeks",
            "network",
        ),
        (
            r"an hour in the field brings (?P<value>[\d.]+) times the sign-ups of what an hour online does, "
            r"(?P<low>[\d.]+) to (?P<high>[\d.]+), in (?P<n>\d+) weeks",
            "field",
        ),
        (
            r"(?P<n>\d+) mailings that call for a meeting and (?P<a>\d+) others: (?P<most>\d+) of each are needed",
            "few_pushes",
        ),
        (
            r"mailings that call for a meeting bring (?P<value>[\d.]+) times the usual sign-ups, (?P<low>[\d.]+) to "
            r"(?P<high>[\d.]+) over (?P<n>\d+), other mailings (?P<other>[\d.]+) times the usual sign-ups, "
            r"(?P<other_low>[\d.]+) to (?P<other_high>[\d.]+) over (?P<a>\d+)",
            "pushes",
        ),
        (
            r"after (?P<n>\d+) debates Facebook holds (?P<value>[\d.]+) times its usual mentions, (?P<low>[\d.]+) to "
            r"(?P<high>[\d.]+); (?P<a>\d+)% of posts there are replies, (?P<most>\d+)% on X",
            "facebook_replies",
        ),
        (
            r"after (?P<n>\d+) debates Facebook holds (?P<value>[\d.]+) times its usual mentions, (?P<low>[\d.]+) to "
            r"(?P<high>[\d.]+)",
            "facebook",
        ),
        (r"fewer than (?P<n>\d+) debates", "few_debates"),
        (r"(?P<n>\d+) debates", "debates"),
    )
)
_WHOSE = re.compile(r"(?P<who>\S+) in (?P<source>.+?)(?:, the best known of (?P<of>\d+))?: (?P<rest>.+)")


def reason_of_claim(reason: str, facts: CampaignFacts) -> str | None:
    """The reason in the page's language; None where the catalogue has no words for it."""
    say, start = facts.say, ""
    if whose := _WHOSE.fullmatch(reason):
        series = whose["source"].rsplit(" ", 1)
        is_kind = len(series) > 1 and say.knows(f"kind.{series[0]}")
        source = facts.series("buzz", *series) if is_kind else whose["source"]
        key = "claim_reason.whose" if whose["of"] is None else "claim_reason.whose_of"
        start = say(key, who=facts.who(whose["who"]), source=source, of=whose["of"])
        reason = whose["rest"]
    for pattern, key in _REASONS:
        if found := pattern.fullmatch(reason):
            values = {name: _told(name, text, facts) for name, text in found.groupdict().items()}
            missing = f" {say('claim_reason.missing', what=values['missing'])}" if values.get("missing") else ""
            return f"{start}{say(f'claim_reason.{key}', **values)}{missing}"
    return None


def statistic_of_claim(claim_id: str, statistic: str, facts: CampaignFacts) -> str | None:
    """What is computed to judge the claim, in the page's language; None where the catalogue has no words for it."""
    key = f"claim_statistic.{claim_id}" + ("_amounts" if statistic.endswith("on amounts") else "")
    return facts.say(key) if facts.say.knows(key) else None


def _told(name: str, text: str | None, facts: CampaignFacts) -> str:
    say = facts.say
    if text is None:
        return ""
    if name == "kind":
        return say.either("event", text)
    if name in {"missing", "what"}:
        return ", ".join(say.either("claim_reason.outcome", one) for one in text.split(", "))
    if name in {"verdict", "regimes"}:
        return ", ".join(say.either("claim_reason.state", one) for one in text.split(", "))
    if name == "p":
        return text
    number = float(text)
    return say.number(number, 0 if number.is_integer() and "." not in text else 2 if number >= 0.01 else 4)  # noqa: PLR2004
