"""Sentences name commands, for people at a terminal; on the page each becomes what it does here."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from optout.i18n import say
from optout.text import Text
from optout.web.page_words import WORDS
from optout.web.roads import ROADS

_REFERENCE: Final = r"(?P<ref>[A-Z0-9]{4}-[A-Z0-9]{4})"
_WITH_REFERENCE: Final = {
    "file": "file",
    "letter post": "sent",
    "letter pdf": "file",
    "record": "record",
    "reconcile": "reconcile",
    "follow-up": "follow-up",
    "confirm": "confirm",
    "next --done": "settled",
    "next --leave": "leave",
}
_SCREENS: Final = {
    "status": ("/status", WORDS["status"]),
    "due": ("/due", WORDS["due"]),
    "next": ("/", WORDS["home"]),
    "plan": ("/go/plan", ROADS["plan"].title),
    "person add": ("/go/person", ROADS["person"].title),
}
_NAMES: Final = sorted((*_WITH_REFERENCE, *_SCREENS), key=len, reverse=True)
_COMMAND: Final = re.compile(rf"optout (?P<name>{'|'.join(_NAMES)})(?: {_REFERENCE})?(?![\w-])")


def with_links(text: Text) -> Markup:
    """Return a sentence for the page: escaped, its commands as links."""
    said = say(text)
    parts: list[Markup] = []
    at = 0
    for found in _COMMAND.finditer(said):
        link = _link(found["name"], found["ref"])
        if link:
            parts += [escape(said[at : found.start()]), link]
            at = found.end()
    return Markup("").join([*parts, escape(said[at:])])


def _link(name: str, reference: str | None) -> Markup | None:
    if reference and name in _WITH_REFERENCE:
        road = _WITH_REFERENCE[name]
        return _anchor(f"/go/{road}/{reference}", ROADS[road].title)
    if not reference and name in _SCREENS:
        return _anchor(*_SCREENS[name])
    return None


def _anchor(address: str, title: Text) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, say(title))
