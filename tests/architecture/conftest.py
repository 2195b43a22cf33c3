"""The program's own source, read once: what these tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import optout

PACKAGE = Path(optout.__file__).parent


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    name: str  # optout.rules.hosts
    tree: ast.Module

    @property
    def part(self) -> str:
        """The folder or file right under `optout`."""
        return [*self.name.split("."), ""][1]

    def imports(self) -> Iterator[str]:
        """Yield the full name of everything it imports at run time, wherever the line stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: imports are absolute"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module(path: Path) -> Module:
    parts = ("optout", *path.relative_to(PACKAGE).with_suffix("").parts)
    name = ".".join(part for part in parts if part != "__init__")
    return Module(name, ast.parse(path.read_text("utf-8")))


@pytest.fixture(scope="session")
def modules() -> tuple[Module, ...]:
    """Return every module of the program."""
    found = tuple(module(path) for path in sorted(PACKAGE.rglob("*.py")))
    assert len(found) > 50
    return found


@pytest.fixture
def written() -> type[Module]:
    """Return the class itself: a test's control writes a module that breaks a rule."""
    return Module
