"""The outbox's commits against bare commits of the encrypted database; how many a filing makes.

Bare means: the same rows, into a copy of the same file with the same key, journal and syncing, and
nothing of ours around it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.payload import Newness, Payload, Recipient
from optout.model.record import Deadline, DeadlineKind, EvidenceKind
from optout.model.request import (
    Approval,
    Message,
    MessageId,
    Presence,
    Purpose,
    Request,
    RequestId,
)
from optout.model.secret import Secret
from optout.model.words import By, Right
from optout.rules.digest import payload_digest
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.vault.create import create_vault
from optout.vault.ids import new_id, new_reference
from optout.vault.open import Database, open_database
from optout.vault.outbox import RunningAttempt
from optout.vault.vault import Vault
from tests.benchmarks.ratio import held, medians, milliseconds, told

AT_MOST = 3  # what is checked, sealed and witnessed around the rows is in it
MOST_COMMITS = 4
ROUNDS = 11
AT_A_TIME = 10  # one commit is too short to time on a busy machine
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
VALUES = {
    Field.FULL_NAME: Secret("Jordan Q. Sample"),
    Field.STREET: Secret("100 Example Street"),
    Field.CITY: Secret("Denver"),
    Field.ZIP: Secret("80202"),
    Field.EMAIL: Secret("replies.jq@example.com"),
}
PICTURE = bytes(60 * 1024)
Approved = tuple[Payload, str]


@contextmanager
def open_folder(place: Path) -> Iterator[Vault]:
    """Make a locked folder with one person in it."""
    made = create_vault(
        place / "folder",
        clock=lambda: NOW,
        actor="bench",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )
    with made.vault as vault:
        vault.subjects.add(JORDAN)
        yield vault


def approved(vault: Vault, number: int) -> Approved:
    """Prepare one message that a person said yes to."""
    slug = Slug(f"sample-company-{number}")
    request = Request(
        id=RequestId(new_id()),
        reference=new_reference(),
        subject_id=JORDAN.id,
        broker=slug,
        right=Right.OPT_OUT,
        law=LawId("us-co-cpa"),
        law_sha256="0" * 64,
        presence=Presence.LIKELY,
        created_at=NOW,
    )
    message = Message(
        id=MessageId(new_id()),
        reference=new_reference(),
        subject_id=JORDAN.id,
        purpose=Purpose.REQUEST,
        broker=slug,
        channel_right=Right.OPT_OUT,
        by=By.WEB,
        request_ids=(request.id,),
        created_at=NOW,
    )
    payload = Payload(
        message_id=message.id,
        subject_id=JORDAN.id,
        recipient=Recipient(name=slug, hosts=(f"{slug}.test",)),
        values=VALUES,
    )
    yes = Approval(
        id=new_id(),
        message_id=message.id,
        digest=payload_digest(payload),
        approved_by="bench",
        approved_at=NOW,
    )
    with vault.together():
        vault.requests.add(request)
        vault.messages.add(message)
        vault.approvals.add(yes)
        vault.messages.set_ready(message.id)
    return payload, yes.id


def store_first_picture(vault: Vault, payload: Payload, approval_id: str) -> None:
    """File once, so that the person's own file exists and is open."""
    with begin(vault, payload, approval_id) as attempt:
        attempt.sending()
        picture(vault, attempt)
        finish(vault, attempt)


def one_row(db: Database) -> Callable[[], None]:
    """Return a call that commits one row, so many times."""
    say = db.connection.execute
    say("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")

    def call() -> None:
        for _ in range(AT_A_TIME):
            say("BEGIN IMMEDIATE")
            say("INSERT INTO bare (text) VALUES (:text)", {"text": "Jordan Q. Sample" * 8})
            say("COMMIT")

    return call


def begin(vault: Vault, payload: Payload, approval_id: str) -> RunningAttempt:
    """Commit A."""
    newness = dict.fromkeys(VALUES, Newness.KNOWN)
    return vault.outbox.begin(
        payload.message_id, payload=payload, approval_id=approval_id, newness=newness
    )


def finish(vault: Vault, attempt: RunningAttempt) -> None:
    """Commit C, with its proof and its dates."""
    carried = vault.messages.get(attempt.message_id).request_ids
    dates = tuple(
        Deadline(kind=kind, due_on=DAY + timedelta(days=45), basis="practice", grace_until=DAY)
        for kind in (DeadlineKind.OPT_OUT, DeadlineKind.RESPONSE)
    )
    attempt.sent(reference="12345678", deadlines={carried[0]: dates}, received_on=DAY)


