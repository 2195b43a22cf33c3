"""Whoever reads the history reads words: no code is left to guess."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import optout
from optout.model.clinic import CheckResult
from optout.model.record import Answer, Event
from optout.model.request import Delivery, Status
from optout.vault.slots import SlotKind
from optout.workflows.clinic import CHANGED, start_clinic
from optout.workflows.history_words import said_code, said_event
from tests.conftest import NOW, World

PACKAGE = Path(optout.__file__).parent


def recorded() -> Iterator[str]:
    """Yield each code that some line of the program writes down by itself."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record":
                yield from (
                    word.value
                    for word in ast.walk(node.args[0])
                    if isinstance(word, ast.Constant) and isinstance(word.value, str)
                    if word.value.partition(".")[2] and not word.value.endswith(".")
                )


def test_every_code_has_words() -> None:
    codes = set(recorded())
    assert len(codes) > 30, "the control: they are found"
    assert {code for code in codes if said_code(code) is None} == set()
    assert said_code("no.such") is None


def test_every_end_of_a_code_has_words() -> None:
    ends: dict[str, type[Answer | Delivery | CheckResult | Status | SlotKind]] = {
        "answer": Answer,
        "attempt": Delivery,
        "conflict": CheckResult,
        "request": Status,
        "key.added": SlotKind,
        "key.removed": SlotKind,
    }
    for before, kind in ends.items():
        for member in kind:
            assert said_code(f"{before}.{member}") is not None, member


def event(code: str, *ids: str) -> Event:
    return Event(seq=1, at=NOW, actor="Sam Example", code=code, ids=ids, sha256="")


def test_what_was_changed_is_named() -> None:
    four = event(CHANGED, "clinic.four-eyes", "clinic.office")
    assert said_event(four).english().endswith("four eyes, the name of the office")
    assert said_event(event("matter.held", "a")).english() == "A hold was put on a client's file"
    assert said_event(event("conflict.clear", "a")).english().endswith(": no conflict")
    assert said_event(event("new.code")).english() == "new.code"
    kept = event("setting.changed", "erasure.K7F3-Q2MX")
    assert said_event(kept).english() == "A setting was changed: the receipt of an erasure"
    assert said_event(event("setting.changed")).english() == "A setting was changed", "of before"


def test_a_start_is_one_line(world: World) -> None:
    before = world.vault.events.list()
    start_clinic(world.vault, "Example Legal Aid", ["Robin", "Sam"], four_eyes=True, keeps_years=7)
    (one,) = world.vault.events.list(after=len(before))
    said = said_event(one).english()
    assert said.startswith("Settings of the office were changed: ")
    assert said.count(", ") == 3
    start_clinic(world.vault, "Example Legal Aid", ["Robin", "Sam"], four_eyes=False, keeps_years=7)
    off, last = (said_event(each).english() for each in world.vault.events.list(after=one.seq))
    assert off == "A setting was changed: when four eyes were turned off"
    assert last == "Settings of the office were changed: four eyes"


def test_a_setting_is_told_by_its_kind_alone(world: World) -> None:
    """What stands behind the colon can be a company that somebody asked."""
    world.vault.settings.set("address-failed:outside-company", "2026-11-22")
    head = world.vault.events.head()
    assert head is not None
    assert head.ids == ("address-failed",)
    assert said_event(head).english() == "A setting was changed: that mail to a company came back"
