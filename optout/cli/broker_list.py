"""The list of companies: which ones, in which order, and narrow enough for a phone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from optout.cli import output
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.model.words import BrokerKind, By, Grade, Holding, Right
from optout.text import Text
from optout.words import word, words

if TYPE_CHECKING:
    from optout.cli.output import Shown
    from optout.model.broker import Broker, Channel

_TWO_COLUMNS: Final = 60  # narrower than this, a third column would break words
_THREE_COLUMNS: Final = 90
# A column of a list has no room for `optout.words`: one short word for each way.
_WAYS: Final[Mapping[By, Text]] = MappingProxyType(
    {
        By.WEB: Text("form"),
        By.EMAIL: Text("e-mail"),
        By.POST: Text("post"),
        By.PHONE: Text("phone"),
        By.PORTAL: Text("by hand"),
        By.NONE: Text("no way"),
    }
)


class Sort(StrEnum):
    """What the list is ordered by."""

    SHORT_NAME = "short-name"
    COMPANY = "company"
    KIND = "kind"
    CHECKED = "checked"
    DANGER = "danger"  # sells to government, and holds what leads to a door: first
    REQUESTS = "requests"  # the company's own count, the most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which companies to list. None, empty or False: no such wish."""

    kind: BrokerKind | None
    right: Right | None
    by: By | None
    grade: Grade | None
    holds: tuple[Holding, ...]
    to_government: bool
    name: str

    def fits(self, broker: Broker) -> bool:
        """Say whether this company has all that was asked for."""
        return (
            self.kind in {None, broker.kind}
            and self.grade in {None, broker.grade}
            and set(self.holds) <= set(broker.holds)
            and (not self.to_government or declared_to_government(broker))
            and self.name.casefold() in _names(broker)
            and any(self._offers(channel) for channel in broker.channel)
        )

    def _offers(self, channel: Channel) -> bool:
        return self.right in {None, channel.right} and (self.by is None or self.by in channel.by)


def in_order(brokers: Iterable[Broker], sort: Sort) -> list[Broker]:
    """Return the companies in this order; those that are alike, by short name."""
    return sorted(brokers, key=lambda broker: (_KEYS[sort](broker), broker.slug))


def show_list(brokers: Sequence[Broker]) -> None:
    """Print one company a row, as many columns as the screen has room for."""
    if not brokers:
        output.show(Text("No company here fits all of that. Leave out a part of it."))
        return
    alike = len({broker.grade for broker in brokers}) == 1
    columns = [each for each in _columns() if not (alike and each[0] == _CHECKED)]
    heads = [head for head, _cell in columns]
    output.table(heads, ([cell(broker) for _head, cell in columns] for broker in brokers))
    if alike:
        output.facts([(_CHECKED, word(brokers[0].grade))])
    output.show(Text("Companies: {count}", count=len(brokers)))


def brief(broker: Broker) -> dict[str, object]:
    """Return one company for a program."""
    return {
        "slug": broker.slug,
        "name": broker.name,
        "short_name": broker.called(),
        "kind": broker.kind,
        "holds": broker.holds,
        "rights": list(dict.fromkeys(channel.right for channel in broker.channel)),
        "by": _ways(broker),
        "sells_to_government": declared_to_government(broker),
        "parent": broker.parent or None,
        "requests": _requests(broker),
        "grade": broker.grade,
        "verified_on": broker.verified_on,
        "sample": broker.sample,
        "local": broker.local,
    }


def declared_to_government(broker: Broker) -> bool:
    """Say whether it declared such a sale itself."""
    told = broker.declared
    return told is not None and any(
        (
            told.sold_to_federal_government,
            told.sold_to_state_governments,
            told.sold_to_law_enforcement,
        )
    )


_Column = tuple[Text, Callable[["Broker"], "Shown"]]
_CHECKED: Final = Text("checked?")


def _columns() -> list[_Column]:
    """Return the columns there is room for; a program that reads aloud is told all of them."""
    short: _Column = (Text("short name"), lambda broker: broker.slug)
    company: _Column = (Text("company"), lambda broker: broker.called())
    kind: _Column = (Text("kind"), lambda broker: word(broker.kind))
    how: _Column = (Text("how"), lambda broker: _listed(_WAYS[by] for by in _open(broker)))
    checked: _Column = (_CHECKED, lambda broker: word(broker.grade))
    if session().plain:
        whole: _Column = (how[0], lambda broker: _listed(words(_ways(broker))))
        return [short, company, kind, whole, checked]
    width = shutil.get_terminal_size().columns
    if width < _TWO_COLUMNS:
        return [short, how]
    return [short, kind, how] if width < _THREE_COLUMNS else [short, company, kind, how, checked]


def _ways(broker: Broker) -> list[By]:
    return list(dict.fromkeys(by for channel in broker.channel for by in channel.by))


def _open(broker: Broker) -> list[By]:
    """Return the ways that lead somewhere; only where there is none, that there is none."""
    ways = _ways(broker)
    return [by for by in ways if by is not By.NONE] or ways


def _listed(texts: Iterable[Text]) -> str:
    return ", ".join(sentence(each) for each in texts)


def _names(broker: Broker) -> str:
    known = (broker.slug, broker.name, broker.called(), *broker.products)
    return " ".join(known).casefold()


def _requests(broker: Broker) -> int | None:
    """Return how often it was asked by its own count, or None where it filed none."""
    if broker.declared is None or not broker.declared.counts:
        return None
    return sum(count.received for count in broker.declared.counts.values())


def _danger(broker: Broker) -> tuple[object, ...]:
    from optout.rules.arrange import danger  # the plan's own rule: dear to load, seldom asked

    return (not declared_to_government(broker), -len(danger(broker)))


_GRADES: Final = (Grade.TESTED, Grade.VERIFIED, Grade.DRAFTED, Grade.SUSPENDED)
_KEYS: Final[Mapping[Sort, Callable[[Broker], tuple[object, ...]]]] = MappingProxyType(
    {
        Sort.SHORT_NAME: lambda _broker: (),
        Sort.COMPANY: lambda broker: (broker.called().casefold(),),
        Sort.KIND: lambda broker: (broker.kind.value,),
        Sort.CHECKED: lambda broker: (_GRADES.index(broker.grade),),
        Sort.DANGER: _danger,
        Sort.REQUESTS: lambda broker: (-(_requests(broker) or 0),),
    }
)
