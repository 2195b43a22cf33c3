"""Reading a definition that is written in DuckDuckGo's JSON.

What we do not know is told, never dropped: a key is a warning, a kind of step refuses that file.
The file is foreign: it is small, flat and in visible characters, or it is not read at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from optout.catalog.characters import FORBIDDEN_IN_VALUE, name_of, shown
from optout.catalog.files import AS_UTF8, read_plain
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.mending import where_text
from optout.model import dialect
from optout.model.dialect import Dialect
from optout.text import Text

LARGEST: Final = 512 * 1024
DEEPEST: Final = 40  # levels; the deepest of theirs has a dozen
MOST_VALUES: Final = 20_000
SCHEMA: Final = "dialect"
_REMARK: Final = "_"  # keys that begin so are remarks
_TAG: Final = "actionType"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReadDialect:
    """A definition of theirs, its bytes, and what nobody here knows."""

    definition: Dialect
    content: bytes
    sha256: str
    unknown: tuple[Finding, ...]


def load_dialect(path: Path) -> ReadDialect:
    """Return the definition in one file, or `BadDefinition` with all that is wrong with it."""
    return parse_dialect(read_plain(path, most=LARGEST), path.name)


def parse_dialect(content: bytes, label: str) -> ReadDialect:
    """Return what these bytes say, as `load_dialect` does."""
    tree = _tree(content, label)
    if found := [*_hidden(tree)]:
        raise BadDefinition(label, found)
    try:
        definition = _validator().validate_python(tree)
    except ValidationError as error:
        raise BadDefinition(label, [_finding(one) for one in _details(error)]) from error
    return ReadDialect(
        definition=definition,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        unknown=tuple(_unknown_keys(tree, definition, "")),
    )


# ---- the file ----


def _tree(content: bytes, label: str) -> object:
    try:
        tree = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError as error:
        raise BadDefinition(label, [_TOO_DEEP]) from error
    except UnicodeDecodeError as error:
        raise BadDefinition(label, [_NOT_UTF8]) from error
    except ValueError as error:  # JSONDecodeError, an endless number
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise BadDefinition(label, [dataclasses.replace(_NOT_JSON, line=line)]) from error
    if not isinstance(tree, dict):
        raise BadDefinition(label, [_A_LIST if isinstance(tree, list) else _NOT_JSON])
    if found := _too_much(tree):
        raise BadDefinition(label, [found])
    return tree


def _no_number(_name: str) -> float:
    raise ValueError


_ANEW: Final = Text("Get the file anew: it is cut short, changed, or something else.")
_NOT_JSON: Final = Finding("", Text("This is not a definition in JSON."), _ANEW, check=SCHEMA)
_NOT_UTF8: Final = Finding("", Text("The file is not UTF-8 text."), AS_UTF8, check=SCHEMA)
_A_LIST: Final = Finding(
    "",
    Text("This is a list, and a file holds one definition."),
    Text("Save each definition of the list in a file of its own."),
    check=SCHEMA,
)
_TOO_DEEP: Final = Finding("", Text("It is nested too deeply to be read."), check=SCHEMA)
_TOO_MANY: Final = Finding("", Text("It holds more than anybody could look through."), check=SCHEMA)


def _too_much(tree: object) -> Finding | None:
    """Say whether a tree is deeper or larger than any definition."""
    level, count = [tree], 0
    for _depth in range(DEEPEST):
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        count += len(inner)
        if not inner:
            return None
        if count > MOST_VALUES:
            return _TOO_MANY
        level = inner
    return _TOO_DEEP


def _hidden(tree: object) -> Iterator[Finding]:
    stack: list[tuple[object, tuple[str | int, ...]]] = [(tree, ())]
    while stack:
        value, where = stack.pop()
        if isinstance(value, dict):
            stack += [(inner, (*where, key)) for key, inner in value.items()]
            stack += [(key, where) for key in value]
        elif isinstance(value, list):
            stack += [(inner, (*where, at)) for at, inner in enumerate(value)]
        elif isinstance(value, str) and (match := FORBIDDEN_IN_VALUE.search(value)):
            what = Text("There is a character that nobody can see: {name}.", name=name_of(match[0]))
            yield Finding(where_text(where), what, check="characters")


# ---- the schema, made from the model ----


@cache
def _validator() -> SchemaValidator:
    builder = _Builder()
    root = builder.schema_of(Dialect)
    return SchemaValidator(core_schema.definitions_schema(root, builder.definitions()))


def written(name: str) -> str:
    """Return a name of the model as it stands in their files: `action_type` is `actionType`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class _Builder:
    def __init__(self) -> None:
        self._classes: dict[str, CoreSchema | None] = {}

    def definitions(self) -> list[CoreSchema]:
        return [schema for schema in self._classes.values() if schema is not None]

    def schema_of(self, annotation: object) -> CoreSchema:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is tuple:
            return core_schema.tuple_variable_schema(self.schema_of(args[0]), strict=False)
        if origin is dict:
            keys, values = (self.schema_of(arg) for arg in args)
            return core_schema.dict_schema(keys, values, strict=True)
        if origin is Literal:
            return core_schema.literal_schema(list(args))
        if origin in (typing.Union, types.UnionType):
            return self._choice(args)
        return self._single(annotation)

    def _choice(self, args: tuple[object, ...]) -> CoreSchema:
        kinds = [arg for arg in args if arg is not types.NoneType]
        if annotation_is_action(kinds):
            tagged = {tag_of(kind): self.schema_of(kind) for kind in kinds}
            return core_schema.tagged_union_schema(dict(tagged), discriminator=_TAG)
        schemas = [self.schema_of(kind) for kind in kinds]
        one = schemas[0] if len(schemas) == 1 else core_schema.union_schema([*schemas])
        return core_schema.nullable_schema(one) if len(kinds) < len(args) else one

    def _single(self, annotation: object) -> CoreSchema:
        assert isinstance(annotation, type)
        if dataclasses.is_dataclass(annotation):
            return self._dataclass(annotation)
        plain: dict[type, CoreSchema] = {
            str: core_schema.str_schema(strict=True),
            bool: core_schema.bool_schema(strict=False),  # `1` is theirs for yes
            int: core_schema.int_schema(strict=True),
            float: core_schema.float_schema(strict=False, allow_inf_nan=False),
        }
        return plain[annotation]

    def _dataclass(self, cls: type) -> CoreSchema:
        ref = cls.__qualname__
        if ref not in self._classes:
            self._classes[ref] = None
            hints = typing.get_type_hints(cls, vars(dialect))
            parts = [
                core_schema.dataclass_field(
                    each.name,
                    self._with_default(each, hints[each.name]),
                    kw_only=True,
                    validation_alias=written(each.name),
                )
                for each in dataclasses.fields(cls)
            ]
            arguments = core_schema.dataclass_args_schema(ref, parts, extra_behavior="ignore")
            self._classes[ref] = core_schema.dataclass_schema(
                cls, arguments, [each.name for each in dataclasses.fields(cls)],
                slots=True, frozen=True, strict=False, ref=ref,
            )  # fmt: skip
        return core_schema.definition_reference_schema(ref)

    def _with_default(self, each: dataclasses.Field[Any], hint: object) -> CoreSchema:
        schema = self.schema_of(hint)
        if each.default_factory is not dataclasses.MISSING:
            return core_schema.with_default_schema(schema, default_factory=each.default_factory)
        if each.default is dataclasses.MISSING:
            return schema
        if each.default in ("", 0, ()) and schema["type"] != "nullable":
            schema = _null_is(each.default, schema)
        return core_schema.with_default_schema(schema, default=each.default)


