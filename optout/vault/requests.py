"""Requests: one right asked of one company for one person; while open, never asked twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.law import LawId
from optout.model.request import (
    Presence,
    Reference,
    Request,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.rules.lifecycle import STILL_OPEN, check_status
from optout.text import Text
from optout.vault.closed import check_open
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row, RuleBroken
from optout.vault.several import AMONG, grouped, ids_of

_OPEN = ", ".join(f"'{status.value}'" for status in sorted(STILL_OPEN))
_SAME = f"""SELECT coalesce((SELECT message.reference FROM message JOIN message_request
    ON message_id = message.id WHERE request_id = request.id ORDER BY message.rowid LIMIT 1),
    reference) AS reference FROM request WHERE subject_id = :subject_id AND broker = :broker
    AND "right" = :right AND listing_id = :listing_id AND status IN ({_OPEN})"""  # noqa: S608 - ours


class AlreadyAsked(Refused):
    """The same right was asked of the same company, and is still open."""


class Requests:
    """Keeps requests and the company's side of them."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, request: Request) -> None:
        """Keep a new request, or refuse one that is already open."""
        with self._db.transaction():
            check_open(self._db, request.subject_id)
            try:
                self._db.insert("request", _row(request))
            except RuleBroken as error:
                self._say_if_asked(request)
                raise error from None
            self._history.record("request.added", request.id, request.subject_id)

    def _say_if_asked(self, request: Request) -> None:
        same = self._db.row(_SAME, _row(request))
        if same:
            raise AlreadyAsked(
                Text("This was already asked and is still open: {r}.", r=same["reference"]),
                known=Text("Nothing new was prepared or sent."),
                hint=Text("See: optout status"),
            ) from None

    def get(self, request_id: RequestId) -> Request:
        """Return one request."""
        row = self._db.row("SELECT * FROM request WHERE id = :id", {"id": request_id})
        if row is None:
            raise not_here()
        return _request(row)

    def get_many(self, request_ids: Iterable[RequestId]) -> Mapping[RequestId, Request]:
        """Return several requests by id; one that is not here is left out."""
        sql = f"SELECT * FROM request WHERE id {AMONG}"  # noqa: S608 - ours
        found = map(_request, self._db.rows(sql, ids_of(request_ids)))
        return {request.id: request for request in found}

    def by_reference(self, reference: Reference) -> Request | None:
        """Return the request a person names, if there is one."""
        sql = "SELECT * FROM request WHERE reference = :reference"
        row = self._db.row(sql, {"reference": reference})
        return _request(row) if row else None

    def list(
        self,
        *,
        subject_id: SubjectId | None = None,
        statuses: Collection[Status] = (),
        broker: Slug | None = None,
        after: RequestId | None = None,
        limit: int = -1,
    ) -> tuple[Request, ...]:
        """Return requests in the order in which they were added, from the one after `after`."""
        # The plus keeps SQLite from reading everybody's requests to a company for one person's.
        wanted = [
            "subject_id = :subject_id" if subject_id else "",
            f"{'+' if subject_id else ''}broker = :broker" if broker else "",
            f"status IN ({_places(statuses)})" if statuses else "",
            "rowid > (SELECT rowid FROM request WHERE id = :after)" if after else "",
        ]
        where = " AND ".join(condition for condition in wanted if condition) or "true"
        sql = f"SELECT * FROM request WHERE {where} ORDER BY rowid LIMIT :limit"  # noqa: S608 - ours
        values = {f"status{n}": status for n, status in enumerate(sorted(set(statuses)))}
        named = {"subject_id": subject_id, "broker": broker, "after": after, "limit": limit}
        return tuple(map(_request, self._db.rows(sql, {**values, **named})))

    def of_people(self, people: Iterable[SubjectId]) -> Mapping[SubjectId, tuple[Request, ...]]:
        """Return the requests of several people, in the order in which they were added."""
        sql = f"SELECT * FROM request WHERE subject_id {AMONG} ORDER BY rowid"  # noqa: S608 - ours
        found = map(_request, self._db.rows(sql, ids_of(people)))
        return grouped((each.subject_id, each) for each in found)

    def tally(self) -> Mapping[Status, int]:
        """Return how many requests have each status, without reading them."""
        sql = "SELECT state, count FROM tally WHERE of = 'request' AND count > 0"
        return {Status(row["state"]): row["count"] for row in self._db.rows(sql)}

    def ask_under(self, request_id: RequestId, law: LawId, law_sha256: str) -> None:
        """Name another law: the way by which a request will go decides which one it may name."""
        with self._db.transaction():
            if self.get(request_id).status is not Status.OPEN:
                raise Refused(
                    Text("They answered this request, so the law that it names stays."),
                    known=Text("Nothing was changed, and nothing was sent."),
                    hint=Text("See: optout status"),
                )
            self._db.change(
                "UPDATE request SET law = :law, law_sha256 = :sha256 WHERE id = :id",
                {"id": request_id, "law": law, "sha256": law_sha256},
            )
            self._history.record("request.law", request_id)

    def set_status(
        self, request_id: RequestId, status: Status, reason: StatusReason | None = None
    ) -> None:
        """Record what the company made of a request, if that can follow what was."""
        with self._db.transaction():
            check_status(self.get(request_id).status, status)
            try:
                self._db.change(
                    "UPDATE request SET status = :status, reason = :reason WHERE id = :id",
                    {"id": request_id, "status": status, "reason": reason},
                )
            except RuleBroken:
                raise AlreadyAsked(
                    Text("This was asked again meanwhile, and the newer request is open."),
                    known=Text("Nothing was changed."),
                    hint=Text("Record the answer on the newer request: optout status"),
                ) from None
            self._history.record(f"request.{status}", request_id)


def _places(statuses: Collection[Status]) -> str:
    return ", ".join(f":status{n}" for n in range(len(set(statuses))))


def _row(request: Request) -> Row:
    return {
        "id": request.id,
        "reference": request.reference,
        "subject_id": request.subject_id,
        "broker": request.broker,
        "right": request.right,
        "listing_id": request.listing_id,
        "law": request.law,
        "law_sha256": request.law_sha256,
        "presence": request.presence,
        "status": request.status,
        "reason": request.reason,
        "created_at": instant_text(request.created_at),
    }


def _request(row: Row) -> Request:
    return Request(
        id=RequestId(row["id"]),
        reference=Reference(row["reference"]),
        subject_id=SubjectId(row["subject_id"]),
        broker=Slug(row["broker"]),
        right=Right(row["right"]),
        listing_id=row["listing_id"],
        law=LawId(row["law"]),
        law_sha256=row["law_sha256"],
        presence=Presence(row["presence"]),
        status=Status(row["status"]),
        reason=StatusReason(row["reason"]) if row["reason"] else None,
        created_at=instant_from(row["created_at"]),
    )
