"""An office at the command line: plan, approve, print, post; and a disk that is full."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from optout.model.words import By
from optout.workflows.keep_person import card_of
from tests.crossings import papers_in
from tests.e2e.command_line import CommandLine, Ran
from tests.e2e.prepared import FIVE_YES, Made, add, kept, opened, told
from tests.e2e.test_disks import AS_ROOT, can_mount, with_small_disk
from tests.many_clients import marked_client

CLIENTS = 3
ON_A_SMALL_DISK = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"'
# Likewise; what is on it afterwards is copied to $3.
ON_A_DISK_THAT_FILLS = """mount -t tmpfs -o size="$1" none "$2" || exit 99
papers=$2; copy=$3; shift 3; "$@"; code=$?
cp -a "$papers/." "$copy" && exit $code
"""


@pytest.fixture(scope="session")
def planned(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With three clients, and everything that two companies can be asked on their lists."""
    there = empty.copy(tmp_path_factory.mktemp("office"))
    for number in range(1, CLIENTS + 1):
        told(add(there, card_of(marked_client(number))), 0)
    ran = plan(there)
    told(ran, 0, "New on the lists:", "Next: optout clinic approve")
    return Made(there)


@pytest.fixture(scope="session")
def ready(planned: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    there = planned.copy(tmp_path_factory.mktemp("ready"))
    told(counted(there, "approve", "--by", "post"), 0, "Approved:", "optout clinic print")
    return Made(there)


def plan(there: CommandLine) -> Ran:
    words = ("plan", "--only", "equifax", "--only", "nctue")
    return counted(there, *words, first=FIVE_YES)


def counted(there: CommandLine, *words: str, first: str = "") -> Ran:
    """Run a command of the office twice: to read the counts it asks for, and to type them."""
    ran = there.run("clinic", *words, typed=f"{first}\n")
    one, many = (
        "request for|letter is|mail or form is",
        "requests for|letters(?:, mails and forms)? are",
    )
    counts = re.findall(rf"(\d+) (?:{one}|{many})", ran.said)
    ran = there.run("clinic", *words, typed=f"{first}{counts[0]}\n")
    new = re.findall(r"(?:In )?(\d+) of them", ran.said)
    if not new:
        return ran
    return there.run("clinic", *words, typed=f"{first}{counts[0]}\n{new[0]}\n")


def letters(there: CommandLine) -> dict[str, str]:
    with opened(there.vault) as vault:
        return {
            each.reference: each.delivery for each in vault.messages.list() if each.by is By.POST
        }


def test_a_mistyped_count_is_asked_again_and_a_no_leaves_no_table(
    planned: Made, tmp_path: Path
) -> None:
    there = planned.copy(tmp_path)
    ran = there.run("clinic", "approve", "--by", "post", typed="999\n\n")
    told(ran, 0, "That is not", "deleted again", "Nothing was approved")
    assert ran.said.count("to go on, or press Enter to stop") == 2
    assert not list(there.papers.glob("table-*"))
    counted(there, "approve", "--by", "post")
    assert len(list(there.papers.glob("table-*"))) == 2  # the control: after a yes they stay


def test_a_paper_day(ready: Made, tmp_path: Path) -> None:
    there = ready.copy(tmp_path)
    waiting = letters(there)
    assert set(waiting.values()) == {"ready"}
    ran = there.run("clinic", "print", "--labels", "5163", "--envelopes")
    told(ran, 0, f"{len(waiting)} letters.", "Written down as printed, not as posted.")
    number = re.findall(r"Stack (\S+):", ran.out)[0]
    names = sorted(path.name for path in there.papers.iterdir())
    assert [name for name in names if number in name] == [
        f"envelopes-{number}.pdf",
        f"labels-{number}.pdf",
        f"mailing-{number}.csv",
        f"mailing-{number}.pdf",
        f"papers-{number}.pdf",
    ]
    told(there.run("clinic", "print"), 0, "No approved letter waits to be printed.")
    first = min(waiting)
    told(there.run("clinic", "posted", number, "--except", first), 0, "Written down as posted:")
    assert set(letters(there).values()) == {"sent", "handed_over"}
    shown = json.loads(there.run("clinic", "posted", "--json").out)
    assert [(each["printed"], each["waiting"]) for each in shown] == [(len(waiting), 1)]
    again = there.run("clinic", "print", "--again", number, "--labels", "5160")
    told(again, 0, "Written again: 1 letter.", f"labels-{number}-again-1.pdf")
    told(there.run("clinic", "posted", number, "--not-posted"), 0, "not posted: 1 letter.")
    assert letters(there)[first] == "ready"


def test_every_list_about_several_people_says_whose_each_line_is(
    planned: Made, practice: Made, tmp_path: Path
) -> None:
    there = planned.copy(tmp_path)
    with opened(there.vault) as vault:
        people = {f"{n}. {each.label.reveal()}" for n, each in enumerate(vault.subjects.list(), 1)}
    for command in ("status", "next"):
        rows = json.loads(there.run(command, "--json").out)
        assert {row["client"] for row in rows} == people, command
        told(there.run(command), 0, "Client")
    own = json.loads(practice.copy(tmp_path / "own").run("status", "--json").out)
    assert own, "the control: there are requests"
    assert all("client" not in row for row in own)


def test_wrong_words_are_told_in_words(ready: Made, tmp_path: Path) -> None:
    there = ready.copy(tmp_path)
    before = letters(there)
    for words, said in (
        (("print", "--labels", "5161"), "There are: 5160, 5163"),
        (("print", "--by", "weight"), "client or recipient"),
        (("print", "--most", "0"), "at least 1 letter"),
        (("print", "--skip-labels", "3"), "goes with --labels"),
        (("print", "3", "--again", "K7F3-Q2MX-1"), "name no clients with it"),
        (("print", "--again", "K7F3-Q2MX-1"), "No stack has that number."),
        (("print", "Nobody Example"), "No client here is called that."),
        (("posted", "K7F3-Q2MX-9"), "no stack and no letter with the number"),
        (("posted", "--from", "nothing.csv"), "cannot be read"),
        (("plan", "--only", "co-sheriff"), "government files"),
    ):
        ran = there.run("clinic", *words, typed=FIVE_YES)
        assert ran.code, words
        told(ran, ran.code, said)
    assert letters(there) == before


@pytest.mark.parametrize("mounts", [True] if can_mount() else [])
def test_with_room_for_nine_tenths_of_the_paper_nothing_is_lost(
    ready: Made, tmp_path: Path, *, mounts: bool
) -> None:
    assert mounts
    whole = ready.copy(tmp_path / "whole")
    told(whole.run("clinic", "print"), 0)
    size = next(whole.papers.glob("papers-*.pdf")).stat().st_size
    there = ready.copy(tmp_path / "full")
    there.environment()
    before = kept(there.vault)
    small = ["sh", "-c", ON_A_SMALL_DISK, "sh", str(size * 9 // 10), str(there.papers)]
    ran = there.but(before=[*AS_ROOT, *small]).run("clinic", "print")
    told(ran, 1, "could not be written", "--to FOLDER")
    after = kept(there.vault)
    assert after["messages"] == before["messages"]
    assert after["given"] == before["given"]
    told(there.run("clinic", "print"), 0, f"{len(letters(there))} letters.")


@pytest.mark.parametrize("mounts", [True] if can_mount() else [])
def test_a_disk_that_is_full_late_in_a_run_leaves_whole_stacks_and_the_run_goes_on(
    ready: Made, tmp_path: Path, *, mounts: bool
) -> None:
    assert mounts
    whole = ready.copy(tmp_path / "whole")
    told(whole.run("clinic", "print", "--most", "1"), 0)
    sizes = [path.stat().st_size for path in whole.papers.iterdir()]
    there = ready.copy(tmp_path / "full")
    there.environment()
    copy = tmp_path / "copy"
    copy.mkdir()
    small = ["sh", "-c", ON_A_DISK_THAT_FILLS, "sh", str(sum(sizes) * 9 // 10), str(there.papers)]
    ran = there.but(before=[*AS_ROOT, *small, str(copy)]).run("clinic", "print", "--most", "1")
    told(ran, 1, "could not be written", "--to FOLDER")
    printed = {each for each, delivery in letters(there).items() if delivery == "handed_over"}
    assert 0 < len(printed) < len(letters(there)), "some before it was full, and some not"
    assert in_stacks(copy) == sorted(printed)
    assert list(copy.glob("*.part")) == []
    told(there.run("clinic", "print", "--most", "1"), 0)
    assert in_stacks(there.papers) == sorted(letters(there).keys() - printed)


def in_stacks(folder: Path) -> list[str]:
    """Return the letters that stand in the stacks of a folder, each as often as it does."""
    return sorted(
        title.split()[0]
        for path in folder.glob("papers-*.pdf")
        for title, _first, _after in papers_in(path, 0)
        if title[4:5] == "-"
    )


@pytest.mark.parametrize("mounts", [True] if can_mount() else [])
def test_with_a_full_disk_under_the_locked_folder_nothing_counts_as_printed(
    ready: Made, tmp_path: Path, *, mounts: bool
) -> None:
    assert mounts
    there = ready.copy(tmp_path)
    before = kept(there.vault)
    small, copy = with_small_disk(there, 150 * 1024)
    ran = small.run("clinic", "print")
    told(ran, 1, "disk")
    after = kept(copy)
    assert after["messages"] == before["messages"]
    assert after["given"] == before["given"]
    assert list(there.papers.glob("papers-*")) == []