def _null_is(default: object, schema: CoreSchema) -> CoreSchema:
    """Read `null` as if the key were not there, as their program does."""
    return core_schema.no_info_wrap_validator_function(
        lambda value, inner: default if value is None else inner(value), schema
    )


def annotation_is_action(kinds: list[object]) -> bool:
    """Say whether these are the kinds of step."""
    return all(isinstance(kind, type) and kind in get_args(dialect.Action) for kind in kinds)


def tag_of(kind: object) -> str:
    """Return the word that tells a kind of step apart."""
    assert isinstance(kind, type)
    return str(get_args(typing.get_type_hints(kind, vars(dialect))["action_type"])[0])


# ---- what is wrong, in words ----


def _details(error: ValidationError) -> list[Any]:
    return list(error.errors(include_url=False, include_context=True, include_input=True))


def _finding(detail: Any) -> Finding:  # noqa: ANN401 - pydantic's own
    tags = {tag_of(kind) for kind in get_args(dialect.Action)}
    loc = [part for part in detail["loc"] if part not in tags]
    suggest = _LATER if detail["type"] == "union_tag_invalid" else _ANEW
    return Finding(where_text(tuple(loc)), _sentence(detail, loc), suggest, check=SCHEMA)


_LATER: Final = Text("This site waits until optout knows that step. The other sites do not wait.")


def _sentence(detail: Any, loc: list[Any]) -> Text:  # noqa: ANN401 - pydantic's own
    kind = detail["type"]
    if kind == "union_tag_invalid":
        return Text(
            "We do not know this kind of step: {kind}.",
            kind=shown(str(detail["ctx"]["tag"]), 40),
        )
    if kind == "union_tag_not_found":
        return Text("This step does not say what it does.")
    if kind == "missing":
        return Text("`{name}` is missing.", name=shown(str(loc[-1]), 40))
    if kind == "recursion_loop":
        return Text("It is nested too deeply to be read.")
    return Text("Something else stands here than belongs there.")


# ---- what nobody knows ----


def _unknown_keys(written_as: object, read: object, where: str) -> Iterator[Finding]:
    """Hold what was written against what was read, and yield each key that was not."""
    if isinstance(read, tuple) and isinstance(written_as, list):
        for at, (inner, one) in enumerate(zip(written_as, read, strict=True)):
            yield from _unknown_keys(inner, one, f"{where}[{at}]")
    elif isinstance(read, dict) and isinstance(written_as, dict):
        for key, one in read.items():
            yield from _unknown_keys(written_as[key], one, f"{where}.{shown(key, 40)}".lstrip("."))
    elif dataclasses.is_dataclass(read) and isinstance(written_as, dict):
        known = {written(each.name): each.name for each in dataclasses.fields(read)}
        for key, inner in written_as.items():
            place = f"{where}.{shown(key, 40)}".lstrip(".")
            if key in known:
                yield from _unknown_keys(inner, getattr(read, known[key]), place)
            elif not key.startswith(_REMARK):
                what = Text("We do not know what this is for. It is kept, and not used.")
                yield Finding(place, what, check="unknown", warning=True)
