"""`status`, `next` and `due` in a large folder, against one indexed lookup for each row they show.

Opening the folder is not in it (a passphrase is slow on purpose), nor is reading definitions: how
often one is asked for is counted. The folder is filled by a process of its own, because the wiping
of memory that a vault switches on stays on, and makes a bulk insert fifteen times slower.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from sqlcipher3 import dbapi2

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Slug
from optout.model.record import TaskKind
from optout.model.request import Delivery, Status
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.sample.scripted_person import PASSPHRASE, ScriptedPerson
from optout.vault.create import create_vault
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock_with_key
from optout.vault.vault import Vault
from optout.workflows.desk import Desk
from optout.workflows.standing import dues, standings, to_do
from tests.benchmarks.ratio import held, medians, milliseconds, told

UNSETTLED = 20  # requests of one person: five companies, four rights
ROUNDS = 9
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
AT = "2026-11-02T18:00:00.000000Z"
RIGHTS = (Right.OPT_OUT, Right.DELETE, Right.ACCESS, Right.CORRECT)
FIELDS = ("full_name", "email", "city")
BUILD = "build"
Row = dict[str, Any]


class Shape(NamedTuple):
    """How many people a folder holds, and what of theirs is not settled."""

    people: int
    each: int  # requests of one person
    unsettled: int  # of them, of every so-many-th person
    every: int = 1

    @property
    def requests(self) -> int:
        """Return how many there are in all."""
        return self.people * self.each


FEW_WITH_MUCH = Shape(people=100, each=1_000, unsettled=UNSETTLED)  # the longest `status`


def rows_of(
    number: int, subject_id: str, companies: tuple[Slug, ...], shape: Shape
) -> Iterator[tuple[str, Row]]:
    """Yield everything the folder holds about one request, table by table."""
    person, place = divmod(number, shape.each)
    unsettled = place < shape.unsettled and person % shape.every == 0
    waiting = unsettled and place % 2 == 0  # nothing of it has left yet
    request, message = f"r{number:031}", f"m{number:031}"
    attempt, approval = f"a{number:031}", f"y{number:031}"
    broker = companies[place % len(companies)]
    right = RIGHTS[place // len(companies) % len(RIGHTS)]
    yield (
        "request",
        {
            "id": request,
            "reference": f"R{number:07}",
            "subject_id": subject_id,
            "broker": broker,
            "right": right,
            "law": "us-co-cpa",
            "law_sha256": "0" * 64,
            "presence": "likely",
            "status": Status.OPEN if unsettled else Status.FULFILLED,
            "received_on": "2026-11-02",
            "created_at": AT,
        },
    )
    yield (
        "message",
        {
            "id": message,
            "reference": f"M{number:07}",
            "subject_id": subject_id,
            "purpose": "request",
            "broker": broker,
            "channel_right": right,
            "by": By.WEB,
            "channel_key": "",
            "leg": 0,
            "delivery": Delivery.DRAFT if waiting else Delivery.SENT,
            "seen_by_broker": 0,
            "tracking": "",
            "broker_reference": "12345678",
            "created_at": AT,
        },
    )
    yield "message_request", {"message_id": message, "request_id": request, "place": 0}
    if waiting:
        return
    if place == 3 and person % shape.every == 0:
        yield (
            "task",
            {
                "id": f"t{number:031}",
                "kind": TaskKind.READ_ANSWER,
                "request_id": request,
                "minutes": 5,
                "state": "open",
                "created_at": AT,
            },
        )
    yield (
        "approval",
        {
            "id": approval,
            "message_id": message,
            "digest": "0" * 64,
            "approved_by": "bench",
            "approved_at": AT,
            "spent_at": AT,
        },
    )
    yield (
        "attempt",
        {
            "id": attempt,
            "message_id": message,
            "approval_id": approval,
            "delivery": Delivery.SENT,
            "payload_sha256": "0" * 64,
            "definition_sha256": "0" * 64,
            "letter_sha256": "",
            "began_at": AT,
        },
    )
    for field in FIELDS:
        yield (
            "disclosure",
            {
                "attempt_id": attempt,
                "subject_id": subject_id,
                "recipient": f"{broker}.test",
                "company": broker,
                "broker": broker,
                "field": field,
                "new_to_them": 0,
                "at": AT,
            },
        )
    yield (
        "evidence",
        {
            "id": f"e{number:031}",
            "subject_id": subject_id,
            "matter_id": f"of-{subject_id}",
            "message_id": message,
            "kind": "confirmation",
            "media_type": "image/jpeg",
            "sha256": "0" * 64,
            "size": 60_000,
            "at": AT,
        },
    )
    late = place == 1
    for kind in ("opt-out", "response"):
        yield (
            "deadline",
            {
                "id": f"{kind}{number:024}",
                "request_id": request,
                "kind": kind,
                "due_on": "2026-10-01" if late else f"2026-12-{place % 28 + 1:02}",
                "basis": "C.R.S. 6-1-1306(2)(a)",
                "grace_until": "2026-10-04" if late else "2027-01-20",
                "law": "us-co-cpa",
                "met": int(not unsettled),
            },
        )


def rows_of_person(
    number: int, companies: tuple[Slug, ...], shape: Shape
) -> Iterator[tuple[str, Row]]:
    """Yield one person and all that was ever asked for them."""
    subject_id = f"s{number}"
    subject = {"id": subject_id, "label": "Jordan", "zone": "America/Denver", "acting": "self"}
    yield (
        "subject",
        {**subject, "minor_allowed_by_parent": 0, "residences": "[]", "reply_to": "[]"},
    )
    yield (
        "matter",
        {
            "id": f"of-{subject_id}",
            "subject_id": subject_id,
            "evidence_file": f"{subject_id}.db",
            "evidence_key": "",
            "opened_at": AT,
        },
    )
    for each in range(number * shape.each, (number + 1) * shape.each):
        yield from rows_of(each, subject_id, companies, shape)


def fill(path: Path, key: str, shape: Shape) -> None:
    """Fill a closed vault's database; its triggers stand aside meanwhile."""
    companies = tuple(broker.slug for broker in list_brokers())
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        say = connection.execute
        say(f"PRAGMA key = \"x'{key}'\"")
        say("PRAGMA cache_size = -262144")
        say("BEGIN")
        triggers = say("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            say(f"DROP TRIGGER {name}")
        for number in range(shape.people):
            tables: dict[str, list[Row]] = {}
            for table, row in rows_of_person(number, companies, shape):
                tables.setdefault(table, []).append(row)
            for table, rows in tables.items():
                insert(connection, table, rows)
        for _name, sql in triggers:
            say(sql)
        for table, column in (("request", "status"), ("message", "delivery")):
            say(
                f"INSERT INTO tally SELECT '{table}', {column}, count(*) FROM {table}"
                f" GROUP BY {column}"
            )
        say("COMMIT")


def insert(connection: dbapi2.Connection, table: str, rows: Sequence[Row]) -> None:
    """Add rows of one shape."""
    columns = ", ".join(f'"{name}"' for name in rows[0])
    places = ", ".join(f":{name}" for name in rows[0])
    connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', rows)


def filled_vault(place: Path, shape: Shape) -> Vault:
    """Return an open vault with so many requests, filled by another process."""
    made = create_vault(
        place / "folder",
        clock=now,
        actor="bench",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )
    made.vault.close()
    folder, key = read_folder(place / "folder"), made.vault.key
    began = time.perf_counter()
    subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks.queries", BUILD, str(folder.database)),
            *map(str, shape),
        ],
        input=key.reveal().hex(),
        text=True,
        check=True,
    )
    size = folder.database.stat().st_size // 2**20
    told(
        f"{shape.requests:,} requests of {shape.people:,} people, {size} MiB,"
        f" filled in {time.perf_counter() - began:.0f} s"
    )
    return unlock_with_key(folder, key, clock=now, actor="bench")


