"""Boxes that agree, consent or attest are ticked by the person, in the page's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import AskPerson
from optout.rules.hands_off import is_for_people
from optout.text import Text

ID: Final = "asked-of-people"
WHY: Final = "Only a person may agree to terms, sign, or say under penalty of perjury."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each such box that a step would tick, and for untold attestations."""
    for placed in walk_steps(broker):
        if is_for_people(placed.step):
            yield Finding(
                placed.where,
                Text("Only the person may do this."),
                Text("Make it an `ask_person` step, reason “terms” or “captcha”."),
            )
    for index, channel in enumerate(broker.channel):
        flow = broker.flow.get(channel.flow)
        legs = flow.leg if flow else ()
        asks = (step for leg in legs for step in leg.steps if isinstance(step, AskPerson))
        if not channel.attests and any(step.reason == "terms" for step in asks):
            yield Finding(
                f"channel[{index}].attests",
                Text("The flow asks the person to agree, but `attests` does not say to what."),
                Text("Copy the page's own words into `attests`."),
            )
