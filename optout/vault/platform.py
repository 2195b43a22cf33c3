"""Everything that differs between operating systems, in one file.

Tried on Linux. The branches for macOS and Windows follow their documentation and are untried;
the README says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

from optout.errors import Refused
from optout.text import Text

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600
FREE_BYTES: Final = 20 * 1024 * 1024
"""What must be free before anything is filed: room for captures and the journal."""

_PR_SET_DUMPABLE: Final = 4
# Write-ahead logging needs shared memory, which these do not give (sqlite.org/wal.html).
_NETWORK: Final = re.compile(
    "9p|afpfs|afs|beegfs|ceph|cifs|coda|davfs2?|glusterfs|gpfs|lustre|ncpfs|nfs[34]?|orangefs|"
    "panfs|prl_fs|smb[23]|smbfs|vboxsf|vmhgfs|webdav"
)
_NETWORK_FUSE: Final = re.compile(
    "ceph|curlftpfs|davfs|gcsfuse|glusterfs|google|gvfs|onedrive|rclone|s3fs|sshfs|vmhgfs"
)


def cannot_be_used(error: OSError) -> Refused:
    """Return the error for a locked folder that the system does not let us use."""
    return Refused(
        Text(
            "The locked folder cannot be used ({why}).", why=error.strerror or type(error).__name__
        ),
        known=Text("Nothing was changed, and nothing was sent."),
        hint=Text("Check that the folder is yours and its disk is not read-only."),
    )


def keep_private() -> None:
    """Make new files ours alone and keep this process out of core dumps."""
    os.umask(0o077)
    _no_core_dumps()


def _no_core_dumps() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Also refuses a debugger of the same user. A kernel without it changes nothing else.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, with the parents it needs."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if sys.platform != "win32":
        folder.chmod(FOLDER_MODE)


def check_private(folder: Path) -> None:
    """Refuse a folder that others may write to or that belongs to somebody else."""
    if sys.platform == "win32":
        return
    found = folder.stat()
    if found.st_uid not in {os.geteuid(), 0} and os.geteuid() != 0:
        raise Refused(
            Text("The locked folder belongs to another user of this computer."),
            known=Text("Nothing was opened."),
        )
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(
            Text("Others can write into the locked folder: {folder}", folder=folder),
            known=Text("Nothing was opened."),
            hint=Text("Run: chmod 700 {folder}", folder=folder),
        )


def tighten(folder: Path) -> None:
    """Take reading away from others, in the folder and below."""
    if sys.platform == "win32":
        return
    for path in (folder, *folder.rglob("*")):
        wanted = FOLDER_MODE if path.is_dir() else FILE_MODE
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(wanted)


def check_local(folder: Path) -> None:
    """Refuse a folder on a network drive: the database cannot be kept safe there."""
    kind = file_system(folder)
    if is_network(kind):
        raise Refused(
            Text("This folder is on a network drive ({kind}).", kind=kind),
            known=Text("Nothing was written. A locked folder can be damaged there."),
            hint=Text("Choose a folder on this computer's own disk with: --vault FOLDER"),
        )


def is_network(kind: str) -> bool:
    """Say whether a file system of this kind lies on another machine."""
    if kind.startswith("fuse."):
        return _NETWORK_FUSE.search(kind) is not None
    return _NETWORK.fullmatch(kind) is not None


def file_system(folder: Path) -> str:
    """Return the kind of file system a folder is on, or "" if nobody says."""
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    if sys.platform == "linux":
        mounts = Path("/proc/self/mountinfo")
        return kind_of(there, mounts.read_text("utf-8")) if mounts.exists() else ""
    if sys.platform == "darwin":
        return _kind_on_macos(there)
    return _kind_on_windows(there)


def kind_of(there: Path, mountinfo: str) -> str:
    """Return the kind of the mount nearest above `there`; a later one hides an earlier one."""
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        point = left.split(" ")[4].encode().decode("unicode_escape")
        if there.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), right.split(" ")[0]
    return kind


def _kind_on_macos(there: Path) -> str:
    listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
    best, kind = -1, ""
    for line in listed.stdout.splitlines():
        point, _, traits = line.partition(" on ")[2].rpartition(" (")
        if there.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), traits.split(",")[0].rstrip(")")
    return kind


def _kind_on_windows(there: Path) -> str:
    remote = 4  # DRIVE_REMOTE
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only
    return "smbfs" if kernel.GetDriveTypeW(there.anchor) == remote else ""


def check_free_space(folder: Path, needed: int = FREE_BYTES) -> None:
    """Refuse before filing when the disk is nearly full: the outcome must fit."""
    if shutil.disk_usage(folder).free < needed:
        raise Refused(
            Text("The disk is nearly full."),
            known=Text("Nothing was sent. What you have is safe."),
            hint=Text("Free at least {mb} MB, then try again.", mb=needed // 1_000_000),
        )


def sync_file(path: Path) -> None:
    """Put a file's bytes on the disk before going on."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk: new and renamed files survive a power cut."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after a power cut it is the old one or the new one."""
    beside = path.with_name(f"{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(beside, flags, FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def delete_tree(path: Path) -> None:
    """Delete a folder of ours with everything in it."""
    if path.exists():
        shutil.rmtree(path)
