"""Proves that the history shows what was changed, put back, or dated by a clock that jumped."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused, VaultDamaged
from optout.model.note import Note
from optout.model.request import Delivery
from optout.model.secret import Secret
from optout.vault import migrations
from optout.vault.ids import new_id
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import RuleBroken, open_database
from optout.vault.schema import FIRST_SCHEMA
from optout.vault.witness import read_witness, witness_from
from tests.conftest import NOW

if TYPE_CHECKING:
    from tests.conftest import World


def test_every_change_says_who_did_what_when(world: World) -> None:
    subject = world.person()
    world.clock.forward(minutes=5)
    request = world.request(subject)
    added, asked = world.vault.events.list()[-2:]
    assert (added.code, added.ids, added.actor, added.at) == (
        "subject.added",
        (subject.id,),
        "person",
        NOW,
    )
    assert (asked.code, asked.ids) == ("request.added", (request.id, subject.id))
    assert asked.at == NOW + timedelta(minutes=5)
    assert asked.seq == added.seq + 1
    assert world.vault.events.list(after=added.seq) == (asked,)


def test_the_history_holds_no_personal_value(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent("REF-FROM-THE-PAGE")
    note = Note(
        id=new_id(), subject_id=message.subject_id, text=Secret("NOTE-TEXT"), at=world.clock()
    )
    world.vault.notes.add(note)
    told = json.dumps([[e.actor, e.code, *e.ids] for e in world.vault.events.list()])
    for marker in ("Jordan", "Sample", "example", "Denver", "NOTE-TEXT", "REF-FROM", "+1303"):
        assert marker not in told


CHANGES = {
    "a word": "UPDATE event SET code = 'other' WHERE seq = 3",
    "who": "UPDATE event SET actor = 'other' WHERE seq = 3",
    "when": "UPDATE event SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 3",
    "about what": "UPDATE event SET ids = '[]' WHERE seq = 3",
    "its seal": "UPDATE event SET sha256 = '0' WHERE seq = 3",
    "one taken out": "DELETE FROM event WHERE seq = 3",
    "two exchanged": """UPDATE event SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END
        WHERE seq IN (3, 4)""",
    "one put in": "INSERT INTO event SELECT 99, at, actor, code, ids, sha256 FROM event LIMIT 1",
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_edited_history_is_noticed(world: World, change: str) -> None:
    for name in ("Jordan", "Alex", "Sam"):
        world.person(name)
    assert world.vault.events.verify() == len(world.vault.events.list())  # control
    db = world.vault.db
    if change != "one put in":
        with pytest.raises(RuleBroken, match="never changed"), db.transaction():
            db.change(CHANGES[change])
    with db.transaction():
        db.change("DROP TRIGGER event_stays")
        db.change("DROP TRIGGER event_remains")
        db.change(CHANGES[change])
        if change == "two exchanged":
            db.change("UPDATE event SET seq = -seq WHERE seq < 0")
    with pytest.raises(VaultDamaged, match="history"):
        world.vault.events.verify()
    with pytest.raises(VaultDamaged):
        world.vault.audit()


def test_an_older_copy_put_in_place_is_noticed_and_doubted(world: World) -> None:
    message = world.ready()
    base = world.vault.place.base
    world.vault.close()
    shutil.copytree(base, base.parent / "kept")
    world.reopen()
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent()
    assert not world.reopen().rolled_back  # control
    world.vault.close()
    shutil.rmtree(base)
    (base.parent / "kept").rename(base)
    vault = world.reopen()
    assert vault.rolled_back
    assert vault.messages.get(message.id).delivery is Delivery.UNKNOWN
    assert not world.reopen().rolled_back  # told once


def test_an_older_copy_with_as_many_events_is_noticed_too(world: World) -> None:
    base = world.vault.place.base
    world.vault.close()
    shutil.copytree(base, base.parent / "kept")
    world.reopen()
    world.person("Jordan")
    world.vault.close()
    noted = (world.vault.folder / "witness.json").read_bytes()
    shutil.rmtree(base)
    (base.parent / "kept").rename(base)
    (world.vault.folder / "witness.json").unlink()
    world.reopen()
    world.person("Alex")
    world.vault.close()
    (world.vault.folder / "witness.json").write_bytes(noted)
    assert world.reopen().rolled_back


def test_the_note_of_a_killed_process_is_never_ahead(world: World) -> None:
    with world.begin(world.ready()) as attempt:
        attempt.sending()
        noted = read_witness(world.vault.place.witness)
        head = world.vault.events.head()
        assert noted
        assert head
        assert (noted.seq, noted.sha256) == (head.seq, head.sha256)
        attempt.sent()


@pytest.mark.parametrize("text", [None, "", "{}", "not json", '{"seq": "x", "sha256": 1}', "[]"])
def test_an_unreadable_note_says_nothing(text: str | None) -> None:
    assert witness_from(text) is None


@pytest.mark.parametrize(
    ("moved", "odd"),
    [
        (timedelta(0), False),
        (timedelta(minutes=-4), False),
        (timedelta(hours=-1), True),
        (timedelta(days=-1), True),
        (timedelta(days=399), False),
        (timedelta(days=401), True),
        (timedelta(days=3650), True),
    ],
)
def test_a_clock_that_jumped_asks_until_somebody_confirms(
    world: World,
    moved: timedelta,
    odd: bool,  # noqa: FBT001 - a case
) -> None:
    world.person("Jordan")
    world.clock.now += moved
    assert (world.reopen().clock_doubt() is not None) is odd
    world.person("Alex")  # writing does not make the doubt go away
    assert (world.reopen().clock_doubt() is not None) is odd
    if odd:
        world.vault.confirm_clock()
        assert world.vault.clock_doubt() is None
        assert world.vault.events.list()[-1].code == "clock.confirmed"
    assert world.reopen().clock_doubt() is None


def test_order_is_by_number_and_never_by_time(world: World) -> None:
    for days in (0, 30, -60, 400):
        world.clock.now = NOW + timedelta(days=days)
        world.person(f"Day {days}")
    labels = [subject.label.reveal() for subject in world.vault.subjects.list()]
    assert labels == ["Day 0", "Day 30", "Day -60", "Day 400"]
    assert world.vault.events.verify()


def test_instants_keep_their_moment_and_sort_as_text() -> None:
    instants = [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=1)]
    assert [instant_from(instant_text(each)) for each in instants] == instants
    assert sorted(map(instant_text, instants)) == list(map(instant_text, instants))
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None))


def test_a_newer_programs_vault_is_refused_with_the_way_on(world: World) -> None:
    with world.vault.together():
        world.vault.db.change(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('optout', '9999 from the future', '')"
        )
    with pytest.raises(Refused, match="newer version"):
        world.reopen()


def test_a_vault_that_needs_a_step_is_copied_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = world.person()
    later = "0002 a step of a later release"
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, later))
    first = migrations.registered

    def with_later() -> object:
        known = first()

        @known(name=later)
        def _later(db: object) -> None:
            db.execute("CREATE TABLE later (id TEXT) STRICT")  # type: ignore[attr-defined] # sqlite-utils

        return known

    monkeypatch.setattr(migrations, "registered", with_later)
    vault = world.reopen()
    assert vault.subjects.list() == (subject,)
    assert vault.db.rows("SELECT * FROM later") == []
    (copy,) = vault.place.backups.iterdir()
    assert copy.name.startswith("before-")
    assert migrations.pending(vault.db) == ()


def test_a_step_that_fails_leaves_no_trace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "FIRST_SCHEMA", (*FIRST_SCHEMA, "NONSENSE"))
    path = world.vault.folder / "new.db"
    with open_database(path, world.key) as db:
        with pytest.raises(Refused):
            migrations.migrate(db)
        left = db.rows("SELECT name FROM sqlite_master WHERE name NOT LIKE '%sqlite%'")
        assert left == []
        assert migrations.pending(db) == migrations.STEPS
