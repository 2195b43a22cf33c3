"""The plan: what to ask of whom, in which order, on which law, giving away what. And what not to.

Minimal: the companies this project began from and those with evidence, at most fifteen requests.
Honest: every line says what it gives away, what it will not reach and what may get harder; what
is left alone is said with its reason. Nothing is asked of a public body unless named, nothing
for a child, nothing that needs a value the person keeps to themselves. What one company is asked
is decided in `at_company`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.law import Law, LawId
from optout.model.plan import Goal, LeaveAlone, LeaveWhy, Plan, PlanLine
from optout.model.request import Presence
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules import minors
from optout.rules.arrange import Arranged, arrange
from optout.rules.at_company import Answer, AtCompany, Chosen, left_alone
from optout.rules.disclosure import Facts, Seen, facts_of
from optout.rules.drop import drop_line
from optout.rules.no_way import is_elsewhere
from optout.rules.remembered import Kept, asking_kind, facts_kind, recall
from optout.rules.residence import state_on
from optout.rules.ways import Asker, Crossroads, KeptWays, crossroads_of
from optout.text import Counted, Text

LIMIT: Final = 15
# Nothing at all is drafted to these, named or not (SAFETY 3).
_NEVER_ASKED: Final = frozenset({"dhs", "ice", "cbp", "uscis"})


@dataclass(frozen=True, slots=True)
class Memory:
    """What many plans share: make one for a run, with one catalog, one goal and one set of laws.

    It holds nothing of anybody's, and a plan is the same without it.
    """

    ways: KeptWays = field(default_factory=KeptWays)
    answers: Kept[Answer] = field(default_factory=Kept)
    lines: Kept[PlanLine] = field(default_factory=Kept)
    strangers: dict[Hashable, LeaveAlone] = field(default_factory=dict)
    held_to: list[object] = field(default_factory=list)

    def hold_to(self, shelf: Arranged, laws: Mapping[LawId, Law]) -> None:
        """Raise where a second catalog or other laws come: what is kept would be wrong there."""
        if not self.held_to:
            self.held_to.extend((shelf, laws))
        if self.held_to[0] is not shelf or self.held_to[1] is not laws:
            message = "one memory is for one arranged catalog and one set of laws"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the person asked of this plan, and what is known about each company."""

    crossroads: Crossroads
    shelf: Arranged
    memory: Memory
    answers: dict[Hashable, Answer]  # what is kept for this kind of person
    lines: dict[Hashable, PlanLine]
    presence: Mapping[Slug, Presence]
    signs: Mapping[Slug, tuple[Text, ...]]
    earlier: Mapping[Slug, Collection[Field]]
    listing_urls: Mapping[Slug, str]
    facts: Facts
    only: frozenset[Slug]
    insist: frozenset[Slug]
    rights: tuple[Right, ...]
    as_named: bool
    asked_before: Mapping[Slug, frozenset[Right]]
    answered: Mapping[Slug, Mapping[Right, Text]]
    wide: bool
    drop: bool

    @property
    def asker(self) -> Asker:
        """Return the person on that day."""
        return self.crossroads.asker


class _Waiting(NamedTuple):
    """One request found; its sentences are made only if it stays in the plan."""

    broker: Broker
    chosen: Chosen
    key: Hashable  # None: it hangs on more than the kind of person


@dataclass(slots=True)
class _Found:
    """Requests and refusals, as they come."""

    waiting: list[_Waiting] = field(default_factory=list)
    leave: list[LeaveAlone] = field(default_factory=list)
    clears: set[Slug] = field(default_factory=set)  # companies asked to clear something
    joint: dict[str, Broker] = field(default_factory=dict)  # pages that count for several
    unseen: dict[Slug, Right] = field(default_factory=dict)  # deleted there before it is shown


