"""Raises workers that file, kills them, and holds what remains against what the company counted.

The company (the practice one with the wizard) and its count live here, outside the killing. One
`Fire` is one locked folder under fire: each `shot` is one worker's life, from opening the folder to
the SIGKILL that ends its whole process group, browser included.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from optout.model.fields import Field
from optout.model.secret import Secret
from optout.sample.risk_data import SLUG
from optout.sample.servers import World, sample_world

WORKER: Final = Path(__file__).with_name("filing_worker.py")
PATIENCE: Final = 120.0  # seconds; far above anything but a worker that hangs
TRIES: Final = 20  # a shot at random may come after the end
BATCH: Final = 5  # so many requests are added when few are left
ENOUGH: Final = 2
# The last mark before death, and what it means.
PHASES: Final = {
    "go": "opening",
    "open": "before A",
    "b4 A": "in commit A",
    "A": "A to first fill",
    "f": "between fills",
    "b4 B": "in commit B",
    "B": "B to press",
    "p": "press to C",
    "P": "press to C",
    "proof": "press to C",
    "b4 C": "in commit C",
    "C": "after C",
    "end": "between two",
}
STOPS: Final = {  # where to aim to hit a gap
    "A to first fill": ("A",),
    "between fills": ("f",),
    "B to press": ("B",),
    "press to C": ("p", "P", "proof"),
    "after C": ("C",),
}
NOT_ASKED_OF_NAIVE: Final = {"disclosed": [*Field], "proofs": 1}
NOT_FILING: Final = frozenset({"opening", "before A", "between two"})
SETTLED: Final = frozenset({"sent", "unknown"})

By = Literal["browser", "post", "write last", "write first"]
figures: list[str] = []  # printed at the end of the run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was killed where, and what came of it."""
    if figures:
        terminalreporter.section("filing under fire")
        for line in figures:
            terminalreporter.write_line(line)


# ---- workers ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Where a worker dies: stopped at a mark, or some time after one. Nowhere: it lives on."""

    stop_at: str = ""
    times: int = 1  # at the mark's so-many-th time
    after: float | None = None  # so many seconds after its start,
    steps: int = 0  # or after so many marks, commit A the first


