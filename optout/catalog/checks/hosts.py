"""`hosts` decides where personal data may go, so every entry is one plain, narrow host name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.rules.hosts import RESERVED, BadAddress, checked_host
from optout.text import Text

ID: Final = "hosts"
WHY: Final = "A host in this list, and everything below it, may receive personal data."


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each host that is not plainly one company's own."""
    for name in ("hosts", "mail_domains"):
        for index, host in enumerate(getattr(broker, name)):
            yield from _entry(f"{name}[{index}]", host, setting, sample=broker.sample)
    lent = {host for group in setting.groups.values() for host in group.hosts}
    for index, host in enumerate(broker.hosts):
        if host in lent:
            yield Finding(
                f"hosts[{index}]",
                Text("This host serves everybody's pages: it never receives personal data."),
                Text("Name its group in `assets` or `captcha` instead."),
            )


def _entry(where: str, host: str, setting: Setting, *, sample: bool) -> Iterator[Finding]:
    try:
        checked_host(host)
    except BadAddress as bad:
        yield Finding(
            where,
            Text("This is not a plain host name: {reason}.", reason=bad.reason),
            Text("Write it as the browser shows it: privacy.example.com"),
        )
        return
    if host in setting.shared:
        yield Finding(
            where,
            Text("This name belongs to many companies' sites at once."),
            Text("Write the whole host that the form uses."),
        )
    if host.endswith(RESERVED) and not sample:
        yield Finding(
            where,
            Text("Names below .test do not exist; only practice companies use them."),
            Text("Write the company's real host."),
        )
