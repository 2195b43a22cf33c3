"""Forms and mails of many clients: a yes for each, filed one after another with somebody there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from optout.errors import NeedsPerson, Refused
from optout.model.broker import Broker, Slug
from optout.model.law import LawId
from optout.model.request import Delivery, Message
from optout.model.words import By, Right
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock_with_key
from optout.workflows import file_many
from optout.workflows.approve_many import approve_all, look_through, says_yes_to_letters
from optout.workflows.authorizations import record_signature, write_in_own_name
from optout.workflows.clients import Client, chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.file_many import approved_to_file, file_approved, seen_together
from optout.workflows.signed_scope import scope_of
from tests.conftest import World
from tests.many_clients import Counting, checked, desk_with, mark_of, signed

CLEAR = Slug("thomson-reuters-clear")
WAYS = {By.WEB: "", By.EMAIL: "letter", By.POST: "letter"}
GO = "Go on with it"


class BrowserOpened(Exception):
    """The form would be opened now."""


def opens() -> NoReturn:
    raise BrowserOpened


def listed(world: World, client: Client, by: By, broker: Slug = CLEAR, key: str = "") -> Message:
    right = Right.DELETE if by is By.EMAIL else Right.OPT_OUT
    who = client.subject
    request = world.request(who, broker=broker, right=right, law=LawId("us-co-cpa"))
    named = {"broker": broker, "channel_right": right, "channel_key": key or WAYS[by]}
    return world.message(who, request, by=by, **named)


def office(world: World, tmp_path: Path, count: int) -> tuple[Desk, tuple[Client, ...]]:
    """Return an office where a form and a mail wait for each client."""
    desk, clients = desk_with(world, tmp_path, count, person=Counting())
    desk = replace(desk, window=opens)
    for client in clients:
        listed(world, client, By.WEB)
        listed(world, client, By.EMAIL)
    return desk, clients


def approved(desk: Desk, clients: tuple[Client, ...]) -> int:
    looked = look_through(desk, clients)
    assert says_yes_to_letters(desk, looked)
    count, left = approve_all(desk, looked)
    assert left == []
    return count


def test_each_form_and_mail_has_a_yes_of_its_own(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 3)
    looked = look_through(desk, clients)
    assert looked.left_out == []
    assert len({each.digest for each in looked.shown}) == 6
    counting = desk.person
    assert isinstance(counting, Counting)
    counting.types = ["5"]
    assert not says_yes_to_letters(desk, looked)
    assert approved(desk, clients) == 6
    assert any("letters, mails and forms are in the table" in each for each in counting.heard)
    assert look_through(desk, clients).approved == 6


def test_they_are_filed_client_after_client_each_after_a_go(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 3)
    assert approved_to_file(desk, clients) == ((), []), "nothing without a yes"
    approved(desk, clients)
    waiting, left = approved_to_file(desk, clients)
    assert left == []
    numbers = [each.client.number for each in waiting]
    assert sorted(numbers) == [1, 1, 2, 2, 3, 3]
    assert all(numbers[at] == numbers[at + 1] for at in (0, 2, 4)), "one client after another"
    assert len(seen_together(waiting)) == 1
    for each in waiting:
        if each.message.by is By.WEB:
            with pytest.raises(BrowserOpened):
                file_approved(desk, each)
        else:
            filed = file_approved(desk, each)
            mail = Path(filed.paper).read_text("utf-8")
            others = {mark_of(client) for client in clients} - {mark_of(each.client)}
            assert mark_of(each.client) in mail
            assert not any(mark in mail for mark in others)
    person = desk.person
    assert isinstance(person, Counting)
    assert sum(GO in heard for heard in person.heard) == 6
    left_over, _left = approved_to_file(desk, clients)
    assert {each.message.by for each in left_over} == {By.WEB}, "no mail is written twice"


def test_no_go_files_nothing_and_the_yes_stays(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 1)
    approved(desk, clients)
    waiting, _left = approved_to_file(desk, clients)
    person = desk.person
    assert isinstance(person, Counting)
    person.answers = {GO: "no"}
    for each in waiting:
        with pytest.raises(Refused, match="It stays approved"):
            file_approved(desk, each)
    assert approved_to_file(desk, clients)[0]
    assert not list((tmp_path / "out").glob("*.eml"))


def test_what_changed_since_the_yes_or_was_sent_elsewhere_is_left_out(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 1)
    approved(desk, clients)
    waiting, _left = approved_to_file(desk, clients)
    who = clients[0].subject
    world.vault.subjects.replace(replace(who, reply_to=()))
    for each in waiting:
        with pytest.raises((NeedsPerson, Refused)):
            file_approved(desk, each)
    world.vault.subjects.replace(who)
    mail = next(each for each in waiting if each.message.by is By.EMAIL)
    world.clock.forward(days=3)
    text = Path(file_approved(desk, mail).paper).read_text("utf-8")
    assert "November 23, 2026" in text, "the day of the yes; the control: it is filed again"
    world.clock.forward(days=12)
    form = next(each for each in waiting if each.message.by is By.WEB)
    with pytest.raises(NeedsPerson, match="approve it again"):
        file_approved(desk, form)


def changed(desk: Desk, **channel: Any) -> Desk:  # noqa: ANN401 - a test names real fields
    real = desk.find_broker

    def find(slug: str) -> Broker:
        broker = real(slug)
        channels = tuple(replace(each, **channel) for each in broker.channel)
        return replace(broker, channel=channels)

    return replace(desk, find_broker=find)


def test_no_yes_for_many_covers_what_only_the_client_may_say(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2)
    looked = look_through(changed(desk, attests=("I am this person.",)), clients)
    assert looked.shown == []
    assert len(looked.left_out) == 4
    assert "swear or agree" in looked.left_out[0].said().english()
    approved(desk, clients)  # the control: without these words they are approved
    waiting, _left = approved_to_file(desk, clients)
    for each in waiting:  # the words came after the yes
        with pytest.raises(NeedsPerson, match="swear or agree"):
            file_approved(changed(desk, attests=("I am this person.",)), each)


def test_a_form_that_wants_to_see_who_somebody_is_waits_for_them(
    world: World, tmp_path: Path
) -> None:
    desk, clients = desk_with(world, tmp_path, 1)
    who = clients[0].subject
    slug = Slug("idi")  # its page wants digits that only the client may write
    message = world.message(who, world.request(who, broker=slug), broker=slug)
    looked = look_through(desk, clients)
    assert looked.shown == []
    assert [each.what.split()[0] for each in looked.left_out] == [message.reference]


def test_a_helped_client_is_in_it_only_with_a_signature(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 1)
    start_clinic(world.vault, "Example Legal Aid", ["Robin"], four_eyes=False)
    checked(desk, "Robin")
    helped = replace(clients[0].subject, acting=type(clients[0].subject.acting)("helper"))
    world.vault.subjects.replace(helped)
    clients = chosen_clients(desk, ())
    looked = look_through(desk, clients)
    assert looked.shown == []
    assert "has signed nothing for it" in looked.left_out[0].said().english()
    day = desk.today(helped).replace(year=2027)
    scope = scope_of(desk, helped, day)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")
    record_signature(desk, write_in_own_name(desk, helped, scope).reference, scan)
    assert len(look_through(desk, clients).shown) == 2, "the control"


def test_with_four_eyes_another_says_yes(world: World, tmp_path: Path) -> None:
    start_clinic(world.vault, "Example Office", ["Robin", "Sam"], four_eyes=True)
    folder, key = world.vault.folder, world.key

    def as_actor(name: str) -> None:
        world.vault.close()
        world.vault = unlock_with_key(read_folder(folder), key, clock=world.clock, actor=name)

    as_actor("Robin")
    desk, clients = office(world, tmp_path, 1)
    checked(desk, "Robin")
    signed(desk, clients, tmp_path)
    assert look_through(desk, clients).shown == []
    as_actor("Sam")
    desk, _none = desk_with(world, tmp_path, 0, person=Counting())
    assert approved(desk, clients) == 2
    assert len(approved_to_file(desk, clients)[0]) == 2


def test_a_form_of_a_batch_is_never_sent_without_somebody(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where a form is known so well that it could send itself."""
    desk, clients = office(world, tmp_path, 1)
    approved(desk, clients)
    given: dict[str, Any] = {}

    def filed(_desk: Desk, _errand: object, **options: Any) -> NoReturn:  # noqa: ANN401 - passed on
        given.update(options)
        raise BrowserOpened

    monkeypatch.setattr(file_many, "file_form", filed)
    form = next(e for e in approved_to_file(desk, clients)[0] if e.message.by is By.WEB)
    with pytest.raises(BrowserOpened):
        file_approved(desk, form)
    assert given == {"digest": form.approval.digest, "with_somebody": True}
    assert desk.vault.messages.get(form.message.id).delivery is Delivery.READY
