"""Spots English on a screen that somebody reads in Spanish; what companies and laws say stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Final

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.locale.catalog import catalogs, collect, read
from optout.locale.entries import SAMPLES, all_sentences, all_translations
from optout.shipped import shipped

# Words that stand in nearly every English sentence, and in no Spanish one.
LITTLE_WORDS: Final = re.compile(
    r"\b(the|and|of|you|your|with|this|that|these|was|are|were|they|their|from|which|what|when|"
    r"not|nothing|will|would|can|may|have|has|been|only|who|where|how|if|then|it|is|at|by|for|to)\b"
)
TYPED: Final = re.compile(
    r"“[^”]*”|\"[^\"]*\"|`[^`]*`|optout( [a-z-]+)+|--[a-z-]+(=\S+)?|\S*[/\\@]\S*|\S+\.\w{2,4}\b|"
    r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\[[^\]]*\]|\bus-[a-z-]+"
)
FEWEST: Final = 3  # words of a sentence of ours, where a place of it may hold anything


def english_in(screen: str, *, spared: Iterable[str] = ()) -> list[str]:
    """Return the lines that hold English, each with what gave it away."""
    lines = [" ".join(line.split()) for line in screen.splitlines()]
    ours = [words for words in said_in_english() if words in "\n".join(lines)]
    found = []
    for line in lines:
        if not LITTLE_WORDS.search(line) and not any(words in line for words in ours):
            continue
        left = TYPED.sub(" ", _without(line, spared))
        given_away = [*(words for words in ours if words in left), *LITTLE_WORDS.findall(left)]
        if given_away:
            found.append(f"{line}  <- {given_away[0]}")
    return found


def _without(line: str, spared: Iterable[str]) -> str:
    for words in sorted({each for each in (*quoted(), *spared) if each in line}, key=len)[::-1]:
        line = line.replace(words, " ")
    return line


@cache
def said_in_english() -> frozenset[str]:
    """Return what our sentences say between their places, where Spanish says it otherwise."""
    spanish = read(catalogs()["es"].read_text("utf-8"))
    told = [*(form for forms in spanish.values() for form in forms), *all_translations().values()]
    in_spanish = " ".join(told)
    texts = {one for message in collect() for one in message} | set(all_sentences())
    parts = {part.strip(" .,:;()\n") for text in texts for part in re.split(r"\{\w*\}|\n", text)}
    long = {part for part in parts if len(part.split()) >= FEWEST}
    return frozenset(part for part in long if part not in in_spanish)


@cache
def quoted() -> frozenset[str]:
    """Return what stays English: names, titles, products, addresses and quotations of laws."""
    whole = [
        *(broker for folder in (SAMPLES, shipped("brokers"))
          for broker in list_brokers(folders=(folder,))),
        *list_laws().values(),
    ]  # fmt: skip
    ours = set(all_sentences()) | set(all_translations())
    found = {words for thing in whole for words in _strings(thing)}
    return frozenset(found - ours - {""})


def _strings(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield from (thing,) if " " in thing or thing[:1].isupper() else ()
    elif isinstance(thing, Mapping):
        yield from (found for each in thing.values() for found in _strings(each))
    elif isinstance(thing, tuple | list):
        yield from (found for each in thing for found in _strings(each))
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _strings(getattr(thing, field.name))
