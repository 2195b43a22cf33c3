"""Words that people must never meet, and files that must not name where they came from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_group

from optout.cli.main import app
from optout.locale import catalog
from optout.locale.catalog import catalogs, read

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = sorted(ROOT.glob("requirements*.txt"))

# SAFETY 8: what they see instead is locked folder, did it arrive?, case, checked?, hide, sending.
JARGON: Final = re.compile(
    r"\b(vault|reconcile|matter|grade|suppression|outbox|delivery|payload|digest|schema)\b",
    re.IGNORECASE,
)
# What is typed or written as it stands: commands, options, values, names of files and keys.
AS_TYPED: Final = re.compile(
    r'optout [a-z-]+( [a-z-]+)?|--[a-z-]+|\{\w+\}|vault\.json|vault backup|grade = "'
)


@cache
def collect() -> frozenset[catalog.Message]:
    return frozenset(catalog.collect())


def jargon_in(sentence: str) -> list[str]:
    return JARGON.findall(AS_TYPED.sub("", sentence))


def test_people_never_meet_our_own_words() -> None:
    met = {m.one: jargon_in(f"{m.one} {m.many}") for m in collect()}
    assert {sentence: found for sentence, found in met.items() if found} == {}


def test_a_word_of_ours_would_be_found() -> None:
    """The control."""
    assert jargon_in("The vault is locked.") == ["vault"]
    assert jargon_in("Find out, then: optout reconcile REF") == []


@pytest.mark.parametrize("language", sorted(catalogs()))
def test_translations_keep_the_commands(language: str) -> None:
    for message, forms in read(catalogs()[language].read_text("utf-8")).items():
        for form in forms:
            assert commands_in(form) == commands_in(message.one), message.one


def commands_in(sentence: str) -> list[str]:
    """The commands that it tells, in any order: “run optout as …” is none."""
    known = get_group(app).list_commands(None)  # type: ignore[arg-type]  # it reads no context
    return sorted(set(re.findall(r"optout ([a-z-]+)", sentence)) & set(known))


def test_a_translated_command_would_be_found() -> None:
    """The control."""
    assert commands_in("Run optout as you like, then: optout plan") == ["plan"]
    assert commands_in("Después: optout planear") == []


def test_there_are_no_shouts_and_no_blame() -> None:
    rude = re.compile(r"!|\b(invalid|illegal|fatal|abort|failed to|your fault)\b", re.IGNORECASE)
    assert {m.one for m in collect() if rude.search(m.one)} - {
        "Invalid value for {name}: {why}"
    } == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_are_hashed_line_by_line_and_name_no_host(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    for pin in pins:
        assert re.match(r"[a-z0-9._-]+==\S+", pin, re.IGNORECASE), pin
        assert "--hash=sha256:" in pin, pin
    assert len(LOCKS) == 3
