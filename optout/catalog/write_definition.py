"""A definition as TOML, written the way the volunteers write it by hand."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any, Final

from optout.model.broker import Broker, Channel, Declared, RequestCount, Source
from optout.model.flow import Flow, Search, Step

# In this order people read a step; whatever is not named here comes behind.
_FIRST: Final = (
    "do", "url", "text", "element", "field", "press", "label", "into", "format", "how", "option",
    "reason", "say", "done_when", "proof", "expect", "expect_element", "refuse", "steps",
)  # fmt: skip
_LAST: Final = ("optional", "minutes", "in_frame", "within_seconds", "source", "assumed")
_ALWAYS: Final = frozenset({"do"})
_WIDE: Final = 100
# What could end a comment's line, or show other words than stand there.
_NOT_IN_A_COMMENT: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def definition_text(broker: Broker, *, above: Sequence[str] = (), flows: Sequence[str] = ()) -> str:
    """Return a definition as its file; each of `above` and `flows` is a comment of one line."""
    parts = [
        *map(_comment, above),
        *_pairs(
            broker, without={"channel", "flow", "search", "sources", "declared", "sha256", "local"}
        ),
    ]
    if broker.declared is not None:
        parts += _declared(broker.declared)
    for channel in broker.channel:
        parts += ["", "[[channel]]", *_channel(channel)]
    if flows:
        parts += ["", *map(_comment, flows)]
    for name, flow in broker.flow.items():
        parts += _flow(name, flow)
    if broker.search is not None:
        parts += _search(broker.search)
    for source in broker.sources:
        parts += ["", "[[sources]]", *_source(source)]
    return "\n".join(parts) + "\n"


def step_text(step: Step) -> str:
    """Return one step as it stands in a list of steps."""
    return _table(_of_step(step))


def _comment(words: str) -> str:
    """Write a comment on one line, whatever its words are: they may be a company's own."""
    written = "".join(
        " " if unicodedata.category(char) in _NOT_IN_A_COMMENT else char for char in words
    )
    return " ".join(["#", *written.split()])


def _channel(channel: Channel) -> Iterator[str]:
    tables = ("email", "post", "phone")
    yield from _pairs(channel, without={*tables, "conflict"})
    for name in tables:
        if getattr(channel, name) is not None:
            yield from ("", f"[channel.{name}]", *_pairs(getattr(channel, name)))
    for conflict in channel.conflict:
        yield from ("", "[[channel.conflict]]", *_pairs(conflict))


def _declared(declared: Declared) -> Iterator[str]:
    yield from ("", "[declared]", *_pairs(declared, without={"counts"}))
    if declared.counts:
        yield from ("", "[declared.counts]")
    for right, count in declared.counts.items():
        yield f"{right.value} = {_table(_of_step(count))}"


def _source(source: Source) -> Iterator[str]:
    yield from _pairs(source)


def _flow(name: str, flow: Flow) -> Iterator[str]:
    for leg in flow.leg:
        yield ""
        yield f"[[flow.{name}.leg]]"
        yield "steps = ["
        for step in leg.steps:
            yield f"  {step_text(step)},"
        yield "]"


def _search(search: Search) -> Iterator[str]:
    yield from ("", "[search]", *_pairs(search, without={"steps"}), "steps = [")
    yield from (f"  {step_text(step)}," for step in search.steps)
    yield "]"


def _of_step(step: Step | RequestCount) -> dict[str, object]:
    told = {
        each.name: getattr(step, each.name)
        for each in fields(step)
        if each.name in _ALWAYS or getattr(step, each.name) != _default(each)
    }
    middle = [name for name in told if name not in (*_FIRST, *_LAST)]
    return {name: told[name] for name in (*_FIRST, *middle, *_LAST) if name in told}


def _pairs(value: Any, *, without: Collection[str] = ()) -> Iterator[str]:  # noqa: ANN401 - one of our models
    for each in fields(value):
        told = getattr(value, each.name)
        if each.name in without or (told == _default(each) and each.name != "slug"):
            continue
        yield f"{each.name} = {_value(told, wide=len(each.name) + 3)}"


def _default(each: Field[Any]) -> object:
    if each.default_factory is not MISSING:
        return each.default_factory()
    return each.default


def _value(value: object, *, wide: int = 0) -> str:
    match value:
        case bool():
            written = str(value).lower()
        case str():
            written = _string(str(value))  # the words of a closed list are strings too
        case int() | float():
            written = str(value)
        case date():
            written = value.isoformat()
        case Sequence():
            written = _list(value, wide)
        case Mapping():  # how a row is read, by name
            written = _table({str(name): each for name, each in value.items()})
        case _:
            written = _table(_of_step(value))  # type: ignore[arg-type]  # steps inside others
    return written


def _list(values: Sequence[object], wide: int) -> str:
    written = [_value(value) for value in values]
    line = f"[{', '.join(written)}]"
    if len(line) + wide <= _WIDE:
        return line
    return "[\n" + "".join(f"  {value},\n" for value in written) + "]"


def _table(pairs: Mapping[str, object]) -> str:
    inside = ", ".join(f"{name} = {_inline(value)}" for name, value in pairs.items())
    return f"{{ {inside} }}"


def _inline(value: object) -> str:
    """Write a value on one line: an inline table has no other."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_inline(each) for each in value)}]"
    return _value(value)


def _string(text: str) -> str:
    """Write text in quotes; TOML's own strings are JSON's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