def plan(
    subject: Subject,
    brokers: Iterable[Broker] | Arranged,
    laws: Mapping[LawId, Law],
    presence: Mapping[Slug, Presence],
    on: date,
    *,
    limit: int = LIMIT,
    signs: Mapping[Slug, tuple[Text, ...]] = MappingProxyType({}),
    earlier: Mapping[Slug, Collection[Field]] = MappingProxyType({}),
    listing_urls: Mapping[Slug, str] = MappingProxyType({}),
    wide: bool = False,
    goal: Goal = Goal.GOVERNMENT,
    only: Collection[Slug] = (),
    insist: Collection[Slug] = (),
    rights: Collection[Right] = (),
    as_named: bool = False,
    asked_before: Collection[tuple[Slug, Right]] = (),
    answered: Mapping[tuple[Slug, Right], Text] = MappingProxyType({}),
    prefer: By | None = None,
    drop: bool = True,
    memory: Memory | None = None,
) -> Plan:
    """Return what is worth asking on that day, in order, and what is left alone, with reasons.

    A company absent from `presence` counts as one that does not know the person. `only` names
    companies (a public body is planned only so); `insist` those for which a yes was typed in
    spite of "leave alone"; `signs` what speaks for each having the person; `earlier` what each
    has been given or shows; `answered` what was answered already, with the reason not to ask it
    again unless the company is named; `prefer` the way the person would rather take where it is
    open; with `rights` named, ways that are not sure are planned too, `as_named` in that order;
    `drop` is False for somebody who declined California's list. `wide` takes in the whole
    catalog, without a limit.
    For many people, pass `arrange(brokers, goal)` and one `Memory` each time.
    """
    why_not = minors.why_not(subject, on)
    if why_not:
        return Plan(notes=(why_not,))
    shelf = brokers if isinstance(brokers, Arranged) else arrange(brokers, goal)
    memory = memory or Memory()
    memory.hold_to(shelf, laws)
    asker = Asker(
        subject=subject,
        on=on,
        state=state_on(subject, on),
        laws=laws,
        prefer=prefer,
        unsure_too=bool(rights),
    )
    facts = facts_of(subject, on)
    kind = (asking_kind(subject, on), facts_kind(facts, on), prefer, tuple(rights), as_named)
    wanted = _Wanted(
        crossroads=crossroads_of(asker, memory.ways),
        shelf=shelf,
        memory=memory,
        answers=memory.answers.of(kind),
        lines=memory.lines.of(kind),
        presence=presence,
        signs=signs,
        earlier=earlier,
        listing_urls=listing_urls,
        facts=facts,
        only=frozenset(only),
        insist=frozenset(insist),
        rights=tuple(rights),
        as_named=as_named,
        asked_before=_asked_by_company(asked_before),
        answered={} if not answered else _answered_by_company(answered, only),
        wide=wide,
        drop=drop,
    )
    guided = drop_line(asker.state, laws, on) if _wants_drop(wanted) else None
    found = _Found()
    for broker in _candidates(wanted):
        _plan_company(broker, wanted, found, has_drop=guided is not None)
    return _cut(found, wanted, guided, None if wide else limit)


def _asked_by_company(
    asked: Collection[tuple[Slug, Right]],
) -> Mapping[Slug, frozenset[Right]]:
    found: dict[Slug, frozenset[Right]] = {}
    for slug, right in asked:
        found[slug] = found.get(slug, frozenset()) | {right}
    return found


def _answered_by_company(
    answered: Mapping[tuple[Slug, Right], Text], only: Collection[Slug]
) -> Mapping[Slug, Mapping[Right, Text]]:
    """Return what was answered, unless the person named the company."""
    found: dict[Slug, dict[Right, Text]] = {}
    for (slug, right), why in answered.items():
        if slug not in only:
            found.setdefault(slug, {})[right] = why
    return found


def _wants_drop(wanted: _Wanted) -> bool:
    if not wanted.drop or wanted.only:
        return False
    return not wanted.rights or Right.DELETE in wanted.rights


