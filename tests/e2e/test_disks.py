"""Full and read-only disks and folders: told in words, and nothing is lost or given away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from optout.model.words import By
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import CARD, FILE, Made, add, kept, reference, told

AS_ROOT = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
MOUNT = 'mount -t tmpfs -o size="$1" none "$2"'


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = [*AS_ROOT, "sh", "-c", MOUNT, "sh", "64k", "/mnt"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


# A program that may write files of so many bytes only: what a full disk does to a growing file.
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execvp(sys.argv[2], sys.argv[2:])
"""
# Root without the right to pass over permission bits: for it, they hold as for anybody.
BOUND = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
        raise SystemExit("the capability could not be given back")
os.execvp(sys.argv[1], sys.argv[1:])
"""
# The folder on a small disk of its own; what is on it afterwards is copied to $3.
SMALL_DISK = f"""
{MOUNT} && cp -a "$3/." "$2/" && chmod 700 "$2" && shift 2 || exit 99
copy=$1; shift; "$@"; code=$?
rm -rf "$copy" && cp -a "$OPTOUT_VAULT" "$copy" && exit $code
"""


def with_limit(there: CommandLine, size: int) -> tuple[CommandLine, Path]:
    return there.but(before=[sys.executable, "-c", LIMITED, str(size)]), there.vault


def with_small_disk(there: CommandLine, size: int) -> tuple[CommandLine, Path]:
    copy = there.folder / "copy"
    shutil.copytree(there.vault, copy)
    used = sum(-(-each.lstat().st_size // 4096) * 4096 for each in there.vault.rglob("*"))
    before = [*AS_ROOT, "sh", "-c", SMALL_DISK, "sh", str(used + size), str(there.vault), str(copy)]
    return there.but(before=before), copy


FULL: dict[str, Callable[[CommandLine, int], tuple[CommandLine, Path]]] = {
    "files may not grow": with_limit,
    **({"a small disk": with_small_disk} if can_mount() else {}),
}


@pytest.mark.parametrize("way", FULL)
@pytest.mark.parametrize("room", [0, 40 * 1024], ids=["to open", "to write it all"])
def test_without_room_on_the_disk_nothing_is_lost(
    jordan: Made, tmp_path: Path, way: str, room: int
) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    full, folder = FULL[way](there, room if way == "a small disk" else room // 2)
    told(add(full, {**CARD, "label": "Somebody else"}), 1, "The disk is full")
    assert kept(folder) == before


def test_with_a_full_disk_no_paper_counts_as_given(here: CommandLine) -> None:
    letter = reference(here, FILE, By.POST)
    before = kept(here.vault)
    tiny = here.but(before=[sys.executable, "-c", LIMITED, str(2 * 1024 * 1024)])
    assert tiny.run("letter", "show", letter).code == 0, "the control: this much is enough"
    tiny = here.but(before=[sys.executable, "-c", LIMITED, str(20 * 1024)])
    ran = tiny.run("letter", "pdf", letter, typed="y\ny\n")
    assert ran.code == 1
    told(ran, 1)
    after = kept(here.vault)
    assert after["given"] == before["given"]
    assert list(here.papers.iterdir()) == []


def bound(there: CommandLine) -> CommandLine:
    return there.but(before=[sys.executable, "-c", BOUND])


def test_a_folder_without_the_right_to_write_is_told_in_words(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    there.environment()
    folders = [there.vault, *(each for each in there.vault.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        ran = add(bound(there), {**CARD, "label": "Somebody else"})
        inside = bound(there).but(env={"OPTOUT_VAULT": str(there.vault / "inner")})
        told(inside.run("init", typed="y\n\n"), 1, "No locked folder can be made", "--vault FOLDER")
    finally:
        for folder in folders:
            folder.chmod(0o700)
    told(ran, 1, "cannot be", "its disk is not read-only")
    assert kept(there.vault) == before


@pytest.mark.parametrize("mounts", [True] if can_mount() else [])
def test_a_disk_that_can_only_be_read_is_told_in_words(
    jordan: Made, tmp_path: Path, *, mounts: bool
) -> None:
    assert mounts
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    read_only = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
    frozen = there.but(before=[*AS_ROOT, "sh", "-c", read_only, "sh", str(there.vault)])
    told(add(frozen, CARD), 1, "its disk is not read-only")
    assert kept(there.vault) == before


def test_a_place_for_papers_without_the_right_to_write_gives_nothing_away(
    here: CommandLine,
) -> None:
    letter = reference(here, FILE, By.POST)
    before = kept(here.vault)
    here.environment()
    here.papers.chmod(0o500)
    ran = bound(here).run("letter", "pdf", letter, typed="y\ny\n")
    here.papers.chmod(0o700)
    told(ran, 1, "could not be written", "--to FOLDER")
    assert kept(here.vault)["given"] == before["given"]
    told(here.run("letter", "pdf", letter, typed="y\ny\n"), 0, "optout letter post")
    assert kept(here.vault)["given"] != before["given"], "the control: a written letter counts"
