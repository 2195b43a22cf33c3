"""The federal freeze binds the three nationwide bureaus only; elsewhere it is asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.words import Basis, By, Right
from optout.text import Text

ID: Final = "freeze-basis"
WHY: Final = "A letter that claims a right the law does not give is easy to refuse."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each freeze on the wrong ground, or without its price."""
    for index, channel in enumerate(broker.channel):
        if channel.right is not Right.FREEZE or By.NONE in channel.by:
            continue
        if Basis.FCRA in channel.basis and broker.cra != "nationwide":
            yield Finding(
                f"channel[{index}].basis",
                Text("15 U.S.C. 1681c-1(i) does not bind this company."),
                Text('Write: basis = ["policy", "state-freeze"]'),
            )
        if not channel.harder_afterwards:
            yield Finding(
                f"channel[{index}].harder_afterwards",
                Text("A freeze makes things harder, and this does not say what or how to undo it."),
            )
