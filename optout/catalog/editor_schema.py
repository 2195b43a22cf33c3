"""The schema of definitions as JSON Schema, so that an editor completes and explains each key.

Made from the very schema that loading uses, with the comments of the model as explanations. It
helps while writing; only `optout broker lint` decides.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from optout.catalog.schema import SET_BY_LOADER, core_schema_of
from optout.model import broker, flow

_COMMENTED: Final = re.compile(r"^    (\w+): [^#\n]+?  # (.+)$", re.MULTILINE)
_NOT_FOR_EDITORS: Final = ("title", "discriminator")


def editor_schema() -> str:
    """Return the JSON Schema of `broker.toml`, as the committed file holds it."""
    generator = GenerateJsonSchema(by_alias=False)
    made = generator.generate(core_schema_of(broker.Broker), mode="validation")
    classes = _classes()
    _explain(made, classes["Broker"])
    for name, entry in made["$defs"].items():
        _explain(entry, classes[name])
    made["$schema"] = generator.schema_dialect
    made["title"] = "broker.toml"
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _classes() -> dict[str, type]:
    return {
        name: cls
        for module in (broker, flow)
        for name, cls in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(cls)
    }


def _explain(entry: dict[str, Any], cls: type) -> None:
    """Close an object, take out what a file cannot set, and say of each key what it means."""
    entry["type"] = "object"
    entry["additionalProperties"] = False
    entry["description"] = inspect.getdoc(cls)
    entry.pop("title", None)
    words = _words(cls)
    keys = {name: key for name, key in entry["properties"].items() if name not in SET_BY_LOADER}
    entry["properties"] = keys
    for name, key in keys.items():
        _plain(key)
        if name in words:
            key["description"] = words[name]
    if "do" in keys:  # what a step does is always written, first of all
        keys["do"].pop("default", None)
        entry["required"] = ["do", *entry.get("required", [])]


def _words(cls: type) -> dict[str, str]:
    """Return the comment beside each key, the inherited ones first."""
    found: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if dataclasses.is_dataclass(each):
            found |= dict(_COMMENTED.findall(inspect.getsource(each)))
    return found


def _plain(key: dict[str, Any]) -> None:
    for name in _NOT_FOR_EDITORS:
        key.pop(name, None)
    if key.get("default", "") is None:  # TOML has no null: the key is left out
        del key["default"]
    if isinstance(key.get("items"), dict):
        _plain(key["items"])
