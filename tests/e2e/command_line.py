"""Runs the real program as a person does: its own process, home, locked folder and passphrase.

    there = CommandLine(folder)
    there.run("status")                            # the passphrase goes over --passphrase-fd
    there.run("plan", typed="y\\ny\\nn\\nn\\nn\\ny\\n")  # what is typed at the questions
    there.each(["status", "--json"], ["due"])      # several, one after the other, in one process
    there.stopped("plan", typed="y\\ny\\n", by=CTRL_C)  # stopped at its first, second, … question

With `places` (where the practice companies are served, `World.places()`) the same program runs
with the practice companies in place of the catalog: this file is then its entry.
"""

# ruff: noqa: ANN401, PLC0415, T201 - options are passed on as they are; what the program loads is
# loaded late, as it does itself; printing is how the other process answers

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

PASSPHRASE = "a long and made-up passphrase"
PLACES = "PRACTICE_PLACES"  # read by this file only, never by the program
SECONDS = 300.0  # waited only for what does not come
CTRL_C, END_OF_INPUT = "ctrl-c", "end of input"


@dataclass(frozen=True)
class Ran:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def json(self) -> Any:
        return json.loads(self.out)


def wait_until(there: Callable[[], object], seconds: float = SECONDS) -> None:
    """Look again and again, until it is so; fail if it does not come."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


@dataclass(frozen=True)
class Stopped(Ran):
    """How a command ended that was stopped at a question, and the folder that it left."""

    question: str  # what stood before the cursor
    folder: Path


class Running:
    """One command that is under way, with what it said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._said: dict[str, list[str]] = {"out": [], "err": []}
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("out", process.stdout), ("err", process.stderr))
            if stream is not None
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, name: str, stream: TextIO) -> None:
        while letter := stream.read(1):
            self._said[name].append(letter)

    def said(self) -> str:
        return "".join(self._said["out"] + self._said["err"])

    def until_said(self, words: str) -> None:
        wait_until(lambda: words in self.said() or self.process.poll() is not None)
        if self.process.poll() is not None:  # its last words may not have been read yet
            for reader in self._readers:
                reader.join(SECONDS)
        assert words in self.said(), self.said()

    def type(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def send(self, what: signal.Signals) -> None:
        """Send a signal to everything the command started, as a terminal does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, what)

    def end(self) -> Ran:
        """Close the keyboard and wait for the end."""
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        code = self.process.wait(SECONDS)
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        return Ran(code, "".join(self._said["out"]), "".join(self._said["err"]))


@dataclass(frozen=True)
class CommandLine:
    """One person's machine: everything below `folder`."""

    folder: Path
    places: Mapping[str, tuple[str, int]] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()  # a program that starts ours, such as unshare

    @property
    def vault(self) -> Path:
        return self.folder / "locked"

    @property
    def papers(self) -> Path:
        return self.folder / "papers"

    def but(self, **changes: Any) -> CommandLine:
        return replace(self, **changes)

    def environment(self) -> dict[str, str]:
        for name in ("home", "tmp", "papers"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "OPTOUT_VAULT": str(self.vault),
        }
        places = {} if self.places is None else {PLACES: json.dumps(dict(self.places))}
        return {**own, **places, **self.env}

    def start(
        self,
        *words: str,
        passphrase: str | None = PASSPHRASE,
        entry: Sequence[str] = (),
        **streams: Any,
    ) -> Running:
        """Start it in a process group of its own and return at once."""
        usual = ["-m", "optout"] if self.places is None else [__file__]
        command = [*self.before, sys.executable, *(entry or usual), *words]
        reading = -1
        if passphrase is not None:
            reading, writing = os.pipe()
            os.write(writing, f"{passphrase}\n".encode() * 64)
            os.close(writing)
            command += [] if entry else ["--passphrase-fd", str(reading)]
        piped = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        env = {**self.environment(), **({"PASSPHRASE_FD": str(reading)} if entry else {})}
        try:
            return Running(
                subprocess.Popen(
                    command,
                    env=env,
                    cwd=self.papers,
                    text=True,
                    encoding="utf-8",
                    start_new_session=True,
                    pass_fds=() if reading < 0 else (reading,),
                    **{**piped, **streams},
                )
            )
        finally:
            if reading >= 0:
                os.close(reading)

    def run(self, *words: str, typed: str = "", **more: Any) -> Ran:
        """Run it to its end; the questions are answered with the lines of `typed`."""
        running = self.start(*words, **more)
        with contextlib.suppress(BrokenPipeError):  # it ended without reading them
            running.type(typed)
        return running.end()

    def each(self, *commands: Sequence[str]) -> list[Ran]:
        """Run several commands in one process, with nobody at the keyboard."""
        entry = (__file__, "each", json.dumps([list(command) for command in commands]))
        ran = self.run(entry=entry)
        assert ran.code == 0, ran.said
        return [Ran(*one) for one in ran.json()]

    def stopped(self, *words: str, typed: str, by: str) -> list[Stopped]:
        """Stop the command at each of the questions that `typed` answers, and at the one after.

        Each time it is a process of its own with a copy of the folder of its own.
        """
        entry = (__file__, "stopped", json.dumps([words, typed.splitlines(), by]))
        ran = self.run(entry=entry)
        assert ran.code == 0, ran.said
        return [
            Stopped(code, out, err, asked, Path(folder))
            for code, out, err, asked, folder in ran.json()
        ]


def prepare() -> None:
    """Before several commands: derive each key once, and put the practice companies in place."""
    import functools
    import hashlib

    hashlib.scrypt = functools.cache(hashlib.scrypt)  # type: ignore[assignment]  # the same answers
    if PLACES in os.environ:
        set_practice_companies()


def run_each(commands: Sequence[Sequence[str]]) -> None:
    """Run several commands, and print how each ended."""
    prepare()
    print(json.dumps([run_one(command, sys.stdin) for command in commands]))


def run_one(command: Sequence[str], keyboard: TextIO) -> tuple[int, str, str]:
    """Run one command in this process, and return how it ended."""
    from optout.cli.main import main

    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode() * 8)
    os.close(writing)
    out, err = io.StringIO(), io.StringIO()
    before, sys.stdin = sys.stdin, keyboard
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*command, "--passphrase-fd", str(reading)])
    sys.stdin = before
    os.close(reading)
    return code, out.getvalue(), err.getvalue()


