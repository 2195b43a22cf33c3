"""Proof of what happened: one encrypted file a matter, its random key in the vault.

What `store` returns is on the disk. Its card joins the running attempt's outcome, so that proof
and outcome are one commit; if the process dies between the two, `adopt` finds the card again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from optout.errors import VaultDamaged
from optout.model.record import Evidence, EvidenceKind
from optout.model.request import MessageId, RequestId
from optout.model.secret import Personal, Secret
from optout.model.subject import SubjectId
from optout.text import Text
from optout.vault.events import History
from optout.vault.ids import new_id
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row, known_key, open_database
from optout.vault.platform import sync_folder
from optout.vault.schema import EVIDENCE_SCHEMA
from optout.vault.several import AMONG, grouped, ids_of

JOURNALS: Final = ("", "-wal", "-shm")

# UNION counts a proof once that hangs on a request and on a message carrying it.
_COUNTS_FOR_SEVERAL: Final = f"""SELECT request_id, count(*) AS count FROM (
    SELECT id, request_id FROM evidence WHERE request_id {AMONG}
    UNION SELECT evidence.id, carried.request_id FROM message_request AS carried
        JOIN evidence ON evidence.message_id = carried.message_id
        WHERE carried.request_id {AMONG}) GROUP BY request_id"""  # noqa: S608 - ours

_FOR_SEVERAL: Final = f"""SELECT evidence.*, found.about FROM (
    SELECT id, request_id AS about FROM evidence WHERE request_id {AMONG}
    UNION SELECT evidence.id, carried.request_id FROM message_request AS carried
        JOIN evidence ON evidence.message_id = carried.message_id
        WHERE carried.request_id {AMONG}) AS found JOIN evidence ON evidence.id = found.id
    ORDER BY evidence.rowid"""  # noqa: S608 - ours


class EvidenceFiles:
    """Keeps captures, letters as sent and replies, each in its person's own file."""

    def __init__(self, db: Database, history: History, folder: Path) -> None:
        self._db = db
        self._history = history
        self._folder = folder
        self._open: dict[str, Database] = {}
        self._held: dict[MessageId, list[Evidence]] = {}

    def store(
        self,
        subject_id: SubjectId,
        kind: EvidenceKind,
        media_type: str,
        content: bytes,
        *,
        message_id: MessageId | None = None,
        request_id: RequestId | None = None,
    ) -> Evidence:
        """Put proof on the disk before returning, in the person's own encrypted file."""
        matter = self._matter(subject_id)
        self._check_same_person(subject_id, message_id, request_id)
        card = _card_for(
            content,
            subject_id=subject_id,
            message_id=message_id,
            request_id=request_id,
            kind=kind,
            media_type=media_type,
            at=self._history.now(),
        )
        _write(self._file(matter), [(card, content)])
        if message_id in self._held:
            self._held[message_id].append(card)
        else:
            with self._db.transaction():
                self._insert([card])
        return card

    def to_keep(self, subject_id: SubjectId, letters: Mapping[MessageId, bytes]) -> LettersToKeep:
        """Return one person's letters, ready to be written; refuse those of anybody else."""
        matter = self._matter(subject_id)
        self._check_all_theirs(subject_id, letters)
        return LettersToKeep(
            letters=letters,
            subject_id=subject_id,
            path=self._folder / matter["evidence_file"],
            key=Secret(bytes.fromhex(matter["evidence_key"])),
            at=self._history.now(),
        )

    def hold_letters(self, cards: Iterable[Evidence]) -> None:
        """Keep back the cards of letters that are on the disk, until `write_held`."""
        self._held.update((card.message_id, [card]) for card in cards if card.message_id)

    def get(self, evidence_id: str) -> Evidence:
        """Return the card of one proof."""
        return _card(self._row(evidence_id))

    def read(self, evidence_id: str) -> bytes:
        """Return a proof's bytes, unchanged since they were stored, or raise."""
        row = self._row(evidence_id)
        matter = self._matter(row["subject_id"])
        if not (self._folder / matter["evidence_file"]).exists():
            raise _changed()  # and not made anew
        found = self._file(matter).row(
            "SELECT content FROM proof WHERE id = :id", {"id": evidence_id}
        )
        content = bytes(found["content"]) if found else b""
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise _changed()
        return content

    def list(self, subject_id: SubjectId) -> tuple[Evidence, ...]:
        """Return the cards of a person's proofs, oldest first."""
        sql = "SELECT * FROM evidence WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_card, self._db.rows(sql, {"id": subject_id})))

    def same_as(self, content: bytes) -> tuple[Evidence, ...]:
        """Return the cards of everything that is this very content, whoever it is of."""
        sql = "SELECT * FROM evidence WHERE sha256 = :sha256 ORDER BY rowid"
        rows = self._db.rows(sql, {"sha256": hashlib.sha256(content).hexdigest()})
        return tuple(map(_card, rows))

    def for_request(self, request_id: RequestId) -> tuple[Evidence, ...]:
        """Return the cards of all proofs about one request, oldest first."""
        sql = """SELECT * FROM evidence WHERE request_id = :id OR message_id IN
            (SELECT message_id FROM message_request WHERE request_id = :id) ORDER BY rowid"""
        return tuple(map(_card, self._db.rows(sql, {"id": request_id})))

    def for_requests(
        self, request_ids: Iterable[RequestId]
    ) -> Mapping[RequestId, tuple[Evidence, ...]]:
        """Return the cards of all proofs about each of several requests, oldest first."""
        rows = self._db.rows(_FOR_SEVERAL, ids_of(request_ids))
        return grouped((RequestId(row["about"]), _card(row)) for row in rows)

    def counts_for_requests(self, request_ids: Iterable[RequestId]) -> Mapping[RequestId, int]:
        """Return how many proofs there are about each request that has any."""
        rows = self._db.rows(_COUNTS_FOR_SEVERAL, ids_of(request_ids))
        return {RequestId(row["request_id"]): row["count"] for row in rows}

    def for_message(self, message_id: MessageId) -> tuple[Evidence, ...]:
        """Return the cards of all proofs about one message, oldest first."""
        sql = "SELECT * FROM evidence WHERE message_id = :id ORDER BY rowid"
        return tuple(map(_card, self._db.rows(sql, {"id": message_id})))

    def hold(self, message_id: MessageId) -> None:
        """Keep cards of this message back, to be written with its outcome."""
        self._held[message_id] = []

    def write_held(self, *message_ids: MessageId) -> None:
        """Write the cards kept back, inside the outcome's transaction."""
        if cards := [card for each in message_ids for card in self._held.get(each, ())]:
            self._insert(cards)

    def release(self, message_id: MessageId) -> None:
        """Stop keeping cards back."""
        self._held.pop(message_id, None)

    def adopt(self, subject_id: SubjectId, message_id: MessageId) -> None:
        """Write cards that a killed process left only in the evidence file."""
        matter = self._matter(subject_id)
        if not (self._folder / matter["evidence_file"]).exists():
            return
        sql = """SELECT id, kind, media_type, sha256, at, message_id, request_id,
            length(content) AS size FROM proof WHERE message_id = :id ORDER BY rowid"""
        file = self._file(matter)
        if not _has_proofs(file):
            return  # the process died while it made the file
        for row in file.rows(sql, {"id": message_id}):
            if not self._db.row("SELECT 1 FROM evidence WHERE id = :id", {"id": row["id"]}):
                self._insert([_card({**row, "subject_id": subject_id})])

    def close(self, subject_id: SubjectId | None = None) -> None:
        """Close the files that are open: one person's, or all."""
        names = [self._matter(subject_id)["evidence_file"]] if subject_id else list(self._open)
        for name in names:
            if name in self._open:
                self._open.pop(name).close()

    def sound(self) -> bool:
        """Read every evidence file and check its seals."""
        matters = self._db.rows("SELECT evidence_file, evidence_key FROM matter")
        there = [m for m in matters if (self._folder / m["evidence_file"]).exists()]
        return self._all_there() and all(self._is_sound(matter) for matter in there)

    def sweep(self) -> None:
        """Delete files that no matter names: an erasure was cut short after its commit."""
        found = {path.name.partition(".db")[0]: path for path in self._folder.glob("*.db*")}
        known = {
            row["evidence_file"].partition(".db")[0]
            for row in self._db.rows("SELECT evidence_file FROM matter")
        }
        for name in found.keys() - known:
            delete_database(self._folder / f"{name}.db")

    def _is_sound(self, matter: Row) -> bool:
        try:
            return self._file(matter).is_sound()
        except VaultDamaged:
            return False

    def _all_there(self) -> bool:
        sql = """SELECT DISTINCT matter.evidence_file AS name FROM evidence
            JOIN matter ON matter.id = evidence.matter_id"""
        return all((self._folder / row["name"]).exists() for row in self._db.rows(sql))

    def _insert(self, cards: Sequence[Evidence]) -> None:
        matters = {each: self._matter(each)["id"] for each in {card.subject_id for card in cards}}
        self._db.insert_many("evidence", [_row(card, matters[card.subject_id]) for card in cards])
        self._history.record_all(("evidence.stored", card.id, card.sha256) for card in cards)

    def _check_all_theirs(self, subject_id: SubjectId, message_ids: Collection[MessageId]) -> None:
        sql = f"SELECT count(*) AS found FROM message WHERE subject_id = :subject AND id {AMONG}"  # noqa: S608 - ours
        row = self._db.row(sql, {**ids_of(message_ids), "subject": subject_id})
        if row is None or row["found"] != len(message_ids):
            raise not_here()

    def _check_same_person(
        self,
        subject_id: SubjectId,
        message_id: MessageId | None,
        request_id: RequestId | None,
    ) -> None:
        """Refuse early what the database's own rule would refuse late, with the outcome."""
        for table, found in (("message", message_id), ("request", request_id)):
            sql = f"SELECT 1 FROM {table} WHERE id = :id AND subject_id = :subject"  # noqa: S608 - ours
            if found and not self._db.row(sql, {"id": found, "subject": subject_id}):
                raise not_here()

    def _matter(self, subject_id: SubjectId) -> Row:
        sql = "SELECT id, evidence_file, evidence_key FROM matter WHERE subject_id = :id"
        row = self._db.row(sql, {"id": subject_id})
        if row is None:
            raise not_here()
        return row

    def _file(self, matter: Row) -> Database:
        name = matter["evidence_file"]
        if name not in self._open:
            key = Secret(bytes.fromhex(matter["evidence_key"]))
            with known_key():
                self._open[name] = open_database(self._folder / name, key)
        return self._open[name]

    def _row(self, evidence_id: str) -> Row:
        row = self._db.row("SELECT * FROM evidence WHERE id = :id", {"id": evidence_id})
        if row is None:
            raise not_here()
        return row


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LettersToKeep(Personal):
    """One person's letters and their file: a thread of its own can write them meanwhile."""

    letters: Mapping[MessageId, bytes]
    subject_id: SubjectId
    path: Path
    key: Secret[bytes]
    at: datetime

    def write(self) -> tuple[Evidence, ...]:
        """Put the letters on the disk before returning; return their cards for `hold_letters`."""
        cards = tuple(
            _card_for(
                content,
                subject_id=self.subject_id,
                message_id=message_id,
                kind=EvidenceKind.LETTER,
                media_type="application/pdf",
                at=self.at,
            )
            for message_id, content in self.letters.items()
        )
        with known_key(), open_database(self.path, self.key) as file:
            _write(file, zip(cards, self.letters.values(), strict=True))
        return cards


