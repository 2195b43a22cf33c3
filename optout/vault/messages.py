"""Messages: what goes out once, and which requests it carries."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.request import (
    FOLLOW_UPS,
    Delivery,
    Message,
    MessageId,
    Purpose,
    Reason,
    Reference,
    RequestId,
    Said,
)
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.rules.lifecycle import check_delivery, forbidden_step
from optout.text import Text
from optout.vault.approvals import spend
from optout.vault.closed import check_open
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import (
    instant_from,
    instant_text,
    maybe_date_from,
    maybe_date_text,
    maybe_instant_from,
    maybe_instant_text,
)
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, grouped, ids_of

_CARRIED = f"""SELECT message_id, request_id, place FROM message_request
    WHERE message_id {AMONG}"""  # noqa: S608 - ours

_CARRYING = f"""SELECT message_id, request_id, place, message.rowid AS age
    FROM message_request JOIN message ON message.id = message_id WHERE message_id IN
    (SELECT message_id FROM message_request WHERE request_id {AMONG})"""  # noqa: S608 - ours

_UNDELIVERED = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


class Messages:
    """Keeps messages. Only the outbox moves one towards `sent`."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, message: Message) -> None:
        """Keep a new message; the requests it carries must be the same person's."""
        with self._db.transaction():
            check_open(self._db, message.subject_id)
            self._db.insert("message", _row(message))
            self._db.insert_many("message_request", _joined(message))
            self._history.record("message.added", message.id, *message.request_ids)

    def get(self, message_id: MessageId) -> Message:
        """Return one message."""
        found = self._read("id = :id", {"id": message_id})
        if not found:
            raise not_here()
        return found[0]

    def get_many(self, message_ids: Iterable[MessageId]) -> Mapping[MessageId, Message]:
        """Return several messages by id; one that is not here is left out."""
        found = self._read(f"id {AMONG}", ids_of(message_ids))
        return {message.id: message for message in found}

    def by_reference(self, reference: Reference) -> Message | None:
        """Return the message a person names, if there is one."""
        found = self._read("reference = :reference", {"reference": reference})
        return found[0] if found else None

    def for_request(self, request_id: RequestId) -> tuple[Message, ...]:
        """Return the messages that carry a request, oldest first."""
        return self.for_requests([request_id])[request_id]

    def for_requests(
        self, request_ids: Iterable[RequestId], known: Iterable[Message] = ()
    ) -> Mapping[RequestId, tuple[Message, ...]]:
        """Return the messages that carry each of several requests, oldest first.

        What is `known` by now is not read again.
        """
        carrying: dict[RequestId, list[Message]] = {each: [] for each in request_ids}
        joined = self._db.rows(_CARRYING, ids_of(carrying)) if carrying else []
        messages = {each.id: each for each in known}
        missing = {each["message_id"] for each in joined} - messages.keys()
        sql = f"SELECT * FROM message WHERE id {AMONG}"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(missing)) if missing else []
        messages.update((each.id, each) for each in _messages(rows, joined))
        for each in sorted(joined, key=itemgetter("age")):
            if each["request_id"] in carrying:
                carrying[each["request_id"]].append(messages[each["message_id"]])
        return {request_id: tuple(several) for request_id, several in carrying.items()}

    def list(
        self,
        *,
        subject_id: SubjectId | None = None,
        deliveries: Collection[Delivery] = (),
        limit: int = -1,
    ) -> tuple[Message, ...]:
        """Return messages in the order in which they were added."""
        places = ", ".join(f":delivery{n}" for n in range(len(set(deliveries))))
        wanted = [
            "subject_id = :subject_id" if subject_id else "",
            f"delivery IN ({places})" if deliveries else "",
        ]
        where = " AND ".join(condition for condition in wanted if condition) or "true"
        values: Row = {f"delivery{n}": d for n, d in enumerate(sorted(set(deliveries)))}
        values |= {"subject_id": subject_id, "limit": limit}
        return self._read(f"{where} ORDER BY rowid LIMIT :limit", values)

    def _read(self, wanted: str, values: Row) -> tuple[Message, ...]:
        """Return these messages, and ask once what all of them carry."""
        rows = self._db.rows(f"SELECT * FROM message WHERE {wanted}", values)  # noqa: S608 - ours
        joined = self._db.rows(_CARRIED, ids_of(row["id"] for row in rows)) if rows else []
        return tuple(_messages(rows, joined))

    def tally(self) -> Mapping[Delivery, int]:
        """Return how many messages stand where, without reading them."""
        sql = "SELECT state, count FROM tally WHERE of = 'message' AND count > 0"
        return {Delivery(row["state"]): row["count"] for row in self._db.rows(sql)}

    def set_ready(self, message_id: MessageId) -> None:
        """Make a draft, or one that certainly failed, ready to leave: a person decided so."""
        with self._db.transaction():
            old = self.get(message_id).delivery
            if old not in {Delivery.DRAFT, Delivery.FAILED}:
                raise forbidden_step(old, Delivery.READY)  # the outbox alone does the others
            move(self._db, message_id, old, Delivery.READY)
            self._history.record("message.ready", message_id)

    def rewrite(self, message: Message) -> None:
        """Change by which way, in whose name and with which requests it will go.

        Only what asks and was not delivered. Every yes to it is void, and it is a draft again:
        nobody was ever shown it like this. That is no step of a delivery, so the table of steps
        does not know it.
        """
        undelivered = {
            each.value: each for each in (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)
        } | {"id": message.id}
        way: Row = {"by": message.by, "right": message.channel_right, "key": message.channel_key}
        way |= {"as_agent": int(message.as_agent)}
        with self._db.transaction():
            changed = self._db.change(
                """UPDATE message SET by = :by, channel_right = :right, channel_key = :key,
                    leg = 0, as_agent = :as_agent, delivery = :draft
                WHERE id = :id AND purpose = :asks AND delivery IN (:draft, :ready, :failed)""",
                {**undelivered, **way, "asks": Purpose.REQUEST},
            )
            if changed != 1:
                raise self._not_rewritten(message.id)
            spend(self._db, self._history, message.id)
            self._db.change(
                "DELETE FROM message_request WHERE message_id = :id", {"id": message.id}
            )
            self._db.insert_many("message_request", _joined(message))
            self._history.record("message.rewritten", message.id, *message.request_ids)

    def _not_rewritten(self, message_id: MessageId) -> Refused:
        old = self.get(message_id)
        if old.purpose is Purpose.REQUEST:
            return forbidden_step(old.delivery, Delivery.DRAFT)
        return Refused(
            Text("What only confirms a request goes by the way of that request."),
            known=Text("Nothing was changed, and nothing was sent."),
            hint=Text("See: optout status"),
        )

    def withdraw(self, message_id: MessageId) -> None:
        """Drop a message that carries nothing any more, and that nobody ever tried to deliver."""
        with self._db.transaction():
            dropped = self._db.change(
                """DELETE FROM message WHERE id = :id AND seen_by_broker = 0
                AND NOT EXISTS (SELECT 1 FROM attempt WHERE message_id = :id)
                AND NOT EXISTS (SELECT 1 FROM evidence WHERE message_id = :id)
                AND NOT EXISTS (SELECT 1 FROM message_request WHERE message_id = :id)""",
                {"id": message_id},
            )
            if dropped != 1:
                old = self.get(message_id).delivery
                raise forbidden_step(old, Delivery.DRAFT)
            self._history.record("message.withdrawn", message_id)

    def leave_out(self, message_id: MessageId, request_ids: Iterable[RequestId]) -> bool:
        """Take requests out of what follows up and was never tried; return whether it is gone.

        Every yes to it is void. One that carries nothing any more is dropped.
        """
        with self._db.transaction():
            self._check_never_tried(message_id)
            for request_id in request_ids:
                self._db.change(
                    "DELETE FROM message_request WHERE message_id = :id AND request_id = :request",
                    {"id": message_id, "request": request_id},
                )
            spend(self._db, self._history, message_id)
            self._db.change(
                "UPDATE message SET delivery = 'draft' WHERE id = :id", {"id": message_id}
            )
            self._history.record("message.rewritten", message_id)
            if self.get(message_id).request_ids:
                return False
            self.withdraw(message_id)
            return True

    def say_anew(self, message_id: MessageId, said: Said) -> None:
        """Change why an appeal asks that was never tried; every yes to it is void."""
        with self._db.transaction():
            self._check_never_tried(message_id)
            spend(self._db, self._history, message_id)
            self._db.change(
                "UPDATE message SET said = :said, delivery = 'draft' WHERE id = :id",
                {"id": message_id, "said": _said_text(said)},
            )
            self._history.record("message.rewritten", message_id)

    def _check_never_tried(self, message_id: MessageId) -> None:
        message = self.get(message_id)
        tried = self._db.row(
            "SELECT 1 FROM attempt WHERE message_id = :id LIMIT 1", {"id": message_id}
        )
        follows = message.purpose in FOLLOW_UPS and message.delivery in _UNDELIVERED
        if tried or not follows:
            raise forbidden_step(message.delivery, Delivery.DRAFT)