class Nursery:
    """One process that has everything imported, and forks a worker for each wire it is sent."""

    def __init__(self, temporary: Path) -> None:
        ours, theirs = socket.socketpair()
        self._control = ours
        self._mother = subprocess.Popen(
            [sys.executable, str(WORKER), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            # Killed browsers leave their profiles: here they go with the test's own folder.
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        theirs.close()

    def worker(self, **job: object) -> Life:
        ours, theirs = socket.socketpair()
        socket.send_fds(self._control, [b"."], [theirs.fileno()])
        theirs.close()
        return Life(ours, job)

    def close(self) -> None:
        self._control.close()
        self._mother.wait(PATIENCE)


class Life:
    """One worker, as seen from outside."""

    def __init__(self, wire: socket.socket, job: Mapping[str, object]) -> None:
        self._wire = wire
        self._heard = b""
        self.say(**job)
        self.pid = int(self.wait_for("pid")["pid"])
        self.groups = {self.pid}

    def say(self, **words: object) -> None:
        self._wire.sendall(json.dumps(words).encode() + b"\n")

    def hear(self, until: float | None = None) -> Mapping[str, Any] | None:
        """Return the next words; None once it is dead. Raises TimeoutError at `until`."""
        while b"\n" not in self._heard:
            part = self._receive(until)
            if not part:
                return None
            self._heard += part
        line, _, self._heard = self._heard.partition(b"\n")
        words: Mapping[str, Any] = json.loads(line)
        assert "error" not in words, words["error"]
        return words

    def _receive(self, until: float | None) -> bytes:
        left = PATIENCE if until is None else until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._wire.settimeout(left)
        try:
            return self._wire.recv(65536)
        except TimeoutError:
            assert until is not None, "a worker hangs"
            raise

    def wait_for(self, word: str) -> Mapping[str, Any]:
        """Return the first words that have `word` among them."""
        while (words := self.hear()) is not None:
            if word in words:
                return words
        raise AssertionError(word)

    def warm(self) -> None:
        """Wait until its browser stands; that one has a process group of its own."""
        self.wait_for("warm")
        self.groups |= {pid for pid in below(self.pid) if os.getpgid(pid) == pid}

    def kill(self) -> None:
        for group in sorted(self.groups):
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.killpg(group, signal.SIGKILL)

    def close(self) -> None:
        self._wire.close()


def below(pid: int) -> Iterator[int]:
    """Yield every process that a process started, directly or not."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from below(child)


def alive(groups: Collection[int]) -> list[int]:
    """Return the processes of these groups that still run; the dead may wait to be counted."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, after_name = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, group = after_name[0], int(after_name[2])
        if group in groups and state != "Z":
            found.append(pid)
    return found


@dataclass(slots=True)
class Course:
    """How one life goes: its last mark, and when the shot comes."""

    shot: Shot
    last: str = "go"
    name: str = ""
    hit: bool = False
    done: bool = False
    until: float | None = None
    began: float = field(default_factory=time.monotonic)
    began_filing: float = 0.0
    steps: int = 0  # marks since commit A

    def next_of(self, life: Life) -> Mapping[str, Any] | None:
        """Return its next words; at the time of the shot, that it is time."""
        if self.shot.after is not None and self.until is None and self.steps >= self.shot.steps:
            self.until = time.monotonic() + self.shot.after
        try:
            return life.hear(None if self.hit else self.until)
        except TimeoutError:
            return {"time": True}

    def note(self, words: Mapping[str, Any]) -> bool:
        """Follow the words; say whether it is to be killed now."""
        if "mark" in words or "open" in words:
            self.last = words.get("mark", "open")
            self.name = words.get("about", "")
            self.steps += bool(self.steps) or self.last == "A"
        if self.steps == 1 and "mark" in words:
            self.began_filing = time.monotonic()
        self.done = self.done or "done" in words
        shot = "time" in words or "stopped" in words
        self.hit = self.hit or shot
        return shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """How the first request went, which nobody shot at."""

    seconds: float  # from opening the folder
    steps: int  # marks from commit A on
    seconds_a_step: float


# ---- a folder under fire ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One SIGKILL that hit."""

    phase: str
    name: str  # whose request was being filed
    aimed: bool  # at a gap; else at a random moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The folder's word held against the company's count. Empty lists are good."""

    double: tuple[str, ...]  # each as often as it was filed too often
    lost: tuple[str, ...]  # the company took it, and the folder would file it or forgot it
    falsely_sent: tuple[str, ...]
    unfinished: tuple[str, ...]
    undisclosed: tuple[str, ...]  # the company saw a value that no disclosure row tells
    unproven: tuple[str, ...]  # sent, without the page that says so
    doubted: tuple[str, ...]  # no kill came near, and yet not sent
    unknown: int
    sent: int

    def faults(self) -> Mapping[str, int]:
        kinds = ("double", "lost", "falsely_sent", "unfinished", "undisclosed", "unproven")
        return {kind: len(getattr(self, kind)) for kind in (*kinds, "doubted")}


@dataclass(slots=True, kw_only=True)
class Fire:
    """One folder, and the workers that file from it and die."""

    nursery: Nursery
    world: World
    folder: Path
    key: str
    by: By
    prefix: str
    without: str = ""
    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    names: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)  # of what was said yes to
    kills: list[Kill] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    undisturbed: Undisturbed | None = None
    _past: set[str] = field(default_factory=set)  # whose commit B has come
    _standby: Life | None = None

    @property
    def naive(self) -> bool:
        return self.by.startswith("write")

    def stock(self, number: int) -> None:
        """Add so many people, each with one request that was said yes to."""
        new = [f"{self.prefix}{letters(len(self.names) + at)}" for at in range(number)]
        self.names += new
        if self.naive:
            (self.folder / "names").write_text(" ".join(self.names))
        else:
            self.digests |= self._job("stock", names=new)["digests"]

    def ready(self) -> int:
        """Return how many have certainly not begun to be sent."""
        return len(self.names) - len(self._past)

    def begin(self) -> None:
        """File two requests undisturbed: tells how long one takes."""
        self.stock(2)
        self.finish()
        self.kills.clear()

    def finish(self) -> None:
        """Let a worker live until nothing is left ready."""
        self._live(Shot())

    def shoot(self, shot: Shot) -> None:
        """Let workers live until the shot has hit one of them."""
        for _try in range(TRIES):
            if self.ready() < ENOUGH:
                self.stock(BATCH)
            last, name, hit = self._live(shot)
            if hit:
                self.kills.append(Kill(phase=PHASES[last], name=name, aimed=bool(shot.stop_at)))
                return
            self.stock(1)  # it ended by itself: nothing was left for it
            if shot.after is not None:  # the machine has become faster than when it was measured
                shot = replace(shot, after=shot.after / 2)
        raise AssertionError(shot)

    def at_random(self) -> Shot:
        """Return a shot at any moment from opening the folder to the end of one request."""
        assert self.undisturbed
        return Shot(after=self.chance.uniform(0, self.undisturbed.seconds))

    def at_random_step(self) -> Shot:
        """Return a shot at any moment around any step of filing; the steps differ much in time."""
        assert self.undisturbed
        after = self.chance.uniform(0, 2 * self.undisturbed.seconds_a_step)
        return Shot(steps=self.chance.randint(1, self.undisturbed.steps), after=after)

    def at_gap(self, gap: str) -> Shot:
        """Return a shot into one gap."""
        return self.at_mark(self.chance.choice(STOPS[gap]))

    def at_mark(self, mark: str) -> Shot:
        """Return a shot at the moment after one mark."""
        return Shot(stop_at=mark, times=self.chance.randint(1, 3) if mark == "f" else 1)

    def push(self) -> int:
        """Try to file everything again; return how often that was refused."""
        return int(self._job("push")["refused"])

    def stand_down(self) -> None:
        """Send home the worker that waits for its turn."""
        life, self._standby = self._standby, None
        if life:
            life.warm()
            self.groups |= life.groups
            life.kill()
            assert life.hear() is None
            life.close()

    def phases(self) -> Counter[str]:
        """Count the kills by phase."""
        return Counter(kill.phase for kill in self.kills)

    def while_filing(self, *, aimed: bool = True) -> int:
        """Count the kills between the first step of commit A and the end of the request."""
        return sum(
            kill.phase not in NOT_FILING and (aimed or not kill.aimed) for kill in self.kills
        )

    # ---- one life ----

    def _live(self, shot: Shot) -> tuple[str, str, bool]:
        """Return the last mark, whose request it was, and whether the kill came in time."""
        life = self._standby or self._start()
        life.warm()
        self.groups |= life.groups
        life.say(stop_at=shot.stop_at, times=shot.times, digests=self.digests)
        self._standby = self._start()  # the next one starts its browser while this one works
        course = Course(shot)
        while (words := course.next_of(life)) is not None:
            if course.note(words):
                life.kill()
            self._note(course, words)
        life.close()
        return course.last, course.name, course.hit and not course.done

    def _note(self, course: Course, words: Mapping[str, Any]) -> None:
        mark = words.get("mark")
        if mark in {"b4 B", "p", "b4 C"}:
            self._past.add(course.name)
        if mark == "end" and self.undisturbed is None:
            now = time.monotonic()
            self.undisturbed = Undisturbed(
                seconds=now - course.began,
                steps=course.steps,
                seconds_a_step=(now - course.began_filing) / max(course.steps, 1),
            )

    def _start(self) -> Life:
        job = "file naively" if self.naive else "file"
        return self._worker(job, by=self.by, without=self.without)

    def _job(self, job: str, **more: object) -> Mapping[str, Any]:
        life = self._worker(job, by="post", **{"without": self.without, **more})
        words = life.wait_for("done")
        life.close()
        return words

    def _worker(self, job: str, **more: object) -> Life:
        places = self.world.places()
        return self.nursery.worker(
            job=job, folder=str(self.folder), key=self.key, places=places, **more
        )

    # ---- afterwards ----

    def still_alive(self) -> list[int]:
        """Return the processes of all workers and browsers so far that still run."""
        return alive(self.groups)

    def tell(self, verdict: Verdict) -> None:
        """Keep the figures for the end of the run."""
        at_random = sum(not kill.aimed for kill in self.kills)
        phases = ", ".join(f"{number} {phase}" for phase, number in self.phases().most_common())
        faults = ", ".join(f"{number} {fault}" for fault, number in verdict.faults().items())
        what = f"{self.by}, without {self.without}" if self.without else self.by
        figures.append(f"{what}: {len(self.kills)} kills, {at_random} at random: {phases}")
        figures.append(
            f"    {len(self.names)} requests: {verdict.sent} sent, {verdict.unknown} unknown;"
            f" {faults}"
        )

    def verdict(self) -> Verdict:
        """Hold the folder's word against the company's count."""
        known = {each["name"]: each for each in self._account()}
        took = self._taken()
        hit = {kill.name for kill in self.kills}
        stands = {name: each["stands"] for name, each in known.items()}

        def those(wrong: Collection[bool]) -> tuple[str, ...]:
            return tuple(name for name, is_so in zip(self.names, wrong, strict=True) if is_so)

        return Verdict(
            double=tuple(name for name, times in took.items() for _again in range(times - 1)),
            lost=those([took[n] > 0 and stands[n] not in SETTLED for n in self.names]),
            falsely_sent=those([stands[n] == "sent" and not took[n] for n in self.names]),
            unfinished=those([stands[n] not in SETTLED for n in self.names]),
            undisclosed=those([bool(self._saw(n) - set(known[n]["disclosed"])) for n in known]),
            unproven=those([stands[n] == "sent" and not known[n]["proofs"] for n in self.names]),
            doubted=those([n not in hit and stands[n] != "sent" for n in self.names]),
            unknown=sum(each == "unknown" for each in stands.values()),
            sent=sum(each == "sent" for each in stands.values()),
        )

    def _account(self) -> list[Mapping[str, Any]]:
        if not self.naive:
            return list(self._job("account")["requests"])
        ticked = (self.folder / "ticked").read_text().split()
        return [
            {"name": name, "stands": "sent" if name in ticked else "ready", **NOT_ASKED_OF_NAIVE}
            for name in self.names
        ]

    def _taken(self) -> Counter[str]:
        """Count what the company took, by whose request it was."""
        received = self.world.received(SLUG)
        taken = Counter(each.values.get("email", "").partition("@")[0] for each in received)
        return Counter({name: taken[name] for name in self.names})

    def _saw(self, name: str) -> set[str]:
        """Return the fields that the company saw of one person, page by page."""
        signs = {name.title(), f"{name}@example.com"}
        pages = (each.values for each in self.world.seen(SLUG))
        seen = {name for page in pages if signs & {*page.values()} for name in page}
        return seen & {*Field}


def letters(number: int) -> str:
    """Write a number as letters: names have no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")


@pytest.fixture(scope="session")
def company() -> Iterator[World]:
    """The practice companies, whose count nothing here can touch."""
    with sample_world() as world:
        yield world


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where workers come from."""
    # Not in pytest's folder: a browser's socket lies below, and its path has 107 characters.
    temporary = tempfile.mkdtemp(prefix="optout-")
    mother = Nursery(Path(temporary))
    yield mother
    mother.close()
    shutil.rmtree(temporary, ignore_errors=True)


class Ranges:
    """Opens a new folder under fire for each test that wants one."""

    def __init__(
        self, nursery: Nursery, company: World, made: tuple[Path, Secret[bytes]], to: Path
    ) -> None:
        self._nursery, self._company, self._to = nursery, company, to
        self._made, self._key = made
        self._fires: list[Fire] = []

    def fire(self, by: By, *, without: str = "") -> Fire:
        number = len(self._fires)
        folder = self._to / str(number)
        if by.startswith("write"):
            folder.mkdir()
            (folder / "ticked").touch()
        else:
            shutil.copytree(self._made, folder)
            folder.chmod(0o700)
        fire = Fire(
            nursery=self._nursery,
            world=self._company,
            folder=folder,
            key=self._key.reveal().hex(),
            by=by,
            without=without,
            prefix=f"jo{chr(ord('a') + number)}",
        )
        self._fires.append(fire)
        return fire

    def close(self) -> None:
        """Leave no worker behind, also where a test failed half-way."""
        for fire in self._fires:
            fire.stand_down()


@pytest.fixture(scope="session")
def ranges(
    nursery: Nursery,
    company: World,
    made_once: tuple[Path, Secret[bytes], Secret[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ranges]:
    """Folders to be filed from under fire."""
    folder, key, _code = made_once
    opened = Ranges(nursery, company, (folder, key), tmp_path_factory.mktemp("under-fire"))
    yield opened
    opened.close()
