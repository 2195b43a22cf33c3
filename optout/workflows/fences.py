"""Build the fence around the browser for one company, from its definition alone."""

from __future__ import annotations

import os
from collections.abc import Collection

from optout.browser.fence import Fence
from optout.browser.launch import is_root
from optout.browser.rehearsal import Rehearsal
from optout.catalog.asset_hosts import (
    asset_hosts,
    captcha_hosts,
    list_host_groups,
    shared_hosts,
)
from optout.catalog.checks import hosts
from optout.catalog.checks.setting import Setting
from optout.catalog.examples import examples_of
from optout.errors import Refused
from optout.model.broker import Broker
from optout.text import Text

ALLOW_ROOT = "OPTOUT_ALLOW_ROOT"


def check_hosts(broker: Broker) -> None:
    """Refuse hosts that are not plainly one company's own, whoever wrote or passed them."""
    setting = Setting(groups=list_host_groups(), shared=shared_hosts())
    if not broker.hosts or any(hosts.run(broker, setting)):
        raise Refused(
            Text("The definition names sites that are not this company's own."),
            known=Text("No browser was opened, and nothing was sent."),
            hint=Text("See what is wrong with it: optout broker lint {c}", c=broker.slug),
        )


def fence_for(broker: Broker, *, shuts_when_loaded: bool = False) -> Fence:
    """Return the fence for real filings: the company's hosts, and named asset and captcha hosts."""
    check_hosts(broker)
    check_sandbox()
    return Fence(
        broker.hosts,
        asset_hosts=asset_hosts(broker.assets),
        captcha_hosts=captcha_hosts(broker.captcha),
        shuts_when_loaded=shuts_when_loaded,
    )


def reading_fence(hosts: Collection[str]) -> Fence:
    """Return the fence for reading a page: its hosts, and every named host of assets and checks."""
    check_sandbox()
    groups = list_host_groups().values()
    assets = [host for group in groups if group.kind == "asset" for host in group.hosts]
    checks = [host for group in groups if group.kind == "captcha" for host in group.hosts]
    return Fence(hosts, assets, checks)


def check_sandbox() -> None:
    """Refuse to open a company's page as administrator, unless the person knows what that means."""
    if is_root() and os.environ.get(ALLOW_ROOT) != "1":
        raise Refused(
            Text("As administrator (root) the browser has no sandbox of its own."),
            known=Text("Nothing was sent."),
            hint=Text(
                "Run optout as an ordinary user; or, knowing this, set {name}=1", name=ALLOW_ROOT
            ),
        )


def rehearsal_for(broker: Broker) -> Fence:
    """Return a fence with nothing behind it: the example page answers, no host is allowed."""
    return Rehearsal(broker.hosts, examples_of(broker).answer)
