"""Everything a person reads is short enough to be read, and every list short enough to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_texts
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "sizes"
WHY: Final = "Nobody reads a page of words in front of a form, or sees one host among fifty."

LONGEST: Final = 600  # characters of a sentence, where no shorter measure is given
LONGEST_OF: Final[Mapping[str, int]] = MappingProxyType(
    {
        "name": 120,
        "short_name": 60,
        "title": 120,
        "say": 400,
        "label": 200,
        "press": 120,
        "expect": 200,
        "text": 200,
        "into": 300,
        "url": 500,
        "key": 40,
    }
)
MOST: Final[Mapping[str, int]] = MappingProxyType(
    {
        "hosts": 12,
        "mail_domains": 12,
        "assets": 8,
        "captcha": 4,
        "holds": 20,
        "products": 20,
        "facts": 30,
        "channel": 40,
        "flow": 20,
        "sources": 60,
        "clears": 40,
        "feeds": 40,
        "comes_from": 20,
        "covers": 40,
        "apart": 40,
    }
)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each text and each list that is longer than people can look through."""
    for name, most in MOST.items():
        count = len(getattr(broker, name))
        if count > most:
            yield Finding(
                name,
                Text(
                    "There are {count} here; more than {most} hide things.", count=count, most=most
                ),
                Text("Leave out what nothing rests on."),
            )
    for where, name, text in walk_texts(broker):
        most = LONGEST_OF.get(name, LONGEST)
        if len(text) > most:
            yield Finding(
                where,
                Text(
                    "This has {count} characters; at most {most} are read.",
                    count=len(text),
                    most=most,
                ),
                Text("Say it shorter, or in two."),
            )
