"""`{field}` puts personal data into an address, nowhere else, and only where that is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import PlacedStep, walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.flow import Open
from optout.rules.open_address import CHANGES, places_of, without_places
from optout.text import Text

ID: Final = "placeholders"
WHY: Final = "Personal data in a host or a selector would go where nobody approved it."

_NAMES: Final = frozenset(field.value for field in Field)
_LEFT_OUT: Final = frozenset({"steps", "say"})  # inner steps are walked; `say` is for people


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each `{…}` that is unknown, misplaced or not declared."""
    for placed in walk_steps(broker):
        if isinstance(placed.step, Open):
            yield from _address(placed.where, placed.step)
        yield from _elsewhere(placed)
    for index, channel in enumerate(broker.channel):
        # Shown to people, never filled in.
        if _has_braces(channel.url):
            yield _misplaced(f"channel[{index}].url")


def _address(where: str, step: Open) -> Iterator[Finding]:
    where = f"{where}.url"
    host, _slash, rest = step.url.partition("://")[2].partition("/")
    places = places_of(rest)
    if _has_braces(host):
        yield _misplaced(where)
    for place in places:
        if place.name not in _NAMES:
            yield Finding(where, Text("There is no field of that name."), _known())
        for change in place.unknown():
            yield Finding(
                where,
                Text("We do not know this change of a value: {name}.", name=change[:40]),
                Text("Changes: {names}.", names=", ".join(sorted(CHANGES))),
            )
    if _has_braces(without_places(rest)):
        yield Finding(where, Text("A curly bracket is left open."), _known())
    if places and not step.reveals:
        yield Finding(
            where,
            Text("This address carries personal data; it will be seen in logs and histories."),
            Text("If the page needs it, add `reveals = true`."),
        )
    if step.reveals and not places:
        yield Finding(where, Text("`reveals` is set, but nothing is revealed."), Text("Delete it."))


def _elsewhere(placed: PlacedStep) -> Iterator[Finding]:
    left_out = _LEFT_OUT | ({"url"} if isinstance(placed.step, Open) else set())
    for field in fields(placed.step):
        value = getattr(placed.step, field.name)
        if field.name not in left_out and isinstance(value, str) and _has_braces(value):
            yield _misplaced(f"{placed.where}.{field.name}")


def _has_braces(text: str) -> bool:
    return "{" in text or "}" in text


def _misplaced(where: str) -> Finding:
    return Finding(
        where,
        Text("Nothing is put in here: `{{…}}` works in the path of an opened address only."),
        Text("Write the text as it stands on the page."),
    )


def _known() -> Text:
    return Text("Fields: {names}.", names=", ".join(sorted(_NAMES)))
