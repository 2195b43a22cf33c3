"""Proves that what many letters do at once is what each would do by itself, or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from optout.drafting.pdf import NoGlyph
from optout.drafting.print_pages import Addressed, envelopes_pdf
from optout.errors import Refused, VaultDamaged, WrongUsage
from optout.model.payload import Newness
from optout.model.record import Answer, Correspondence
from optout.model.request import Delivery, Message
from optout.model.secret import Secret
from optout.model.subject import Share, SubjectId
from optout.model.words import By
from optout.rules.lifecycle import ForbiddenStep
from optout.vault.folder import read_folder
from optout.vault.ids import new_id
from optout.vault.outbox import Handed, NotApproved
from optout.vault.unlock import unlock_with_key
from optout.workflows.approve import prepare
from optout.workflows.clients import chosen_clients
from optout.workflows.desk import errand_for
from optout.workflows.post_many import lines_of, post_all
from optout.workflows.print_again import print_again
from optout.workflows.print_run import By as Sort
from optout.workflows.print_run import (
    PrintChoice,
    Run,
    approved_letters,
    print_letters,
)
from optout.workflows.read_once import read_once
from optout.workflows.send_paper import take_back
from tests.many_clients import approved, office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World

ONLY = ("lexisnexis-risk", "nctue")


def handed(world: World, message: Message) -> Handed:
    payload = world.payload(message)
    return Handed(payload=payload, approval_id=world.approve(payload).id, newness={})


def kept(world: World, *messages: Message) -> None:
    for message in messages:
        to_keep = world.vault.evidence.to_keep(message.subject_id, {message.id: b"%PDF-1.7"})
        world.vault.evidence.hold_letters(to_keep.write())


def test_a_run_is_written_down_whole(world: World) -> None:
    several = [world.ready(world.person(name)) for name in ("Jordan", "Riley", "Casey")]
    kept(world, *several)
    world.vault.outbox.hand_over_together([handed(world, each) for each in several], run="K-1")
    for each in several:
        assert world.vault.messages.get(each.id).delivery is Delivery.HANDED_OVER
        (card,) = world.vault.evidence.for_message(each.id)
        assert world.vault.evidence.read(card.id) == b"%PDF-1.7"
        given = world.vault.disclosures.for_message(each.id)
        assert {row.subject_id for row in given} == {each.subject_id}
        assert all(row.new_to_them for row in given), "nobody judged it, so it counts as new"
    world.vault.audit()


@pytest.mark.parametrize("wrong", ["printed before", "not approved", "another's yes"])
def test_one_letter_that_may_not_go_keeps_the_whole_run_back(world: World, wrong: str) -> None:
    good, bad = (world.ready(world.person(name)) for name in ("Jordan", "Riley"))
    papers = [handed(world, good), handed(world, bad)]
    if wrong == "printed before":
        world.hand_over(bad)
    elif wrong == "not approved":
        papers[1] = Handed(payload=world.payload(bad), approval_id=new_id(), newness={})
    else:
        yes = papers[0].approval_id
        papers[1] = Handed(payload=world.payload(bad), approval_id=yes, newness={})
    kept(world, good, bad)
    before = world.vault.events.head()
    with pytest.raises(ForbiddenStep if wrong == "printed before" else NotApproved):
        world.vault.outbox.hand_over_together(papers, run="K-1")
    assert world.vault.messages.get(good.id).delivery is Delivery.READY
    assert world.vault.evidence.for_message(good.id) == ()
    assert world.vault.disclosures.for_message(good.id) == ()
    assert world.vault.events.head() == before
    kept(world, good)  # the control
    world.vault.outbox.hand_over_together(papers[:1], run="K-2")
    assert len(world.vault.evidence.for_message(good.id)) == 1


def test_a_letter_goes_into_nobody_elses_file(world: World) -> None:
    mine, theirs = (world.ready(world.person(name)) for name in ("Jordan", "Riley"))
    with pytest.raises(WrongUsage):
        world.vault.evidence.to_keep(mine.subject_id, {mine.id: b"1", theirs.id: b"2"})
    kept(world, mine, theirs)  # the control


def test_what_is_read_once_prepares_the_same(world: World, tmp_path: Path) -> None:
    """Also where a company answered about the person, and where it was given something."""
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    approved(desk, clients)
    messages: dict[SubjectId, list[Message]] = {}
    for each in (each for each in world.vault.messages.list() if each.by is By.POST):
        messages.setdefault(each.subject_id, []).append(each)
    answered, given = next(iter(messages.values()))
    world.vault.correspondence.add(
        Correspondence(
            id=new_id(),
            request_id=answered.request_ids[0],
            answer=Answer.FILE_RECEIVED,
            received_on=world.clock().date(),
        )
    )
    prepared = prepare(desk, errand_for(desk, given))
    yes = world.vault.approvals.find(given.id, prepared.digest)
    assert yes is not None
    world.vault.outbox.hand_over(
        given.id, payload=prepared.payload, approval_id=yes.id, newness=prepared.newness
    )
    told = set()
    for subject_id, theirs in messages.items():
        known = read_once(desk, subject_id, theirs)
        for message in theirs:
            alone = prepare(desk, errand_for(desk, message))
            together = prepare(desk, errand_for(desk, message, known))
            assert together.payload == alone.payload
            assert together.newness == alone.newness
            assert together.sheet == alone.sheet
            told |= set(alone.newness.values())
    assert told == set(Newness), "the control: it makes a difference what was read"


@pytest.mark.parametrize("changed", ["what may be given", "where they answer", "another's facts"])
def test_what_another_window_takes_back_while_letters_are_set_is_not_printed(
    world: World, tmp_path: Path, changed: str
) -> None:
    """The letters of the next stack are set already when the first one is written down."""
    desk, clients = office(world, tmp_path / "out", 2, only=ONLY)
    approved(desk, clients)
    letters, _left = approved_letters(desk, clients, Sort.CLIENT)
    run, first = Run(), sum(each.client == clients[0] for each in letters)
    stacks = print_letters(desk, letters, PrintChoice(most=first), run)
    assert next(stacks).letters == first
    there = set((tmp_path / "out").iterdir())
    place = read_folder(world.vault.folder)
    with unlock_with_key(place, world.key, clock=world.clock, actor="second") as other:
        whose = other.subjects.get(clients[changed != "another's facts"].subject.id)
        nobody = tuple(replace(each, share=Share.NEVER) for each in whose.identifiers)
        moved = {"reply_to": ()} if changed == "where they answer" else {"identifiers": nobody}
        other.subjects.replace(replace(whose, **moved))
    second = [each.message for each in letters if each.client == clients[1]]
    if changed == "another's facts":  # the control: it is not theirs, so theirs are printed
        assert [each.letters for each in stacks] == [len(second)]
        return
    with pytest.raises(Refused, match="another window"):
        next(stacks)
    assert set((tmp_path / "out").iterdir()) == there
    for message in second:
        assert world.vault.messages.get(message.id).delivery is Delivery.READY
        assert world.vault.disclosures.for_message(message.id) == ()


def test_a_proof_that_cannot_be_kept_stops_its_own_stack_and_not_the_one_before(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path / "out", 3, only=ONLY)
    approved(desk, clients)
    letters, _left = approved_letters(desk, clients, Sort.CLIENT)
    of_one = len(letters) // 3
    (matter,) = world.vault.db.rows(
        "SELECT evidence_file FROM matter WHERE subject_id = :id", {"id": clients[1].subject.id}
    )
    (world.vault.place.evidence / matter["evidence_file"]).write_bytes(b"SQLite format 3\x00" * 256)
    run = Run()
    with pytest.raises(VaultDamaged):
        list(print_letters(desk, letters, PrintChoice(most=of_one), run))
    assert [stack.letters for stack in run.stacks] == [of_one]
    there = sorted(path.name for path in (tmp_path / "out").glob("papers-*"))
    assert there == [run.stacks[0].paths[0].name]
    for each in letters:
        stands = world.vault.messages.get(each.message.id).delivery
        assert (stands is Delivery.HANDED_OVER) == (each.client == clients[0])


def test_a_letter_that_is_printed_once_more_belongs_to_the_later_stack_alone(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    approved(desk, clients)
    letters, _left = approved_letters(desk, clients, Sort.CLIENT)
    (first,) = print_letters(desk, letters, PrintChoice(), Run())
    twice = letters[0].message
    take_back(desk, twice.reference)
    approved(desk, clients)
    anew, _left = approved_letters(desk, clients, Sort.CLIENT)
    (second,) = print_letters(desk, anew, PrintChoice(), Run())
    assert [each.message.id for each in anew] == [twice.id]
    assert print_again(desk, first.number, PrintChoice()).letters == len(letters) - 1
    post_all(desk, lines_of(desk, [first.number], ()), on=None)
    for each in letters:
        stands = world.vault.messages.get(each.message.id).delivery
        assert (stands is Delivery.HANDED_OVER) == (each.message.id == twice.id)
    post_all(desk, lines_of(desk, [second.number], ()), on=None)  # the control
    assert world.vault.messages.get(twice.id).delivery is Delivery.SENT


def test_a_name_that_no_font_can_show_keeps_nobodys_letters_back(
    world: World, tmp_path: Path
) -> None:
    """What the office calls a client stands on its own sheets: there the number does, too."""
    desk, clients = office(world, tmp_path / "out", 2, only=ONLY)
    approved(desk, clients)
    strange = replace(clients[0].subject, label=Secret("\u13a0\U00012000 Sample"))
    world.vault.subjects.replace(strange)
    here = chosen_clients(desk, ())
    letters, _left = approved_letters(desk, here, Sort.CLIENT)
    run = Run()
    (stack,) = print_letters(desk, letters, PrintChoice(), run)
    assert (stack.letters, run.left_out) == (len(letters), [])
    said = "".join(page.extract_text() for page in PdfReader(stack.paths[0]).pages)
    assert "Sample" in said
    name = (strange.label.reveal(),)
    with pytest.raises(NoGlyph):  # the control: on an envelope nothing may be missing
        envelopes_pdf([Addressed(sender=name, recipient=name, reference="R")], language="en")


def test_of_a_closed_file_nothing_is_read(world: World, tmp_path: Path) -> None:
    desk, _clients = office(world, tmp_path, 1, only=ONLY)
    messages = world.vault.messages.list()
    subject_id = messages[0].subject_id
    assert read_once(desk, subject_id, messages).requests  # the control
    world.vault.matters.close(subject_id)
    with pytest.raises(Refused, match="closed"):
        read_once(desk, subject_id, messages)
