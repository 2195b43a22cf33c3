"""Many clients at once: one table, one yes a letter, one stack, and nobody's facts in another's."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import find_broker
from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.clinic import Allowed
from optout.model.fields import Field
from optout.model.request import Delivery, Message, Reference
from optout.model.secret import Secret
from optout.model.subject import Acting, PersonName
from optout.model.words import By as Way
from optout.model.words import Right
from optout.text import Text
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock_with_key
from optout.workflows import exports
from optout.workflows.approve_many import approve_all, look_through, says_yes_to_letters
from optout.workflows.authorizations import Scope, record_signature, write_in_own_name
from optout.workflows.client_answers import ask_for_all, read_answers, write_form
from optout.workflows.clients import Client, chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.mailing_table import read_mailing_table
from optout.workflows.make_plan import Wish
from optout.workflows.plan_many import Planned, accept_many, plan_many, says_yes, write_table
from optout.workflows.post_many import lines_of, post_all, stacks
from optout.workflows.print_again import print_again
from optout.workflows.print_run import (
    By,
    PrintChoice,
    Run,
    approved_letters,
    check_choice,
    print_letters,
    printing_alone,
    settle_cut_short,
)
from tests.conftest import World
from tests.crossings import crossings, papers_in
from tests.many_clients import (
    EVERY_YES,
    POST,
    Counting,
    approved,
    checked,
    delivered,
    desk_with,
    mark_of,
    office,
    signed,
)

ONLY = ("lexisnexis-risk", "nctue")


def printed(desk: Desk, clients: Sequence[Client], **choice: Any) -> Run:  # noqa: ANN401 - passed on
    run, wanted = Run(), PrintChoice(**choice)
    letters, left = approved_letters(desk, clients, wanted.by)
    run.left_out += left
    list(print_letters(desk, letters, wanted, run))
    return run


def by_post(desk: Desk) -> list[Message]:
    return [message for message in desk.vault.messages.list() if message.by is Way.POST]


def pages_of(path: Path) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(path).pages]


def test_clients_are_named_by_number_range_and_name(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 5)

    def numbers(*typed: str) -> list[int]:
        return [client.number for client in chosen_clients(desk, typed)]

    assert numbers() == numbers("all") == [1, 2, 3, 4, 5]
    assert numbers("2-3,5") == [2, 3, 5]
    assert numbers(mark_of(clients[3]).upper(), "1") == [1, 4]
    with pytest.raises(WrongUsage, match="called that"):
        chosen_clients(desk, ["Nobody Example"])
    with pytest.raises(WrongUsage, match="from 1 to 5"):
        chosen_clients(desk, ["6"])


def test_two_clients_of_one_name_are_told_apart_by_number(world: World, tmp_path: Path) -> None:
    for _twice in range(2):
        world.person("Jordan")
    desk, _clients = desk_with(world, tmp_path, 0)
    with pytest.raises(WrongUsage, match="1, 2"):
        chosen_clients(desk, ["jordan"])


def test_who_answered_nothing_is_introduced_to_nobody(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 3)
    planned = plan_many(desk, clients, {1: EVERY_YES}, POST)
    sellers = {line.broker for each in planned.plans for line in each.lines}
    assert {each.client.number for each in planned.plans} == {1}
    assert sellers, "the control: who said yes is planned for"
    assert [each.client.number for each in planned.left_out] == [2, 3]
    assert "leave them alone" in planned.left_out[0].said().english()


def test_no_freeze_comes_along_unless_it_is_named(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 1)

    def rights(wish: Wish) -> set[Right]:
        planned = plan_many(desk, clients, {1: EVERY_YES}, wish)
        return {line.right for each in planned.plans for line in each.lines}

    assert Right.FREEZE not in rights(POST)
    assert rights(replace(POST, rights=(Right.FREEZE,))) == {Right.FREEZE}


def test_a_public_body_is_never_planned_for_many(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 1)
    with pytest.raises(Refused, match="government files"):
        plan_many(desk, clients, {1: EVERY_YES}, replace(POST, only=(Slug("co-sheriff"),)))


def test_a_child_is_named_and_the_rest_goes_on(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 2)
    child = clients[0].subject
    born = Secret(date(2016, 4, 12))
    world.vault.subjects.replace(
        replace(
            child,
            identifiers=tuple(
                replace(fact, value=born) if fact.kind == "birth_date" else fact
                for fact in child.identifiers
            ),
        )
    )
    clients = chosen_clients(desk, ())
    planned = plan_many(desk, clients, dict.fromkeys((1, 2), EVERY_YES), POST)
    assert [each.client.number for each in planned.left_out] == [1]
    assert [each.client.number for each in planned.plans] == [2]


def test_the_table_holds_each_request_once_and_no_fact(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 2)
    evil = '=HYPERLINK("http://example.test";"<script>x</script>")'
    world.vault.subjects.replace(replace(clients[0].subject, label=Secret(evil)))
    planned = plan_many(desk, chosen_clients(desk, ()), dict.fromkeys((1, 2), EVERY_YES), POST)
    table, page = write_table(desk, planned)
    text = table.read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) - 1 == sum(len(each.lines) + len(each.own) for each in planned.plans)
    assert all(cell[:1] not in {"=", "+", "-", "@"} for row in rows for cell in row)
    assert rows[1][1] == f"'{evil}"
    html = page.read_text("utf-8")
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
    assert "http-equiv" in html
    assert '<th scope="row">' in html
    facts = [fact.value for fact in clients[1].subject.identifiers]
    streets = [value.street for value in facts if hasattr(value, "street")]
    assert streets
    assert not any(street in text + html for street in streets)
    listed = {export.path.reveal() for export in world.vault.exports.list()}
    assert {str(table), str(page)} <= listed


def test_only_the_exact_count_puts_it_on_the_lists(world: World, tmp_path: Path) -> None:
    person = Counting(types=["yes"])
    desk, clients = desk_with(world, tmp_path, 2, person=person)
    planned = plan_many(desk, clients, dict.fromkeys((1, 2), EVERY_YES), POST)
    assert not says_yes(desk, planned)
    assert says_yes(desk, planned), "the control: the counts themselves"
    assert planned.with_new, "something is NEW to somebody, so it was asked twice"
    person.types = [str(planned.requests), ""]
    assert not says_yes(desk, planned)
    count, left = accept_many(desk, planned)
    assert (count, left) == (planned.requests, [])
    again = plan_many(desk, clients, dict.fromkeys((1, 2), EVERY_YES), POST)
    assert asked(planned)
    assert not asked(planned) & asked(again), "nothing is asked twice; what did not fit comes now"


def test_who_has_everything_on_the_list_is_not_said_to_be_unknown(
    world: World, tmp_path: Path
) -> None:
    desk, clients = desk_with(world, tmp_path, 2)
    first = plan_many(desk, clients[:1], {1: EVERY_YES}, POST)
    accept_many(desk, first)
    planned = plan_many(desk, clients, {1: {}, 2: {}}, POST)
    why = {each.client.number: each.why.english() for each in planned.left_out}
    assert why[1] == "Nothing new is to be asked."
    assert why[2].startswith("No sign that these companies know them."), "the control"


def asked(planned: Planned) -> set[tuple[int, str, Right]]:
    return {
        (each.client.number, line.broker, line.right)
        for each in planned.plans
        for line in each.lines
    }


def test_answers_come_from_a_table_and_are_not_kept(world: World, tmp_path: Path) -> None:
    desk, clients = desk_with(world, tmp_path, 3)
    form = write_form(desk, clients, "form.csv")
    rows = list(csv.reader(io.StringIO(form.read_text("utf-8-sig"), newline="")))
    rows[1][2:], rows[2][2:] = ["yes"] * 5, ["no", "unknown", "", "sí", "x"]
    filled = tmp_path / "filled.csv"
    filled.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    found = read_answers(filled, clients)
    assert all(found[1].values())
    assert list(found[2].values()) == [False, False, False, True, True]
    assert not any(found[3].values()), "who was not asked"
    rows[2][4], rows[3][1] = "perhaps", "Somebody Else"
    rows[3][2] = "yes"
    filled.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    with pytest.raises(WrongUsage) as caught:
        read_answers(filled, clients)
    said = caught.value.what.english()
    assert "line 3, column lease-utility-phone" in said
    assert "line 4: the name is not that of this number" in said
    assert ask_for_all(desk, clients) == EVERY_YES


def test_each_yes_is_for_one_letter_and_what_changes_is_looked_at_anew(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    looked = look_through(desk, clients, {Way.POST})
    assert {each.client.number for each in looked.shown} == {1, 2}
    assert says_yes_to_letters(desk, looked)
    count, left = approve_all(desk, looked)
    assert (count, left) == (len(looked.shown), [])
    again = look_through(desk, clients, {Way.POST})
    assert (again.approved, again.shown) == (count, [])
    who = clients[0].subject
    moved = replace(who, reply_to=who.reply_to[1:])
    world.vault.subjects.replace(moved)
    clients = chosen_clients(desk, ())
    run = printed(desk, clients)
    assert {each.client.number for each in run.left_out} == {1}
    assert "approve it again" in run.left_out[0].said().english()
    assert sum(stack.letters for stack in run.stacks) == count - len(run.left_out)


def test_an_old_yes_is_asked_anew_and_a_young_one_prints_on_another_day(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 1, only=ONLY)
    approved(desk, clients)
    world.clock.forward(days=2)
    run = printed(desk, clients)
    assert run.left_out == []
    assert "November 23, 2026" in "".join(pages_of(run.stacks[0].paths[0]))
    desk, clients = office(world, tmp_path, 1, only=ONLY)
    clients = clients[1:]
    approved(desk, clients)
    world.clock.forward(days=15)
    run = printed(desk, clients)
    assert run.stacks == []
    assert run.left_out


def test_with_four_eyes_nobody_approves_what_they_put_on_the_list(
    world: World, tmp_path: Path
) -> None:
    start_clinic(world.vault, "Example Office", ["Robin", "Sam"], four_eyes=True)
    folder, key = world.vault.folder, world.key

    def as_actor(name: str) -> World:
        world.vault.close()
        world.vault = unlock_with_key(read_folder(folder), key, clock=world.clock, actor=name)
        return world

    signed(*office(as_actor("Robin"), tmp_path, 1, only=ONLY), tmp_path)
    as_actor("robin")
    desk, clients = desk_with(world, tmp_path, 0)
    looked = look_through(desk, clients, {Way.POST})
    assert looked.shown == []
    assert "another says yes" in looked.left_out[0].said().english()
    as_actor("person")
    desk, clients = desk_with(world, tmp_path, 0)
    assert look_through(desk, clients, {Way.POST}).shown == []
    as_actor("Sam")
    desk, clients = desk_with(world, tmp_path, 0)
    count = approved(desk, clients)
    assert count, "the control: another person may"
    ids = [message.id for message in world.vault.messages.list()]
    yeses = world.vault.approvals.unused(ids)
    assert {yes.approved_by for yes in yeses.values()} == {"Sam"}
    assert sum(stack.letters for stack in printed(desk, clients).stacks) == count


def signed_unchecked(desk: Desk, clients: Sequence[Client], folder: Path) -> None:
    """Write down a signature for all that waits, as no command does before the conflict check."""
    scan = folder / "signed.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")
    for client in clients:
        lines = tuple(
            Allowed(broker=each.broker, right=each.right, fields=tuple(Field))
            for each in desk.vault.requests.list(subject_id=client.subject.id)
        )
        scope = Scope(lines=lines, until=desk.today(client.subject) + timedelta(days=90))
        paper = write_in_own_name(desk, client.subject, scope)
        record_signature(desk, paper.reference, scan)


def test_who_has_no_conflict_check_is_named_and_the_rest_goes_on(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    start_clinic(world.vault, "Example Office", ["Robin"], four_eyes=False)
    refused = look_through(desk, clients, {Way.POST}).left_out
    assert "has signed nothing for it" in refused[0].said().english(), "nobody is an office's self"
    signed_unchecked(desk, clients, tmp_path)
    assert approved(desk, clients) == 0
    planned = plan_many(desk, clients, dict.fromkeys((1, 2), EVERY_YES), POST)
    looked = look_through(desk, clients, {Way.POST})
    for left in (planned.left_out, looked.left_out):
        assert {each.client.number for each in left} == {1, 2}
        assert "No conflict check" in left[0].said().english()
    checked(desk, "Robin")
    assert approved(desk, clients), "the control"


def test_two_windows_do_not_print_at_once(world: World, tmp_path: Path) -> None:
    desk, _clients = desk_with(world, tmp_path, 1)
    with printing_alone(desk), pytest.raises(Refused, match="Another window"), printing_alone(desk):
        pass
    with printing_alone(desk):
        assert True, "the control: when it is done, another may"


def test_a_helper_says_yes_for_each_adult_by_itself(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    helped = replace(clients[0].subject, acting=Acting.HELPER)
    world.vault.subjects.replace(helped)
    looked = look_through(desk, chosen_clients(desk, ()), {Way.POST})
    assert {each.client.number for each in looked.shown} == {2}
    assert {each.client.number for each in looked.left_out} == {1}


@pytest.mark.parametrize("by", list(By))
def test_a_stack_holds_every_letter_once_in_its_order(world: World, tmp_path: Path, by: By) -> None:
    desk, clients = office(world, tmp_path, 3, only=ONLY)
    count = approved(desk, clients)
    run = printed(desk, clients, by=by, envelopes=True, labels="5160", cover_sheets=True)
    (stack,) = run.stacks
    assert stack.letters == count
    assert delivered(desk) == {Delivery.HANDED_OVER: count}
    assert printed(desk, clients).stacks == [], "nothing is printed twice"
    names = sorted(find_broker(slug).called() for slug in ONLY)
    if by is By.CLIENT:
        names = [client.name for client in clients]
    marks = list(papers_in(stack.paths[0], 0))
    letters = [title for title, _first, _after in marks if title[4:5] == "-"]
    groups = [title for title, _first, _after in marks if title in names]
    references = [message.reference for message in by_post(desk)]
    assert sorted(title.split()[0] for title in letters) == sorted(references)
    assert groups == names
    assert all(first % 2 == 0 for _title, first, _after in marks), (
        "each begins on a sheet of its own"
    )
    files = {path.name.split("-")[0] for path in stack.paths}
    assert files == {"papers", "mailing", "envelopes", "labels"}
    listed = {export.path.reveal() for export in world.vault.exports.list()}
    assert {str(path) for path in stack.paths} <= listed
    for message in by_post(desk):
        (proof,) = world.vault.evidence.for_message(message.id)
        assert message.reference in "".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(world.vault.evidence.read(proof.id))).pages
        )


def test_stacks_of_few_letters_are_several_files(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    count = approved(desk, clients)
    run = printed(desk, clients, most=1)
    assert [stack.letters for stack in run.stacks] == [1] * count
    assert [each.printed for each in stacks(desk)] == [1] * count


def test_a_disk_that_is_full_in_the_middle_of_a_stack_leaves_no_half_of_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room was there when it was looked at; at nine tenths of the second stack it is not."""
    resource = pytest.importorskip("resource")  # not on Windows
    desk, clients = office(world, tmp_path, 4, only=ONLY)
    approved(desk, clients)
    torn: list[tuple[int, int]] = []
    write = exports._write_private  # noqa: SLF001 - the fault comes from below, not from here

    def fills_up(path: Path, content: bytes, *, durably: bool = False) -> None:
        if not durably or not list(path.parent.glob("papers-*.pdf")):
            return write(path, content, durably=durably)
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) * 9 // 10, usual[1]))
        try:
            return write(path, content, durably=durably)
        except OSError:
            torn.append((path.stat().st_size, len(content)))
            raise
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    with monkeypatch.context() as full:
        full.setattr(exports, "_write_private", fills_up)
        with pytest.raises(Refused, match="could not be written"):
            printed(desk, clients, most=3)
    ((reached, whole),) = torn
    assert 0 < reached == whole * 9 // 10, "it stopped in the middle, not before"
    (first,) = stacks(desk)
    (whole_stack,) = desk.out_folder.glob("papers-*.pdf")
    titles = [title for title, _first, _after in papers_in(whole_stack, 0)]
    assert sum(title[4:5] == "-" for title in titles) == first.printed
    assert not list(desk.out_folder.glob("*.part"))
    assert delivered(desk)[Delivery.HANDED_OVER] == first.printed == 3
    waiting = delivered(desk)[Delivery.READY]
    run = printed(desk, clients, most=500)
    assert [each.letters for each in run.stacks] == [waiting]
    assert set(delivered(desk)) == {Delivery.HANDED_OVER}


