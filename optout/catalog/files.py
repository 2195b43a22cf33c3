"""One TOML file into one dataclass of the model, or every reason why not."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

from pydantic_core import ValidationError

from optout.catalog.characters import FORBIDDEN, FORBIDDEN_IN_VALUE, name_of
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.mending import findings_of
from optout.catalog.schema import validator_for
from optout.text import Text

T = TypeVar("T")
LARGEST: Final = 64 * 1024
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"


def load_file(path: Path, root: type[T]) -> tuple[T, str]:
    """Return the file as `root`, and the hash of its bytes; all findings at once if it is bad."""
    content = read_plain(path)
    return _parsed(content, root, label_of(path)), hashlib.sha256(content).hexdigest()


def load_text(content: bytes, root: type[T], label: str = "broker.toml") -> T:
    """Return what these bytes say, for an editor or a test; findings as `load_file`."""
    if len(content) > LARGEST:
        raise BadDefinition(label, [_too_large(len(content))])
    return _parsed(content, root, label)


def label_of(path: Path) -> str:
    """Return how a file is called in findings: its folder and name, nothing above."""
    return f"{path.parent.name}/{path.name}"


def read_plain(path: Path, *, most: int = LARGEST) -> bytes:
    """Return the bytes of a regular file of ordinary size: no link, no pipe, no device."""
    try:
        handle = os.open(path, _READ_PLAIN)
        with open(handle, "rb") as file:  # noqa: PTH123 - the handle was opened without following
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or (not _NO_FOLLOW and path.is_symlink()):
                raise BadDefinition(label_of(path), [_NOT_A_FILE])
            if found.st_size > most:
                raise BadDefinition(label_of(path), [_too_large(found.st_size, most)])
            return file.read(most + 1)
    except OSError as error:
        strange = path.is_symlink() or path.is_dir()
        instead = _NOT_A_FILE if strange else _unreadable(error)
        raise BadDefinition(label_of(path), [instead]) from error


_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
# Without these flags (Windows) links are looked for by name, and there are no pipes to wait for.
_READ_PLAIN: Final = (
    os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
_NOT_A_FILE: Final = Finding(
    "", Text("This is not an ordinary file: links and folders are not followed."), check="file"
)


def _unreadable(error: OSError) -> Finding:
    what = Text("The file cannot be read ({reason}).", reason=error.strerror or "no reason")
    return Finding("", what, check="file")


def _too_large(size: int, most: int = LARGEST) -> Finding:
    return Finding(
        "",
        Text("The file has {size} bytes; at most {most} are read.", size=size, most=most),
        Text("A definition holds facts and steps only; pages belong into examples/."),
        check="size",
    )


def _parsed(content: bytes, root: type[T], label: str) -> T:
    text = _decoded(content, label)
    tree = _tree(text, label)
    found = [*_hidden_in_text(text)]
    if "\\" in text:
        found += _hidden_in_values(tree)
    kind: type = root
    try:
        value: T = validator_for(kind).validate_python(tree)
    except ValidationError as error:
        found += findings_of(error, root, text)
    if found:
        raise BadDefinition(label, found)
    return value


def _decoded(content: bytes, label: str) -> str:
    """Return the text, which must be UTF-8 without a mark."""
    try:
        if content.startswith(_UTF16):
            content.decode("utf-16")
            what = Text("The file is UTF-16 text.")
        elif content.startswith(_BOM):
            what = Text("The file begins with an invisible byte order mark.")
        else:
            return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = Text("The file is not UTF-8 text: byte {at} cannot be read.", at=error.start)
        found = Finding("", what, AS_UTF8, check="encoding", line=line)
        raise BadDefinition(label, [found]) from error
    raise BadDefinition(label, [Finding("", what, AS_UTF8, check="encoding", line=1)])


AS_UTF8: Final = Text("In your editor, save it with encoding “UTF-8” (without BOM).")
_AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)$")


# No key of ours has more than four parts, and `tomllib` takes minutes over one with thousands.
_PARTS: Final = 20
_ENDLESS_KEY: Final = re.compile(
    r"""(?<![\w.-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*)"""
    rf"{{{_PARTS}}}"
)


def _has_endless_key(text: str) -> bool:
    """Say whether a key has too many parts. It stands in one line, and few lines have its dots."""
    return any(line.count(".") >= _PARTS and _ENDLESS_KEY.search(line) for line in text.split("\n"))


def _tree(text: str, label: str) -> dict[str, object]:
    if _has_endless_key(text):
        raise BadDefinition(label, [_TOO_DEEP])
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise BadDefinition(label, [_TOO_DEEP]) from error
    except ValueError as error:  # a number of thousands of digits is a plain ValueError
        raise BadDefinition(label, [_broken_toml(error, text)]) from error


_TOO_DEEP: Final = Finding(
    "", Text("Lists or tables are nested too deeply to be read."), check="toml"
)


def _broken_toml(error: ValueError, text: str) -> Finding:
    """Say what TOML could not read. `tomllib` names the place and the rule, not the content."""
    if not isinstance(error, tomllib.TOMLDecodeError):
        return Finding("", Text("A number is too long to be read."), check="toml")
    said = str(error)
    at = _AT_LINE.search(said)
    line = int(at[1]) if at else text.count("\n") + 1
    reason = re.sub(r"[^\x20-\x7e]", "?", _AT_LINE.sub("", said))[:100]
    return Finding(
        "",
        Text("This is not TOML: {reason}.", reason=reason),
        Text('Text stands in "quotes", lists in [brackets], and each key once.'),
        check="toml",
        line=line,
    )


def _hidden_in_text(text: str) -> Iterator[Finding]:
    for match in FORBIDDEN.finditer(text):
        yield Finding(
            "",
            Text("There is a character that nobody can see: {name}.", name=name_of(match[0])),
            Text("Delete it and type the word again."),
            check="characters",
            line=text.count("\n", 0, match.start()) + 1,
        )
        if match.start() > LARGEST // 2:  # one finding a character would be a flood
            return


def _hidden_in_values(tree: object, where: str = "") -> Iterator[Finding]:
    """Find characters that were written as escapes; deep nesting was refused by the parser."""
    stack: list[tuple[object, str]] = [(tree, where)]
    while stack:
        value, where = stack.pop()
        if isinstance(value, dict):
            stack += [(inner, f"{where}.{key}".lstrip(".")) for key, inner in value.items()]
            stack += [(key, where) for key in value]
        elif isinstance(value, list):
            stack += [(inner, f"{where}[{at}]") for at, inner in enumerate(value)]
        elif isinstance(value, str) and (match := FORBIDDEN_IN_VALUE.search(value)):
            what = Text(
                "An escape stands for an invisible character: {name}.", name=name_of(match[0])
            )
            yield Finding(where, what, Text("Delete it."), check="characters")


def with_hash(value: T, sha256: str, **more: object) -> T:
    """Return the value with what only the loader knows."""
    return dataclasses.replace(value, sha256=sha256, **more)  # type: ignore[type-var]  # both roots have it
