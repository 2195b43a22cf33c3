"""What stands in the files of companies and laws, in another language: beside each, by sentence.

`brokers/<slug>/broker.es.toml` says in Spanish what `broker.toml` says to a person. A sentence is
found by its English: where that was changed, people read the English again, and `lint` says so.
The program reads one compiled file of them: see `optout.locale.entries`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Final

from optout.catalog.files import load_file
from optout.model.broker import Broker, Channel
from optout.model.law import Law

LANGUAGE: Final = "es"  # a second one needs its own names here, and nothing else
BESIDE: Final = f"broker.{LANGUAGE}.toml"

_OF_BROKER: Final = ("facts", "unknown", "sells_to", "legal_status")
# A name that describes, such as “Equifax (credit bureau)”; a company's own name has none of these.
_DESCRIBES: Final = re.compile(r"(?<![\w'’])[a-z]{3,}(?!\w)")
_OF_CHANNEL: Final = (
    "guide", "instead", "enclose", "verification", "eligibility", "answers_basis",
    "harder_afterwards", "will_not_reach", "pitfalls", "attests",
)  # fmt: skip
_OF_LAW: Final = frozenset(
    {
        "covered", "agent", "agent_proof", "verification", "private_action", "cure", "exemptions",
        "never_named", "notes", "note", "scope", "only_if", "runs_from", "appeal_within",
        "free_requests", "says", "narrow",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence of the file, and how a reader of the other language reads it."""

    en: str
    es: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Everything that one such file may hold."""

    words: tuple[Said, ...]


def read_translation(path: Path) -> tuple[Said, ...]:
    """Return what the file says, none where there is no file; every fault at once if it is bad."""
    return load_file(path, Translation)[0].words if path.exists() else ()


def sentences_of_broker(broker: Broker) -> Iterator[str]:
    """Yield what a definition says to a person in our words: no names, addresses or quotations."""
    if _DESCRIBES.search(broker.called()):
        yield broker.called()
    yield from _under(broker, _OF_BROKER)
    for source in broker.comes_from:  # the map names what it rests on
        yield from (each.what for each in broker.sources if each.key in source.sources)
    for channel in broker.channel:
        yield from _sentences_of_channel(channel)
    steps = (flow.leg for flow in broker.flow.values())
    yield from _named(tuple(steps), frozenset({"say"}))
    yield from _named(broker.search, frozenset({"say"}))


def _sentences_of_channel(channel: Channel) -> Iterator[str]:
    yield from _under(channel, _OF_CHANNEL)
    yield from (each for each in channel.products if _is_no_name(each))
    for contact in (channel.email, channel.post):
        yield from _under(contact, ("check",)) if contact else ()
    yield from _under(channel.phone, ("hours",)) if channel.phone else ()
    for conflict in channel.conflict:
        yield from _under(conflict, ("says", "ask"))


def _is_no_name(product: str) -> bool:
    """Say whether a product is only described, as “marketing lists” are: names stay as they are."""
    return product[:1].islower() and " " in product


def sentences_of_law(law: Law) -> Iterator[str]:
    """Yield what a law's file says to a person, and in letters, whose copy they read."""
    return _named(law, _OF_LAW)


def _under(thing: object, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from _strings(getattr(thing, name))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value,) if value else ()
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _strings(each)


def _named(thing: object, names: frozenset[str]) -> Iterator[str]:
    """Yield the sentences that stand under one of these names, at any depth."""
    if isinstance(thing, Mapping):
        thing = tuple(thing.values())
    if isinstance(thing, tuple | list):
        for each in thing:
            yield from _named(each, names)
    elif is_dataclass(thing):
        for field in fields(thing):
            value = getattr(thing, field.name)
            yield from _strings(value) if field.name in names else _named(value, names)


# What must stand in both languages just as it is: numbers, names of sources, addresses, commands,
# marks of a page, and whatever stands in the quotation marks of somebody's own words.
_AS_IT_IS: Final = re.compile(
    r"“[^”]*”|`[^`]*`|\[[A-Z0-9]+\]|https?://[^\s,;)]+|[\w.+-]+@[\w.-]+\w|"
    r"\b(?:[\w-]+\.)+[a-z]{2,}\b(?:/[\w/#-]*\w)?|\{[^}]*\}|[<>=*_|\\^~]|[0-9]+"
)


def kept_as_they_are(sentence: str) -> list[str]:
    """Return what a translation must hold too, and nothing else of its kind."""
    return sorted(_AS_IT_IS.findall(sentence))
