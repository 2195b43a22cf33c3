"""Every address a flow or a person is sent to is https and belongs to the company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import PlacedStep, walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import ConfirmEmail, Open, ReadCode
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text

ID: Final = "urls"
WHY: Final = "An address that leads elsewhere would carry personal data elsewhere."

_LEADS_ON: Final = re.compile(r"https?:|%3a%2f%2f|%2f%2f|[^:]//", re.IGNORECASE)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each address outside `hosts`, or that can lead elsewhere."""
    for placed in walk_steps(broker):
        yield from _step(placed, broker.hosts)
    shown = (*broker.hosts, *broker.mail_domains)
    for index, channel in enumerate(broker.channel):
        if channel.url:
            yield from _address(f"channel[{index}].url", channel.url, shown)
    for index, source in enumerate(broker.sources):
        if source.url:
            yield from _form(f"sources[{index}].url", source.url)


def _step(placed: PlacedStep, hosts: tuple[str, ...]) -> Iterator[Finding]:
    step = placed.step
    if step.in_frame is not None and not host_allowed(step.in_frame, hosts):
        yield _outside(f"{placed.where}.in_frame")
    if isinstance(step, ReadCode) and step.url:
        yield from _address(f"{placed.where}.url", step.url, hosts)
    if isinstance(step, Open):
        # The place of a `{field}` never decides the host: that is another check's business.
        yield from _address(f"{placed.where}.url", step.url, hosts)
    if isinstance(step, ConfirmEmail):
        if not step.hosts:
            yield _outside(f"{placed.where}.hosts")
        for index, host in enumerate(step.hosts):
            if not host_allowed(host, hosts):
                yield _outside(f"{placed.where}.hosts[{index}]")


def _address(where: str, url: str, allowed: tuple[str, ...]) -> Iterator[Finding]:
    bad = [*_form(where, url)]
    yield from bad
    if not bad and not host_allowed(host_of(url), allowed):
        yield _outside(where)
    rest = url.partition("://")[2]
    if _LEADS_ON.search(rest):
        yield Finding(
            where,
            Text("This address carries another address inside: it may lead there."),
            Text("Open the page itself."),
        )


def _form(where: str, url: str) -> Iterator[Finding]:
    try:
        host_of(url)
    except BadAddress as bad:
        yield Finding(
            where,
            Text("This address cannot be used: {reason}.", reason=bad.reason),
            Text("Write https:// and the address as the browser shows it."),
        )


def _outside(where: str) -> Finding:
    return Finding(
        where,
        Text("This leads to a host that is not in `hosts`."),
        Text("Add the host to `hosts`, if it really belongs to the company."),
    )