class Keyboard(io.StringIO):
    """Somebody who answers some questions, and stops at the next."""

    def __init__(self, answers: Sequence[str], by: str) -> None:
        super().__init__("".join(f"{answer}\n" for answer in answers))
        self.by = by
        self.question = ""  # that was not answered

    def readline(self, *_size: Any) -> str:  # type: ignore[override]  # as StringIO says too
        answer = super().readline()
        if not answer:
            assert isinstance(sys.stderr, io.StringIO)
            self.question = sys.stderr.getvalue().rpartition("\n")[2]
            if self.by == CTRL_C:
                signal.raise_signal(signal.SIGINT)
        return answer


def run_stopped(words: Sequence[str], answers: Sequence[str], by: str) -> None:
    """Stop a command at each question in turn, and print how it ended each time."""
    prepare()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    first = copied("first")  # in this process: what it loads and derives, its forks have too
    run_one([*words, "--vault", str(first)], Keyboard(answers, by))
    ended = []
    for count in range(len(answers) + 1):
        folder = copied(f"{by}-{count}")
        ended.append((*in_a_child(words, Keyboard(answers[:count], by), folder), str(folder)))
    print(json.dumps(ended))


def copied(name: str) -> Path:
    """Return a copy of the folder, or where it would be if there is none yet."""
    folder = Path(os.environ["OPTOUT_VAULT"])
    copy = folder.parent / name.replace(" ", "-") / "locked"
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.rmtree(copy, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, copy)
        copy.chmod(0o700)
    return copy


def in_a_child(words: Sequence[str], keyboard: Keyboard, folder: Path) -> tuple[Any, ...]:
    """Run a command in a fork of this process, and return how it ended and where it was stopped."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code, out, err = run_one([*words, "--vault", str(folder)], keyboard)
        with os.fdopen(writing, "w") as answer:
            json.dump((code, out, err, keyboard.question), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return tuple(json.loads(said))


def practise() -> None:
    """Run the program on practice companies: only where they are served differs."""
    from optout.cli.main import run

    set_practice_companies()
    run()


def set_practice_companies() -> None:
    """Put the practice companies in place of the catalog."""
    from optout.browser.fence import Fence
    from optout.catalog import brokers
    from optout.model.broker import Broker
    from optout.sample.servers import PracticeResolver
    from optout.workflows import fences

    places = {host: (ip, port) for host, (ip, port) in json.loads(os.environ.pop(PLACES)).items()}
    made_up = {each.slug: each for each in brokers.list_brokers(folders=(brokers.sample_folder(),))}
    shipped = brokers.find_broker

    def find(slug: str, **_: Any) -> Broker:
        return next((each for each in made_up.values() if each.slug == slug), None) or shipped(slug)

    brokers.find_broker = find
    brokers.list_brokers = lambda **_: tuple(made_up.values())

    def fence_for(broker: Broker, **_: Any) -> Fence:
        return Fence(broker.hosts, resolver=PracticeResolver(places))

    fences.fence_for = fence_for


if __name__ == "__main__":
    if sys.argv[1:2] == ["each"]:
        run_each(json.loads(sys.argv[2]))
    elif sys.argv[1:2] == ["stopped"]:
        run_stopped(*json.loads(sys.argv[2]))
    else:
        practise()