def picture(vault: Vault, attempt: RunningAttempt) -> None:
    """Store the capture of the confirmation: a commit in the person's own file."""
    vault.evidence.store(
        JORDAN.id, EvidenceKind.CONFIRMATION, "image/jpeg", PICTURE, message_id=attempt.message_id
    )


class Recorded:
    """Stands where the vault's connection stood, and notes what is written through it.

    The same statements with the same values then go to a twin of the database, from nobody.
    """

    def __init__(self, vault: Vault, twin: Database) -> None:
        self._real = vault.db.connection
        self._twin = twin.connection
        self._noted: list[tuple[bool, str, Any]] = []
        vault.db.connection = self  # type: ignore[misc] # only to listen

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def execute(self, sql: str, values: object = ()) -> object:
        """Pass a statement on; note it if it writes."""
        if not sql.lstrip().startswith("SELECT"):
            self._noted.append((False, sql, values))
        return self._real.execute(sql, values)

    def executemany(self, sql: str, rows: object) -> object:
        """Pass rows on, and note them."""
        self._noted.append((True, sql, rows))
        return self._real.executemany(sql, rows)

    def commits(self) -> int:
        """Return how many commits were noted since the last replay."""
        return sum(sql == "COMMIT" for _, sql, _ in self._noted)

    def replay(self) -> None:
        """Write the same rows to the twin, with the database's own commands only."""
        noted, self._noted = self._noted, []
        for many, sql, values in noted:
            (self._twin.executemany if many else self._twin.execute)(sql, values)


def most_commits_hold(vault: Vault, heard: Recorded, yes: Approved) -> bool:
    """Print how many commits one filing makes, its proof's own file included."""
    files = [file.connection for file in vault.evidence._open.values()]  # noqa: SLF001 - only heard
    in_files: list[str] = []
    for connection in files:
        connection.set_trace_callback(in_files.append)
    with begin(vault, *yes) as attempt:
        attempt.sending()
        picture(vault, attempt)
        finish(vault, attempt)
    made, of_proof = heard.commits(), in_files.count("COMMIT")
    heard.replay()
    good = files != [] and made == 3 and of_proof > 0 and made + of_proof <= MOST_COMMITS
    told(
        f"commits of one filing: {made} of the outbox + {of_proof} for its proof"
        f" = {made + of_proof}, at most {MOST_COMMITS}",
        verdict="ok" if good else "FAIL",
    )
    return good


def steps(vault: Vault, prepared: Iterator[Approved]) -> tuple[Callable[[], None], ...]:
    """Return the three commits of a filing, so many at a time; each goes on where one left."""
    filling: list[RunningAttempt] = []
    sending: list[RunningAttempt] = []

    def before_typing() -> None:
        filling.extend(begin(vault, *yes) for yes in islice(prepared, AT_A_TIME))

    def before_pressing() -> None:
        while filling:
            attempt = filling.pop()
            attempt.sending()
            sending.append(attempt)

    def outcome() -> None:
        while sending:
            attempt = sending.pop()
            finish(vault, attempt)
            attempt.__exit__(None, None, None)

    return before_typing, before_pressing, outcome


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as place, ExitStack() as stack:
        vault = stack.enter_context(open_folder(Path(place)))
        many = AT_A_TIME * (ROUNDS + 1)
        prepared = iter([approved(vault, number) for number in range(many + 2)])
        store_first_picture(vault, *next(prepared))
        vault.db.copy_to(Path(place) / "twin.db")
        twin = stack.enter_context(open_database(Path(place) / "twin.db", vault.key))
        heard = Recorded(vault, twin)
        good = [most_commits_hold(vault, heard, next(prepared))]
        works = [work for step in steps(vault, prepared) for work in (step, heard.replay)]
        taken = [each / AT_A_TIME for each in medians(works, rounds=ROUNDS)]
        one = medians([one_row(twin)], rounds=ROUNDS)[0] / AT_A_TIME
    ours, bare = taken[::2], taken[1::2]
    against = "the same rows by the database alone"
    good.append(held("the outbox's three commits", sum(ours), sum(bare), AT_MOST, against=against))
    names = ("before typing", "before pressing", "outcome")
    for name, mine, its in zip(names, ours, bare, strict=True):
        told(f"{name}: {milliseconds(mine)}; the database alone: {milliseconds(its)}")
    told(f"a commit of one row by the database alone: {milliseconds(one)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