def move(db: Database, message_id: MessageId, old: Delivery, new: Delivery) -> None:
    """Move one message along the table of steps, only from where it stands; else raise."""
    move_together(db, [message_id], old, new)


def move_together(
    db: Database, message_ids: Collection[MessageId], old: Delivery, new: Delivery
) -> None:
    """Move all of these messages, or raise and move none of them."""
    check_delivery(old, new)
    among = ids_of(message_ids)
    rows = db.rows(f"SELECT delivery FROM message WHERE id {AMONG}", among)  # noqa: S608 - ours
    if len(rows) < len(message_ids):
        raise not_here()
    for row in rows:
        if row["delivery"] != old:
            raise forbidden_step(Delivery(row["delivery"]), new)  # it moved on meanwhile
    db.change(f"UPDATE message SET delivery = :new WHERE id {AMONG}", {**among, "new": new})  # noqa: S608 - ours


def _joined(message: Message) -> list[Row]:
    return [
        {"message_id": message.id, "request_id": request_id, "place": place}
        for place, request_id in enumerate(message.request_ids)
    ]


def _row(message: Message) -> Row:
    return {
        "id": message.id,
        "reference": message.reference,
        "subject_id": message.subject_id,
        "purpose": message.purpose,
        "broker": message.broker,
        "channel_right": message.channel_right,
        "by": message.by,
        "channel_key": message.channel_key,
        "leg": message.leg,
        "delivery": message.delivery,
        "seen_by_broker": int(message.seen_by_broker),
        "posted_on": maybe_date_text(message.posted_on),
        "tracking": message.tracking,
        "broker_reference": message.broker_reference,
        "not_after": maybe_instant_text(message.not_after),
        "said": _said_text(message.said),
        "as_agent": int(message.as_agent),
        "created_at": instant_text(message.created_at),
    }


