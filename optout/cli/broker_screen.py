"""One company on one screen: what to do, on what law, giving away what, and what to watch for.

It is told at most generosity first and shortened until it fits; what is left out is counted, and
stands behind `--all` and `--right`. Sentences of a definition are shown whole or not at all,
where that is possible: half a warning can say the opposite.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from optout.cli import output
from optout.cli.broker_family import family_in_short, family_lines, show_family
from optout.cli.plain import one_line, sentence
from optout.i18n import entry
from optout.model.fields import Field
from optout.model.flow import Search
from optout.model.words import By, Eligible, Right
from optout.rules.arrange import most_dangerous_first
from optout.rules.listing_life import rhythm_of
from optout.rules.no_way import told_instead
from optout.text import Text, as_written
from optout.words import word, words
from optout.workflows.look_up import is_group_figure

if TYPE_CHECKING:
    from optout.model.broker import Broker, Channel, Conflict
    from optout.rules.families import Branch

WIDTH: Final = 79  # of 80: some terminals break a full line
ROWS: Final = 23  # of 24: one stays for what is typed next
_FIRST: Final = (
    Right.OPT_OUT,
    Right.FILE_DISCLOSURE,
    Right.DELETE,
    Right.ACCESS,
    Right.SUPPRESS,
    Right.FREEZE,
    Right.DISPUTE,
    Right.PRESCREEN_OPT_OUT,
    Right.LIMIT,
    Right.CORRECT,
    Right.RECORDS_REQUEST,
)
_NAME: Final = frozenset({Field.FULL_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME})
_HOME: Final = (Field.STREET, Field.CITY, Field.STATE, Field.ZIP)
_FOR: Final = MappingProxyType(
    {
        Eligible.ANYONE: None,
        Eligible.PRIVACY_LAW_STATES: Text("if your state has one"),
        Eligible.PROTECTED_GROUPS: Text("only officials, people at risk, victims"),
        Eligible.UNCLEAR: Text("sources disagree on who may"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much is told."""

    rights: int
    warnings: int
    rows: int  # that one free text may take
    tree: bool