def now() -> datetime:
    """Return the benchmark's present."""
    return NOW


def desk_with(vault: Vault, looked_up: list[str]) -> Desk:
    """Return a desk that notes which definitions were asked for."""
    brokers = {broker.slug: broker for broker in list_brokers()}

    def find(slug: str) -> Broker:
        looked_up.append(slug)
        return brokers[Slug(slug)]

    def unused(*_: object) -> NoReturn:
        raise AssertionError

    return Desk(
        vault=vault,
        person=ScriptedPerson(),
        clock=now,
        find_broker=find,
        list_brokers=unused,
        laws=list_laws,
        fence_for=unused,
        rehearsal_for=unused,
        window=unused,
        out_folder=vault.folder,
    )


def look_up(vault: Vault, count: int) -> None:
    """Read so many requests by id, each by itself, with the database's own commands only."""
    say = vault.db.connection.execute
    for number in range(count):
        say("SELECT * FROM request WHERE id = :id", {"id": f"r{number:031}"}).fetchone()


def measured(
    vault: Vault,
    name: str,
    reading: Callable[[Desk], Sequence[object]],
    *,
    shown: Callable[[Sequence[Any]], int] = len,
    readings: int = 1,
    at_most: float,
) -> bool:
    """Print one reading of the folder; say whether it holds.

    A screen may be made of several `readings`, each of which asks once for a definition.
    """
    looked_up: list[str] = []
    desk = desk_with(vault, looked_up)
    rows = shown(reading(desk))
    companies, asked = len(set(looked_up)), len(looked_up)
    ours, bare = medians([partial(reading, desk), partial(look_up, vault, rows)], rounds=ROUNDS)
    told(f"{name}: {milliseconds(ours)} (to reach on a quiet machine: 100 ms)")
    good = asked <= companies * readings
    told(
        f"{name}: definitions asked for: {asked}, of {companies} companies",
        verdict="ok" if good else "FAIL",
    )
    against = f"{rows} indexed lookups"
    return held(f"{name} ({rows} rows)", ours, bare, at_most, against=against) and good


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    with (
        tempfile.TemporaryDirectory(prefix="optout-bench-") as place,
        filled_vault(Path(place), FEW_WITH_MUCH) as vault,
    ):
        subject = vault.subjects.get(SubjectId("s0"))
        good = [
            measured(
                vault, "status of one person", lambda desk: standings(desk, subject), at_most=3
            ),
            measured(vault, "next", to_do, at_most=2),
            measured(vault, "due", dues, at_most=1.4),
        ]
        counted = medians([vault.requests.tally], rounds=ROUNDS)[0]
        told(f"how many requests stand where: {milliseconds(counted)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == [BUILD]:
        fill(Path(sys.argv[2]), sys.stdin.read(), Shape(*map(int, sys.argv[3:])))
        sys.exit(0)
    sys.exit(main())