def _candidates(wanted: _Wanted) -> Iterable[Broker]:
    """Return the companies to look at, in the order of asking."""
    shelf = wanted.shelf
    if wanted.only:
        named = (shelf.by_slug[slug] for slug in wanted.only if slug in shelf.by_slug)
        return sorted(named, key=lambda broker: shelf.place[broker.slug])
    if wanted.wide:
        return (broker for broker in shelf.brokers if not broker.government)
    known = wanted.presence
    slugs = {each.slug for each in shelf.by_default}
    slugs.update(s for s in shelf.of_the_goal if known.get(s) is Presence.LIKELY)
    slugs.update(s for s, how in known.items() if how is Presence.EVIDENCE and s in shelf.by_slug)
    there = (shelf.by_slug[slug] for slug in sorted(slugs, key=shelf.place.__getitem__))
    return (broker for broker in there if not is_elsewhere(broker, wanted.asker.state))


def _plan_company(broker: Broker, wanted: _Wanted, found: _Found, *, has_drop: bool) -> None:
    """Add the requests to one company, or the reason why it is left alone."""
    known = wanted.presence.get(broker.slug, Presence.UNLIKELY)
    alone = _left_alone(broker, known, wanted, found)
    if alone:
        found.leave.append(alone)
        return
    key = _key(broker.slug, known, wanted, has_drop=has_drop)
    answer = wanted.answers.get(key)
    if answer is None:
        answer = _desk(broker, wanted, has_drop=has_drop).answer()
        if key is not None:
            wanted.answers[key] = answer
    chosen = [each for each in answer.chosen if not _asked_together(broker, each, found)]
    found.waiting.extend([_Waiting(broker, each, key) for each in chosen])
    found.leave.extend(answer.leave)
    if answer.clears:
        found.clears.add(broker.slug)
    if answer.unseen:
        found.unseen[broker.slug] = answer.unseen


def _asked_together(broker: Broker, chosen: Chosen, found: _Found) -> bool:
    """Say whether an earlier line asks this for the credit bureaus together, and note it so.

    One notice to their joint system binds all of them (15 U.S.C. § 1681b(e)): asking it there
    three times would only give away three times. No other page counts for several companies.
    """
    page = chosen.way.channel.url
    if chosen.right is not Right.PRESCREEN_OPT_OUT or not page or not chosen.way.law.claims_right:
        return False
    first = found.joint.setdefault(page, broker)
    if first is broker:
        return False
    text = Text(
        "One notice on {page} counts for the credit bureaus together. It stands above with"
        " {company}.",
        page=page,
        company=first.called(),
    )
    found.leave.append(left_alone(broker, LeaveWhy.PARENT, text, chosen.right))
    return True


def _key(slug: Slug, known: Presence, wanted: _Wanted, *, has_drop: bool) -> Hashable:
    """Return what an answer hangs on beside the kind of person; None where it is on more."""
    if wanted.earlier.get(slug) or slug in wanted.listing_urls or slug in wanted.answered:
        return None
    signs = tuple(wanted.signs.get(slug, ()))
    return (slug, known, signs, wanted.asked_before.get(slug), has_drop)


def _desk(broker: Broker, wanted: _Wanted, *, has_drop: bool) -> AtCompany:
    slug, asker = broker.slug, wanted.asker
    known = wanted.presence.get(slug, Presence.UNLIKELY)
    url = wanted.listing_urls.get(slug, "")
    return AtCompany(
        broker=broker,
        goal=wanted.shelf.goal,
        groups=wanted.shelf.groups,
        crossroads=wanted.crossroads,
        facts=facts_of(asker.subject, asker.on, listing_url=url) if url else wanted.facts,
        seen=Seen(broker=broker, presence=known, earlier=wanted.earlier.get(slug, ()), on=asker.on),
        signs=tuple(wanted.signs.get(slug, ())),
        rights=wanted.rights,
        as_named=wanted.as_named,
        asked=wanted.asked_before.get(slug, frozenset()),
        answered=wanted.answered.get(slug, {}),
        has_drop=has_drop,
    )


