"""The house holds: imports go one way, packages have one owner, rules touch nothing outside."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.architecture.conftest import Module

BASE: Final = {"errors", "text"}
MODEL: Final = {*BASE, "model"}
RULES: Final = {*MODEL, "rules"}
EDGE: Final = {"i18n", "words", "due_words"}  # sentences in a language: only where people read them
ADAPTERS: Final = {"catalog", "drafting", "vault", "browser", "mail"}

MAY_IMPORT: Final = {
    "": set(),
    "text": set(),
    "errors": BASE,
    "model": MODEL,
    "rules": RULES,
    "shipped": set(),
    "locale": {"catalog", "i18n", "shipped", "locale"},
    "i18n": BASE,
    "words": {*MODEL, "due_words"},
    "due_words": MODEL,
    "catalog": {*RULES, "shipped", "catalog"},
    "drafting": {*RULES, *EDGE, "shipped", "drafting"},
    "vault": {*RULES, "vault"},
    "browser": {*RULES, "browser"},
    "mail": {*RULES, *EDGE, "mail"},
    "workflows": {*RULES, *EDGE, *ADAPTERS, "shipped", "workflows"},
    "sample": {*RULES, *EDGE, *ADAPTERS, "shipped", "workflows", "sample"},
    "web": {*RULES, *EDGE, "vault", "workflows", "web"},
    "cli": {*RULES, *EDGE, *ADAPTERS, "shipped", "workflows", "sample", "web", "cli"},
    "__main__": {"cli"},
}

OWNERS: Final = {
    "typer": {"cli"},
    "rich": {"cli"},
    "sqlite_utils": {"vault"},
    "sqlcipher3": {"vault"},
    "keyring": {"vault"},
    "playwright": {"browser"},
    "jinja2": {"drafting", "web"},
    "markupsafe": {"web"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "anyio": {"web"},
    "typst": {"drafting"},
    "pydantic": {"catalog"},
    "pydantic_core": {"catalog"},
    "aiosmtpd": {"sample"},
    "holidays": {"rules"},
    "dateutil": {"rules"},
    "icalendar": {"drafting"},
    "pikepdf": {"drafting"},
    "idna": {"rules"},
    "anyascii": {"rules"},  # a rule compares names, whatever script they are written in
    "nicknames": {"rules"},  # and knows that Bob is Robert
    "regex": {"rules"},  # patterns of imported definitions, which may not hang
    "us": {"rules", "catalog"},
    "phonenumbers": {"workflows"},
    "platformdirs": {"workflows"},
    "python_calamine": {"workflows"},
    "xlsxwriter": {"workflows"},
}

OUTSIDE: Final = {
    *("os", "sys", "io", "time", "random", "secrets", "uuid", "socket", "ssl", "subprocess"),
    *("tempfile", "shutil", "logging", "threading", "asyncio", "urllib.request", "http", "ctypes"),
}
CALLS: Final = {"open", "print", "input", "exec", "eval", "__import__"}
NOW: Final = {"now", "today", "utcnow", "time", "monotonic", "urandom", "getenv"}
READS: Final = {"read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch"}

VAGUE: Final = {
    "manager",
    "handler",
    "helper",
    "helpers",
    "utils",
    "util",
    "process",
    "data",
    "info",
}


def wrong_ways(module: Module) -> Iterator[str]:
    for name in module.imports():
        if name.partition(".")[0] == "optout":
            part = [*name.split("."), ""][1]
            if part not in MAY_IMPORT[module.part] and part != "__version__":
                yield f"{module.name} imports {name}"


def not_owned(module: Module) -> Iterator[str]:
    for name in module.imports():
        owners = OWNERS.get(name.partition(".")[0])
        if owners and module.part not in owners:
            yield f"{module.name} imports {name}"


def outside(module: Module) -> Iterator[str]:
    for name in module.imports():
        if any(f"{name}.".startswith(f"{outer}.") for outer in OUTSIDE):
            yield f"{module.name} imports {name}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called, of = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
            if called in CALLS or of in NOW | READS:
                yield f"{module.name} calls {called or of} in line {node.lineno}"


def vague_names(module: Module) -> Iterator[str]:
    yield from (f"{module.name}" for part in module.name.split(".") if words(part) & VAGUE)
    for node in ast.walk(module.tree):
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if words(node.name) & VAGUE:
            yield f"{module.name}.{node.name}"


def words(name: str) -> set[str]:
    """Split a name; a kind of company and a package of somebody else's keep their names."""
    name = name.replace("risk_data", "").replace("RiskData", "").replace("sqlite_utils", "")
    split = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    return set(split.split("_"))


def all_of(found: Iterable[Iterator[str]]) -> list[str]:
    return [each for several in found for each in several]


def test_imports_go_one_way(modules: tuple[Module, ...]) -> None:
    assert all_of(wrong_ways(module) for module in modules) == []


def test_the_adapters_never_meet(modules: tuple[Module, ...]) -> None:
    """Said twice, because it is the wall that growth presses on."""
    for module in modules:
        if module.part in ADAPTERS:
            others = ADAPTERS - {module.part}
            assert (
                not {n.split(".")[1] for n in module.imports() if n.startswith("optout.")} & others
            )


def test_each_outside_package_has_one_owner(modules: tuple[Module, ...]) -> None:
    assert all_of(not_owned(module) for module in modules) == []


def test_model_and_rules_touch_no_clock_chance_environment_or_file(
    modules: tuple[Module, ...],
) -> None:
    pure = [module for module in modules if module.part in {"model", "rules", "text", "errors"}]
    assert len(pure) > 20
    assert all_of(outside(module) for module in pure) == []


def test_names_say_what_things_are(modules: tuple[Module, ...]) -> None:
    assert all_of(vague_names(module) for module in modules) == []


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (wrong_ways, "optout.rules.x", "from optout.vault.open import Database"),
        (wrong_ways, "optout.rules.x", "def f():\n    import optout.i18n"),
        (wrong_ways, "optout.vault.x", "from optout.browser.fence import Fence"),
        (wrong_ways, "optout.workflows.x", "from optout.cli.main import run"),
        (wrong_ways, "optout.sample.x", "from optout.cli import main"),
        (not_owned, "optout.workflows.x", "import typer"),
        (not_owned, "optout.cli.x", "from keyring.backend import KeyringBackend"),
        (outside, "optout.rules.x", "import os"),
        (outside, "optout.rules.x", "from datetime import datetime\nx = datetime.now()"),
        (outside, "optout.rules.x", "from pathlib import Path\nPath('a').read_text()"),
        (outside, "optout.rules.x", "print(1)"),
        (outside, "optout.rules.x", "from urllib.request import urlopen"),
        (vague_names, "optout.rules.x", "def process_data(): ..."),
        (vague_names, "optout.rules.x", "class VaultManager: ..."),
        (vague_names, "optout.rules.utils", ""),
    ],
)
def test_a_broken_rule_is_found(
    rule: object, name: str, source: str, written: type[Module]
) -> None:
    """The controls of the tests above."""
    assert callable(rule)
    assert list(rule(written(name, ast.parse(source))))


def test_what_is_public_says_what_it_promises(modules: tuple[Module, ...]) -> None:
    silent = [
        f"{module.name}.{node.name}"
        for module in modules
        for node in module.tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_functions_stay_small(modules: tuple[Module, ...]) -> None:
    """Half of them at most 10 lines, nine in ten at most 35 (STYLE: the anchors agree on it)."""
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    assert statistics.median(lengths) <= 10
    assert lengths[int(len(lengths) * 0.9)] <= 35
