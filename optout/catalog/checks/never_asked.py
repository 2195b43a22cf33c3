"""Social Security numbers, papers and immigration status are never typed into any box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.rules.hands_off import is_never_typed
from optout.text import Text

ID: Final = "never-asked"
WHY: Final = "We never type an SSN or ITIN, and never say anything about immigration status."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each step that would touch such a box."""
    for placed in walk_steps(broker):
        if is_never_typed(placed.step):
            yield Finding(
                placed.where,
                Text("This box asks for something that is never typed."),
                Text("Leave it empty; if the page insists, use `ask_person` with reason identity."),
            )
