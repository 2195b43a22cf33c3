"""Proves that an erased person is gone, and only that person.

The encrypted file shows nothing before or after, so the proof runs the same schema, settings and
erasure on an unencrypted twin: there the markers are found before (the control), and not after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlcipher3 import dbapi2

from optout.errors import Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.clinic import (
    Allowed,
    Authorization,
    AuthorizationKind,
    CheckResult,
    ConflictCheck,
    Party,
    PartyRole,
)
from optout.model.fields import IdentifierKind
from optout.model.listing import Listing, Search, SearchEnd, SearchId, Sighting, Verdict
from optout.model.note import Note
from optout.model.paper import Paper, PrintedPaper
from optout.model.payload import Recipient
from optout.model.record import Answer, Correspondence, EvidenceKind, Export
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
)
from optout.model.words import Right
from optout.vault.backup import backup
from optout.vault.backup_file import copy_before_change
from optout.vault.folder import LOCK, VaultFolder
from optout.vault.ids import new_id
from optout.vault.locks import FileLock
from optout.vault.migrations import migrate
from optout.vault.open import SETTINGS, Database
from optout.vault.vault import Vault
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.erase_file import ErasureGround, erase_file, write_receipt
from tests.conftest import NOW, SetClock, World, desk_without_browser

if TYPE_CHECKING:
    from optout.vault.erase import Erased

MARKERS = [f"MARKER{number:02}" for number in range(50)]


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[World]:
    """A vault whose database is in clear text: for this proof, and nowhere in the program."""
    place = VaultFolder(path=tmp_path / "twin", vault_id=new_id(), generation="key-00000000")
    place.make()
    place.point()  # whoever was alone in a vault looks whether it is still the same one
    connection = dbapi2.connect(str(place.database), isolation_level=None)
    for setting, value, _ in SETTINGS:
        if not setting.startswith("cipher"):
            connection.execute(f"PRAGMA {setting} = {value}").fetchall()
    db = Database(connection, place.database)
    migrate(db)
    lock = FileLock(place.locks / LOCK)
    assert lock.take(shared=True)
    clock = SetClock()
    vault = Vault(place, db, Secret(bytes(32)), clock=clock, actor="person", lock=lock)
    yield World(vault, clock)
    vault.close()


def marked(world: World) -> Subject:
    """Put a marker into every column that can hold something about a person."""
    left = iter(MARKERS)
    subject = world.person(
        next(left),
        identifiers=tuple(
            Identifier(
                id=IdentifierId(new_id()),
                kind=kind,
                value=PersonName(given=next(left), middle=next(left), family=next(left))
                if kind in {IdentifierKind.NAME, IdentifierKind.ALIAS}
                else Secret(next(left)),
                share=Share.ASK,
            )
            for kind in (
                IdentifierKind.NAME,
                IdentifierKind.ALIAS,
                IdentifierKind.EMAIL,
                IdentifierKind.PHONE,
            )
        ),
        reply_to=(
            ReplyTo(
                kind=ReplyKind.CARE_OF,
                email=Secret(next(left)),
                address=PostalAddress(
                    street=next(left),
                    city=next(left),
                    state="CO",
                    zip="80202",
                    care_of=next(left),
                    unit=next(left),
                ),
            ),
        ),
        residences=(Residence(state="CO", country=next(left)),),
    )
    listing = Listing(
        id=new_id(),
        subject_id=subject.id,
        broker=Slug("example-people-search"),
        url=Secret(next(left)),
        shown={next(left): Secret(next(left))},
        decided_by=next(left),
        verdict=Verdict.SAME,
        searched_as=Secret(next(left)),
        why=(("agrees", Secret(next(left))),),
        key="key",
    )
    world.vault.listings.add(listing)
    marked_in_a_search(world, listing, left)
    request = world.request(subject, listing_id=listing.id)
    message = world.message(subject, request, tracking=next(left), broker_reference=next(left))
    world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent(next(left))
    for about in (None, request.id):
        world.vault.notes.add(
            Note(
                id=new_id(),
                subject_id=subject.id,
                request_id=about,
                text=Secret(f"{next(left)} {'long ' * 2000} {next(left)}"),
                at=NOW,
            )
        )
    world.vault.correspondence.add(
        Correspondence(
            id=new_id(),
            request_id=request.id,
            answer=Answer.DENIED,
            received_on=NOW.date(),
            exemption=next(left),
            note=Secret(next(left)),
        )
    )
    marked_in_an_office(world, subject, left)
    for number in range(len(MARKERS) - 39):  # the rest, so that pages fill and split
        world.request(subject, right=Right.DELETE, broker=f"{next(left, 'company')}-{number}")
    world.vault.matters.close(subject.id, keep_until=NOW.date())
    return subject


def marked_in_a_search(world: World, listing: Listing, left: Iterator[str]) -> None:
    """Put a marker into what a search keeps of whom it looked for."""
    search = Search(
        id=SearchId(new_id()),
        subject_id=listing.subject_id,
        broker=listing.broker,
        searched_as=Secret(next(left)),
        digest="1" * 64,
        approved_by="person",
        definition_sha256="2" * 64,
        began_at=NOW,
    )
    to = Recipient(name="Example People Search, Inc.", hosts=("example-people.test",))
    seen = Sighting(listing_id=listing.id, search_id=search.id, on=NOW.date(), seen=True)
    with world.vault.searches.begin(search, recipient=to, newness={}) as running:
        running.end(SearchEnd.FOUND, rows=1, sightings=[seen])


def marked_in_an_office(world: World, subject: Subject, left: Iterator[str]) -> None:
    """Put a marker into every column that an office has beside a client."""
    matters = world.vault.matters
    matters.change(subject.id, number=next(left), responsible=next(left))
    party = Party(
        id=new_id(), subject_id=subject.id, role=PartyRole.ADVERSE, name=Secret(next(left))
    )
    matters.add_parties([party])
    matters.add_check(
        ConflictCheck(
            id=new_id(),
            subject_id=subject.id,
            on=NOW.date(),
            by=next(left),
            names=Secret((next(left),)),
            hits=1,
            result=CheckResult.CLEAR,
            note=Secret(next(left)),
        )
    )
    matters.add_imported({next(left): subject.id})
    world.vault.papers.add(
        PrintedPaper(
            id=new_id(),
            subject_id=subject.id,
            paper=Paper.ENGAGEMENT,
            reference=next(left),
            language=next(left),
            draft=False,
            written_on=NOW.date(),
        )
    )
    world.vault.authorizations.add(
        Authorization(
            id=new_id(),
            subject_id=subject.id,
            kind=AuthorizationKind.AGENT,
            reference=next(left),
            agent=next(left),
            scope=(Allowed(broker=next(left), right=Right.OPT_OUT, fields=()),),
            written_on=NOW.date(),
            expires_on=NOW.date(),
        )
    )


def found(world: World) -> set[str]:
    """Return the markers in any file that holds the database."""
    world.vault.db.maintain("PRAGMA wal_checkpoint(PASSIVE)")
    files = list(world.vault.place.base.glob("vault.db*"))
    content = b"".join(path.read_bytes() for path in files)
    return {marker for marker in MARKERS if marker.encode() in content}


def test_the_twin_shows_every_marker_before_and_none_after(twin: World) -> None:
    subject = marked(twin)
    other = twin.person("Alex")
    theirs = twin.request(other)
    assert found(twin) == set(MARKERS)  # control
    twin.vault.subjects.forget(subject.id)
    assert found(twin) == set()
    assert twin.vault.events.verify()
    assert twin.vault.subjects.list() == (other,)
    assert twin.vault.requests.list() == (theirs,)


def test_an_office_erases_as_thoroughly_and_its_receipt_names_nobody(
    twin: World, tmp_path: Path
) -> None:
    start_clinic(twin.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    subject = marked(twin)
    desk = desk_without_browser(twin, tmp_path / "out")
    (client,) = chosen_clients(desk, ())
    assert found(twin) == set(MARKERS), "the control"
    receipt, erased = erase_file(desk, client, ErasureGround.CLIENT_ASKED, "Sam Example")
    write_receipt(desk, receipt)
    assert erased.subject_id == subject.id
    everywhere = [each for each in tmp_path.rglob("*") if each.is_file()]
    content = b"".join(each.read_bytes() for each in everywhere)
    assert b"Sam Example" in content, "the control: the receipt is among what is searched"
    assert {marker for marker in MARKERS if marker.encode() in content} == set()
    assert twin.vault.events.verify()


def test_replaced_facts_leave_nothing_either(twin: World) -> None:
    subject = twin.person(MARKERS[0])
    assert MARKERS[0].encode() in b"".join(
        path.read_bytes() for path in twin.vault.place.base.glob("vault.db*")
    )
    twin.vault.subjects.replace(replace(subject, label=Secret("x"), identifiers=()))
    twin.vault.db.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(twin) == set()


def test_no_table_keeps_a_row_of_the_erased(world: World) -> None:
    subject = marked(world)
    world.vault.subjects.forget(subject.id)
    tables = world.vault.db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_sqlite%'"
    )
    kept = {"event", "setting", "slot", "tally", "export", "backup"}
    for table in {row["name"] for row in tables} - kept:
        assert world.vault.db.rows(f"SELECT * FROM {table}") == [], table
    assert world.vault.audit().events


def test_evidence_goes_with_its_file_and_key(world: World) -> None:
    jordan, alex = world.person("Jordan"), world.person("Alex")
    for subject in (jordan, alex):
        world.vault.evidence.store(subject.id, EvidenceKind.REPLY, "text/plain", b"proof")
    assert len(list(world.vault.place.evidence.glob("*.db"))) == 2
    world.vault.subjects.forget(jordan.id)
    (left,) = world.vault.place.evidence.glob("*.db")
    assert world.vault.db.rows("SELECT evidence_file AS name FROM matter") == [{"name": left.name}]
    (proof,) = world.vault.evidence.list(alex.id)
    assert world.vault.evidence.read(proof.id) == b"proof"


def test_an_erasure_cut_short_is_finished_at_the_next_start(world: World) -> None:
    subject = world.person()
    world.vault.evidence.store(subject.id, EvidenceKind.REPLY, "text/plain", b"proof")
    (file,) = world.vault.place.evidence.glob("*.db")
    world.vault.evidence.close()
    with world.vault.together():
        world.vault.db.change("DELETE FROM subject")
    assert file.exists()
    world.reopen()
    assert not file.exists()


def test_what_is_outside_the_vault_is_told(world: World, tmp_path: Path) -> None:
    subject, other = world.person("Jordan"), world.person("Alex")

    def export(name: str) -> Export:
        return Export(
            id=new_id(), path=Secret(name), what="letter", sha256="0" * 64, at=world.clock()
        )

    mine, theirs, nobodys, gone = (export(name) for name in ("a", "b", "c", "d"))
    world.vault.exports.add(mine, subject_id=subject.id)
    world.vault.exports.add(theirs, subject_id=other.id)
    world.vault.exports.add(nobodys)
    world.vault.exports.add(gone, subject_id=subject.id)
    world.vault.exports.mark_deleted(gone.id)
    file = backup(world.vault, tmp_path)
    erased: Erased = world.vault.subjects.forget(subject.id)
    assert erased.exports == (mine, nobodys)
    assert [copy.path for copy in erased.backups] == [Secret(str(file))]
    assert len(world.vault.exports.list()) == 4  # still listed, so that they can be deleted


def test_a_backup_that_is_not_here_now_and_a_copy_made_before_a_change_are_told_too(
    world: World, tmp_path: Path
) -> None:
    subject = world.person("Jordan")
    on_a_stick, here = (backup(world.vault, tmp_path / name) for name in ("stick", "shelf"))
    on_a_stick.unlink()  # nobody can see that it was taken home
    inside = backup(world.vault, world.vault.place.backups)
    before = copy_before_change(world.vault.place, world.vault.db, world.vault.key)
    erased = world.vault.subjects.forget(subject.id)
    assert [(copy.path.reveal(), copy.is_here) for copy in erased.backups] == [
        (str(on_a_stick), False),
        (str(here), True),
        (str(inside), True),
        (str(before), True),
    ]
    assert "not here now" in erased.backups[0].said().english()
    assert "Still in" in erased.backups[1].said().english()


def test_nobody_is_erased_while_being_filed(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        with pytest.raises(Refused, match="being sent"):
            world.vault.subjects.forget(message.subject_id)
        attempt.failed("page-changed")
    world.vault.subjects.forget(message.subject_id)
    with pytest.raises(WrongUsage):
        world.vault.subjects.get(message.subject_id)