def _left_alone(
    broker: Broker, known: Presence, wanted: _Wanted, found: _Found
) -> LeaveAlone | None:
    """Return why a whole company is left alone, or None."""
    if broker.government:
        text = _government(broker, wanted)
        return left_alone(broker, LeaveWhy.GOVERNMENT, text) if text else None
    if words := wanted.shelf.instead.get(
        broker.slug
    ):  # nothing would reach it, so nobody types a yes for it
        return left_alone(broker, LeaveWhy.NO_ROUTE, words)
    unlikely = known is Presence.UNLIKELY and broker.slug not in wanted.insist
    if unlikely and broker.slug in wanted.shelf.sellers:
        return recall(wanted.memory.strangers, broker.slug, lambda: _stranger(broker))
    for parent in wanted.shelf.cleared_by.get(broker.slug, ()):
        if parent in found.clears:
            return left_alone(
                broker,
                LeaveWhy.PARENT,
                Text(
                    "The request to {parent} may clear {company} too. Look again after its answer.",
                    parent=wanted.shelf.by_slug[parent].called(),
                    company=broker.called(),
                ),
            )
    return None


def _stranger(broker: Broker) -> LeaveAlone:
    return left_alone(
        broker,
        LeaveWhy.UNLIKELY,
        Text(
            "{company} sells to government, and probably does not know you. Asking would tell"
            " it who you are. Leave it alone; to go on you have to type yes.",
            company=broker.called(),
        ),
    )


def _government(broker: Broker, wanted: _Wanted) -> Text | None:
    if _NEVER_ASKED & frozenset(broker.slug.split("-")):
        return Text("Nothing is written to {body} with this program.", body=broker.called())
    if words := wanted.shelf.instead.get(broker.slug):
        return words
    if broker.slug not in wanted.only:
        return Text("{body} is a public body: only if you name it.", body=broker.called())
    return None


def _cut(found: _Found, wanted: _Wanted, guided: PlanLine | None, limit: int | None) -> Plan:
    """Keep the first `limit` requests, and make their sentences; say how many wait."""
    has_drop = guided is not None
    kept = tuple(_line(each, wanted, has_drop=has_drop) for each in found.waiting[:limit])
    lines = (guided, *kept) if guided else kept
    held_back = len(found.waiting) - len(kept)
    strangers = {line.broker for line in kept if line.presence is Presence.UNLIKELY}
    unseen = [line for line in kept if line.broker in found.unseen]
    shown_by = found.unseen[unseen[0].broker] if unseen else None
    return Plan(
        lines=lines,
        leave_alone=tuple(found.leave),
        notes=(*_notes(held_back, len(strangers)), *_deleted_unseen(unseen, shown_by)),
        strangers=len(strangers),
        held_back=held_back,
        minutes=sum(line.minutes for line in lines),
    )


def _line(waiting: _Waiting, wanted: _Wanted, *, has_drop: bool) -> PlanLine:
    broker, chosen, key = waiting
    line = wanted.lines.get((key, chosen.right)) if key is not None else None
    if line is None:
        line = _desk(broker, wanted, has_drop=has_drop).line(chosen)
        if key is not None:
            wanted.lines[(key, chosen.right)] = line
    return line


def _notes(held_back: int, strangers: int) -> Iterator[Text]:
    if held_back:
        yield Counted(
            "1 more request waits until these are done.",
            "{count} more requests wait until these are done.",
            count=held_back,
        )
    if strangers:
        yield Text(
            "Companies that may not know you, and would learn your name from this: {count}.",
            count=strangers,
        )


def _deleted_unseen(lines: list[PlanLine], shown_by: Right | None) -> Iterator[Text]:
    """Say once where a deletion comes before a look at what there is."""
    if not lines or shown_by is None:
        return
    yield Text(
        "After a deletion a company has nothing left to show you. Here it comes before you saw"
        " what they have: {companies}. To see it first: optout plan --only {slug} --right {right}"
        " --right delete",
        companies=tuple(dict.fromkeys(line.name for line in lines)),
        slug=lines[0].broker,
        right=shown_by.value,
    )
