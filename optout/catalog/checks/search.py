"""A search discloses and files nothing: one `extract` at its end, no submit, no mailed link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from optout.catalog.checks.legs import SHORTEST_EXPECT
from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import PlacedStep, walk_search
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import (
    AddRow,
    ConfirmEmail,
    Extract,
    Looks,
    Open,
    Press,
    ReadCode,
    Search,
    Submit,
)
from optout.rules.listing_life import RAREST, USUAL, in_range
from optout.rules.search_fields import fields_of_search
from optout.text import Text

ID: Final = "search"
WHY: Final = "Looking somebody up tells the site whom one looks for, and must file nothing."
_ANY_PAGE: Final = re.compile(
    r"(//|/)?(\*|:root|html|head|body|main|div|p|span|form|table|ul|h[1-6])", re.IGNORECASE
)
_FILES: Final = (Submit, ConfirmEmail, ReadCode, AddRow)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each search that does more than look, or cannot say “nobody”."""
    search = broker.search
    if search is None:
        return
    yield from _ends(search)
    yield from _discloses(broker, search)
    yield from _looks(search.looks or Looks())
    for placed in walk_search(broker):
        yield from _step(placed)


def _ends(search: Search) -> Iterator[Finding]:
    if not search.steps or not isinstance(search.steps[0], Open):
        yield Finding(
            "search.steps",
            Text("A search does not begin by opening a page."),
            Text("Begin it with an `open` step."),
        )
    at = [i for i, step in enumerate(search.steps) if isinstance(step, Extract)]
    if at != [len(search.steps) - 1]:
        yield Finding(
            "search.steps",
            Text("A search ends in the one step that reads the rows."),
            Text("End it with one `extract`."),
        )


def _discloses(broker: Broker, search: Search) -> Iterator[Finding]:
    used = fields_of_search(broker)
    if len(set(search.discloses)) != len(search.discloses):
        yield Finding("search.discloses", Text("A field is named twice."))
    if set(used) != set(search.discloses):
        quoted = ", ".join(f'"{field.value}"' for field in used)
        yield Finding(
            "search.discloses",
            Text(
                "The search uses {used}.",
                used=", ".join(field.value for field in used) or "nothing",
            ),
            Text("Write: discloses = [{fields}]", fields=quoted),
        )


def _looks(looks: Looks) -> Iterator[Finding]:
    for name, days in asdict(looks).items():
        if days is not None and days != in_range(name, days):
            least = getattr(USUAL, name)
            yield Finding(
                f"search.looks.{name}",
                Text("Each look tells the site the name again, so it is not made so often.")
                if days < least
                else Text("What comes back would stay unseen for more than a year."),
                Text("Write {least} to {most} days.", least=least, most=RAREST),
            )


def _step(placed: PlacedStep) -> Iterator[Finding]:
    step = placed.step
    if isinstance(step, _FILES):
        yield Finding(
            placed.where,
            Text("A search files nothing and waits for no mail."),
            Text("Buttons of a search are `press`; what is mailed is typed by the person."),
        )
    if isinstance(step, Press) and step.in_row:
        yield Finding(placed.where, Text("In a search there is no listing yet to press beside."))
    if isinstance(step, Extract):
        yield from _says_none(placed.where, step)


def _says_none(where: str, step: Extract) -> Iterator[Finding]:
    if not (step.none or step.none_text.strip()):
        yield Finding(
            where,
            Text("It does not know a page without results: then no page says “not listed”."),
            Text("Add `none` or `none_text`: what the page shows only when it has nobody."),
            warning=True,
        )
    if 0 < len(step.none_text.strip()) < SHORTEST_EXPECT or _ANY_PAGE.fullmatch(step.none.strip()):
        yield Finding(
            where,
            Text("This is on any page, so any page would say “not listed”."),
            Text("Name what the page shows only when it has nobody."),
        )
    if step.pages > 1 and not step.next:
        yield Finding(where, Text("Nothing says what leads to the next page."), Text("Add `next`."))
