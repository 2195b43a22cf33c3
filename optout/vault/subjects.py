"""The people whose records this is about, each with an own matter for its evidence."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    Acting,
    Identifier,
    IdentifierId,
    PersonName,
    Share,
    Subject,
    SubjectId,
)
from optout.vault import facts
from optout.vault.closed import check_open
from optout.vault.erase import Erased
from optout.vault.events import History
from optout.vault.ids import new_id
from optout.vault.missing import not_here
from optout.vault.moments import instant_text, maybe_date_from, maybe_date_text
from optout.vault.open import KEY_BYTES, Database, Row
from optout.vault.several import AMONG, grouped, ids_of

_FACTS_AMONG = f"""SELECT * FROM identifier WHERE subject_id {AMONG}
    ORDER BY rowid"""  # noqa: S608 - ours

_CHANGE = """UPDATE subject SET label = :label, zone = :zone, acting = :acting,
    minor_allowed_by_parent = :minor_allowed_by_parent, residences = :residences,
    reply_to = :reply_to WHERE id = :id"""


class Called(NamedTuple):
    """What a person is called here, and where they live as far as a day is concerned."""

    number: int  # the place in `list`, from 1
    label: Secret[str]
    zone: str


class Subjects:
    """Keeps people; nothing of one ever appears under another."""

    def __init__(
        self, db: Database, history: History, erase: Callable[[SubjectId], Erased]
    ) -> None:
        self._db = db
        self._history = history
        self._erase = erase

    def add(self, subject: Subject) -> None:
        """Keep a new person, with an own encrypted file for what proves their requests."""
        with self._db.transaction():
            self._db.insert("subject", _row(subject))
            self._write_identifiers(subject)
            self._open_matter(subject.id)
            self._history.record("subject.added", subject.id)

    def get(self, subject_id: SubjectId) -> Subject:
        """Return one person."""
        row = self._db.row("SELECT * FROM subject WHERE id = :id", {"id": subject_id})
        if row is None:
            raise not_here()
        return _subject(row, self._identifiers(subject_id))

    def get_many(self, subject_ids: Iterable[SubjectId]) -> Mapping[SubjectId, Subject]:
        """Return several people by id; one that is not here is left out."""
        wanted = ids_of(subject_ids)
        facts_of = grouped((row["subject_id"], row) for row in self._db.rows(_FACTS_AMONG, wanted))
        rows = self._db.rows(f"SELECT * FROM subject WHERE id {AMONG}", wanted)  # noqa: S608 - ours
        return {row["id"]: _subject(row, facts_of.get(row["id"], ())) for row in rows}

    def list(self) -> tuple[Subject, ...]:
        """Return everybody, in the order in which they were added."""
        facts_of = grouped(
            (row["subject_id"], row)
            for row in self._db.rows("SELECT * FROM identifier ORDER BY rowid")
        )
        rows = self._db.rows("SELECT * FROM subject ORDER BY rowid")
        return tuple(_subject(row, facts_of.get(row["id"], ())) for row in rows)

    def names(self) -> Iterator[tuple[SubjectId, PersonName]]:
        """Yield every name of everybody, earlier and other ones too; nothing else is read."""
        sql = """SELECT subject_id, kind, value FROM identifier WHERE kind IN (:name, :alias)
            ORDER BY rowid"""
        kinds = {"name": IdentifierKind.NAME, "alias": IdentifierKind.ALIAS}
        for row in self._db.rows(sql, kinds):
            name = facts.value_from(IdentifierKind(row["kind"]), row["value"])
            assert isinstance(name, PersonName)
            yield SubjectId(row["subject_id"]), name

    def called(self, subject_ids: Iterable[SubjectId] | None = None) -> Mapping[SubjectId, Called]:
        """Return what these people, or all, are called in the folder; no fact of theirs is read.

        Reading everything about thousands of people takes longer than all else on a screen.
        """
        everybody = self._db.tuples("SELECT id FROM subject ORDER BY rowid")
        numbers = {subject_id: number for number, (subject_id,) in enumerate(everybody, start=1)}
        few = "" if subject_ids is None else f"WHERE id {AMONG}"
        sql = f"SELECT id, label, zone FROM subject {few} ORDER BY rowid"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(subject_ids or ()) if few else {})
        return {
            row["id"]: Called(numbers[row["id"]], Secret(row["label"]), row["zone"]) for row in rows
        }

    def zones(self) -> Mapping[SubjectId, str]:
        """Return where each person lives, as far as a day is concerned, in the order of `list`."""
        return dict(self._db.tuples("SELECT id, zone FROM subject ORDER BY rowid"))

    def zones_of(self, subject_ids: Iterable[SubjectId]) -> Mapping[SubjectId, str]:
        """Return the same of a few, reading nothing of the others."""
        sql = f"SELECT id, zone FROM subject WHERE id {AMONG}"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(subject_ids))
        return {SubjectId(row["id"]): row["zone"] for row in rows}

    def replace(self, subject: Subject) -> None:
        """Keep a person's facts as they are now; what was sent before stays recorded."""
        with self._db.transaction():
            check_open(self._db, subject.id)
            if self._db.change(_CHANGE, _row(subject)) != 1:
                raise not_here()
            self._db.change("DELETE FROM identifier WHERE subject_id = :id", {"id": subject.id})
            self._write_identifiers(subject)
            self._history.record("subject.changed", subject.id)

    def forget(self, subject_id: SubjectId) -> Erased:
        """Erase a person from this vault, and say which backups and exports still hold them."""
        return self._erase(subject_id)

    def _write_identifiers(self, subject: Subject) -> None:
        rows = [_identifier_row(subject.id, identifier) for identifier in subject.identifiers]
        self._db.insert_many("identifier", rows)

    def _open_matter(self, subject_id: SubjectId) -> None:
        matter = {
            "id": new_id(),
            "subject_id": subject_id,
            "evidence_file": f"{new_id()}.db",
            "evidence_key": secrets.token_hex(KEY_BYTES),
            "opened_at": instant_text(self._history.now()),
        }
        self._db.insert("matter", matter)

    def _identifiers(self, subject_id: str) -> Iterable[Row]:
        sql = "SELECT * FROM identifier WHERE subject_id = :id ORDER BY rowid"
        return self._db.rows(sql, {"id": subject_id})


