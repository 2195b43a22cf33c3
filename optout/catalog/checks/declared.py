"""What a company filed is copied as filed, with a year that can be true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker, RequestCount
from optout.text import Text

ID: Final = "declared"
WHY: Final = "People weigh a company by its own figures; a slip of ours would count against it."
FIRST_YEAR: Final = 2020  # of the first state's list of data brokers that we know


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each year and each count that cannot be as filed."""
    declared = broker.declared
    if declared is None:
        return
    latest = setting.on.year if setting.on is not None else declared.year
    if not FIRST_YEAR <= declared.year <= latest:
        yield Finding(
            "declared.year",
            Text("Nothing can have been filed for this year."),
            Text("Write the year of the list it stands in."),
        )
    for right, count in declared.counts.items():
        yield from _count(f"declared.counts.{right.value}", count)


def _count(where: str, count: RequestCount) -> Iterator[Finding]:
    answered = (count.granted, count.granted_in_part, count.denied)
    days = [each for each in (count.mean_days, count.median_days) if each is not None]
    if min(count.received, *answered, *days) < 0:
        yield Finding(where, Text("A count or a number of days is below zero."))
    elif sum(answered) > count.received:
        what = Text("More was answered than was received. Look whether it was filed like this.")
        yield Finding(where, what, warning=True)
