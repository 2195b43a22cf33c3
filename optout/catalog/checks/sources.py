"""Every fact names where it was read, and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker, Channel, Contact, Phone
from optout.text import Text

ID: Final = "sources"
WHY: Final = "A fact without a source cannot be checked, and one without a date cannot age."

_KEYS: Final = re.compile(r"\[([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*)\]")
Named = tuple[str, str]  # place, key


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each source that is missing, unknown, doubled or from the future."""
    known = Counter(source.key for source in broker.sources)
    for key, count in known.items():
        if count > 1:
            yield Finding("sources", Text("Two sources are called {key}.", key=key))
    named = [*_named(broker)]
    for where, key in named:
        if key not in known:
            said = Text("There is no source called {key}.", key=key)
            yield Finding(where, said, _meant(key, known))
    for key in known.keys() - {key for _where, key in named}:
        yield Finding("sources", Text("Nothing rests on the source {key}.", key=key), warning=True)
    yield from _without(broker)
    for index, source in enumerate(broker.sources):
        if setting.on is not None and source.read_on > setting.on:
            yield Finding(f"sources[{index}].read_on", Text("This day has not come yet."))


def _meant(key: str, known: Collection[str]) -> Text | None:
    close = get_close_matches(key, known, n=1)
    return Text("Did you mean {key}?", key=close[0]) if close else None


def _named(broker: Broker) -> Iterator[Named]:
    for name in ("facts", "unknown"):
        yield from _texts(name, getattr(broker, name))
    for index, source in enumerate(broker.comes_from):
        yield from ((f"comes_from[{index}].sources", key) for key in source.sources)
    for index, channel in enumerate(broker.channel):
        yield from _of_channel(f"channel[{index}]", channel)
    for placed in walk_steps(broker):
        if placed.step.source:
            yield f"{placed.where}.source", placed.step.source


def _of_channel(where: str, channel: Channel) -> Iterator[Named]:
    yield from ((f"{where}.sources", key) for key in channel.sources)
    for name, keys in _of_contacts(channel):
        yield from ((f"{where}.{name}.sources", key) for key in keys)
    for name in ("pitfalls", "verification", "enclose", "guide", "harder_afterwards"):
        yield from _texts(f"{where}.{name}", getattr(channel, name))
    yield from _texts(f"{where}.eligibility", (channel.eligibility,))
    for index, conflict in enumerate(channel.conflict):
        yield from _texts(f"{where}.conflict[{index}].says", conflict.says)


def _of_contacts(channel: Channel) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in ("email", "post", "phone"):
        contact: Contact | Phone | None = getattr(channel, name)
        if contact is not None:
            yield name, contact.sources


def _texts(where: str, texts: tuple[str, ...]) -> Iterator[Named]:
    for text in texts:
        for match in _KEYS.finditer(text):
            yield from ((where, key) for key in match[1].split(", "))


def _without(broker: Broker) -> Iterator[Finding]:
    """Yield what names no source at all; practice companies are their own source."""
    if broker.sample:
        return
    if not broker.sources:
        yield Finding("sources", Text("A definition without a source cannot be checked."))
    for index, fact in enumerate(broker.facts):
        if not _KEYS.search(fact):
            yield _unsourced(f"facts[{index}]")
    for index, source in enumerate(broker.comes_from):
        if not source.sources:
            yield _unsourced(f"comes_from[{index}].sources")
    for index, channel in enumerate(broker.channel):
        yield from _channel_without(f"channel[{index}]", channel)


def _channel_without(where: str, channel: Channel) -> Iterator[Finding]:
    if not channel.sources:
        yield _unsourced(f"{where}.sources")
    for index, conflict in enumerate(channel.conflict):
        if not conflict.says or not all(_KEYS.search(said) for said in conflict.says):
            yield _unsourced(f"{where}.conflict[{index}].says")
    for name, keys in _of_contacts(channel):
        if not keys:
            yield _unsourced(f"{where}.{name}.sources")


def _unsourced(where: str) -> Finding:
    return Finding(
        where,
        Text("This names no source."),
        Text("Write the key of a source in square brackets at its end: … [KEY]"),
    )
