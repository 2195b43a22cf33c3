"""The closed schema of definitions and laws, made from the model's own dataclasses.

The model stays free of pydantic: the validators are built here, once, from its annotations.
Unknown keys are errors, types are strict, lists become tuples, and a step is told apart by its
`do`. What a text may look like (a slug, a host, a selector) is decided by the field's name.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, get_args, get_origin

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from optout.text import Text

Loc = tuple[str | int, ...]
SET_BY_LOADER: Final = frozenset({"sha256", "local"})
MOST_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Look:
    """What a text must look like, as a pattern and in words."""

    pattern: str
    words: Text


_PRINTABLE: Final = r"^[\x20-\x7e]+$"
_SLUG: Final = Look(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", Text("small letters, digits and single hyphens: acme-people")
)
_HOST: Final = Look(
    r"^[a-z0-9-]+(\.[a-z0-9-]+)+$",
    Text("a bare host name in small ASCII letters, such as privacy.example.com"),
)
_SELECTOR: Final = Look(_PRINTABLE, Text("a selector in plain ASCII characters"))
_URL: Final = Look(r"^[\x21-\x7e]+$", Text("an address in plain ASCII characters, without spaces"))
_STATE: Final = Look(r"^[A-Z]{2}$", Text("a state's two capital letters, such as CO"))
_EMAIL: Final = Look(
    r"^[A-Za-z0-9][A-Za-z0-9._+-]*@[a-z0-9-]+(\.[a-z0-9-]+)+$",
    Text("one bare mail address, such as privacy@example.com"),
)
_PHONE: Final = Look(r"^\+?[0-9][0-9 ().-]{6,24}$", Text("one phone number in digits"))

LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "slug": _SLUG,
        "id": _SLUG,
        "parent": _SLUG,
        "clears": _SLUG,
        "feeds": _SLUG,
        "flow": _SLUG,
        "assets": _SLUG,
        "captcha": _SLUG,
        "redirect_to": _SLUG,
        "hosts": _HOST,
        "shared": _HOST,
        "mail_domains": _HOST,
        "in_frame": _HOST,
        "into": _SELECTOR,
        "proof": _SELECTOR,
        "element": _SELECTOR,
        "expect_element": _SELECTOR,
        "reference": _SELECTOR,
        "done_when": _SELECTOR,
        "rows": _SELECTOR,
        "none": _SELECTOR,
        "next": _SELECTOR,
        "selector": _SELECTOR,
        "url": _URL,
        "states": _STATE,
        "email": _EMAIL,
        "number": _PHONE,
    }
)
_LONGEST: Final[Mapping[str, int]] = MappingProxyType({"steps": MOST_STEPS})
MOST_PAGES: Final = 20  # of one search: whoever lists more has to be asked more closely
LONGEST_WAIT: Final = 120  # seconds: a page that takes longer is not there
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"within_seconds": (1, LONGEST_WAIT), "pages": (1, MOST_PAGES)}
)


@cache
def hints_of(cls: type) -> Mapping[str, object]:
    """Return the annotations of a dataclass that a file may set, resolved."""
    hints = typing.get_type_hints(cls)
    return {
        field.name: hints[field.name]
        for field in dataclasses.fields(cls)
        if field.name not in SET_BY_LOADER
    }


@cache
def validator_for(root: type) -> SchemaValidator:
    """Return the validator of a file whose top level is this dataclass."""
    return SchemaValidator(core_schema_of(root))


def core_schema_of(root: type) -> CoreSchema:
    """Return the schema of a file whose top level is this dataclass."""
    builder = _Builder()
    schema = builder.schema_of(root, None)
    return core_schema.definitions_schema(schema, builder.definitions())


class _Builder:
    """Turns annotations into a core schema, each dataclass once, so that steps may nest."""

    def __init__(self) -> None:
        self._classes: dict[str, CoreSchema | None] = {}

    def definitions(self) -> list[CoreSchema]:
        return [schema for schema in self._classes.values() if schema is not None]

    def schema_of(self, annotation: object, name: str | None) -> CoreSchema:
        """Return the schema of one annotation; `name` is the field it belongs to."""
        if isinstance(annotation, typing.NewType):
            return self.schema_of(annotation.__supertype__, name)
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is tuple:
            items = self.schema_of(args[0], name)
            longest = _LONGEST.get(name or "")
            return core_schema.tuple_variable_schema(items, strict=False, max_length=longest)
        if origin is dict:
            keys, values = (self.schema_of(arg, name) for arg in args)
            return core_schema.dict_schema(keys, values, strict=True)
        if origin is Literal:
            return core_schema.literal_schema(list(args))
        if origin in (typing.Union, types.UnionType):
            return self._choice(args, name)
        return self._single(annotation, name)

    def _choice(self, args: tuple[object, ...], name: str | None) -> CoreSchema:
        kinds = [arg for arg in args if arg is not types.NoneType]
        if len(kinds) == 1:  # optional: TOML has no null, so the key is simply left out
            return self.schema_of(kinds[0], name)
        verbs = {verb_of(kind): self.schema_of(kind, None) for kind in kinds}
        return core_schema.tagged_union_schema(dict(verbs), discriminator="do")

    def _single(self, annotation: object, name: str | None) -> CoreSchema:
        assert isinstance(annotation, type)
        if issubclass(annotation, Enum):
            return core_schema.enum_schema(annotation, list(annotation), sub_type="str")
        if dataclasses.is_dataclass(annotation):
            return self._dataclass(annotation)
        if annotation is str:
            look = LOOKS.get(name or "")
            return core_schema.str_schema(strict=True, pattern=look.pattern if look else None)
        if annotation is int:
            least, most = _NUMBERS.get(name or "", (None, None))
            return core_schema.int_schema(strict=True, ge=least, le=most)
        plain: dict[type, CoreSchema] = {
            bool: core_schema.bool_schema(strict=True),
            float: core_schema.float_schema(strict=True, allow_inf_nan=False),
            date: core_schema.date_schema(strict=True),
        }
        return plain[annotation]

    def _dataclass(self, cls: type) -> CoreSchema:
        ref = f"{cls.__module__}.{cls.__qualname__}"
        if ref not in self._classes:
            self._classes[ref] = None  # a class that holds itself meets its own reference
            self._classes[ref] = self._class_schema(cls, ref)
        return core_schema.definition_reference_schema(ref)

    def _class_schema(self, cls: type, ref: str) -> CoreSchema:
        hints = hints_of(cls)
        parts = []
        for field in dataclasses.fields(cls):
            known = field.name in hints
            inner = self.schema_of(hints[field.name], field.name) if known else _UNSET
            parts.append(
                core_schema.dataclass_field(
                    field.name, _with_default(field, inner), kw_only=True, init=known
                )
            )
        arguments = core_schema.dataclass_args_schema(cls.__name__, parts, extra_behavior="forbid")
        names = [field.name for field in dataclasses.fields(cls)]
        return core_schema.dataclass_schema(
            cls, arguments, names, slots=True, frozen=True, strict=False, ref=ref
        )


_UNSET: Final = core_schema.any_schema()


def _with_default(field: dataclasses.Field[object], inner: CoreSchema) -> CoreSchema:
    if field.default is not dataclasses.MISSING:
        return core_schema.with_default_schema(inner, default=field.default)
    if field.default_factory is not dataclasses.MISSING:
        return core_schema.with_default_schema(inner, default_factory=field.default_factory)
    return inner


def verb_of(step: object) -> str:
    """Return the word that tells a step's class apart."""
    assert isinstance(step, type)
    return str(get_args(typing.get_type_hints(step)["do"])[0])


def annotation_at(root: type, loc: Loc) -> object:
    """Return what the schema expects at a place of the file, or None where it knows nothing."""
    annotation: object = root
    for part in loc:
        annotation = _inside(_bare(annotation), part)
        if annotation is None:
            return None
    return _bare(annotation)


def _bare(annotation: object) -> object:
    if isinstance(annotation, typing.NewType):
        return _bare(annotation.__supertype__)
    kinds = [arg for arg in get_args(annotation) if arg is not types.NoneType]
    optional = get_origin(annotation) in (typing.Union, types.UnionType) and len(kinds) == 1
    return _bare(kinds[0]) if optional else annotation


def _inside(annotation: object, part: str | int) -> object:
    """Step one level down: into a field, a list, a table, or the step of that verb."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return args[0]
    if origin is dict:
        return args[1]
    if origin in (typing.Union, types.UnionType):
        return next((kind for kind in args if verb_of(kind) == part), None)
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return hints_of(annotation).get(str(part))
    return None
