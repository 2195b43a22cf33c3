"""A doubt is told where it matters to this person, by this way and in this state, not elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.model.law import LawId
from optout.model.subject import Acting, Residence, Subject
from optout.model.words import By, Right
from optout.rules.conflicts import doubts
from optout.rules.eligibility import law_for
from optout.rules.residence import state_on
from optout.rules.states import state_names
from optout.sample.people import JORDAN
from optout.text import Text

ON = date(2026, 11, 22)


def told(company: str, right: Right, by: By, who: Subject = JORDAN) -> str:
    broker = find_broker(company)
    channel = broker.find_channel(right, by)
    assert channel
    law = law_for(state_on(who, ON), broker, channel, right, list_laws(), on=ON).law
    return " ".join(str(text) for text in doubts(channel, by, who, law))


@pytest.mark.parametrize(
    ("state", "wish"), [("CO", False), ("CA", False), ("NV", False), ("WY", True)]
)
def test_a_wish_is_spoken_of_only_where_there_is_no_law(state: str, wish: bool) -> None:  # noqa: FBT001 - a table
    lives = replace(JORDAN, residences=(Residence(state=state, since=date(2015, 1, 1)),))
    said = told("appriss-insights", Right.OPT_OUT, By.POST, lives)
    assert ("Your state has no privacy law" in said) is wish
    assert "LexisNexis is asked on its own" in said


def test_only_a_request_that_names_no_law_is_called_a_wish() -> None:
    laws, seen = list_laws(), set[bool]()
    for broker in list_brokers():
        for channel in broker.channel:
            wishes = [Text("{words}", words=c.ask) for c in channel.conflict if c.without_law]
            for state in (*state_names(), ""):
                law = law_for(state, broker, channel, channel.right, laws, on=ON)
                for by in channel.by if wishes else ():
                    said = [*doubts(channel, by, JORDAN, law.law)]
                    shown = [any(str(wish) in str(text) for text in said) for wish in wishes]
                    assert shown == [not law.claims_right] * len(wishes), (broker.slug, state)
                    seen.update(shown)
    assert seen == {True, False}


def test_a_doubt_about_a_number_stays_with_the_way_that_could_need_it() -> None:
    assert "leaves it and the licence number empty" in told(
        "lexisnexis-risk", Right.OPT_OUT, By.WEB
    )
    report = find_broker("lexisnexis-risk").find_channel(Right.FILE_DISCLOSURE, By.WEB)
    assert report
    law = list_laws()[LawId("us-fcra-file")]
    by_web, by_post = (
        " ".join(map(str, doubts(report, by, JORDAN, law))) for by in (By.WEB, By.POST)
    )
    assert "Social Security" in by_web
    assert "Social Security" not in by_post


def test_only_who_asks_for_another_is_told_who_may_ask() -> None:
    helped = replace(JORDAN, acting=Acting.HELPER)
    for who, said in ((JORDAN, False), (helped, True)):
        assert ("Only the person" in told("lexisnexis-risk", Right.OPT_OUT, By.WEB, who)) is said
