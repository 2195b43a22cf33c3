"""Searches at companies, and what each of them says of a listing.

A search tells a company a name, so it is written down as a filing is: what is about to be given
before it begins, the outcome after. One whose process is gone has stopped: they may have seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.listing import Search, SearchEnd, SearchId, Sighting
from optout.model.payload import Newness, Recipient
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.vault.closed import check_open
from optout.vault.disclosures import insert_of_search, keep_only_given
from optout.vault.events import History
from optout.vault.locks import FileLock
from optout.vault.missing import not_here
from optout.vault.moments import (
    instant_from,
    instant_text,
    maybe_instant_from,
    maybe_instant_text,
)
from optout.vault.open import Database, Row
from optout.vault.platform import check_free_space
from optout.vault.several import AMONG, grouped, ids_of

_OUTCOME: Final = """UPDATE search SET ended = :ended, rows = :rows, evidence_id = :evidence_id,
    ended_at = :ended_at WHERE id = :id AND ended = 'looking'"""


class Searches:
    """Keeps searches: the only way a company is searched."""

    def __init__(
        self, db: Database, history: History, *, locks: Path, witness: Callable[[], None]
    ) -> None:
        """`witness` notes the newest event outside the database, as the outbox does."""
        self._db = db
        self._history = history
        self._locks = locks
        self._witness = witness

    def begin(
        self, search: Search, *, recipient: Recipient, newness: Mapping[Field, Newness]
    ) -> RunningSearch:
        """Write down what is about to be told. Nothing may be typed before."""
        check_free_space(self._locks)
        lock = FileLock(self._locks / f"{search.id}.lock")
        while not lock.take():
            continue  # only a sweep in the same instant can take a fresh name away
        try:
            with self._db.durably():
                check_open(self._db, search.subject_id)
                self._db.insert("search", _row(search))
                at = instant_text(search.began_at)
                insert_of_search(self._db, search, recipient, newness, at=at)
                self._history.record("search.looking", search.id, search.subject_id)
        except BaseException:
            lock.drop()
            raise
        self._witness()
        return RunningSearch(self, search, lock)

    def end(
        self,
        search: Search,
        sightings: Iterable[Sighting] = (),
        given: Collection[Field] | None = None,
    ) -> None:
        """Keep how a search ended, and what it says of each listing, in the commit at hand.

        `given` are the fields that the company certainly got at most; None: perhaps all.
        """
        with self._db.transaction():
            ended = replace(search, ended_at=self._history.now())
            if self._db.change(_OUTCOME, _row(ended)) != 1:
                raise not_here()
            told = () if search.end is SearchEnd.NOT_REACHED else given
            if told is not None:
                keep_only_given(self._db, search.id, told)
            self.note(sightings)
            self._history.record(f"search.{search.end}", search.id)

    def note(self, sightings: Iterable[Sighting]) -> None:
        """Keep what a search that has ended says of listings that it did not show."""
        with self._db.transaction():
            self._db.insert_many("sighting", map(_sighting_row, sightings))

    def recover(self) -> tuple[Search, ...]:
        """Settle searches whose process is gone: they stopped, and may have told everything."""
        rows = self._db.rows("SELECT id FROM search WHERE ended = 'looking'")
        found = (self._recover(SearchId(row["id"])) for row in rows)
        return tuple(stopped for stopped in found if stopped)

    def list(self, subject_id: SubjectId) -> tuple[Search, ...]:
        """Return a person's searches, oldest first."""
        sql = "SELECT * FROM search WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_search, self._db.rows(sql, {"id": subject_id})))

    def newest(self, people: Iterable[SubjectId]) -> Mapping[SubjectId, tuple[Search, ...]]:
        """Return the newest search of several people at each company by each name and place."""
        sql = f"""SELECT * FROM search WHERE rowid IN (SELECT max(rowid) FROM search
            WHERE subject_id {AMONG} GROUP BY subject_id, broker, searched_as) ORDER BY rowid"""  # noqa: S608 - ours
        found = map(_search, self._db.rows(sql, ids_of(people)))
        return grouped((each.subject_id, each) for each in found)

    def cut_off(self) -> tuple[Search, ...]:
        """Return the searches that stopped half-way and were not made again since."""
        sql = """SELECT * FROM search WHERE ended = 'stopped' AND NOT EXISTS (SELECT 1 FROM search
            AS later WHERE later.rowid > search.rowid AND later.subject_id = search.subject_id
            AND later.broker = search.broker) ORDER BY rowid"""
        return tuple(map(_search, self._db.rows(sql)))

    def sightings(self, listing_ids: Iterable[str]) -> Mapping[str, tuple[Sighting, ...]]:
        """Return what the searches said of several listings, oldest first."""
        sql = f"SELECT * FROM sighting WHERE listing_id {AMONG} ORDER BY on_day, rowid"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(listing_ids))
        return grouped((row["listing_id"], _sighting(row)) for row in rows)

    def get_many(self, ids: Iterable[SearchId]) -> Mapping[SearchId, Search]:
        """Return several searches by id."""
        sql = f"SELECT * FROM search WHERE id {AMONG}"  # noqa: S608 - ours
        return {each.id: each for each in map(_search, self._db.rows(sql, ids_of(ids)))}

    def _recover(self, search_id: SearchId) -> Search | None:
        lock = FileLock(self._locks / f"{search_id}.lock")
        if not lock.take():
            return None  # its process is alive
        try:
            now = self.get_many([search_id]).get(search_id)
            if now is None or now.end is not SearchEnd.LOOKING:
                return None  # it ended while we looked
            stopped = replace(now, end=SearchEnd.STOPPED)
            self.end(stopped)
            return stopped
        finally:
            lock.drop()


