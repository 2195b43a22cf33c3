"""Schema errors into sentences that repair: what is wrong, where, and what to write."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args, get_origin

from optout.catalog.characters import shown
from optout.catalog.findings import Finding
from optout.catalog.lines import line_of
from optout.catalog.schema import (
    LONGEST_WAIT,
    LOOKS,
    MOST_STEPS,
    SET_BY_LOADER,
    Loc,
    annotation_at,
    hints_of,
    verb_of,
)
from optout.model.flow import Step
from optout.text import Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

_NEVER_TYPED: Final = frozenset({"ssn", "itin", "social_security_number", "a_number", "visa"})
_VERBS: Final = tuple(verb_of(step) for step in get_args(Step))


def findings_of(error: ValidationError, root: type, text: str) -> list[Finding]:
    """Return one finding for each thing the schema refuses, in the order of the file."""
    details = error.errors(include_url=False, include_input=True, include_context=True)
    found = [_finding(detail, root, text) for detail in details]
    return sorted(found, key=lambda one: one.line or 0)


def _finding(detail: ErrorDetails, root: type, text: str) -> Finding:
    what, suggest = _sentence(detail, root)
    path = _in_file(detail["loc"])
    return Finding(where_text(path), what, suggest, line=line_of(text, path))


def _in_file(loc: Loc) -> Loc:
    """Take out of a place what is not written in the file: verbs of steps, `[key]` marks."""
    path: list[str | int] = []
    for position, part in enumerate(loc):
        in_step = position > 1 and loc[position - 2] == "steps"
        if part != "[key]" and not (in_step and part in _VERBS):
            path.append(part)
    return tuple(path)


def where_text(path: Loc) -> str:
    """Write a place as people do: `channel[2].discloses`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shown(part, 40)}"
    return text.lstrip(".")


def _sentence(detail: ErrorDetails, root: type) -> tuple[Text, Text | None]:
    """Say what is wrong and what to write, by the kind of error."""
    kind, loc = detail["type"], detail["loc"]
    name = shown(str(loc[-1]), 40) if loc else ""
    if kind in {"unexpected_keyword_argument", "dataclass_field_init"}:
        return _unknown_key(name, annotation_at(root, loc[:-1]))
    if kind in {"enum", "literal_error"}:
        return _unknown_word(shown(str(detail["input"]), 40), _allowed(root, loc))
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _unknown_verb(detail)
    if kind == "string_pattern_mismatch":
        return _wrong_look(detail)
    return _plain(kind, name)


_TOO_LONG: Final = (
    Text("There are more than {most} steps.", most=MOST_STEPS),
    Text("Leave out the steps that no filing needs."),
)


def _plain(kind: str, name: str) -> tuple[Text, Text | None]:
    if kind == "missing":
        return Text("`{name}` is missing.", name=name), Text("Add a line `{name} = …`.", name=name)
    if kind == "too_long":
        return _TOO_LONG
    if kind in {"greater_than_equal", "less_than_equal"}:
        return Text("A step waits between 1 and {most} seconds.", most=LONGEST_WAIT), None
    return _TYPES.get(kind, (Text("This value cannot be used ({kind}).", kind=kind), None))


def _unknown_key(name: str, cls: object) -> tuple[Text, Text | None]:
    if name in SET_BY_LOADER:
        return Text("`{name}` is set by the program.", name=name), Text("Delete the line.")
    known = tuple(hints_of(cls)) if isinstance(cls, type) and dataclasses.is_dataclass(cls) else ()
    return Text("The key `{name}` is not known here.", name=name), _nearest(name, known)


def _unknown_word(word: str, allowed: tuple[str, ...]) -> tuple[Text, Text | None]:
    if word.lower() in _NEVER_TYPED:
        return Text("`{word}` is never asked for, stored or typed.", word=word), Text(
            "Leave the box empty; if the page insists, hand it over with `ask_person`."
        )
    return Text("`{word}` is not one of the words allowed here.", word=word), _nearest(
        word, allowed
    )


def _unknown_verb(detail: ErrorDetails) -> tuple[Text, Text | None]:
    if detail["type"] == "union_tag_not_found":
        return Text("This step does not say what to do."), Text(
            "Begin it with `do = …`, one of: {verbs}.", verbs=", ".join(_VERBS)
        )
    verb = shown(str(detail["ctx"]["tag"]), 40)
    return Text("There is no step `{verb}`.", verb=verb), _nearest(verb, _VERBS)


def _wrong_look(detail: ErrorDetails) -> tuple[Text, Text | None]:
    pattern = detail["ctx"]["pattern"]
    words = next(look.words for look in LOOKS.values() if look.pattern == pattern)
    value = shown(str(detail["input"]))
    return Text("“{value}” does not look right.", value=value), Text("Write {words}.", words=words)


_TYPES: Final[Mapping[str, tuple[Text, Text]]] = MappingProxyType(
    {
        "string_type": (Text("This must be text."), Text('Put it in "quotes".')),
        "bool_type": (Text("This must be true or false."), Text("Write true or false, no quotes.")),
        "int_type": (Text("This must be a whole number."), Text("Write it without quotes.")),
        "float_type": (Text("This must be a number."), Text("Write it without quotes.")),
        "date_type": (Text("This must be a date."), Text("Write 2026-11-02, without quotes.")),
        "tuple_type": (Text("This must be a list."), Text("Put it in [brackets].")),
        "dict_type": (Text("This must be a table."), Text("Give it a [header] of its own.")),
        "dataclass_type": (
            Text("This must be a table."),
            Text("Write {{ key = … }} or a [header]."),
        ),
    }
)


def _allowed(root: type, loc: Loc) -> tuple[str, ...]:
    """Return the closed list of words for a value, or for a key of a table."""
    if loc[-1] == "[key]":
        table = annotation_at(root, loc[:-2])
        return _words(get_args(table)[0])
    return _words(annotation_at(root, loc))


def _words(annotation: object) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(str(word) for word in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    return ()


def _nearest(word: str, known: Iterable[str]) -> Text | None:
    """Suggest the closest spelling, else the whole list."""
    known = tuple(known)
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if close:
        return Text("Did you mean `{close}`?", close=close[0])
    return Text("Allowed: {words}.", words=", ".join(known)) if known else None