def _messages(rows: Iterable[Row], joined: Iterable[Row]) -> Iterator[Message]:
    """Yield each message with what it carries, in the order of the letter."""
    in_order = sorted(joined, key=itemgetter("place"))  # the database takes ten times as long
    carried = grouped((each["message_id"], RequestId(each["request_id"])) for each in in_order)
    return (_message(row, carried.get(row["id"], ())) for row in rows)


def _message(row: Row, request_ids: tuple[RequestId, ...]) -> Message:
    return Message(
        id=MessageId(row["id"]),
        reference=Reference(row["reference"]),
        subject_id=SubjectId(row["subject_id"]),
        purpose=Purpose(row["purpose"]),
        broker=Slug(row["broker"]),
        channel_right=Right(row["channel_right"]),
        by=By(row["by"]),
        channel_key=row["channel_key"],
        leg=row["leg"],
        request_ids=request_ids,
        delivery=Delivery(row["delivery"]),
        seen_by_broker=bool(row["seen_by_broker"]),
        posted_on=maybe_date_from(row["posted_on"]),
        tracking=row["tracking"],
        broker_reference=row["broker_reference"],
        not_after=maybe_instant_from(row["not_after"]),
        said=_said_from(row["said"]),
        as_agent=bool(row["as_agent"]),
        created_at=instant_from(row["created_at"]),
    )


def _said_text(said: Said | None) -> str:
    if said is None:
        return ""
    return json.dumps({"reasons": said.reasons, "own": said.own}, ensure_ascii=False)


def _said_from(text: str) -> Said | None:
    if not text:
        return None
    kept = json.loads(text)
    return Said(reasons=tuple(map(Reason, kept["reasons"])), own=kept["own"])
