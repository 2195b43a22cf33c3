"""The whole catalog as it stands in a folder, or as it stood in a git revision.

A definition counts as it is written: whatever lint would say against it, a reviewer sees what it
lets out. Nothing of a revision is checked out, run or filtered: git only hands over bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from optout.catalog.asset_hosts import AssetHosts, HostGroup
from optout.catalog.files import LARGEST, load_text, read_plain
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.reach import Reach, reach_of
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker
from optout.text import Text

GROUPS: Final = "asset-hosts.toml"
_READ: Final = re.compile(r"[^/]+/broker\.toml|retired/[^/]+\.toml|asset-hosts\.toml")
_REVISION: Final = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9@_./{}~^+-]{0,200}")
_PLAIN_FILE: Final = "100"  # how git's modes of ordinary files begin; links are 120000
_SECONDS: Final = 60

T = TypeVar("T")
Files: TypeAlias = Mapping[str, bytes | BadDefinition]


class NoRevision(Refused):
    """What was there before cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The catalog at one moment: what each definition lets out, who is gone, what is broken."""

    reaches: Mapping[str, Reach]
    retired: frozenset[str]
    unreadable: Mapping[str, BadDefinition]


def edition_of(base: str, folder: Path) -> Edition:
    """Return what to compare `folder` with: another folder, or `folder` in a git revision."""
    for other in (Path(base) / "brokers", Path(base)):
        # os.path takes any text for a name, one that is far too long included
        if base and os.path.isdir(other) and any(other.glob("*/broker.toml")):  # noqa: PTH112
            return edition_in(other)
    return _edition(_files_at(base, folder))


def edition_in(folder: Path) -> Edition:
    """Return the catalog that lies in a folder now."""
    paths = (*folder.glob("*/broker.toml"), *folder.glob("retired/*.toml"), folder / GROUPS)
    return _edition({path.relative_to(folder).as_posix(): _bytes(path) for path in paths})


def _bytes(path: Path) -> bytes | BadDefinition:
    try:
        return read_plain(path)
    except BadDefinition as bad:
        return bad


def _edition(files: Files) -> Edition:
    unreadable: dict[str, BadDefinition] = {}
    groups = _groups(files.get(GROUPS), unreadable)
    reaches: dict[str, Reach] = {}
    for name in sorted(files):
        slug, _slash, file = name.partition("/")
        if file != "broker.toml":
            continue
        try:
            broker = _parsed(files[name], Broker, name)
        except BadDefinition as bad:
            unreadable[slug] = bad
        else:
            reaches[slug] = reach_of(broker, groups)
    retired = frozenset(Path(name).stem for name in files if name.startswith("retired/"))
    return Edition(reaches=reaches, retired=retired, unreadable=unreadable)


def _groups(
    content: bytes | BadDefinition | None, unreadable: dict[str, BadDefinition]
) -> Mapping[str, HostGroup]:
    if content is None:
        return {}
    try:
        return _parsed(content, AssetHosts, GROUPS).group
    except BadDefinition as bad:
        unreadable[GROUPS] = bad
        return {}


def _parsed(content: bytes | BadDefinition, root: type[T], label: str) -> T:
    if isinstance(content, BadDefinition):
        raise content
    return load_text(content, root, label)


def _files_at(revision: str, folder: Path) -> Files:
    """Return the files of a revision that a catalog is made of."""
    if not _REVISION.fullmatch(revision):
        raise WrongUsage(
            Text("This names no folder with companies and no revision."),
            hint=Text("Such as: optout broker diff main"),
        )
    commit = _git(folder, ("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"))
    listed = _git(folder, ("ls-tree", "-r", "-l", "-z", commit.decode("ascii").strip(), "--", "."))
    found = dict(_entries(listed.decode("utf-8", "replace")))
    if not found:
        raise NoRevision(Text("That revision has no companies in this place."))
    wanted = {name: object_id for name, object_id in found.items() if object_id}
    contents = _contents(folder, sorted(set(wanted.values())))
    return {
        name: contents[object_id] if object_id else BadDefinition(name, [_STRANGE])
        for name, object_id in found.items()
    }


_STRANGE: Final = Finding("", Text("This was no ordinary file, or a huge one."), check="file")


def _entries(listed: str) -> Iterable[tuple[str, str]]:
    """Yield the name of each file of the catalog, and its object, or nothing if it is strange."""
    for line in listed.split("\0"):
        told, _tab, name = line.partition("\t")
        if not _READ.fullmatch(name):
            continue
        mode, _kind, object_id, size = told.split()
        plain = mode.startswith(_PLAIN_FILE) and size.isdecimal() and int(size) <= LARGEST
        yield name, object_id if plain else ""


def _contents(folder: Path, objects: Sequence[str]) -> dict[str, bytes]:
    """Return the bytes of each object, as they were stored."""
    told = _git(folder, ("cat-file", "--batch"), "".join(f"{each}\n" for each in objects))
    contents: dict[str, bytes] = {}
    at = 0
    for each in objects:
        line_end = told.index(b"\n", at)
        size = int(told[at:line_end].split()[2])
        contents[each] = told[line_end + 1 : line_end + 1 + size]
        at = line_end + size + 2
    return contents


def _git(folder: Path, words: Sequence[str], said: str = "") -> bytes:
    """Ask git for something, without a shell, and without letting it fetch, filter or ask."""
    program = shutil.which("git")
    if program is None:
        raise NoRevision(
            Text("To look at a revision, git is needed, and it is not on this machine."),
            hint=Text("Compare with a folder: optout broker diff FOLDER"),
        )
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; its words are checked above
            [program, "--no-replace-objects", "--no-optional-locks", *words],
            cwd=folder,
            env=env,
            input=said.encode("ascii"),
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoRevision(
            Text("Git knows no such revision here."),
            hint=Text("See what there is: git log --oneline"),
        ) from error
    return done.stdout
