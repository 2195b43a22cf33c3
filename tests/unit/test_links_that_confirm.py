"""A mailed link whose opening is all there is: a leg that files without a submit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.catalog.checks import legs, places
from optout.catalog.checks.setting import Setting
from optout.catalog.files import load_text
from optout.model.broker import Broker
from optout.model.request import Delivery

if TYPE_CHECKING:
    from tests.conftest import World

VALID = Path(__file__).parents[1] / "hostile" / "definitions" / "valid"
GOOD = (VALID / "form-with-mailed-link.toml").read_text(encoding="utf-8")
SUBMIT = next(line for line in GOOD.splitlines(keepends=True) if '"Confirm"' in line)
LINK = "within_hours = 24"


def found(text: str) -> list[str]:
    broker = load_text(text.encode(), Broker)
    return [f.where for check in (legs, places) for f in check.run(broker, Setting())]


def test_the_link_alone_files_if_it_says_what_only_success_shows() -> None:
    assert found(GOOD) == []
    without_submit = GOOD.replace(SUBMIT, "")
    assert without_submit != GOOD
    assert found(without_submit) == ["flow.opt-out.leg[1].steps"]
    link = without_submit.replace(LINK, f'{LINK}, expect = "Your record will be removed"')
    assert found(link) == []


@pytest.mark.parametrize(
    ("instead", "where"),
    [
        (f'{LINK}, expect = "ok"', "leg[1].steps[0].expect"),
        (f'{LINK}, expect = "was not removed", refuse = ["removed"]', "leg[1].steps[0].refuse[0]"),
    ],
)
def test_too_few_words_and_words_for_both_are_found(instead: str, where: str) -> None:
    assert found(GOOD.replace(SUBMIT, "").replace(LINK, instead)) == [f"flow.opt-out.{where}"]


def test_a_leg_never_files_twice_and_nothing_is_filled_after_the_link() -> None:
    both = GOOD.replace(LINK, f'{LINK}, expect = "Your record is gone"')
    assert found(both) == ["flow.opt-out.leg[1].steps"]
    filled = '  { do = "fill", field = "email", label = "E-mail", source = "SEEN" },\n'
    link = GOOD.replace(SUBMIT, filled).replace(LINK, f'{LINK}, expect = "Your record is gone"')
    assert found(link) == ["flow.opt-out.leg[1].steps[1]"]


@pytest.mark.parametrize(
    ("step", "is_right"),
    [
        ('field = "birth_date", format = "MMMM"', True),
        ('field = "birth_date", format = "YYYY"', True),
        ('field = "birth_date", format = "MM/DD"', False),
        ('field = "birth_date"', False),
        ('field = "state", format = "MMMM"', False),
    ],
)
def test_of_a_birth_date_a_list_has_one_part(step: str, *, is_right: bool) -> None:
    chosen = f'  {{ do = "choose", label = "Month", {step}, source = "SEEN" }},\n{SUBMIT}'
    assert (found(GOOD.replace(SUBMIT, chosen)) == []) is is_right


def test_a_link_that_gives_away_nothing_is_approved_and_kept_all_the_same(world: World) -> None:
    message = world.ready()
    nothing = replace(world.payload(message), values={})
    approval = world.approve(nothing)
    with world.vault.outbox.begin(
        message.id, payload=nothing, approval_id=approval.id, newness={}
    ) as attempt:
        attempt.sending()
        attempt.sent()
    assert world.vault.messages.get(message.id).delivery is Delivery.SENT
    assert world.vault.disclosures.for_message(message.id) == ()


def test_a_form_without_a_button_says_what_a_person_does_and_nothing_else() -> None:
    by_hand = SUBMIT.replace('press = "Confirm"', 'say = "Tick the robot check."')
    assert by_hand != SUBMIT
    assert found(GOOD.replace(SUBMIT, by_hand)) == []
    both = SUBMIT.replace('press = "Confirm"', 'press = "Confirm", say = "Tick the robot check."')
    assert len(found(GOOD.replace(SUBMIT, both))) == 1
    neither = SUBMIT.replace('press = "Confirm", ', "")
    assert len(found(GOOD.replace(SUBMIT, neither))) == 1
