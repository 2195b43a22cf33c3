"""Ctrl-C and the end of the input, at every question: told in words, and what was kept stays kept.

Each stop is a process of its own that takes a real signal while it waits for the answer.
"""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from optout.model.words import By
from tests.e2e.command_line import CTRL_C, END_OF_INPUT, CommandLine, Ran, Running, wait_until
from tests.e2e.prepared import FILE, FIVE_YES, MAIL, Kept, Made, kept, reference, told

INTERVIEW = """1
Riley
Q.
Sample
CO
1990-04-12
1
1 Example Street
Apt 2
Denver
80202
2020
1
303-555-0142
2020
1
1
riley@example.com
3

P.O. Box 1
Denver
CO
80202
"""
SHORT_INTERVIEW = "1\nRiley\n\n\nCO\n\n\n\n4\n5\n"  # everything that may be left out is
STOPS = pytest.mark.parametrize("by", [CTRL_C, END_OF_INPUT])
ENDS = {CTRL_C: (1, "Stopped."), END_OF_INPUT: (3, "An answer is needed here")}
NOTHING: Kept = {
    "people": set(),
    "messages": {},
    "seen": set(),
    "answers": {},
    "given": set(),
    "files": set(),
}


# ---- at every question ----


@STOPS
def test_every_question_of_person_add(empty: Made, tmp_path: Path, by: str) -> None:
    there = empty.copy(tmp_path)
    *stopped, finished = there.stopped("person", "add", typed=INTERVIEW, by=by)
    assert len(stopped) == len(INTERVIEW.splitlines())
    for each in stopped:
        told(each, *ENDS[by])
        assert kept(each.folder) == NOTHING, each.question
    told(finished, 0, "Kept in the locked folder: Riley.")
    assert kept(finished.folder)["people"] == {"Riley"}, "the control: with all answers it ends"


@STOPS
def test_every_question_of_plan(jordan: Made, tmp_path: Path, by: str) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    *stopped, finished = there.stopped("plan", typed=f"{FIVE_YES}a\n", by=by)
    for each in stopped:
        told(each, *ENDS[by])
        assert kept(each.folder) == before, each.question
    told(finished, 0, "on your list", "Nothing was sent")
    assert kept(finished.folder)["messages"], "the control: with all answers there is a list"


@STOPS
def test_every_question_of_file_and_of_a_letter(here: CommandLine, by: str) -> None:
    before = kept(here.vault)
    letter, mail = reference(here, FILE, By.POST), reference(here, MAIL, By.EMAIL)
    for number, words in enumerate((["letter", "pdf", letter], ["file", mail, letter])):
        folder = here.folder / str(number)
        folder.mkdir()
        there = Made(here).copy(folder)
        stopped = there.stopped(*words, typed="y\n", by=by)
        for each in stopped:
            assert each.code == ENDS[by][0], each.said
            told(each, each.code, ENDS[by][1])
            assert kept(each.folder) == before, each.question
        assert list(there.papers.iterdir()) == []


@STOPS
def test_every_question_of_the_guide_keeps_what_it_said_it_kept(
    empty: Made, tmp_path: Path, by: str
) -> None:
    there = empty.copy(tmp_path)
    answers = f"{SHORT_INTERVIEW}{FIVE_YES}a\n"
    stopped = there.stopped("start", typed=answers, by=by)
    asked = len(SHORT_INTERVIEW.splitlines())
    for number, each in enumerate(stopped):
        told(each, *ENDS[by])
        after = kept(each.folder)
        assert after["people"] == (set() if number < asked else {"Riley"}), each.question
        assert bool(after["messages"]) == (number == len(stopped) - 1), each.question
        assert not after["given"]


@STOPS
def test_who_stopped_in_the_first_questions_goes_on_where_they_were(
    empty: Made, tmp_path: Path, by: str
) -> None:
    answers = SHORT_INTERVIEW.splitlines(keepends=True)
    stopped = empty.copy(tmp_path).stopped("start", typed=SHORT_INTERVIEW, by=by)
    for number in (1, 4, len(answers) - 1):
        there = empty.there.but(folder=stopped[number].folder.parent)
        went_on = there.run("start", typed="".join(["1\n", *answers[number:]]))
        told(went_on, 3, "All answers are kept", "Whom are the requests for? “Myself”")
        assert ("First name (or your only name):" in went_on.said) == (number == 1), number
        assert kept(there.vault)["people"] == {"Riley"}, number


