"""An office sends nothing for a client before somebody looked for conflicts, and said so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.clinic import CheckResult, PartyRole
from optout.model.fields import IdentifierKind
from optout.model.request import Delivery, Message
from optout.model.secret import Secret
from optout.model.subject import PersonName, Subject
from optout.model.words import By
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.clients import all_clients, one_client
from optout.workflows.clinic import start_clinic
from optout.workflows.conflict import (
    add_parties,
    export_names,
    record_all_without_hits,
    record_check,
    search,
    unchecked,
)
from optout.workflows.desk import Desk
from optout.workflows.exports import list_exports
from optout.workflows.file_message import file_message
from optout.workflows.rehearse import rehearse
from tests.conftest import World, desk_without_browser, sample_subject

ROBIN = "Robin Example"
BY_POST = Slug("appriss-insights")
Ask = Callable[[Subject], Message]


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


@pytest.fixture
def office(desk: Desk) -> Desk:
    start_clinic(desk.vault, "Example Legal Aid", [ROBIN, "Sam Example"], four_eyes=False)
    return desk


@pytest.fixture
def ask(world: World) -> Ask:
    def letter(subject: Subject) -> Message:
        request = world.request(subject, broker=BY_POST)
        return world.message(subject, request, broker=BY_POST, by=By.POST)

    return letter


def named(world: World, full: str, **facts: object) -> Subject:
    """Return a client of that name, kept."""
    given, _, family = full.partition(" ")
    name = PersonName(given=given, family=family)
    subject = sample_subject(given, **facts)
    subject = replace(
        subject,
        label=Secret(full),
        identifiers=tuple(
            replace(fact, value=name) if fact.kind is IdentifierKind.NAME else fact
            for fact in subject.identifiers
        ),
    )
    world.vault.subjects.add(subject)
    return subject


def clear(desk: Desk, subject: Subject, note: str = "") -> None:
    record_check(desk, search(desk.vault, subject), CheckResult.CLEAR, by=ROBIN, note=note)


def test_nothing_is_sent_for_a_client_without_a_check_and_it_is_with_one(
    world: World, office: Desk, ask: Ask
) -> None:
    subject = world.person()
    message = ask(subject)
    with pytest.raises(Refused, match="optout clinic conflict 1") as refused:
        file_message(office, message.reference)
    assert "No conflict check is written down" in str(refused.value)
    assert world.vault.messages.get(message.id).delivery is Delivery.DRAFT
    assert not list_exports(office)
    clear(office, subject)
    filed = file_message(office, message.reference)
    assert filed.message.delivery is Delivery.HANDED_OVER
    assert Path(filed.paper).exists()


def test_nothing_is_even_rehearsed_without_a_check(world: World, office: Desk, ask: Ask) -> None:
    message = ask(world.person())
    with pytest.raises(Refused, match="No conflict check"):
        rehearse(office, message.reference)


def test_a_folder_of_ones_own_needs_no_check(world: World, desk: Desk, ask: Ask) -> None:
    message = ask(world.person())
    assert file_message(desk, message.reference).message.delivery is Delivery.HANDED_OVER


def test_a_check_of_one_client_is_none_of_another(world: World, office: Desk, ask: Ask) -> None:
    one, other = world.person("Jordan"), named(world, "Casey Nobody")
    clear(office, one)
    with pytest.raises(Refused, match="clinic conflict 2"):
        file_message(office, ask(other).reference)
    assert file_message(office, ask(one).reference)


def test_a_conflict_stops_everything_until_somebody_looks_again(
    world: World, office: Desk, ask: Ask
) -> None:
    subject = world.person()
    message = ask(subject)
    found = search(office.vault, subject)
    record_check(office, found, CheckResult.CONFLICT, by=ROBIN, note="we act for the landlord")
    with pytest.raises(Refused, match="A conflict of interest is written down"):
        file_message(office, message.reference)
    clear(office, subject)
    assert file_message(office, message.reference)
    results = [check.result for check in world.vault.matters.checks(subject.id)]
    assert results == [CheckResult.CONFLICT, CheckResult.CLEAR]


def test_a_name_that_is_added_later_has_to_be_looked_for(
    world: World, office: Desk, ask: Ask
) -> None:
    subject = world.person()
    message = ask(subject)
    clear(office, subject)
    add_parties(world.vault, subject.id, PartyRole.ADVERSE, ["Example Rentals LLC"])
    with pytest.raises(Refused, match="a name was added"):
        file_message(office, message.reference)
    clear(office, subject)
    assert file_message(office, message.reference)


def test_the_check_says_who_when_which_names_and_what(world: World, office: Desk) -> None:
    subject = world.person()
    add_parties(world.vault, subject.id, PartyRole.HOUSEHOLD, ["Casey Sample", " Casey  sample "])
    clear(office, subject)
    (check,) = world.vault.matters.checks(subject.id)
    assert (check.by, check.on, check.hits) == (ROBIN, date(2026, 11, 23), 0)
    assert check.names.reveal() == ("Jordan Q. Sample", "Casey sample")
    with pytest.raises(WrongUsage, match="not one of the people"):
        record_check(office, search(office.vault, subject), CheckResult.CLEAR, by="Somebody")


@pytest.mark.parametrize(
    ("ours", "theirs", "role"),
    [
        ("Jordan Sample", "Jordan Q. Sample", PartyRole.ADVERSE),
        ("Olena Sample", "Олена Sample", PartyRole.ADVERSE),
        ("Jose Nunez", "JOSÉ NÚÑEZ", PartyRole.HOUSEHOLD),
        ("Bill Sample", "William Sample", PartyRole.ADVERSE),
    ],
)
def test_a_client_is_found_in_the_files_of_others(
    ours: str, theirs: str, role: PartyRole, world: World, office: Desk
) -> None:
    client, other = named(world, ours), named(world, "Casey Nobody")
    assert search(office.vault, client).hits == ()
    add_parties(world.vault, other.id, role, [theirs])
    (hit,) = search(office.vault, client).hits
    assert (hit.ours.name, hit.theirs.name) == (ours, theirs)
    assert hit.theirs.subject_id == other.id


def test_an_opponent_who_is_a_client_is_found_and_a_shared_opponent_is_none(
    world: World, office: Desk
) -> None:
    one, other = named(world, "Jordan Sample"), named(world, "Casey Nobody")
    for each in (one, other):
        add_parties(world.vault, each.id, PartyRole.ADVERSE, ["Example Rentals LLC"])
    assert search(office.vault, one).hits == ()
    add_parties(world.vault, one.id, PartyRole.ADVERSE, ["Casey Nobody"])
    (hit,) = search(office.vault, one).hits
    assert hit.is_same
    add_parties(world.vault, other.id, PartyRole.HOUSEHOLD, ["Example Rentals"])
    assert len(search(office.vault, one).hits) == 2


def test_somebody_who_lives_with_two_clients_is_no_hit_unless_one_is_against_them(
    world: World, office: Desk
) -> None:
    one, other = named(world, "Jordan Sample"), named(world, "Casey Nobody")
    for each in (one, other):
        add_parties(world.vault, each.id, PartyRole.HOUSEHOLD, ["Robin Else"])
    assert search(office.vault, one).hits == ()
    add_parties(world.vault, other.id, PartyRole.ADVERSE, ["Robin Else"])
    assert len(search(office.vault, one).hits) == 1


def test_names_that_differ_are_no_hit(world: World, office: Desk) -> None:
    client = named(world, "Jordan Sample")
    for nth, name in enumerate(["Jordan Nobody", "Casey Sample", "Robin Example"]):
        other = named(world, f"Other{nth} Nobody")
        add_parties(world.vault, other.id, PartyRole.ADVERSE, [name])
    assert search(office.vault, client).hits == ()


def test_who_says_no_conflict_in_spite_of_a_hit_says_why(world: World, office: Desk) -> None:
    client, other = named(world, "Jordan Sample"), named(world, "Casey Nobody")
    add_parties(world.vault, other.id, PartyRole.ADVERSE, ["Jordan Sample"])
    with pytest.raises(NeedsPerson, match="why this is no conflict"):
        clear(office, client)
    assert world.vault.matters.checks(client.id) == ()
    clear(office, client, note="another Jordan, born 1950")
    assert world.vault.matters.checks(client.id)[0].hits == 1


def test_all_without_a_hit_are_written_down_by_typing_their_count(
    world: World, office: Desk
) -> None:
    one, two, three = (
        named(world, name) for name in ("Jordan Sample", "Casey Nobody", "Avery Else")
    )
    add_parties(world.vault, two.id, PartyRole.ADVERSE, ["Jordan Sample"])
    refuses = replace(office, person=ScriptedPerson(answers={"type this number": "3"}))
    with pytest.raises(Refused, match="said no"):
        record_all_without_hits(refuses, by=ROBIN)
    assert len(list(unchecked(world.vault))) == 3
    assert record_all_without_hits(office, by=ROBIN) == (1, 2)
    left = [(number, subject.id) for number, subject, _why in unchecked(world.vault)]
    assert left == [(1, one.id), (2, two.id)]
    assert world.vault.matters.checks(three.id)[0].by == ROBIN
    assert record_all_without_hits(office, by=ROBIN) == (0, 2)


def test_names_for_other_lists_are_written_once_and_listed(
    world: World, office: Desk, tmp_path: Path
) -> None:
    subject = named(world, "Jordan Sample")
    add_parties(world.vault, subject.id, PartyRole.ADVERSE, ["Núñez & Co", "Jordan Sample"])
    with pytest.raises(WrongUsage, match="plain text"):
        export_names(office, tmp_path / "names.csv", [subject])
    desk = replace(office, out_folder=tmp_path / "out")
    path = export_names(desk, tmp_path / "out" / "names.txt", world.vault.subjects.list())
    assert path.read_text("utf-8").splitlines() == ["Jordan Sample", "Núñez & Co"]
    assert [export.path.reveal() for export, _there in list_exports(desk)] == [str(path)]


def test_a_check_is_of_one_client_named_by_number_or_name(world: World, office: Desk) -> None:
    for given in ("Jordan", "Alex"):
        world.vault.subjects.add(sample_subject(given))
    names = [each.subject.label.reveal() for each in all_clients(office)]
    assert one_client(office, "2").subject.label.reveal() == names[1]
    assert one_client(office, names[1]).number == 2
    with pytest.raises(WrongUsage, match="one client at a time"):
        one_client(office, "1-2")
    with pytest.raises(WrongUsage, match="names no clients here"):
        one_client(office, "99")


def test_a_folder_that_is_no_offices_says_how_to_make_it_one(world: World) -> None:
    subject = world.person()
    with pytest.raises(NeedsPerson, match="optout clinic start"):
        search(world.vault, subject)


@pytest.mark.parametrize(
    ("office", "people", "why"),
    [
        ("", [ROBIN, "Sam Example"], "has a name"),
        ("Example Legal Aid", [" "], "at least one person"),
        ("Example Legal Aid", [ROBIN, ROBIN], "need two people"),
    ],
)
def test_an_office_has_a_name_and_people(
    office: str, people: list[str], why: str, world: World
) -> None:
    with pytest.raises(WrongUsage, match=why):
        start_clinic(world.vault, office, people, four_eyes=True)
