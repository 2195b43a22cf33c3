"""Grades are earned on the live site, by people, on a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from optout.catalog.checks.assumed import count_assumed
from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.words import Grade
from optout.text import Text

ID: Final = "grade"
WHY: Final = "A grade nobody earned would let an untried form run without a person watching."
GROWS_OLD_AFTER_DAYS: Final = 180
# Written by maintainers, each with its report: the road there is in brokers/README.md.
EARNED: Mapping[str, Grade] = MappingProxyType({})


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each grade or date that cannot be true."""
    above = broker.grade in {Grade.VERIFIED, Grade.TESTED}
    if above and not broker.sample and EARNED.get(broker.slug) is not broker.grade:
        yield Finding(
            "grade",
            Text("No report says that anybody tried this on the live site."),
            Text('Write: grade = "drafted"'),
        )
    if above and not broker.sample and any(count_assumed(broker, name) for name in broker.flow):
        yield Finding(
            "grade",
            Text("Some steps of its form are still assumed."),
            Text("Look at each on the live page, and name it as their `source`."),
        )
    if above and broker.verified_on is None and not broker.sample:
        yield Finding("verified_on", Text("Say on which day a person saw the page."))
    if not above and broker.verified_on is not None:
        yield Finding("verified_on", Text("A day goes with the grades verified and tested only."))
    if broker.verified_on is None or setting.on is None:
        return
    if broker.verified_on > setting.on:
        yield Finding("verified_on", Text("This day has not come yet."))
    elif (setting.on - broker.verified_on).days > GROWS_OLD_AFTER_DAYS:
        what = Text("Nobody looked for more than {days} days.", days=GROWS_OLD_AFTER_DAYS)
        yield Finding("verified_on", what, warning=True)
