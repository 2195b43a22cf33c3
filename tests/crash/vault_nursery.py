"""Raises short-lived processes that file or change the key, and kills them; says what remained.

Run by test_vault_outbox.py and test_vault_rekey.py: forking here is cheap, so hundreds of kills
fit into seconds. The "company" is a file that counts what it received.

    python vault_nursery.py file|naive FOLDER MESSAGES KILLS SEED
    python vault_nursery.py rekey FOLDER KILLS SEED
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from optout.model.record import EvidenceKind
from optout.model.request import Delivery, Message
from optout.model.secret import Secret
from optout.vault import slots, vault
from optout.vault.create import create_vault
from optout.vault.folder import VaultFolder, read_folder
from optout.vault.unlock import unlock
from tests.conftest import PASSPHRASE, SetClock, World, reopened

GAPS = ("before A", "after A", "after B", "received", "proof kept", "after C")
slots.COST = 2**10  # type: ignore[misc] # many vaults: the cost of guessing is not tested here


class Mother:
    """Forks a child, follows its marks, and kills it at a mark or at a random time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.killed: Counter[str] = Counter()

    def child(self, work: Callable[[Callable[[str], None]], None], kill_at: str | float) -> bool:
        """Run `work` in a child; return whether it ended by itself."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            self._live(work, writer, kill_at)
        os.close(writer)
        where = self._follow(reader, pid, kill_at)
        os.close(reader)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            self.killed[where] += 1
            return False
        if os.WEXITSTATUS(status):
            raise RuntimeError(where)
        return True

    def _live(
        self, work: Callable[[Callable[[str], None]], None], writer: int, kill_at: str | float
    ) -> None:
        def mark(gap: str) -> None:
            os.write(writer, f"{gap}\n".encode())
            if gap == kill_at:
                time.sleep(60)  # the kill lands inside this gap

        code = 1
        try:
            work(mark)
            code = 0
        except BaseException as error:  # noqa: BLE001 - reported to the mother
            os.write(writer, f"{type(error).__name__}: {error}\n".encode())
        os._exit(code)

    def _follow(self, reader: int, pid: int, kill_at: str | float) -> str:
        if isinstance(kill_at, float):
            time.sleep(kill_at)
            os.kill(pid, signal.SIGKILL)
        said = ""
        while part := os.read(reader, 4096).decode():
            said += part
            if isinstance(kill_at, str) and f"{kill_at}\n" in said:
                os.kill(pid, signal.SIGKILL)
        return said.splitlines()[-1] if said else "starting"


def receive(received: Path, message: Message) -> None:
    """The company takes a request: one line, written at once."""
    with received.open("a") as file:
        file.write(f"{message.id}\n")


def file_all(world: World, received: Path, mark: Callable[[str], None]) -> None:
    """File everything that is ready, as the program does."""
    for message in world.vault.messages.list(deliveries={Delivery.READY}):
        mark("before A")
        with world.begin(message) as attempt:
            mark("after A")
            attempt.sending()
            mark("after B")
            receive(received, message)
            mark("received")
            world.vault.evidence.store(
                message.subject_id, EvidenceKind.CAPTURE, "image/jpeg", b"x", message_id=message.id
            )
            mark("proof kept")
            attempt.sent()
            mark("after C")


def file_naively(world: World, received: Path, mark: Callable[[str], None]) -> None:
    """File first and write it down afterwards: the order that files twice."""
    for message in world.vault.messages.list(deliveries={Delivery.READY}):
        mark("before A")
        receive(received, message)
        mark("received")
        with world.begin(message) as attempt:
            attempt.sending()
            attempt.sent()
        mark("after C")


def file_under_fire(mode: str, folder: Path, messages: int, kills: int, seed: int) -> object:
    made = create_vault(
        folder / "vault", clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    key, clock = made.vault.key, SetClock()
    world = World(made.vault, clock)
    subject = world.person()
    ids = []
    with world.vault.together():
        for number in range(messages):
            request = world.request(subject, broker=f"c-{number}")
            message = world.message(subject, request)
            world.vault.messages.set_ready(message.id)
            world.approve(world.payload(message))
            ids.append(message.id)
    world.vault.close()
    received = folder / "received"
    received.touch()
    filing = file_all if mode == "file" else file_naively

    def work(mark: Callable[[str], None]) -> None:
        with reopened(folder / "vault", key, clock) as opened:
            filing(World(opened, clock), received, mark)

    mother = Mother(seed)
    gaps = GAPS if mode == "file" else ("before A", "received", "after C")
    for number in range(kills):
        at_random = number >= kills // 2
        delay = mother.chance.uniform(0.01, 0.12)
        mother.child(work, delay if at_random else gaps[number % len(gaps)])
    mother.child(work, "never")
    counted = Counter(received.read_text().split())
    with reopened(folder / "vault", key, clock) as opened:
        stands = {each: opened.messages.get(each).delivery for each in ids}
        opened.audit()
    return {
        "killed": mother.killed,
        "double": [each for each in ids if counted[each] > 1],
        "lost": [each for each in ids if counted[each] and stands[each] is Delivery.READY],
        "falsely sent": [
            each for each in ids if not counted[each] and stands[each] is Delivery.SENT
        ],
        "stands": Counter(stands.values()),
    }


def rekey_under_fire(folder: Path, kills: int, seed: int) -> object:
    made = create_vault(
        folder / "vault", clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    clock = SetClock()
    world = World(made.vault, clock)
    subject = world.person()
    proof = world.vault.evidence.store(subject.id, EvidenceKind.REPLY, "text/plain", b"proof")
    world.vault.close()
    mother = Mother(seed)
    results: Counter[str] = Counter()
    took = 0.2

    def rotate(mark: Callable[[str], None]) -> None:
        point, close = VaultFolder.point, vault.Vault.close_files

        def pointing(place: VaultFolder) -> None:
            mark("before the swap")
            point(place)
            mark("after the swap")

        def closing(there: vault.Vault) -> None:
            mark("built")
            close(there)

        VaultFolder.point = pointing  # type: ignore[method-assign,assignment] # marks the gaps
        vault.Vault.close_files = closing  # type: ignore[method-assign,assignment] # likewise
        opened = _unlock(folder, clock)
        mark("open")
        opened.keys.rotate([PASSPHRASE])
        mark("finished")

    for number in range(kills):
        before = read_folder(folder / "vault").generation
        gaps = ("built", "before the swap", "after the swap")
        at_random = number >= kills // 2
        start = time.monotonic()
        mother.child(
            rotate, mother.chance.uniform(0.02, took) if at_random else gaps[number % len(gaps)]
        )
        took = max(took, time.monotonic() - start)
        with _unlock(folder, clock) as opened:
            opened.audit()
            sound = opened.evidence.read(proof.id) == b"proof"
            results["old" if opened.place.generation == before else "new"] += sound
            left = [path.name for path in opened.folder.glob("key-*")]
            results["left over"] += len(left) - 1
    return {"killed": mother.killed, "opened": results}


def _unlock(folder: Path, clock: SetClock) -> vault.Vault:
    def typed() -> Secret[str]:
        return PASSPHRASE

    return unlock(folder / "vault", clock=clock, actor="p", passphrase=typed)


if __name__ == "__main__":
    mode, folder, *numbers = sys.argv[1:]
    if mode == "rekey":
        found = rekey_under_fire(Path(folder), *map(int, numbers))
    else:
        found = file_under_fire(mode, Path(folder), *map(int, numbers))
    sys.stdout.write(json.dumps(found))