def test_printed_and_posted_are_counted_apart(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 3, only=ONLY)
    count = approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    (stands,) = stacks(desk)
    assert (stands.printed, stands.posted, stands.waiting) == (count, 0, count)
    last = by_post(desk)[-1].reference
    done = post_all(desk, lines_of(desk, [stack.number.lower()], [last]), on=date(2026, 11, 23))
    assert (done.posted, done.left_out) == (count - 1, [])
    done = post_all(desk, lines_of(desk, [stack.number], []), on=None, not_posted=True)
    assert (done.before, done.taken_back) == (count - 1, 1)
    (stands,) = stacks(desk)
    assert (stands.printed, stands.posted, stands.waiting) == (count, count - 1, 0)
    assert delivered(desk) == {Delivery.SENT: count - 1, Delivery.READY: 1}
    assert approved(desk, clients) == 0, "its yes is as good as it was"
    (again,) = printed(desk, clients).stacks
    assert again.letters == 1
    with pytest.raises(WrongUsage, match="not among"):
        lines_of(desk, [stack.number], ["0000-0000"])
    with pytest.raises(WrongUsage, match=f"no stack and no letter .* {again.number}") as met:
        lines_of(desk, ["QPKW-PW6M-9"], [])
    assert "optout status" not in str(met.value)