def _row(subject: Subject) -> Row:
    return {
        "id": subject.id,
        "label": subject.label.reveal(),
        "zone": subject.zone,
        "acting": subject.acting,
        "minor_allowed_by_parent": int(subject.minor_allowed_by_parent),
        "residences": facts.residences_text(subject.residences),
        "reply_to": facts.reply_to_text(subject.reply_to),
    }


def _identifier_row(subject_id: SubjectId, identifier: Identifier) -> Row:
    return {
        "id": identifier.id,
        "subject_id": subject_id,
        "kind": identifier.kind,
        "value": facts.value_text(identifier.value),
        "share": identifier.share,
        "valid_from": maybe_date_text(identifier.valid_from),
        "valid_to": maybe_date_text(identifier.valid_to),
    }


def _subject(row: Row, identifiers: Iterable[Row]) -> Subject:
    return Subject(
        id=SubjectId(row["id"]),
        label=Secret(row["label"]),
        identifiers=tuple(map(_identifier, identifiers)),
        residences=facts.residences_from(row["residences"]),
        reply_to=facts.reply_to_from(row["reply_to"]),
        zone=row["zone"],
        acting=Acting(row["acting"]),
        minor_allowed_by_parent=bool(row["minor_allowed_by_parent"]),
    )


def _identifier(row: Row) -> Identifier:
    kind = IdentifierKind(row["kind"])
    return Identifier(
        id=IdentifierId(row["id"]),
        kind=kind,
        value=facts.value_from(kind, row["value"]),
        share=Share(row["share"]),
        valid_from=maybe_date_from(row["valid_from"]),
        valid_to=maybe_date_from(row["valid_to"]),
    )
