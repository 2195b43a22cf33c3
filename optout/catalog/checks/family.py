"""Relatives are named by short names that exist, and nobody is a relative of oneself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker, ComesFrom
from optout.text import Text

ID: Final = "family"
WHY: Final = "A request that clears a company nobody knows would be told as done when it is not."


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each relative that is oneself, gone, named twice or not described."""
    for name in ("clears", "feeds"):
        named: tuple[str, ...] = getattr(broker, name)
        for index, slug in enumerate(named):
            where = f"{name}[{index}]"
            if slug in named[:index]:
                yield Finding(where, Text("This company is named twice."), Text("Delete one."))
            yield from _one(where, slug, broker, setting)
            if setting.known and slug not in setting.known:
                yield Finding(
                    where,
                    Text("No company here has this short name."),
                    Text("Take the name of its folder, or leave it out."),
                )
    for index, source in enumerate(broker.comes_from):
        yield from _comes_from(f"comes_from[{index}]", source, broker, setting)
    if broker.parent:  # a parent need not be described: it may sell nothing itself
        yield from _one("parent", broker.parent, broker, setting)


def _comes_from(
    where: str, source: ComesFrom, broker: Broker, setting: Setting
) -> Iterator[Finding]:
    if bool(source.origin) == bool(source.company):
        yield Finding(where, Text("Say where it begins, or which company passed it on."))
    if source.company:
        yield from _one(f"{where}.company", source.company, broker, setting)
        if setting.known and source.company not in setting.known:
            yield Finding(
                f"{where}.company",
                Text("No company here has this short name."),
                Text("Take the name of its folder, or leave it out."),
            )


def _one(where: str, slug: str, broker: Broker, setting: Setting) -> Iterator[Finding]:
    if slug == broker.slug:
        yield Finding(where, Text("This is the company itself."), Text("Delete it."))
    if slug in setting.retired:
        yield Finding(
            where,
            Text("That company is gone."),
            Text("See brokers/retired/{slug}.toml.", slug=slug),
        )