class RunningSearch:
    """One search that is under way. Left without an outcome, it has stopped."""

    def __init__(self, searches: Searches, search: Search, lock: FileLock) -> None:
        self.search: Final = search
        self.is_open = True
        self._searches = searches
        self._lock = lock

    def end(
        self,
        end: SearchEnd,
        *,
        rows: int = 0,
        evidence_id: str = "",
        sightings: Iterable[Sighting] = (),
        given: Collection[Field] | None = None,
    ) -> Search:
        """Keep the outcome; inside `vault.together()` it is one commit with the listings."""
        ended = replace(self.search, end=end, rows=rows, evidence_id=evidence_id)
        self._searches.end(ended, sightings, given)
        self.is_open = False
        return ended

    def __enter__(self) -> Self:
        """Use as `with searches.begin(…) as running:`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Without an outcome: they may have seen what was typed."""
        try:
            if self.is_open:
                self.end(SearchEnd.STOPPED)
        finally:
            self._lock.drop()


def _row(search: Search) -> Row:
    return {
        "id": search.id,
        "subject_id": search.subject_id,
        "broker": search.broker,
        "searched_as": search.searched_as.reveal(),
        "digest": search.digest,
        "approved_by": search.approved_by,
        "definition_sha256": search.definition_sha256,
        "ended": search.end,
        "rows": search.rows,
        "evidence_id": search.evidence_id,
        "began_at": instant_text(search.began_at),
        "ended_at": maybe_instant_text(search.ended_at),
    }


def _search(row: Row) -> Search:
    return Search(
        id=SearchId(row["id"]),
        subject_id=SubjectId(row["subject_id"]),
        broker=Slug(row["broker"]),
        searched_as=Secret(row["searched_as"]),
        digest=row["digest"],
        approved_by=row["approved_by"],
        definition_sha256=row["definition_sha256"],
        end=SearchEnd(row["ended"]),
        rows=row["rows"],
        evidence_id=row["evidence_id"],
        began_at=instant_from(row["began_at"]),
        ended_at=maybe_instant_from(row["ended_at"]),
    )


def _sighting_row(sighting: Sighting) -> Row:
    return {
        "listing_id": sighting.listing_id,
        "search_id": sighting.search_id,
        "on_day": sighting.on.isoformat(),
        "seen": int(sighting.seen),
    }


def _sighting(row: Row) -> Sighting:
    return Sighting(
        listing_id=row["listing_id"],
        search_id=SearchId(row["search_id"]),
        on=date.fromisoformat(row["on_day"]),
        seen=bool(row["seen"]),
    )