def test_days_and_numbers_come_back_from_the_mailing_table(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=("lexisnexis-risk",))
    approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    path = next(each for each in stack.paths if each.suffix == ".csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    lines = ["reference,posted_on,tracking", f"{rows[0]['reference']},11/23/2026,9407-1"]
    filled = tmp_path / "filled.csv"
    filled.write_text("\n".join([*lines, f"{rows[1]['reference']},,"]), "utf-8")
    done = post_all(desk, read_mailing_table(filled), on=None)
    assert done.posted == 1
    message = world.vault.messages.by_reference(Reference(rows[0]["reference"]))
    assert message
    assert (message.posted_on, message.tracking) == (date(2026, 11, 23), "9407-1")
    filled.write_text("\n".join([*lines, "K7F3-Q2MX,someday,"]), "utf-8")
    with pytest.raises(WrongUsage) as caught:
        read_mailing_table(filled)
    assert "line 3, column posted_on" in caught.value.what.english()
    filled.write_text("\n".join([*lines[:1], "K7F3-Q2MX,2026-11-23,"]), "utf-8")
    with pytest.raises(WrongUsage, match="K7F3-Q2MX"):
        post_all(desk, read_mailing_table(filled), on=None)


def test_a_stack_is_written_again_from_its_own_pages(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    count = approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    first = by_post(desk)[0].reference
    post_all(desk, lines_of(desk, [first], []), on=None)
    again = print_again(desk, stack.number, PrintChoice())
    assert (again.letters, again.left) == (count - 1, 1)
    text = "".join(pages_of(again.paths[0]))
    assert "Printed again" in text
    assert first not in text
    assert world.vault.events.with_code("letters.printed-again")
    with pytest.raises(WrongUsage):
        print_again(desk, "K7F3-Q2MX-1", PrintChoice())


def test_a_stack_is_written_again_with_envelopes_and_labels(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 3, only=("lexisnexis-risk",))
    approved(desk, clients)
    choice = PrintChoice(envelopes=True, labels="5160", skip_labels=2)
    (stack,) = printed(desk, clients, envelopes=True, labels="5160", skip_labels=2).stacks
    again = print_again(desk, stack.number, choice)
    first = [pages_of(each) for each in stack.paths if each.stem.startswith(("envel", "label"))]
    assert [pages_of(each) for each in again.paths[1:]] == first
    assert again.changed == 0, "the control"
    moved = clients[1].subject
    names = tuple(
        replace(fact, value=replace(fact.value, given="Morgan"))
        if isinstance(fact.value, PersonName)
        else fact
        for fact in moved.identifiers
    )
    world.vault.subjects.replace(replace(moved, identifiers=names))
    once_more = print_again(desk, stack.number, choice)
    assert (once_more.letters, once_more.changed) == (3, 1)
    envelopes = pages_of(once_more.paths[1])
    assert len(envelopes) == 2
    assert not any(word in page for page in envelopes for word in ("Morgan", mark_of(clients[1])))


@pytest.mark.parametrize("in_office", [True, False], ids=["office", "the control"])
def test_what_goes_home_with_a_client_names_no_program(
    world: World, tmp_path: Path, *, in_office: bool
) -> None:
    if in_office:
        start_clinic(world.vault, "Example Office", ["Robin"], four_eyes=False)
    desk, clients = office(world, tmp_path, 1, only=("lexisnexis-risk",))
    if in_office:
        signed(desk, clients, tmp_path)
    approved(desk, clients)
    (stack,) = printed(desk, clients, cover_sheets=True).stacks
    sheets = [page for page in pages_of(stack.paths[0]) if "Before you post it" in page]
    assert sheets
    assert any("optout" in sheet for sheet in sheets) is not in_office


def test_what_may_not_go_any_more_is_not_written_again(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=("lexisnexis-risk",))
    approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    assert print_again(desk, stack.number, PrintChoice()).may_not == (), "the control"
    world.vault.matters.close(clients[1].subject.id)
    again = print_again(desk, stack.number, PrintChoice())
    assert [each.client.number for each in again.may_not] == [2]
    assert mark_of(clients[1]) not in "".join(pages_of(again.paths[0]))
    assert again.letters == 1


def test_a_letter_that_cannot_be_set_is_named_and_the_rest_is_printed(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 3, only=("lexisnexis-risk",))
    strange = clients[1].subject
    names = tuple(
        replace(fact, value=replace(fact.value, given="\U00012000"))  # a cuneiform sign
        if isinstance(fact.value, PersonName)
        else fact
        for fact in strange.identifiers
    )
    world.vault.subjects.replace(replace(strange, identifiers=names))
    approved(desk, clients)
    run = printed(desk, clients)
    assert [each.client.number for each in run.left_out] == [2]
    assert "no font on this computer can show. Install the fonts" in run.left_out[0].why.english()
    assert run.stacks[0].letters == 2
    assert delivered(desk)[Delivery.READY] == 1


def test_without_room_nothing_counts_as_printed(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 2, only=ONLY)
    count = approved(desk, clients)
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(OptoutError):
        printed(replace(desk, out_folder=blocked), clients)
    assert delivered(desk) == {Delivery.READY: count}
    assert printed(desk, clients).stacks[0].letters == count


def test_no_letter_holds_another_clients_mark(world: World, tmp_path: Path) -> None:
    """The figure for 2,000 letters is in tests/benchmarks/printing.py."""
    desk, clients = office(world, tmp_path, 20, only=("equifax",))
    approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    owners = {
        str(message.reference): mark_of(client)
        for message in by_post(desk)
        for client in clients
        if client.subject.id == message.subject_id
    }
    marks = set(owners.values())
    assert len(marks) == 20
    assert crossings(stack.paths[0], owners, marks) == []


def test_a_planted_crossing_is_found(world: World, tmp_path: Path) -> None:
    """The control: one client's return address is another's."""
    desk, clients = office(world, tmp_path, 3, only=("equifax",))
    other, victim = clients[0].subject, clients[1].subject
    world.vault.subjects.replace(replace(victim, reply_to=other.reply_to))
    clients = chosen_clients(desk, ())
    approved(desk, clients)
    (stack,) = printed(desk, clients).stacks
    owners = {
        str(message.reference): mark_of(client)
        for message in by_post(desk)
        for client in clients
        if client.subject.id == message.subject_id
    }
    found = crossings(stack.paths[0], owners, set(owners.values()))
    assert len(found) == 2, "the letter, and the sheet that it is on"


def test_without_empty_pages_two_clients_can_share_a_sheet(world: World, tmp_path: Path) -> None:
    """The control of the empty pages: they are what keeps a stack printed on both sides apart."""
    desk, clients = office(world, tmp_path, 2, only=("nctue",))
    approved(desk, clients)
    (stack,) = printed(desk, clients, two_sided=False).stacks
    marks = {mark_of(client) for client in clients}
    assert any(found.startswith("sheet") for found in crossings(stack.paths[0], {}, marks))


def test_an_interrupted_run_has_nothing_to_settle_afterwards(world: World, tmp_path: Path) -> None:
    desk, clients = office(world, tmp_path, 1, only=ONLY)
    approved(desk, clients)
    printed(desk, clients)
    assert settle_cut_short(desk) == ()


def test_what_was_cut_short_before_the_names_gets_them_and_what_is_torn_goes(
    world: World, tmp_path: Path
) -> None:
    desk, clients = office(world, tmp_path, 2, only=("lexisnexis-risk",))
    approved(desk, clients)
    (stack,) = printed(desk, clients, labels="5160").stacks
    again = print_again(desk, stack.number, PrintChoice())
    paths = (*stack.paths, *again.paths)
    for path in paths:
        path.rename(f"{path}.part")
    labels = Path(f"{stack.paths[-1]}.part")
    labels.write_bytes(labels.read_bytes()[:-1])
    told = [text.english() for text in settle_cut_short(desk)]
    assert [path.exists() for path in paths] == [path != stack.paths[-1] for path in paths]
    assert len(told) == 3
    assert sum("Their file is whole" in each for each in told) == 2
    assert sum("torn file is gone: " in each and "labels-" in each for each in told) == 1
    assert not list(tmp_path.glob("*.part"))
    again.paths[0].replace(f"{again.paths[0]}.part")
    Path(f"{again.paths[0]}.part").write_bytes(b"%PDF")
    (torn,) = settle_cut_short(desk)
    assert torn.english().endswith(f"optout clinic print --again {stack.number}")


def test_a_run_that_is_refused_at_the_last_moment_leaves_no_list(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, clients = office(world, tmp_path, 2, only=("lexisnexis-risk",))
    approved(desk, clients)
    with monkeypatch.context() as patch:
        patch.setattr(type(world.vault.outbox), "hand_over_together", refuse)
        with pytest.raises(Refused):
            printed(desk, clients, envelopes=True)
    assert not list(tmp_path.glob("*-*.*"))
    assert not [export for export, there in exports.list_exports(desk) if there]
    assert len(printed(desk, clients, envelopes=True).stacks[0].paths) == 4, "the control"


def refuse(*_given: object, **_named: object) -> None:
    raise Refused(Text("Another window changed something."))


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (PrintChoice(most=0), "at least 1 letter"),
        (PrintChoice(skip_labels=1), "goes with --labels"),
        (PrintChoice(labels="5160", skip_labels=30), "from 0 to 29"),
        (PrintChoice(labels="5160", skip_labels=-1), "from 0 to 29"),
        (PrintChoice(labels="5161"), "no sheet of labels"),
    ],
)
def test_numbers_that_cannot_be_are_told_one_by_one(choice: PrintChoice, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        check_choice(choice)
    check_choice(PrintChoice(labels="5160", skip_labels=29))  # the control
