"""What nobody saw is marked, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import Capture
from optout.text import Text

ID: Final = "assumed"
WHY: Final = "A step that nobody saw may be wrong, and the person should know how many there are."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each step of unknown origin, and a count of the assumed ones."""
    if broker.sample:
        return
    for placed in walk_steps(broker):
        step = placed.step
        if not isinstance(step, Capture) and not step.source and not step.assumed:
            yield Finding(
                placed.where,
                Text("Nobody knows where this step was seen."),
                Text("Add `source`, or `assumed = true` if nobody saw it."),
            )
    for name in broker.flow:
        count = count_assumed(broker, name)
        if count:
            what = Text("Steps of this flow that nobody saw: {count}.", count=count)
            yield Finding(f"flow.{name}", what, warning=True)


def count_assumed(broker: Broker, flow: str) -> int:
    """Return how many steps of a flow nobody saw."""
    prefix = f"flow.{flow}.leg["
    return sum(
        placed.step.assumed for placed in walk_steps(broker) if placed.where.startswith(prefix)
    )
