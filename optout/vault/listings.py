"""Records that companies show in public and that may be the subject."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from optout.model.broker import Slug
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.listing_life import check_follows
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import maybe_date_from, maybe_date_text
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, grouped, ids_of

_CHANGE = """UPDATE listing SET state = :state, verdict = :verdict, decided_by = :decided_by,
    seen_on = :seen_on, absent_on = :absent_on, shown = :shown, url = :url, why = :why,
    searched_as = :searched_as, first_on = :first_on, looked_on = :looked_on, gone_on = :gone_on,
    back_on = :back_on WHERE id = :id"""


class Listings:
    """Keeps listings, what they show, and who decided whether they are the person."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, listing: Listing) -> None:
        """Keep a listing."""
        with self._db.transaction():
            self._db.insert("listing", _row(listing))
            self._history.record("listing.added", listing.id, listing.subject_id)

    def get(self, listing_id: str) -> Listing:
        """Return one listing."""
        row = self._db.row("SELECT * FROM listing WHERE id = :id", {"id": listing_id})
        if row is None:
            raise not_here()
        return _listing(row)

    def url_of(self, listing_id: str) -> str:
        """Return a listing's address; "" where a request concerns none."""
        return self.get(listing_id).url.reveal() if listing_id else ""

    def list(self, subject_id: SubjectId) -> tuple[Listing, ...]:
        """Return a person's listings, in the order in which they were found."""
        sql = "SELECT * FROM listing WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_listing, self._db.rows(sql, {"id": subject_id})))

    def to_review(self) -> tuple[Listing, ...]:
        """Return the listings of everybody that a person has to look at, in order of finding."""
        sql = "SELECT * FROM listing WHERE verdict = 'unsure' ORDER BY rowid"
        return tuple(map(_listing, self._db.rows(sql)))

    def shown_people(self) -> tuple[SubjectId, ...]:
        """Return the people of whom any listing is their own."""
        sql = "SELECT DISTINCT subject_id AS id FROM listing WHERE verdict = 'same'"
        return tuple(SubjectId(row["id"]) for row in self._db.rows(sql))

    def own(self, people: Iterable[SubjectId]) -> Mapping[SubjectId, tuple[Listing, ...]]:
        """Return the listings that are several people's own, in the order of finding."""
        sql = f"""SELECT * FROM listing WHERE verdict = 'same' AND subject_id {AMONG}
            ORDER BY rowid"""  # noqa: S608 - ours
        found = map(_listing, self._db.rows(sql, ids_of(people)))
        return grouped((each.subject_id, each) for each in found)

    def replace(self, listing: Listing) -> None:
        """Keep what a later look or a person's decision changed, if it can follow what was."""
        with self._db.transaction():
            check_follows(self.get(listing.id), listing)
            if self._db.change(_CHANGE, _row(listing)) != 1:
                raise not_here()
            self._history.record(f"listing.{listing.state}.{listing.verdict}", listing.id)


def _row(listing: Listing) -> Row:
    shown = {name: value.reveal() for name, value in listing.shown.items()}
    return {
        "id": listing.id,
        "subject_id": listing.subject_id,
        "broker": listing.broker,
        "url": listing.url.reveal(),
        "shown": json.dumps(shown, ensure_ascii=False),
        "state": listing.state,
        "verdict": listing.verdict,
        "decided_by": listing.decided_by,
        "key": listing.key,
        "searched_as": listing.searched_as.reveal(),
        "why": json.dumps([(side, says.reveal()) for side, says in listing.why]),
        "first_on": maybe_date_text(listing.first_on),
        "looked_on": maybe_date_text(listing.looked_on),
        "gone_on": maybe_date_text(listing.gone_on),
        "back_on": maybe_date_text(listing.back_on),
        "seen_on": maybe_date_text(listing.seen_on),
        "absent_on": maybe_date_text(listing.absent_on),
    }


def _listing(row: Row) -> Listing:
    return Listing(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        broker=Slug(row["broker"]),
        url=Secret(row["url"]),
        shown={name: Secret(value) for name, value in json.loads(row["shown"]).items()},
        state=ListingState(row["state"]),
        verdict=Verdict(row["verdict"]),
        decided_by=row["decided_by"],
        seen_on=maybe_date_from(row["seen_on"]),
        absent_on=maybe_date_from(row["absent_on"]),
        key=row["key"],
        searched_as=Secret(row["searched_as"]),
        why=tuple((side, Secret(says)) for side, says in json.loads(row["why"])),
        first_on=maybe_date_from(row["first_on"]),
        looked_on=maybe_date_from(row["looked_on"]),
        gone_on=maybe_date_from(row["gone_on"]),
        back_on=maybe_date_from(row["back_on"]),
    )
