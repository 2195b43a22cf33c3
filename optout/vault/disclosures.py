"""Who was given which field, and when. Written before the first value is typed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.listing import Search, SearchId
from optout.model.payload import Newness, Payload, Recipient
from optout.model.request import AttemptId, Disclosure, MessageId, RequestId
from optout.model.subject import SubjectId
from optout.vault.moments import instant_from
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, grouped, ids_of

CAME_BACK: Final = "came-back"
"""The word for an attempt whose letter was returned: what was in it was not given after all."""

BOUNCED: Final = "bounced"
"""The word for an attempt whose mail came back: their server may have had all of it before."""

_KNOWN_AS = "(SELECT value FROM json_each(:names))"
_NAMED = f"(recipient IN {_KNOWN_AS} OR company IN {_KNOWN_AS} OR broker IN {_KNOWN_AS})"
_ROWS = f"""SELECT disclosure.*, (SELECT code FROM attempt WHERE id = attempt_id) = '{CAME_BACK}'
    AS came_back FROM disclosure"""  # noqa: S608 - ours
_TO = f"{_ROWS} WHERE subject_id = :subject_id AND {_NAMED} ORDER BY id"

_FIELDS_FOR_SEVERAL = f"""SELECT request_id, field FROM message_request
    JOIN message ON message.id = message_id
    JOIN attempt USING (message_id) JOIN disclosure ON disclosure.attempt_id = attempt.id
        AND disclosure.broker = message.broker
    WHERE request_id {AMONG} AND attempt.code <> '{CAME_BACK}'
    ORDER BY disclosure.id"""  # noqa: S608 - ours
_FOR_SEVERAL = f"""SELECT message_request.request_id, given.* FROM message_request
    JOIN attempt USING (message_id) JOIN ({_ROWS}) AS given ON given.attempt_id = attempt.id
    WHERE request_id {AMONG} ORDER BY given.id"""  # noqa: S608 - ours


class Disclosures:
    """Reads what was given. The outbox alone writes it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def for_subject(self, subject_id: SubjectId) -> tuple[Disclosure, ...]:
        """Return everything that was given about a person, oldest first."""
        sql = f"{_ROWS} WHERE subject_id = :id ORDER BY id"
        return tuple(map(_disclosure, self._db.rows(sql, {"id": subject_id})))

    def for_searches(self, ids: Iterable[SearchId]) -> Mapping[SearchId, tuple[Disclosure, ...]]:
        """Return what each of several searches told."""
        sql = f"{_ROWS} WHERE search_id {AMONG} ORDER BY id"
        rows = self._db.rows(sql, ids_of(ids))
        return grouped((SearchId(row["search_id"]), _disclosure(row)) for row in rows)

    def any_for(self, subject_id: SubjectId) -> bool:
        """Say whether anybody was ever given anything about a person."""
        sql = "SELECT 1 FROM disclosure WHERE subject_id = :id LIMIT 1"
        return self._db.row(sql, {"id": subject_id}) is not None

    def to_recipient(self, subject_id: SubjectId, names: Collection[str]) -> tuple[Disclosure, ...]:
        """Return what one company was given: named by host, mail address, name or slug."""
        values = {"subject_id": subject_id, "names": json.dumps(list(names))}
        return tuple(map(_disclosure, self._db.rows(_TO, values)))

    def for_message(self, message_id: MessageId) -> tuple[Disclosure, ...]:
        """Return what was given in all tries to deliver one message."""
        sql = f"""{_ROWS} WHERE attempt_id IN
            (SELECT id FROM attempt WHERE message_id = :id) ORDER BY id"""  # noqa: S608 - ours
        return tuple(map(_disclosure, self._db.rows(sql, {"id": message_id})))

    def for_request(self, request_id: RequestId) -> tuple[Disclosure, ...]:
        """Return what was given for one request, in all messages that carried it."""
        return self.for_requests([request_id]).get(request_id, ())

    def for_requests(
        self, request_ids: Iterable[RequestId]
    ) -> Mapping[RequestId, tuple[Disclosure, ...]]:
        """Return what was given for each of several requests, oldest first."""
        rows = self._db.rows(_FOR_SEVERAL, ids_of(request_ids))
        return grouped((RequestId(row["request_id"]), _disclosure(row)) for row in rows)

    def fields_for_requests(
        self, request_ids: Iterable[RequestId]
    ) -> Mapping[RequestId, tuple[Field, ...]]:
        """Return which fields the company got for each request, in the order in which it did.

        What an office got with a complaint is not among them.
        """
        given: dict[RequestId, dict[Field, None]] = {}
        for row in self._db.rows(_FIELDS_FOR_SEVERAL, ids_of(request_ids)):
            given.setdefault(RequestId(row["request_id"]), {})[Field(row["field"])] = None
        return {request_id: tuple(fields) for request_id, fields in given.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """What one attempt is about to give, and to whom."""

    attempt_id: AttemptId
    broker: Slug
    payload: Payload
    newness: Mapping[Field, Newness]


def insert_disclosures(db: Database, given: Iterable[Giving], *, at: str) -> None:
    """Add one row for each field that is about to be given."""
    rows = [
        row
        for each in given
        for row in _rows(
            each.payload.recipient,
            each.payload.values,
            each.newness,
            {
                "attempt_id": each.attempt_id,
                "subject_id": each.payload.subject_id,
                "broker": each.broker,
                "at": at,
            },
        )
    ]
    db.insert_many("disclosure", rows)


def insert_of_search(
    db: Database,
    search: Search,
    recipient: Recipient,
    newness: Mapping[Field, Newness],
    *,
    at: str,
) -> None:
    """Add one row for each field that a search is about to tell."""
    whose = {"subject_id": search.subject_id, "broker": search.broker}
    shared = {"search_id": search.id, **whose, "at": at}
    db.insert_many("disclosure", _rows(recipient, newness, newness, shared))


def _rows(
    recipient: Recipient,
    fields: Iterable[Field],
    newness: Mapping[Field, Newness],
    shared: Row,
) -> Iterator[Row]:
    to = {"recipient": _called(recipient), "company": recipient.name}
    for field in fields:
        # What nobody judged counts as new: the careful answer.
        is_new = newness.get(field) is not Newness.KNOWN
        yield {**shared, **to, "field": field, "new_to_them": int(is_new)}


def keep_only_given(db: Database, by: AttemptId | SearchId, given: Collection[Field]) -> None:
    """Take back rows for fields that an attempt or a search certainly never gave."""
    db.change(
        """DELETE FROM disclosure WHERE (attempt_id = :id OR search_id = :id)
            AND field NOT IN (SELECT value FROM json_each(:given))""",
        {"id": by, "given": json.dumps(list(given))},
    )


def _called(recipient: Recipient) -> str:
    return recipient.hosts[0] if recipient.hosts else recipient.email or recipient.name


def _disclosure(row: Row) -> Disclosure:
    return Disclosure(
        attempt_id=AttemptId(row["attempt_id"]) if row["attempt_id"] else None,
        search_id=SearchId(row["search_id"]) if row["search_id"] else None,
        subject_id=SubjectId(row["subject_id"]),
        recipient=row["recipient"],
        field=Field(row["field"]),
        new_to_them=bool(row["new_to_them"]),
        at=instant_from(row["at"]),
        came_back=bool(row["came_back"]),
    )
