"""The outbox: three commits around a delivery, so that nothing is sent twice or forgotten.

    A  before the first value is typed   ready → filling, attempt and disclosures written
    B  just before the last button       filling → sending
    C  the outcome                       sent, failed, unknown, or ready again
    R  at every start                    filling without a process → ready, but seen by the broker;
                                         sending without a process → unknown. Nothing is resent.

Whether a process still lives is asked of an operating-system lock that it holds on the attempt's
own file. What a person delivers goes ready → handed_over → sent or ready, and has no process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.payload import Newness, Payload
from optout.model.record import Deadline, Task
from optout.model.request import (
    FOLLOW_UPS,
    Attempt,
    AttemptId,
    Delivery,
    Message,
    MessageId,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.words import By
from optout.rules.answers import SET_BY_FOLLOW_UPS, met_by_sending
from optout.rules.digest import payload_digest, values_sha256
from optout.rules.lifecycle import (
    RUNNING,
    delivery_after_crash,
    delivery_after_restore,
    forbidden_step,
)
from optout.text import Text
from optout.vault.approvals import spend
from optout.vault.closed import check_open
from optout.vault.deadlines import (
    insert_deadlines,
    mark_kinds_met,
    reinstate_deadlines,
    withdraw_deadlines,
    withdraw_kinds,
)
from optout.vault.disclosures import (
    BOUNCED,
    CAME_BACK,
    Giving,
    insert_disclosures,
    keep_only_given,
)
from optout.vault.events import History
from optout.vault.evidence import EvidenceFiles
from optout.vault.ids import new_id
from optout.vault.locks import FileLock
from optout.vault.messages import Messages, move, move_together
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text, maybe_instant_from
from optout.vault.open import Database, Row
from optout.vault.platform import check_free_space
from optout.vault.requests import Requests
from optout.vault.several import AMONG, ids_of
from optout.vault.tasks import insert_tasks

Deadlines = Mapping[RequestId, tuple[Deadline, ...]]
NewStatus = tuple[Status, StatusReason | None]

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_STOPPED: Final = "program-stopped"
PRINTED: Final = "letters.printed"
"""The event of a print run: its number, then the messages in the order of the stack."""
# The plus keeps SQLite from walking the whole table for its order.
_RUNNING: Final = "SELECT * FROM attempt WHERE delivery IN ('filling', 'sending') ORDER BY +rowid"


class NotApproved(Refused):
    """What would leave is not what a person said yes to, or that yes was used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """One attempt whose process was gone, and where its message stands now."""

    attempt_id: AttemptId
    message_id: MessageId
    was: Delivery
    now: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What is given in one attempt: exactly this, and the yes to it."""

    payload: Payload
    approval_id: str
    newness: Mapping[Field, Newness]


class _Try(NamedTuple):
    """One attempt that is about to be written down."""

    attempt_id: AttemptId
    message_id: MessageId
    given: Handed

    @property
    def payload(self) -> Payload:
        return self.given.payload


class Outbox:
    """The only way anything becomes `sent`."""

    def __init__(
        self,
        db: Database,
        history: History,
        *,
        messages: Messages,
        requests: Requests,
        evidence: EvidenceFiles,
        locks: Path,
        witness: Callable[[], None],
    ) -> None:
        """`witness` notes the newest event outside the database: what was sent is not undone."""
        self._witness = witness
        self._db = db
        self._history = history
        self._messages = messages
        self._requests = requests
        self._evidence = evidence
        self._locks = locks

    def begin(
        self,
        message_id: MessageId,
        *,
        payload: Payload,
        approval_id: str,
        newness: Mapping[Field, Newness],
    ) -> RunningAttempt:
        """Commit A: write down what is about to be given. Nothing may be typed before."""
        check_free_space(self._locks)
        attempt_id, lock = self._new_lock()
        try:
            with self._db.durably():
                given = Handed(payload=payload, approval_id=approval_id, newness=newness)
                self._write_attempts(Delivery.FILLING, [_Try(attempt_id, message_id, given)])
        except BaseException:
            lock.drop()
            raise
        self._evidence.hold(message_id)
        return RunningAttempt(self, attempt_id, message_id, lock)

    def hand_over(
        self,
        message_id: MessageId,
        *,
        payload: Payload,
        approval_id: str,
        newness: Mapping[Field, Newness],
    ) -> AttemptId:
        """Record that a paper, mail or page was given to the person, who may now send it."""
        attempt_id = AttemptId(new_id())
        with self._db.durably():
            given = Handed(payload=payload, approval_id=approval_id, newness=newness)
            self._write_attempts(Delivery.HANDED_OVER, [_Try(attempt_id, message_id, given)])
        return attempt_id

    def hand_over_together(
        self, papers: Iterable[Handed], *, run: str, check: Callable[[], None] = lambda: None
    ) -> None:
        """Record that many papers were printed in one run: all of them, with proof, or none.

        Hold the proofs back (`EvidenceFiles.hold`) when they are stored: they are written here.
        `check` raises where one of them may not go any more; nobody else writes meanwhile.
        """
        papers = tuple(papers)
        ids = [paper.payload.message_id for paper in papers]
        try:
            with self._db.durably():
                check()
                self._write_attempts(
                    Delivery.HANDED_OVER,
                    [
                        _Try(AttemptId(new_id()), message_id, paper)
                        for message_id, paper in zip(ids, papers, strict=True)
                    ],
                )
                self._evidence.write_held(*ids)
                self._history.record(PRINTED, run, *ids)
        finally:
            for message_id in ids:
                self._evidence.release(message_id)

    def person_sent(
        self,
        message_id: MessageId,
        *,
        on: date,
        tracking: str = "",
        deadlines: Deadlines | None = None,
        received_on: date | None = None,
    ) -> None:
        """Record that the person sent what was handed to them, and when."""
        with self._db.durably():
            move(self._db, message_id, Delivery.HANDED_OVER, Delivery.SENT)
            self._db.change(
                "UPDATE message SET posted_on = :on, tracking = :tracking WHERE id = :id",
                {"id": message_id, "on": on.isoformat(), "tracking": tracking},
            )
            self._end_last_attempt(message_id, Delivery.SENT, "person-sent")
            self._arrived(message_id, deadlines, received_on or on)
        self._witness()

    def correct_day(
        self,
        message_id: MessageId,
        *,
        on: date,
        deadlines: Deadlines,
        received_on: date,
        tracking: str = "",
    ) -> None:
        """Record that the person sent it on another day than they said; its dates move along.

        Without a tracking number, the one that was noted before stays.
        """
        with self._db.durably():
            changed = self._db.change(
                """UPDATE message SET posted_on = :on,
                    tracking = coalesce(nullif(:tracking, ''), tracking)
                WHERE id = :id AND delivery = 'sent'""",
                {"id": message_id, "on": on.isoformat(), "tracking": tracking},
            )
            if changed != 1:
                raise forbidden_step(self._messages.get(message_id).delivery, Delivery.SENT)
            self._withdraw(message_id, deadlines)
            self._history.record("message.day-corrected", message_id)
            self._arrived(message_id, deadlines, received_on)
        self._witness()

    def person_did_not(self, message_id: MessageId) -> None:
        """Record that the person did not send what was handed to them: nothing was given."""
        with self._db.durably():
            move(self._db, message_id, Delivery.HANDED_OVER, Delivery.READY)
            attempt_id = self._end_last_attempt(message_id, Delivery.READY, "person-did-not-send")
            if attempt_id:
                keep_only_given(self._db, attempt_id, ())

    def came_back(self, message_id: MessageId) -> None:
        """Record that a letter was returned: it was sent, and nothing in it was given.

        A mail that bounced may have been read all the same: what was in it counts as given.
        """
        code = CAME_BACK if self._messages.get(message_id).by is By.POST else BOUNCED
        with self._db.transaction():
            self._say_of_last(message_id, code)
            message = self._messages.get(message_id)
            if message.purpose in FOLLOW_UPS:  # its own dates; those of the request go on
                for request_id in message.request_ids:
                    withdraw_kinds(self._db, request_id, SET_BY_FOLLOW_UPS)
            self._history.record("message.came-back", message_id)

    def arrived_after_all(
        self, message_id: MessageId, *, requests: Iterable[RequestId], received_on: date
    ) -> None:
        """Take back that it came back: they answered. These requests' dates run again."""
        with self._db.transaction():
            self._say_of_last(message_id, "answer-came")
            for request_id in requests:
                reinstate_deadlines(self._db, request_id, received_on)
                self._db.change(
                    "UPDATE request SET reason = nullif(reason, :returned) WHERE id = :id",
                    {"id": request_id, "returned": StatusReason.RETURNED},
                )
            self._history.record("message.arrived-after-all", message_id)

    def reconcile(
        self,
        message_id: MessageId,
        *,
        arrived: bool,
        code: str,
        deadlines: Deadlines | None = None,
        received_on: date | None = None,
    ) -> None:
        """Settle an unknown outcome by a person's word: sent, or ready for a new decision."""
        new = Delivery.SENT if arrived else Delivery.READY
        with self._db.durably():
            move(self._db, message_id, Delivery.UNKNOWN, new)
            spend(self._db, self._history, message_id)
            tried = self._end_last_attempt(message_id, new, code)
            if arrived:
                if tried is None:  # no attempt says on which day it left
                    self._set_day(message_id, received_on or self._today_of(message_id))
                self._arrived(message_id, deadlines, received_on)
        self._witness()

    def _set_day(self, message_id: MessageId, on: date) -> None:
        self._db.change(
            "UPDATE message SET posted_on = coalesce(posted_on, :on) WHERE id = :id",
            {"id": message_id, "on": on.isoformat()},
        )

    def last_attempt(self, message_id: MessageId) -> Attempt | None:
        """Return the newest try to deliver a message."""
        row = self._last(message_id)
        return _attempt(row) if row else None

    def came_back_among(self, message_ids: Iterable[MessageId]) -> frozenset[MessageId]:
        """Return those messages of which the newest try came back."""
        sql = f"""SELECT message_id, code FROM attempt WHERE message_id {AMONG} ORDER BY rowid"""  # noqa: S608 - ours
        newest = {row["message_id"]: row["code"] for row in self._db.rows(sql, ids_of(message_ids))}
        return frozenset(
            MessageId(each) for each, code in newest.items() if code in {CAME_BACK, BOUNCED}
        )

    def recover(self) -> tuple[Recovered, ...]:
        """Rule R: settle attempts whose process is gone, and clear away their locks."""
        found = [self._recover(row) for row in self._db.rows(_RUNNING)]
        self._sweep_locks()
        return tuple(recovered for recovered in found if recovered)

    def unsettle(self) -> int:
        """Doubt everything not sent: this copy is older than what may have happened since."""
        count = 0
        with self._db.durably():
            for old in Delivery:
                new = delivery_after_restore(old)
                if new is not old:
                    count += self._doubt(old, new)
            self._db.change(
                "UPDATE approval SET spent_at = :at WHERE spent_at IS NULL",
                {"at": instant_text(self._history.now())},
            )
            self._history.record("vault.older-copy")
        return count

    def _doubt(self, old: Delivery, new: Delivery) -> int:
        both = {"old": old, "new": new}
        self._db.change("UPDATE attempt SET delivery = :new WHERE delivery = :old", both)
        return self._db.change("UPDATE message SET delivery = :new WHERE delivery = :old", both)

    def _new_lock(self) -> tuple[AttemptId, FileLock]:
        while True:  # only a sweep in the same instant can take a fresh name away
            attempt_id = AttemptId(new_id())
            lock = FileLock(self._locks / f"{attempt_id}.lock")
            if lock.take():
                return attempt_id, lock

    def _write_attempts(self, delivery: Delivery, tries: Sequence[_Try]) -> None:
        """Write in the transaction at hand what is about to be given."""
        at = instant_text(self._history.now())
        messages = self._messages_of(tries)
        for subject_id in {message.subject_id for message in messages.values()}:
            check_open(self._db, subject_id)
        move_together(self._db, [each.message_id for each in tries], Delivery.READY, delivery)
        self._check_approved(tries, messages)
        self._db.insert_many("attempt", [_attempt_row(each, delivery, at) for each in tries])
        insert_disclosures(
            self._db,
            [
                Giving(
                    attempt_id=each.attempt_id,
                    broker=Slug(each.payload.recipient.office) or messages[each.message_id].broker,
                    payload=each.payload,
                    newness=each.given.newness,
                )
                for each in tries
            ],
            at=at,
        )
        self._history.record_all(
            (f"attempt.{delivery}", each.message_id, each.attempt_id) for each in tries
        )

    def _messages_of(self, tries: Iterable[_Try]) -> Mapping[MessageId, Message]:
        wanted = {each.message_id for each in tries}
        found = self._messages.get_many(wanted)
        if found.keys() != wanted:
            raise not_here()
        return found

    def _check_approved(self, tries: Sequence[_Try], messages: Mapping[MessageId, Message]) -> None:
        sql = f"SELECT id, message_id, digest FROM approval WHERE spent_at IS NULL AND id {AMONG}"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(each.given.approval_id for each in tries))
        yeses = {(row["id"], row["message_id"], row["digest"]) for row in rows}
        for each in tries:
            message, payload = messages[each.message_id], each.payload
            yes = (each.given.approval_id, message.id, payload_digest(payload))
            same = (payload.message_id, payload.subject_id) == (message.id, message.subject_id)
            if not same or yes not in yeses:
                raise NotApproved(
                    Text("Nobody has said yes to exactly this, or that yes was already used."),
                    known=Text("Nothing was sent."),
                    hint=Text("Look and decide again: optout file {r}", r=message.reference),
                )

    def before_submit(self, attempt_id: AttemptId, message_id: MessageId) -> None:
        """Commit B: from here on a crash means that we do not know."""
        at = instant_text(self._history.now())
        with self._db.durably():
            move(self._db, message_id, Delivery.FILLING, Delivery.SENDING)
            self._db.change(
                "UPDATE attempt SET delivery = 'sending', sending_at = :at WHERE id = :id",
                {"id": attempt_id, "at": at},
            )
            spend(self._db, self._history, message_id)
            self._history.record("attempt.sending", message_id, attempt_id)
        self._witness()

    def outcome(
        self,
        attempt_id: AttemptId,
        message_id: MessageId,
        was: Delivery,
        new: Delivery,
        *,
        code: str,
        seen: bool = True,
        filled: Collection[Field] | None = None,
        sent: Sent | None = None,
    ) -> None:
        """Commit C: what came of it, with its proof, dates and tasks."""
        with self._db.durably():
            move(self._db, message_id, was, new)
            if new in {Delivery.READY, Delivery.FAILED}:
                self._take_back(attempt_id, message_id, seen=seen, filled=filled)
            self._evidence.write_held(message_id)
            self._end(attempt_id, message_id, new, code)
            if sent:
                self._write_sent(message_id, sent)
        self._evidence.release(message_id)
        self._witness()

    def _take_back(
        self,
        attempt_id: AttemptId,
        message_id: MessageId,
        *,
        seen: bool,
        filled: Collection[Field] | None,
    ) -> None:
        """Keep only what the page saw; mark the message if it saw anything."""
        given: Collection[Field] | None = filled if seen else ()
        if given is not None:
            keep_only_given(self._db, attempt_id, given)
        if seen:
            self._db.change(
                "UPDATE message SET seen_by_broker = 1 WHERE id = :id", {"id": message_id}
            )

    def _write_sent(self, message_id: MessageId, sent: Sent) -> None:
        self._db.change(
            "UPDATE message SET broker_reference = :reference WHERE id = :id",
            {"id": message_id, "reference": sent.reference},
        )
        self._arrived(message_id, sent.deadlines, sent.received_on)
        insert_tasks(self._db, sent.tasks)
        if sent.status is not None:
            for request_id in self._messages.get(message_id).request_ids:
                self._requests.set_status(request_id, *sent.status)

    def _arrived(
        self, message_id: MessageId, deadlines: Deadlines | None, received_on: date | None
    ) -> None:
        """Start the clocks, and remember the day that they were counted from."""
        day = received_on or self._today_of(message_id)
        settled = met_by_sending(self._messages.get(message_id).purpose)
        for request_id, dates in (deadlines or {}).items():
            mark_kinds_met(self._db, request_id, settled)
            insert_deadlines(self._db, request_id, dates)
            self._db.change(
                """UPDATE request SET received_on = coalesce(received_on, :day),
                    reason = nullif(reason, :returned) WHERE id = :id""",
                {"id": request_id, "day": day.isoformat(), "returned": StatusReason.RETURNED},
            )
        spend(self._db, self._history, message_id)

    def _withdraw(self, message_id: MessageId, deadlines: Deadlines) -> None:
        """Withdraw the dates that this message set: a follow-up leaves those of the request."""
        follows = self._messages.get(message_id).purpose in FOLLOW_UPS
        for request_id, dates in deadlines.items():
            if follows:
                withdraw_kinds(self._db, request_id, {each.kind for each in dates})
            else:
                withdraw_deadlines(self._db, request_id)

    def _today_of(self, message_id: MessageId) -> date:
        """Return the date where the subject lives: legal dates are dates there."""
        sql = """SELECT zone FROM subject WHERE id =
            (SELECT subject_id FROM message WHERE id = :id)"""
        row = self._db.row(sql, {"id": message_id})
        assert row, "a message always has a subject"
        return self._history.now().astimezone(ZoneInfo(row["zone"])).date()

    def _end(self, attempt_id: AttemptId, message_id: MessageId, new: Delivery, code: str) -> None:
        # A code is a word of ours: text from a page or a person never enters the history.
        assert _CODE.fullmatch(code), code
        self._db.change(
            "UPDATE attempt SET delivery = :new, code = :code, ended_at = :at WHERE id = :id",
            {
                "id": attempt_id,
                "new": new,
                "code": code,
                "at": instant_text(self._history.now()),
            },
        )
        self._history.record(f"attempt.{new}", message_id, attempt_id, code)

    def _end_last_attempt(
        self, message_id: MessageId, new: Delivery, code: str
    ) -> AttemptId | None:
        row = self._last(message_id)
        if row is None:  # restored from an older copy: there was none yet
            self._history.record(f"attempt.{new}", message_id, code)
            return None
        attempt_id = AttemptId(row["id"])
        self._end(attempt_id, message_id, new, code)
        return attempt_id

    def _say_of_last(self, message_id: MessageId, code: str) -> None:
        row = self._last(message_id)
        if row:
            sql = "UPDATE attempt SET code = :code WHERE id = :id"
            self._db.change(sql, {"id": row["id"], "code": code})

    def _last(self, message_id: MessageId) -> Row | None:
        sql = "SELECT * FROM attempt WHERE message_id = :id ORDER BY rowid DESC LIMIT 1"
        return self._db.row(sql, {"id": message_id})

    def _recover(self, row: Row) -> Recovered | None:
        lock = FileLock(self._locks / f"{row['id']}.lock")
        if not lock.take():
            return None  # its process is alive
        with lock, self._db.durably():
            now = self._db.row("SELECT delivery FROM attempt WHERE id = :id", {"id": row["id"]})
            if now is None or Delivery(now["delivery"]) not in RUNNING:
                return None  # it ended while we looked
            return self._settle(row, Delivery(now["delivery"]))

    def _settle(self, row: Row, was: Delivery) -> Recovered:
        attempt_id, message_id = AttemptId(row["id"]), MessageId(row["message_id"])
        new = delivery_after_crash(was)
        move(self._db, message_id, was, new)
        self._db.change("UPDATE message SET seen_by_broker = 1 WHERE id = :id", {"id": message_id})
        self._evidence.adopt(self._messages.get(message_id).subject_id, message_id)
        self._end(attempt_id, message_id, new, _STOPPED)
        return Recovered(attempt_id=attempt_id, message_id=message_id, was=was, now=new)

    def _sweep_locks(self) -> None:
        running = {row["id"] for row in self._db.rows(_RUNNING)}
        for path in self._locks.glob("*.lock"):
            lock = FileLock(path)
            if len(path.stem) == len(new_id()) and path.stem not in running and lock.take():
                lock.drop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is written together with `sent`."""

    reference: str = ""
    deadlines: Deadlines | None = None
    tasks: Iterable[Task] = ()
    status: NewStatus | None = None
    received_on: date | None = None


class RunningAttempt:
    """One try that is under way. Left without an outcome, it takes the careful one."""

    def __init__(
        self, outbox: Outbox, attempt_id: AttemptId, message_id: MessageId, lock: FileLock
    ) -> None:
        self.id: Final = attempt_id
        self.message_id: Final = message_id
        self.delivery = Delivery.FILLING
        self._outbox = outbox
        self._lock = lock

    def sending(self) -> None:
        """Commit B: call just before the last button, or before a person may press it."""
        self._outbox.before_submit(self.id, self.message_id)
        self.delivery = Delivery.SENDING

    def sent(
        self,
        reference: str = "",
        *,
        deadlines: Deadlines | None = None,
        tasks: Iterable[Task] = (),
        status: NewStatus | None = None,
        received_on: date | None = None,
    ) -> None:
        """Commit C: success was seen. `received_on` is where the clocks were counted from."""
        what = Sent(
            reference=reference,
            deadlines=deadlines,
            tasks=tasks,
            status=status,
            received_on=received_on,
        )
        self._end(Delivery.SENT, "success-seen", sent=what)

    def failed(
        self,
        code: str,
        *,
        seen: bool = True,
        filled: Collection[Field] | None = None,
    ) -> None:
        """Commit C: it certainly did not leave. `filled` are the fields that the page saw."""
        self._end(Delivery.FAILED, code, seen=seen, filled=filled)

    def unknown(self, code: str) -> None:
        """Commit C: it may have left, and nothing shows whether it did."""
        if self.delivery is Delivery.FILLING:
            self.sending()
        self._end(Delivery.UNKNOWN, code)

    def ready_again(
        self,
        code: str,
        *,
        seen: bool,
        filled: Collection[Field] | None = None,
    ) -> None:
        """Commit C: it was stopped before the last button, and can be tried again."""
        self._end(Delivery.READY, code, seen=seen, filled=filled)

    def _end(
        self,
        new: Delivery,
        code: str,
        *,
        seen: bool = True,
        filled: Collection[Field] | None = None,
        sent: Sent | None = None,
    ) -> None:
        assert self.delivery in RUNNING, "an attempt has one outcome"
        self._outbox.outcome(
            self.id,
            self.message_id,
            self.delivery,
            new,
            code=code,
            seen=seen,
            filled=filled,
            sent=sent,
        )
        self.delivery = new

    def __enter__(self) -> Self:
        """Use as `with outbox.begin(…) as attempt:`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Without an outcome: what may have been sent is unknown, the rest is ready again."""
        try:
            if self.delivery is Delivery.SENDING:
                self.unknown(_STOPPED)
            elif self.delivery is Delivery.FILLING:
                self.ready_again(_STOPPED, seen=True)
        finally:
            # Even where the outcome could not be written: rule R settles it at the next start.
            self._lock.drop()


def _attempt_row(each: _Try, delivery: Delivery, at: str) -> Row:
    return {
        "id": each.attempt_id,
        "message_id": each.message_id,
        "approval_id": each.given.approval_id,
        "delivery": delivery,
        "payload_sha256": values_sha256(each.payload),
        "definition_sha256": each.payload.definition_sha256,
        "letter_sha256": each.payload.letter_sha256,
        "began_at": at,
    }


def _attempt(row: Row) -> Attempt:
    return Attempt(
        id=AttemptId(row["id"]),
        message_id=MessageId(row["message_id"]),
        approval_id=row["approval_id"],
        delivery=Delivery(row["delivery"]),
        payload_sha256=row["payload_sha256"],
        definition_sha256=row["definition_sha256"],
        began_at=instant_from(row["began_at"]),
        ended_at=maybe_instant_from(row["ended_at"]),
        came_back=row["code"] in {CAME_BACK, BOUNCED},
    )
