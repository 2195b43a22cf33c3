"""Whoever feeds another is asked before it; in a circle nobody can come before the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.rules.arrange import circles
from optout.text import Text

ID: Final = "circles"
WHY: Final = "Parents and feeders are asked first; in a circle of them there is no first one."


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield each circle of `parent`, `clears` and `feeds` that this definition closes."""
    others = [other for other in setting.neighbours if other.slug != broker.slug]
    for circle in circles((broker, *others)):
        if broker.slug in circle:
            yield Finding(
                _where(broker),
                Text(
                    "These come before each other in a circle: {companies}.",
                    companies=", ".join(sorted(circle)),
                ),
                Text("Take one of them out of `parent`, `clears` or `feeds`."),
            )


def _where(broker: Broker) -> str:
    return "feeds" if broker.feeds else "clears" if broker.clears else "parent"