_ROOMS: Final = (
    Room(rights=8, warnings=8, rows=4, tree=True),
    Room(rights=5, warnings=4, rows=3, tree=True),
    Room(rights=4, warnings=3, rows=2, tree=True),
    Room(rights=3, warnings=3, rows=2, tree=True),
    Room(rights=3, warnings=2, rows=2, tree=False),
    Room(rights=3, warnings=2, rows=1, tree=False),
    Room(rights=2, warnings=2, rows=1, tree=False),
    Room(rights=2, warnings=1, rows=1, tree=False),
    Room(rights=1, warnings=1, rows=1, tree=False),  # Spanish takes more room
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line before it is wrapped: `indent` is what its later rows are set in."""

    said: str
    indent: int = 2

    def rows(self, width: int) -> list[str]:
        set_in = " " * self.indent
        wrapped = textwrap.wrap(self.said, width, subsequent_indent=set_in, break_on_hyphens=False)
        return wrapped or [""]


def show_screen(broker: Broker, branches: Sequence[Branch]) -> None:
    """Show what fits on a screen of 24 lines; the width of the terminal changes no word of it."""
    for line in screen(broker, branches):
        if line.indent:
            output.show_indented("", line.said, indent=line.indent)
        else:
            show_family([line.said])


def screen(broker: Broker, branches: Sequence[Branch]) -> list[_Line]:
    """Return the most that fits."""
    lines: list[_Line] = []
    for room in _ROOMS:
        lines = [line for line in _lines(broker, branches, room) if line.said]
        if sum(len(line.rows(WIDTH)) for line in lines) <= ROWS:
            break
    return lines


def _lines(broker: Broker, branches: Sequence[Branch], room: Room) -> Iterator[_Line]:
    yield _Line(one_line(f"{entry(broker.name)} ({broker.slug})"))
    yield _fact(Text("What it is"), f"{_said(word(broker.kind))}. {_checked(broker)}")
    if broker.local:
        yield _Line(_said(Text("Careful: this description is your own file, not ours")))
    yield _fact(Text("They hold"), _some(words(most_dangerous_first(broker.holds)), room.rows))
    yield _fact(Text("They sell to"), _short(entry(broker.sells_to), max(room.rows, 2)))
    yield from _asking(broker, room)
    if broker.search is not None:
        yield _fact(Text("Looking for you there"), _searching(broker.slug, broker.search))
        if broker.search.looks:
            yield _fact(Text("Looking again"), _said(looked_again(broker.search)))
    if counted := _counted(broker):
        yield _Line(counted)
    else:
        yield _fact(Text("They say"), _short(entry(broker.legal_status), room.rows))
    yield from _family(broker, branches, room)
    yield from _warnings(broker, room)
    yield _Line(_said(_more(broker)))


def _more(broker: Broker) -> Text:
    """Return the commands that tell the rest."""
    first = next(iter(_ways(broker)), None)
    if first is None:
        return Text("More: optout broker show {slug} --all", slug=broker.slug)
    return Text(
        "More: optout broker show {slug} --right {right}, or --all",
        slug=broker.slug,
        right=first.value,
    )


def _said(text: Text) -> str:
    return sentence(text)


def _fact(name: Text, value: str) -> _Line:
    return _Line(f"{_said(name)}: {value}" if value else "")


def _checked(broker: Broker) -> str:
    said = _said(Text("Checked? {words}", words=word(broker.grade)))
    return f"{said} ({broker.verified_on.isoformat()})." if broker.verified_on else f"{said}."


def _short(free: str, rows: int) -> str:
    """Return as many whole sentences as fit, and say with a mark that there are more."""
    room = rows * (WIDTH - 4) - 14  # what stands before it
    free = one_line(free)
    if len(free) <= room:
        return free
    kept = ""
    for each in re.split(r"(?<=[.;])\s+", free):
        if len(kept) + len(each) + 3 > room:
            break
        kept = f"{kept} {each}".strip()
    return f"{kept or textwrap.shorten(free, room - 2, placeholder='')} …"


def _some(texts: Sequence[Text], rows: int) -> str:
    """Return the first of a list, and how many more there are."""
    said = [_said(text) for text in texts]
    room = rows * (WIDTH - 4) - 24
    kept = list(said)
    while len(", ".join(kept)) > room:
        kept.pop()
    if len(kept) == len(said):
        return ", ".join(said)
    return _said(Text("{some} and {count} more", some=", ".join(kept), count=len(said) - len(kept)))


def _asking(broker: Broker, room: Room) -> Iterator[_Line]:
    """Yield what to do, the first way of each right, or what can be done where there is none."""
    if instead := told_instead(broker):
        yield _Line(_said(Text("What can be done: {words}", words=instead)))
        return
    ways = _ways(broker)
    shown, rest = list(ways)[: room.rights], list(ways)[room.rights :]
    yield _Line(_said(Text("What to do:")))
    for right in shown:
        yield _Line(f"- {_way(ways[right][0], len(ways[right]))}")
    if rest:
        yield _Line(f"- {_said(Text('Also: {rights}', rights=words(rest)))}")


def _ways(broker: Broker) -> dict[Right, list[Channel]]:
    """Return the open ways by right, what matters most first."""
    open_ = [channel for channel in broker.channel if channel.by != (By.NONE,)]
    return {
        right: found
        for right in _FIRST
        if (found := [channel for channel in open_ if channel.right is right])
    }


def _way(channel: Channel, ways: int) -> str:
    said = _said(
        Text(
            "{right}: {how}, {minutes} min. Rests on: {ground}. They learn: {fields}.",
            right=word(channel.right),
            how=words(channel.by),
            minutes=channel.minutes,
            ground=_ground(channel),
            fields=_given(channel.discloses),
        )
    )
    more = _said(Text("{count} ways in all.", count=ways)) if ways > 1 else ""
    return f"{said} {more}".strip()


def looked_again(search: Search) -> Text:
    """Say when this site is looked at again."""
    rhythm = rhythm_of(search.looks)
    return Text(
        "{request} days after a request, every {there} while you are shown, every {gone} once you "
        "are gone; after a page that nobody understood, {error}",
        request=rhythm.after_request,
        there=rhythm.while_there,
        gone=rhythm.after_removal,
        error=rhythm.after_error,
    )


def _searching(slug: str, search: Search) -> str:
    return _said(
        Text("they learn: {fields}. optout scan {c}", fields=_given(search.discloses), c=slug)
    )


def _ground(channel: Channel) -> Text:
    limit = _FOR[channel.eligible]
    ground = words(channel.basis)
    return (
        Text("{laws} ({limit})", laws=ground, limit=limit) if limit else Text("{laws}", laws=ground)
    )


def _given(fields: Sequence[Field]) -> tuple[Text, ...]:
    """Return what they learn in few words: the parts of a name, or of an address, as one."""
    name = [Text("name")] if _NAME & set(fields) else []
    has_home = set(_HOME) <= set(fields)
    home = [Text("home address")] if has_home else []
    told = {*_NAME, *(_HOME if has_home else ())}
    found = (*name, *home, *(word(field) for field in fields if field not in told))
    return found or (Text("nothing"),)


def _counted(broker: Broker) -> str:
    """Return the company's own count, with what limits it (SAFETY 4): never a share."""
    told = broker.declared
    if told is None:
        return ""
    counts = tuple(
        Text(
            "{right}: asked {received}, done {granted}, refused {denied}",
            right=word(right),
            received=f"{told.counts[right].received:,}",
            granted=f"{told.counts[right].granted:,}",
            denied=f"{told.counts[right].denied:,}",
        )
        for right in (Right.OPT_OUT, Right.DELETE)
        if right in told.counts and told.counts[right].received
    )
    said = "; ".join(_said(count) for count in counts)
    caution = _said(
        Text(
            "The company's own count, filed for {year}, checked by nobody; your state may differ",
            year=told.year,
        )
    )
    if said and is_group_figure(broker):
        caution += f" ({_said(Text('a group figure'))})"
    return f"{caution}: {said}." if said else ""


def _family(broker: Broker, branches: Sequence[Branch], room: Room) -> Iterator[_Line]:
    if broker.covers:
        yield _fact(Text("One request should do for"), ", ".join(broker.covers))
    if broker.apart:
        yield _fact(Text("Look at these apart"), ", ".join(broker.apart))
    if room.tree and _others(broker, branches):
        for line in family_lines(broker, branches):
            yield _Line(line, indent=0)
    elif short := family_in_short(broker, branches):
        yield _Line(_said(short))


def _others(broker: Broker, branches: Sequence[Branch]) -> bool:
    """Say whether there is more to draw than an owner that nothing is asked of."""
    return any(branch.kin.name and branch.kin.slug != broker.slug for branch in branches)


def _warnings(broker: Broker, room: Room) -> Iterator[_Line]:
    """Yield what to watch out for in the ways that are shown, whole sentences only."""
    ways = _ways(broker)
    channels = [found[0] for found in list(ways.values())[: room.rights]]
    told = list(dict.fromkeys(one_line(each) for each in _cautions(channels)))
    fitting = [each for each in told if len(each) <= max(room.rows, 2) * (WIDTH - 4)]
    shown = fitting[: room.warnings] or told[:1]
    if not shown:
        return
    yield _Line(_said(Text("Watch out:")))
    for each in shown:
        yield _Line(f"- {each}")
    if len(told) > len(shown):
        yield _Line(f"- {_said(Text('{count} more: add --all', count=len(told) - len(shown)))}")


_ABOUT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "eligibility": Text("whom it is for"),
        "agents": Text("who may ask"),
        "ssn": Text("the Social Security number"),
        "scope": Text("what it covers"),
        "address": Text("the address"),
        "phone": Text("the phone number"),
    }
)


def disagreement(conflict: Conflict) -> Text:
    """Return the heading over what sources say against each other."""
    about = _ABOUT.get(conflict.about, conflict.about)
    return Text("Sources disagree about {about}:", about=about)


def _cautions(channels: Sequence[Channel]) -> Iterator[str]:
    """Yield what the first way will not reach, where sources disagree, then each way's traps."""
    for channel in channels[:1]:
        if channel.will_not_reach:
            yield _said(
                Text("It will not reach: {words}", words=as_written(channel.will_not_reach))
            )
    for channel in channels:
        for conflict in channel.conflict:
            if conflict.without_law or not conflict.ask:
                continue  # here nobody knows in which state it is read
            yield _said(disagreement(conflict)) + (f" {entry(conflict.ask)}")
    longest = max((len(channel.pitfalls) for channel in channels), default=0)
    for number in range(longest):
        for channel in channels:
            yield from map(entry, channel.pitfalls[number : number + 1])
