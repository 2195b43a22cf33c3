"""Slugs are permanent: people's stored requests point at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "slug"
WHY: Final = "Old requests point at a slug: it is never renamed, reused or taken from a folder."
LONGEST: Final = 60
_FOLDERS: Final = frozenset({"retired", "registries", "examples"})


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding where the slug is taken, reserved or not the folder's name."""
    if broker.slug in setting.retired:
        yield Finding(
            "slug",
            Text("A company that is gone had this slug."),
            Text("Choose another; see brokers/retired/{slug}.toml.", slug=broker.slug),
        )
    if broker.slug in _FOLDERS or len(broker.slug) > LONGEST:
        yield Finding(
            "slug",
            Text("This slug cannot be used."),
            Text("Take the company's name, at most {most} letters.", most=LONGEST),
        )
    if setting.folder is not None and setting.folder.name != broker.slug:
        yield Finding("slug", Text("The slug is not the name of the folder."))