@pytest.mark.parametrize(
    ("command", "typed", "by"), [("start", "y\ny\n", CTRL_C), ("init", "y\n", END_OF_INPUT)]
)
def test_every_question_of_making_the_folder(
    tmp_path: Path, command: str, typed: str, by: str
) -> None:
    *before, made = CommandLine(tmp_path).stopped(command, typed=typed, by=by)
    for each in before:
        told(each, *ENDS[by])
        assert not each.folder.exists(), "nothing half-made is left"
    assert kept(made.folder) == NOTHING
    told(made, made.code, "Your recovery code", "optout vault key new-code")


# ---- in front of a real terminal ----


def interrupted(running: Running, words: str) -> Ran:
    running.until_said(words)
    running.send(signal.SIGINT)
    return running.end()


def test_ctrl_c_while_it_plans_keeps_the_folder_as_it_was(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    running = there.start("plan")
    running.type(FIVE_YES)
    told(interrupted(running, "immigration court do not count"), 1, "Stopped.")
    assert kept(there.vault) == before


def test_ctrl_c_while_a_letter_is_written_leaves_no_half(here: CommandLine) -> None:
    letter = reference(here, FILE, By.POST)
    running = here.start("letter", "pdf", letter)
    running.type("y\ny\n")
    ran = interrupted(running, "NEW to them: address for the answer")
    after = kept(here.vault)
    assert {str(path) for path in here.papers.iterdir()} <= after["files"]
    if ran.code == 3:  # it was quicker than the signal
        told(ran, 3, f"optout letter post {letter}")
    else:
        told(ran, 1, "Stopped.")
    (status,) = here.each(["status", "--json"])
    found = {each["message"]: each["delivery"] for each in status.json()}
    assert found == after["messages"]
    told(here.run("letter", "pdf", letter, typed="y\ny\n"), 0, "optout letter post")


def test_ctrl_c_while_it_starts_shows_no_trace(jordan: Made) -> None:
    """Python's own start comes before us; from our first line on it is our words."""
    for _try in range(4):
        running = jordan.there.start("status", passphrase=None, stdin=subprocess.DEVNULL)
        wait_until(lambda pid=running.process.pid: has_begun(pid))  # type: ignore[misc]
        running.send(signal.SIGINT)
        assert "optout" not in (ran := running.end()).err.partition("Traceback")[2], ran.err


def has_begun(pid: int) -> bool:
    """Say whether the process has read our first file: its own library is then loaded."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text("utf-8")
    except OSError:
        return True
    return "_ctypes" in maps or "_json" in maps or not maps


def test_ctrl_c_and_the_end_of_input_at_the_passphrase(jordan: Made) -> None:
    for key, code, words in (("\x03", 1, "Stopped."), ("\x04", 3, "nobody can give one")):
        ours, theirs = pty.openpty()
        running = jordan.there.start("status", passphrase=None, stdin=theirs)
        os.close(theirs)
        running.until_said("Passphrase")
        if key == "\x03":
            running.send(signal.SIGINT)
        else:
            os.write(ours, key.encode())
        told(running.end(), code, words)
        os.close(ours)


@pytest.mark.parametrize("closed", ["<&-", ">&-", ">/dev/full", "| true"])
def test_closed_and_full_streams_are_met_with_words_or_silence(
    jordan: Made, tmp_path: Path, closed: str
) -> None:
    there = jordan.copy(tmp_path).but(before=["sh", "-c", f'"$0" "$@" {closed}'])
    ran = there.run("plan" if closed == "<&-" else "broker", *([] if closed == "<&-" else ["list"]))
    told(ran, {"<&-": 3, ">/dev/full": 1}.get(closed, 0))
    assert "Exception ignored" not in ran.err
