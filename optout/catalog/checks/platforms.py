"""A form on a platform that many rent has the platform's boxes, each for what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.catalog.platforms import Platform, platform_at
from optout.model.broker import Broker
from optout.model.flow import Check, Choose, Fill, Open
from optout.rules.hosts import BadAddress, host_of
from optout.text import Text

ID: Final = "platforms"
WHY: Final = "What a platform's boxes are called is written once, in brokers/platforms.toml."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each step that the platform's own form contradicts."""
    platform: Platform | None = None
    for placed in walk_steps(broker):
        step = placed.step
        if isinstance(step, Open):
            platform = _platform_of(step.url)
        elif platform and isinstance(step, Fill | Choose | Check):
            yield from _step(f"{placed.where}.into", step, platform)


def _platform_of(url: str) -> Platform | None:
    try:
        return platform_at(host_of(url))
    except BadAddress:  # another check's business
        return None


def _step(where: str, step: Fill | Choose | Check, platform: Platform) -> Iterator[Finding]:
    known = platform.place_in(step.into)
    wanted = None if isinstance(step, Check) else step.field
    held = platform.box.get(known)
    if known and wanted and held is not wanted:
        yield Finding(
            where,
            Text("On forms of {platform} this box is for something else.", platform=platform.name),
            _instead(platform, step),
        )
    elif not known and platform.has_made(step.into):
        yield Finding(
            where,
            Text("{platform} has no box of this name that we know.", platform=platform.name),
            _instead(platform, step),
            warning=True,
        )


def _instead(platform: Platform, step: Fill | Choose | Check) -> Text:
    wanted = None if isinstance(step, Check) else step.field
    boxes = platform.selectors_for(wanted) if wanted else ()
    if boxes:
        return Text("Its box for {field}: {boxes}", field=wanted, boxes=" or ".join(boxes))
    return Text("If the page really has it, add it to brokers/platforms.toml.")
