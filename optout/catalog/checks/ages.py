"""Facts age: a definition that nobody read again for long says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "ages"
WHY: Final = "Forms and addresses change; what was read long ago may send somebody to an old one."
OLD_AFTER_DAYS: Final = 365
BEFORE_THE_WEB: Final = date(1995, 1, 1)


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for a date before the web, and a warning where even the newest is old."""
    if not broker.sources:
        return
    early = [n for n, source in enumerate(broker.sources) if source.read_on < BEFORE_THE_WEB]
    for index in early:
        yield Finding(
            f"sources[{index}].read_on",
            Text("Nobody read this on that day."),
            Text("Write the year with four digits, as in 2026-11-02."),
        )
    if early or broker.sample or setting.on is None:
        return
    newest = max(source.read_on for source in broker.sources)
    if (setting.on - newest).days > OLD_AFTER_DAYS:
        yield Finding(
            "sources",
            Text("Nobody read any of these for more than {days} days.", days=OLD_AFTER_DAYS),
            Text("Look at the company's page again, and write the day as `read_on`."),
            warning=True,
        )
