"""What `broker.es.toml` says is what `broker.toml` says, in Spanish, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from optout.catalog.characters import shown
from optout.catalog.checks.setting import Setting
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.translations import (
    BESIDE,
    Said,
    kept_as_they_are,
    read_translation,
    sentences_of_broker,
)
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "translated"
WHY: Final = "Who reads Spanish must be told the same: same places, same numbers, nothing besides."


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each translation that is stale, or says something else."""
    if setting.folder is None:
        return
    try:
        words = read_translation(setting.folder / BESIDE)
    except BadDefinition as bad:
        yield from (replace(each, where=f"{BESIDE}: {each.where}") for each in bad.findings)
        return
    yield from findings_of_words(words, frozenset(sentences_of_broker(broker)))


def findings_of_words(words: tuple[Said, ...], english: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the translations of these English sentences."""
    seen: set[str] = set()
    for each in words:
        yield from _wrong(each, english, again=each.en in seen)
        seen.add(each.en)


def _wrong(said: Said, english: frozenset[str], *, again: bool) -> Iterator[Finding]:
    def found(what: Text, suggest: Text, *, warning: bool = False) -> Finding:
        return Finding(f"{BESIDE}: {shown(said.en)}", what, suggest, warning=warning)

    if again:
        yield found(Text("This sentence is translated twice."), Text("Delete one."))
    if said.en not in english:
        yield found(
            Text("No sentence of this file reads like this: people read the English."),
            Text("Copy the sentence as it is now, and look whether the Spanish still fits."),
            warning=True,
        )
    if not said.es.strip():
        yield found(
            Text("Nothing stands here in Spanish."), Text("Write it, or delete both lines.")
        )
    elif kept_as_they_are(said.en) != kept_as_they_are(said.es):
        yield found(
            Text("Numbers, addresses, “quoted words” or [SOURCES] are not the same."),
            Text("Keep in Spanish, just as they are: {kept}", kept=_listed(said.en)),
        )


def _listed(sentence: str) -> str:
    return shown(", ".join(kept_as_they_are(sentence)) or "-", 200)
