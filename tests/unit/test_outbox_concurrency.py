"""Proves that several windows at once never send the same thing twice.

Four processes each try to send each of 400 messages. The control takes the guard away: then the
same race does begin things twice, so the race is real.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from optout.model.request import Delivery
from optout.model.words import Right
from optout.rules.lifecycle import RUNNING

if TYPE_CHECKING:
    from tests.conftest import World

WORKERS = 4
MESSAGES = 400

WORKER = """
    import json, random, sys, time
    from pathlib import Path
    folder, key, seed, started, guarded, root = sys.argv[1:]
    sys.path.insert(0, root)
    from tests.conftest import SetClock, World, reopened
    from optout.errors import OptoutError
    from optout.model.request import Delivery
    from optout.model.secret import Secret
    from optout.rules.digest import payload_digest
    from optout.vault import messages, outbox

    def unguarded(db, message_ids, old, new):
        for message_id in message_ids:
            db.change("UPDATE message SET delivery = :new WHERE id = :id",
                      {"id": message_id, "new": new})

    clock = SetClock()
    vault = reopened(Path(folder), Secret(bytes.fromhex(key)), clock)
    world = World(vault, clock)
    if guarded == "no":
        messages.move_together = outbox.move_together = unguarded
        outbox.Outbox._check_approved = lambda *_: None
        # The index on running attempts is the second guard: both must go to see a double.
    payloads = []
    for message in vault.messages.list():
        payload = world.payload(message)
        approval = vault.approvals.find(message.id, payload_digest(payload))
        payloads.append((message, payload, approval.id))
    random.Random(int(seed)).shuffle(payloads)
    Path(started).touch()
    while len(list(Path(started).parent.glob("started-*"))) < 4:
        time.sleep(0.001)
    sent = []
    # On a busy machine a window gives up waiting and puts its message back: once more, then.
    while vault.messages.tally().get(Delivery.READY):
        for message, payload, approval_id in payloads:
            try:
                with vault.outbox.begin(
                    message.id, payload=payload, approval_id=approval_id, newness={}
                ) as attempt:
                    attempt.sending()
                    sent.append(message.id)
                    attempt.sent()
            except OptoutError:
                continue
    vault.close()
    print(json.dumps(sent))
"""


def race(world: World, folder: Path, *, guarded: bool) -> Counter[str]:
    """Let the workers race; return how often each message was sent."""
    key = world.key.reveal().hex()
    root = str(Path(__file__).parents[2])
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                textwrap.dedent(WORKER),
                str(world.vault.folder),
                key,
                str(seed),
                str(folder / f"started-{seed}"),
                "yes" if guarded else "no",
                root,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(WORKERS)
    ]
    said = [worker.communicate(timeout=500)[0] for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    return Counter(message for each in said for message in json.loads(each))


def prepare(world: World, count: int) -> None:
    subject = world.person()
    with world.vault.together():
        for number in range(count):
            request = world.request(subject, broker=f"company-{number}", right=Right.DELETE)
            message = world.message(subject, request, broker=f"company-{number}")
            world.vault.messages.set_ready(message.id)
            world.approve(world.payload(message))


def test_four_windows_never_send_one_message_twice(world: World, tmp_path: Path) -> None:
    prepare(world, MESSAGES)
    sent = race(world, tmp_path, guarded=True)
    assert len(sent) == MESSAGES
    assert set(sent.values()) == {1}
    assert world.vault.messages.tally() == {Delivery.SENT: MESSAGES}
    assert not world.vault.messages.list(deliveries=RUNNING)
    assert world.vault.events.verify() > 3 * MESSAGES


def test_without_the_guard_the_same_race_sends_messages_twice(world: World, tmp_path: Path) -> None:
    prepare(world, 40)
    with world.vault.together():
        world.vault.db.change("DROP INDEX attempt_running")
    sent = race(world, tmp_path, guarded=False)
    assert max(sent.values()) > 1
