"""The schema that editors read: what loading accepts it accepts, and it explains every key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from optout.catalog.editor_schema import editor_schema
from optout.catalog.schema import SET_BY_LOADER
from optout.cli import main as shell
from optout.shipped import shipped

ROOT = Path(__file__).parents[2]
MADE = editor_schema()
SCHEMA: dict[str, Any] = json.loads(MADE)
SHIPPED = sorted(shipped("brokers").glob("*/broker.toml"))
KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def wrong(value: Any, rule: dict[str, Any], place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """The part of JSON Schema that our schema is written in."""
    if "$ref" in rule:
        rule = SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")]
    if "oneOf" in rule:
        fits = [each for each in rule["oneOf"] if not [*wrong(value, each)]]
        if len(fits) != 1:
            yield f"{place}: fits {len(fits)}"
        return
    if not of_kind(value, rule["type"]):
        yield f"{place}: no {rule['type']}"
    elif isinstance(value, dict):
        yield from wrong_object(value, rule, place)
    elif isinstance(value, list):
        if len(value) > rule.get("maxItems", len(value)):
            yield f"{place}: too long"
        for index, one in enumerate(value):
            yield from wrong(one, rule["items"], f"{place}[{index}]")
    else:
        yield from wrong_word(value, rule, place)


def of_kind(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


def wrong_word(value: object, rule: dict[str, Any], place: str) -> Iterator[str]:
    if value not in rule.get("enum", [rule.get("const", value)]):
        yield f"{place}: {value}"
    elif isinstance(value, str) and not re.search(rule.get("pattern", ""), value):
        yield f"{place}: looks wrong"


def wrong_object(value: dict[str, Any], rule: dict[str, Any], place: str) -> Iterator[str]:
    for name in set(rule.get("required", ())) - set(value):
        yield f"{place}: no {name}"
    for name, one in value.items():
        if name in rule.get("properties", {}):
            yield from wrong(one, rule["properties"][name], f"{place}.{name}")
        elif patterns := rule.get("patternProperties"):
            ((pattern, inner),) = patterns.items()
            if not re.search(pattern, name):
                yield f"{place}: {name}"
            yield from wrong(one, inner, f"{place}.{name}")
        elif isinstance(rule.get("additionalProperties"), dict):
            if name not in rule.get("propertyNames", {}).get("enum", [name]):
                yield f"{place}: {name}"
            yield from wrong(one, rule["additionalProperties"], f"{place}.{name}")
        else:
            yield f"{place}: unknown {name}"


def tree(path: Path) -> dict[str, Any]:
    """A definition as an editor sees it: dates as text."""
    text = re.sub(r"(_on = )(\d{4}-\d\d-\d\d)", r'\1"\2"', path.read_text(encoding="utf-8"))
    return tomllib.loads(text)


def test_the_committed_copy_is_what_the_program_makes(capsys: pytest.CaptureFixture[str]) -> None:
    """Mend with: optout broker schema > brokers/schema.json"""
    assert (shipped("brokers") / "schema.json").read_text(encoding="utf-8") == MADE
    assert shell.main(["broker", "schema"]) == 0
    assert capsys.readouterr().out == MADE


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_definition_fits(path: Path) -> None:
    assert [*wrong(tree(path), SCHEMA)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slug =", "slugg ="),
        ('grade = "drafted"', 'grade = "draftet"'),
        ('do = "fill"', 'do = "type"'),
        ('do = "fill", ', ""),
        ('field = "email"', 'field = "ssn"'),
        ("[[sources]]", '[[sources]]\nmore = "x"'),
        ('hosts = ["', 'hosts = ["https://'),
        ('slug = "', "sha256 = 'x'\nslug = \""),
    ],
)
def test_what_loading_refuses_an_editor_underlines(tmp_path: Path, old: str, new: str) -> None:
    text = (shipped("brokers") / "spokeo" / "broker.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broker.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [*wrong(tree(path), SCHEMA)]


def objects() -> Iterator[dict[str, Any]]:
    yield SCHEMA
    yield from SCHEMA["$defs"].values()


def test_every_object_is_closed_and_explained_and_holds_nothing_a_file_cannot_set() -> None:
    assert len([*objects()]) > 20
    for each in objects():
        assert each["additionalProperties"] is False
        assert each["description"].endswith((".", "`."))
        assert not set(each["properties"]) & SET_BY_LOADER


def test_a_key_carries_the_words_of_the_model() -> None:
    hosts = SCHEMA["properties"]["hosts"]
    assert hosts["description"] == "the only hosts that may receive personal data"
    assert "assumed" in SCHEMA["$defs"]["Fill"]["properties"]
    explained = [key for each in objects() for key in each["properties"].values()]
    assert sum("description" in key or "$ref" in key for key in explained) > len(explained) / 3


def test_editors_are_told_where_the_schema_lies() -> None:
    config = tomllib.loads((ROOT / ".taplo.toml").read_text(encoding="utf-8"))
    (rule,) = config["rule"]
    assert (ROOT / rule["schema"]["path"]).is_file()
    assert rule["include"] == ["**/brokers/*/broker.toml"]
