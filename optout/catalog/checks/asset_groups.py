"""Foreign hosts are chosen by name from the maintainers' list, each for what it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import AskPerson
from optout.text import Text

ID: Final = "asset-groups"
WHY: Final = "A definition must not open the fence to hosts of its own choosing."


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each unknown or misused group, and for a captcha without hosts."""
    for name, kind in (("assets", "asset"), ("captcha", "captcha")):
        known = sorted(key for key, group in setting.groups.items() if group.kind == kind)
        for index, group in enumerate(getattr(broker, name)):
            if group not in known:
                yield Finding(
                    f"{name}[{index}]",
                    Text("No group of {kind} hosts has this name.", kind=kind),
                    Text("Known: {names}.", names=", ".join(known)),
                )
    if not broker.sample and not broker.captcha and _meets_captcha(broker):
        yield Finding(
            "captcha",
            Text("A step waits for a captcha, but no captcha hosts are named."),
            Text('Add for example: captcha = ["google-recaptcha"]'),
        )


def _meets_captcha(broker: Broker) -> bool:
    steps = (placed.step for placed in walk_steps(broker))
    return any(isinstance(step, AskPerson) and step.reason == "captcha" for step in steps)
