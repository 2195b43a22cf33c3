"""The laws of `letters/laws/`, one file a law."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from optout.catalog.files import label_of, load_file, with_hash
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.law_lint import lint_law
from optout.catalog.lines import line_of
from optout.errors import WrongUsage
from optout.model.law import Law, LawId
from optout.rules.states import state_code
from optout.shipped import shipped
from optout.text import Text

_MOST_OFFERED: Final = 4
_LONGEST_ID: Final = 80  # a name that no disk takes is no law either
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NoSuchLaw(WrongUsage):
    """There is no law of that id."""

    def __init__(self, law: str, known: tuple[str, ...]) -> None:
        """Offer near ids."""
        near = _near(law, known)
        hint = (
            Text("Did you mean {law}?", law=", ".join(near))
            if near
            else Text("See: {command}", command="optout law list")
        )
        super().__init__(Text("There is no law with that id."), hint=hint)


def _near(typed: str, known: tuple[str, ...]) -> list[str]:
    """Return ids like the one typed: a slip of the keyboard, a part of it, or a state's name."""
    low = "-".join(typed.casefold().split())
    if low in known:
        return [low]
    if slips := difflib.get_close_matches(low, known, n=1, cutoff=0.8):
        return slips
    parts = [each for each in known if low in each.split("-")] if low else []
    try:
        state = f"us-{state_code(typed).lower()}-" if len(low) > len("co") else ""
    except WrongUsage:
        state = ""
    there = [each for each in known if state and each.startswith(state)]
    return list(dict.fromkeys((*parts, *there)))[:_MOST_OFFERED]


class BadLaw(BadDefinition):
    """A law's file cannot be used. Whoever mends it is at the keyboard."""

    exit_code = 2


def load_law(path: Path) -> Law:
    """Return one law's file; all findings at once if it is bad."""
    try:
        law, sha256 = load_file(path, Law)
    except BadDefinition as bad:
        raise BadLaw(bad.file, bad.findings) from None
    if law.id != path.stem:
        found = Finding(
            "id",
            Text("The id is not the name of the file."),
            Text('Write `id = "{stem}"`.', stem=path.stem),
            check="law-id",
        )
        raise BadLaw(label_of(path), [found])
    if wrong := lint_law(law):
        raise BadLaw(label_of(path), _with_lines(wrong, path.read_text("utf-8")))
    return with_hash(law, sha256)


def find_law(id: str, *, folder: Path | None = None) -> Law:  # noqa: A002  # the field's own word
    """Return the law of that id, reading one file."""
    folder = folder or _folder()
    path = folder / f"{id}.toml"
    if len(id) > _LONGEST_ID or not _ID.fullmatch(id) or not path.is_file():
        raise NoSuchLaw(id, tuple(sorted(file.stem for file in folder.glob("*.toml"))))
    return _cached(path) if folder == _folder() else load_law(path)


def list_laws(
    *, folder: Path | None = None, problems: list[BadDefinition] | None = None
) -> Mapping[LawId, Law]:
    """Return every law by id. A bad file raises, unless `problems` is there to take it."""
    laws: dict[LawId, Law] = {}
    folder = folder or _folder()
    read = _cached if folder == _folder() else load_law
    for path in sorted(folder.glob("*.toml")):
        try:
            law = read(path)
        except BadDefinition as bad:
            if problems is None:
                raise
            problems.append(bad)
        else:
            laws[law.id] = law
    return MappingProxyType(laws)


def _with_lines(found: Iterable[Finding], text: str) -> list[Finding]:
    return [replace(each, line=line_of(text, _place(each.where))) for each in found]


def _place(where: str) -> tuple[str | int, ...]:
    parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", where)
    return tuple(int(number) if number else name for number, name in parts)


def _folder() -> Path:
    return shipped("letters") / "laws"


@cache
def _cached(path: Path) -> Law:
    return load_law(path)
