"""The practice definitions run end to end in a real browser inside the fence."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest

from optout.browser.fence import Fence
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog.brokers import find_broker
from optout.model.broker import Broker
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import AddRow, Expect, Fill, Leg, Submit
from optout.model.payload import Payload, Recipient
from optout.model.request import MessageId
from optout.rules.disclosure import values_for
from optout.rules.flows import fields_of_leg
from optout.sample.people import JORDAN
from optout.sample.received import Received
from optout.sample.scripted_person import ScriptedPerson
from optout.sample.servers import STRAY, World, link_in, sample_world
from optout.sample.switches import Switch
from tests.e2e.command_line import wait_until

pytestmark = pytest.mark.browser

RISK, SEARCH = "sample-risk-data", "sample-people-search"
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAILBOX = "replies.jq@example.com"
# What the practice forms add to a person's own values.
OF_THE_FORM = {"reason", "postal", "record"}


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


@pytest.fixture
def world() -> Iterator[World]:
    with sample_world(clock=lambda: DAY, slow_seconds=0.2) as running:
        yield running


@dataclasses.dataclass
class Run:
    outcome: LegOutcome
    pressed: list[str]  # "before_submit" as often as it was called
    person: ScriptedPerson
    values: Mapping[Field, str]


def payload_for(broker: Broker, leg: Leg, hosts: tuple[str, ...]) -> Payload:
    return Payload(
        message_id=MessageId("m-1"),
        subject_id=JORDAN.id,
        recipient=Recipient(name=broker.name, hosts=hosts),
        values=values_for(JORDAN, (*fields_of_leg(leg), *SHOWN), on=date(2026, 11, 22)),
        definition_sha256=broker.sha256,
    )


SHOWN = (Field.FULL_NAME,)  # what a confirmation is compared with


def hasty(leg: Leg) -> Leg:
    """Wait shortly for boxes and confirmations that are not going to come."""
    seconds = {Fill: 4, Submit: 10, Expect: 2}
    return Leg(
        steps=tuple(
            dataclasses.replace(step, within_seconds=seconds.get(type(step), step.within_seconds))
            for step in leg.steps
        )
    )


def run(
    world: World,
    window: Window,
    slug: str,
    *,
    leg: Leg | int = 0,
    link: str = "",
    allowed: tuple[str, ...] = (),
    rehearse: bool = False,
    spoilt: bool = False,
) -> Run:
    broker = find_broker(slug, samples=True)
    chosen = broker.flow["opt-out"].leg[leg] if isinstance(leg, int) else leg
    hosts = (*broker.hosts, *allowed)
    payload = payload_for(broker, chosen, hosts)
    pressed: list[str] = []
    person = ScriptedPerson(world, seconds=30)
    with Fence(hosts, resolver=world.resolve) as fence:
        outcome = run_leg(
            hasty(chosen) if spoilt else chosen,
            payload,
            fence=fence,
            window=window,
            person=person,
            before_submit=lambda: pressed.append("before_submit"),
            rehearse=rehearse,
            link=link,
            code=None,
            assisted=False,
        )
    values = {field: value.reveal() for field, value in payload.values.items()}
    return Run(outcome, pressed, person, values)


def own_values(received: Received) -> dict[str, str]:
    return {name: value for name, value in received.values.items() if name not in OF_THE_FORM}


def expected(done: Run, leg: Leg) -> dict[str, str]:
    return {field.value: done.values[field] for field in fields_of_leg(leg)}


def first_leg(slug: str) -> Leg:
    return find_broker(slug, samples=True).flow["opt-out"].leg[0]


def test_the_wizard_gets_exactly_what_its_definition_discloses(
    world: World, window: Window
) -> None:
    done = run(world, window, RISK)
    assert done.outcome.end is LegEnd.CONFIRMED, done.outcome.step
    assert done.outcome.reference.isdigit()
    assert done.outcome.capture.startswith(b"\xff\xd8")
    assert done.pressed == ["before_submit"]
    assert done.person.acted == []
    (received,) = world.received(RISK)
    assert own_values(received) == expected(done, first_leg(RISK))
    broker = find_broker(RISK, samples=True)
    assert set(own_values(received)) == {str(field) for field in broker.channel[0].discloses}


def test_a_record_is_removed_in_two_legs_with_the_person_choosing_and_answering(
    world: World, window: Window
) -> None:
    first = run(world, window, SEARCH)
    assert first.outcome.end is LegEnd.CONFIRMED, first.outcome.step
    assert first.person.acted == ["results", "opt-out"]
    assert world.received(SEARCH)[0].values["record"] == "jordan"
    link = link_in(world.mailbox(MAILBOX)[0])
    second = run(world, window, SEARCH, leg=1, link=link)
    assert second.outcome.end is LegEnd.CONFIRMED, second.outcome.step
    legs = find_broker(SEARCH, samples=True).flow["opt-out"].leg
    for done, leg, received in zip((first, second), legs, world.received(SEARCH), strict=True):
        assert own_values(received) == expected(done, leg)
    assert first.outcome.reference == second.outcome.reference != ""


def test_a_rehearsal_files_nothing(world: World, window: Window) -> None:
    done = run(world, window, RISK, rehearse=True)
    assert done.outcome.end is LegEnd.REHEARSED
    assert done.pressed == []
    assert world.received(RISK) == ()


def test_without_add_the_company_takes_an_empty_request_so_the_proof_of_a_row_is_needed(
    world: World, window: Window
) -> None:
    leg = first_leg(RISK)
    careless = Leg(steps=tuple(step for step in leg.steps if not isinstance(step, AddRow)))
    done = run(world, window, RISK, leg=careless, spoilt=True)
    assert done.outcome.end is not LegEnd.CONFIRMED
    assert all("first_name" not in row.values for row in world.received(RISK))


@pytest.mark.parametrize(
    ("switches", "ends", "taken"),
    [
        ((Switch.DOWN,), {LegEnd.NOT_SENT}, 0),
        ((Switch.REDIRECT_302,), {LegEnd.NOT_SENT}, 0),
        ((Switch.REDIRECT_307,), {LegEnd.UNKNOWN}, 0),
        ((Switch.DROPS_VALUE,), {LegEnd.NOT_SENT}, 0),
        ((Switch.KEYSTROKE_SPY,), {LegEnd.NOT_SENT}, 0),
        ((Switch.CHANGED_FORM,), {LegEnd.NOT_SENT}, 0),  # no window to be seen: nobody to guide
        ((Switch.REFUSES,), {LegEnd.NOT_SENT, LegEnd.UNKNOWN}, 0),
        ((Switch.UPSELL,), {LegEnd.UNKNOWN}, 1),
        ((Switch.NO_CONFIRMATION,), {LegEnd.UNKNOWN}, 1),
        ((Switch.WRONG_NAME,), {LegEnd.UNKNOWN}, 1),
        ((Switch.SLOW, Switch.HONEYPOT), {LegEnd.CONFIRMED}, 1),
    ],
)
def test_a_misbehaving_company_is_never_believed_and_nothing_strays(
    world: World, window: Window, switches: tuple[Switch, ...], ends: set[LegEnd], taken: int
) -> None:
    world.turn(RISK, *switches)
    done = run(world, window, RISK, spoilt=LegEnd.CONFIRMED not in ends)
    assert done.outcome.end in ends, done.outcome.step
    assert len(world.received(RISK)) == taken
    assert world.seen(STRAY) == ()
    for row in world.received(RISK):
        assert own_values(row) == expected(done, first_leg(RISK))


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no virtual display on this machine")
def test_a_person_finishes_a_changed_form_by_hand(world: World, display: None) -> None:
    world.turn(SEARCH, Switch.CHANGED_FORM)
    with Window.for_person() as seen:
        done = run(world, seen, SEARCH, spoilt=True)
    assert done.outcome.end is LegEnd.CONFIRMED, done.outcome.step
    assert done.outcome.person_submitted
    assert done.pressed == ["before_submit"]
    (received,) = world.received(SEARCH)
    assert own_values(received) == expected(done, first_leg(SEARCH))


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        yield
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_a_newsletter_box_of_the_same_label_is_never_filled(world: World, window: Window) -> None:
    world.turn(RISK, Switch.DUPLICATE)
    done = run(world, window, RISK)
    assert done.outcome.end in {LegEnd.CONFIRMED, LegEnd.NOT_SENT}
    assert all("newsletter" not in row.values for row in world.seen(RISK))


def test_the_spy_hears_each_key_once_its_host_is_allowed(world: World, window: Window) -> None:
    world.turn(RISK, Switch.KEYSTROKE_SPY)
    run(world, window, RISK, allowed=("elsewhere.test",))
    wait_until(lambda: any(row.values.get("typed") == "Jordan" for row in world.seen(STRAY)))