def _write(file: Database, proofs: Iterable[tuple[Evidence, bytes]]) -> None:
    is_new = not _has_proofs(file)
    with file.transaction():
        if is_new:
            file.change(EVIDENCE_SCHEMA)  # another window may be making the same new file
        file.insert_many(
            "proof", [{**_proof(card), "content": content} for card, content in proofs]
        )
    if is_new:
        sync_folder(file.path.parent)


def _card_for(
    content: bytes,
    *,
    subject_id: SubjectId,
    message_id: MessageId | None,
    request_id: RequestId | None = None,
    kind: EvidenceKind,
    media_type: str,
    at: datetime,
) -> Evidence:
    return Evidence(
        id=new_id(),
        subject_id=subject_id,
        message_id=message_id,
        request_id=request_id,
        kind=kind,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        at=at,
    )


def delete_database(path: Path) -> None:
    """Delete a database file with its journals."""
    for suffix in JOURNALS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _has_proofs(file: Database) -> bool:
    """Say whether the file was finished: its table comes with its first proof."""
    return file.row("SELECT 1 FROM sqlite_schema WHERE name = 'proof'") is not None


def _proof(card: Evidence) -> Row:
    return {
        "id": card.id,
        "message_id": card.message_id,
        "request_id": card.request_id,
        "kind": card.kind,
        "media_type": card.media_type,
        "sha256": card.sha256,
        "at": instant_text(card.at),
    }


def _row(card: Evidence, matter_id: str) -> Row:
    own = {"subject_id": card.subject_id, "matter_id": matter_id, "size": card.size}
    return {**_proof(card), **own}


def _card(row: Row) -> Evidence:
    at: datetime = instant_from(row["at"])
    return Evidence(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        message_id=MessageId(row["message_id"]) if row["message_id"] else None,
        request_id=RequestId(row["request_id"]) if row["request_id"] else None,
        kind=EvidenceKind(row["kind"]),
        media_type=row["media_type"],
        sha256=row["sha256"],
        size=row["size"],
        at=at,
    )


def _changed() -> VaultDamaged:
    return VaultDamaged(
        Text("A stored proof is missing, or is not what was stored."),
        known=Text("The record of what was sent is not affected."),
        hint=Text("Take it from your last backup: optout vault restore FILE"),
    )
