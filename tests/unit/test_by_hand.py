"""A call and a page that people fill: number or address, what to say, and each step on a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from optout.catalog.brokers import list_brokers
from optout.model.broker import Broker, Channel, Slug
from optout.model.ports import Acted, HandOver
from optout.model.request import Delivery, Presence
from optout.model.words import By, Right
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.accept_plan import accept_plan
from optout.workflows.by_hand import TO_SAY, guide_by_hand
from optout.workflows.desk import Desk, Errand, errand_for
from optout.workflows.make_plan import USUAL, plan_for
from tests.conftest import World, desk_without_browser

EXPERIAN = Slug("experian")
BY_PHONE = (Right.OPT_OUT, Right.DELETE, Right.FREEZE, Right.PRESCREEN_OPT_OUT)


@dataclass(slots=True)
class Reader(ScriptedPerson):
    """Keeps the pages it was handed, and does what they say."""

    pages: list[HandOver] = field(default_factory=list)

    def act(self, hand_over: HandOver) -> Acted:
        self.pages.append(hand_over)
        return Acted.DID


@pytest.fixture
def person() -> Reader:
    return Reader()


@pytest.fixture
def desk(world: World, person: Reader, tmp_path: Path) -> Desk:
    world.vault.subjects.add(JORDAN)
    return desk_without_browser(world, tmp_path, person=person)


def planned(desk: Desk, right: Right, by: By, company: Slug = EXPERIAN) -> Errand:
    """Put one right of the credit bureau on the list, to be asked in one way."""
    wish = replace(USUAL, only=(company,), rights=(right,), prefer=by)
    (line,) = plan_for(desk, JORDAN, {}, wish, known={company: Presence.LIKELY}).lines
    (message,) = accept_plan(desk, JORDAN, (line,))
    assert message.by is by
    return errand_for(desk, message)


def lines_shown(desk: Desk, person: Reader, errand: Errand) -> list[str]:
    """Go through with it, and return what stood on the one page that was handed over."""
    guide_by_hand(desk, errand)
    (page,) = person.pages
    assert page.person_submits
    return [line.strip() for line in page.what.english().splitlines()]


def numbered(steps: tuple[str, ...]) -> list[str]:
    assert len(steps) > 1, "the control: there are steps to number"
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]


def ways(by: By) -> Iterator[tuple[Broker, Channel]]:
    """Return each shipped way to ask that goes so."""
    for broker in list_brokers():
        for channel in broker.channel:
            if by in channel.by:
                yield broker, channel


@pytest.mark.parametrize("right", BY_PHONE)
def test_a_call_is_told_line_by_line(desk: Desk, person: Reader, right: Right) -> None:
    errand = planned(desk, right, By.PHONE)
    assert errand.channel.phone
    number, interpreter, words, keep_back, write_down, *steps = lines_shown(desk, person, errand)
    assert number == f"Call {errand.channel.phone.number}"
    assert interpreter == "You can say: I need an interpreter."
    assert words == f"Say: {TO_SAY[right].english()}"
    assert keep_back.startswith("Do not give: a Social Security number, an immigration status")
    assert "a reference number" in write_down
    assert steps == numbered(errand.channel.guide)


def test_who_called_has_asked(desk: Desk, person: Reader) -> None:
    errand = planned(desk, Right.FREEZE, By.PHONE)
    assert "Say: Please put a security freeze on my file." in lines_shown(desk, person, errand)
    assert "Only you can make this call." in person.pages[0].why.english()
    assert desk.vault.messages.get(errand.message.id).delivery is Delivery.SENT


def test_a_page_to_fill_is_told_by_its_address_and_its_steps(desk: Desk, person: Reader) -> None:
    errand = planned(desk, Right.FREEZE, By.PORTAL)
    page, *steps = lines_shown(desk, person, errand)
    assert page == "Open https://www.experian.com/freeze/center.html"
    assert steps == numbered(errand.channel.guide)


def test_there_is_a_sentence_to_say_for_every_right() -> None:
    assert set(TO_SAY) == set(Right)
    for sentence in TO_SAY.values():
        said = sentence.english()
        assert said[0].isupper()
        assert said.endswith(".")
    assert len({sentence.english() for sentence in TO_SAY.values()}) == len(Right)


def test_every_shipped_call_has_a_number_to_call() -> None:
    without = [
        f"{broker.slug} {channel.right} {channel.key}"
        for broker, channel in ways(By.PHONE)
        if channel.phone is None or not channel.phone.number.strip()
    ]
    assert len(list(ways(By.PHONE))) > 10, "the control: there are calls"
    assert without == []


def test_the_steps_of_a_page_are_not_read_to_a_voice(desk: Desk, person: Reader) -> None:
    errand = planned(desk, Right.FREEZE, By.PHONE, Slug("equifax"))
    assert By.PORTAL in errand.channel.by
    assert errand.channel.guide  # the control: there are steps, for the page
    assert len(lines_shown(desk, person, errand)) == 5
