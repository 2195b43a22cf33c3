"""The plan: what to ask of whom, in which order, on which law, giving away what. And what not to.

Minimal: the companies this project began from and those with evidence, at most fifteen requests.
Honest: every line says what it gives away, what it will not reach and what may get harder; what
is left alone is said with its reason. Nothing is asked of a public body unless named, nothing
for a child, nothing that needs a value the person keeps to themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from optout.model.broker import Broker, Channel, Slug
from optout.model.fields import Field
from optout.model.law import Law, LawId
from optout.model.plan import Goal, LeaveAlone, LeaveWhy, Plan, PlanLine
from optout.model.request import Presence
from optout.model.subject import Subject
from optout.model.words import By, Eligible, Right
from optout.rules import minors
from optout.rules.arrange import Arranged, arrange, danger
from optout.rules.closed import Closed
from optout.rules.company_counts import counts_text
from optout.rules.conflicts import doubts
from optout.rules.disclosure import Facts, Seen, facts_of
from optout.rules.drop import drop_line, reached_by_drop
from optout.rules.presence import sells_to_government
from optout.rules.residence import state_on
from optout.rules.trials import how_checked
from optout.rules.ways import Asker, Way, other_ways, ways_to_ask
from optout.text import Text

LIMIT: Final = 15
_SEE: Final = (Right.ACCESS, Right.FILE_DISCLOSURE)
_GO: Final = (Right.DELETE, Right.SUPPRESS)
_CLEARING: Final = frozenset({Right.OPT_OUT, Right.DELETE, Right.SUPPRESS})
# After a deletion an access request shows nothing, so seeing comes before going.
_ORDER: Final = (
    Right.OPT_OUT,
    Right.LIMIT,
    Right.PRESCREEN_OPT_OUT,
    Right.ACCESS,
    Right.FILE_DISCLOSURE,
    Right.CORRECT,
    Right.DISPUTE,
    Right.DELETE,
    Right.SUPPRESS,
    Right.FREEZE,
    Right.RECORDS_REQUEST,
)
# Nothing at all is drafted to these, named or not (SAFETY 3).
_NEVER_ASKED: Final = frozenset({"dhs", "ice", "cbp", "uscis"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the person asked of this plan, and what is known about each company."""

    asker: Asker
    shelf: Arranged
    presence: Mapping[Slug, Presence]
    signs: Mapping[Slug, tuple[Text, ...]]
    earlier: Mapping[Slug, Collection[Field]]
    listing_urls: Mapping[Slug, str]
    facts: Facts
    only: frozenset[Slug]
    insist: frozenset[Slug]
    rights: tuple[Right, ...]
    asked_before: frozenset[tuple[Slug, Right]]
    answered: Mapping[tuple[Slug, Right], Text]
    wide: bool
    drop: bool


@dataclass(slots=True)
class _Found:
    """Lines and refusals, as they come."""

    lines: list[PlanLine] = field(default_factory=list)
    leave: list[LeaveAlone] = field(default_factory=list)
    clears: set[Slug] = field(default_factory=set)  # companies asked to clear something


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
    asked_before: Collection[tuple[Slug, Right]] = (),
    answered: Mapping[tuple[Slug, Right], Text] = MappingProxyType({}),
    prefer: By | None = None,
    drop: bool = True,
) -> Plan:
    """Return what is worth asking on that day, in order, and what is left alone, with reasons.

    A company absent from `presence` counts as one that does not know the person. `only` names
    companies (a public body is planned only so); `insist` those for which a yes was typed in
    spite of "leave alone"; `signs` what speaks for each having the person; `earlier` what each
    has been given or shows; `answered` what was answered already, with the reason not to ask it
    again unless the company is named; `prefer` the way the person would rather take where it is
    open; with `rights` named, ways that are not sure are planned too. `wide` takes in the whole
    catalog, without a limit.
    For many people, pass `arrange(brokers, goal)` once.
    """
    why_not = minors.why_not(subject, on)
    if why_not:
        return Plan(notes=(why_not,))
    shelf = brokers if isinstance(brokers, Arranged) else arrange(brokers, goal)
    state = state_on(subject, on)
    wanted = _Wanted(
        asker=Asker(
            subject=subject,
            on=on,
            state=state,
            laws=laws,
            prefer=prefer,
            unsure_too=bool(rights),
        ),
        shelf=shelf,
        presence=presence,
        signs=signs,
        earlier=earlier,
        listing_urls=listing_urls,
        facts=facts_of(subject, on),
        only=frozenset(only),
        insist=frozenset(insist),
        rights=tuple(rights),
        asked_before=frozenset(asked_before),
        answered=answered,
        wide=wide,
        drop=drop,
    )
    guided = drop_line(state, laws, on) if _wants_drop(wanted) else None
    found = _Found()
    for broker in _candidates(wanted):
        _plan_company(broker, wanted, found, has_drop=guided is not None)
    return _cut(found, guided, None if wide else limit)


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
    seen = (slug for slug, known in wanted.presence.items() if known is Presence.EVIDENCE)
    slugs = {each.slug for each in shelf.by_default} | {s for s in seen if s in shelf.by_slug}
    return (shelf.by_slug[slug] for slug in sorted(slugs, key=shelf.place.__getitem__))


def _plan_company(broker: Broker, wanted: _Wanted, found: _Found, *, has_drop: bool) -> None:
    """Add the lines for one company, or the reason why it is left alone."""
    known = wanted.presence.get(broker.slug, Presence.UNLIKELY)
    alone = _left_alone(broker, known, wanted, found)
    if alone:
        found.leave.append(alone)
        return
    url = wanted.listing_urls.get(broker.slug, "")
    asker = wanted.asker
    desk = _Desk(
        broker=broker,
        wanted=wanted,
        facts=facts_of(asker.subject, asker.on, listing_url=url) if url else wanted.facts,
        seen=Seen(
            broker=broker,
            presence=known,
            earlier=wanted.earlier.get(broker.slug, ()),
            on=asker.on,
        ),
        has_drop=has_drop,
    )
    lines, leave = desk.plan()
    found.lines.extend(lines)
    found.leave.extend(leave)
    if any(line.right in _CLEARING for line in lines):
        found.clears.add(broker.slug)


def _left_alone(
    broker: Broker, known: Presence, wanted: _Wanted, found: _Found
) -> LeaveAlone | None:
    """Return why a whole company is left alone, or None."""
    if broker.government:
        text = _government(broker, wanted)
        return _alone(broker, LeaveWhy.GOVERNMENT, text) if text else None
    unlikely = known is Presence.UNLIKELY and broker.slug not in wanted.insist
    if unlikely and sells_to_government(broker):
        return _alone(
            broker,
            LeaveWhy.UNLIKELY,
            Text(
                "{company} sells to government, and probably does not know you. Asking would tell"
                " it who you are. Leave it alone; to go on you have to type yes.",
                company=broker.called(),
            ),
        )
    for parent in wanted.shelf.cleared_by.get(broker.slug, ()):
        if parent in found.clears:
            return _alone(
                broker,
                LeaveWhy.PARENT,
                Text(
                    "The request to {parent} may clear {company} too. Look again after its answer.",
                    parent=wanted.shelf.by_slug[parent].called(),
                    company=broker.called(),
                ),
            )
    return None


def _government(broker: Broker, wanted: _Wanted) -> Text | None:
    if _NEVER_ASKED & frozenset(broker.slug.split("-")):
        return Text("Nothing is written to {body} with this program.", body=broker.called())
    if broker.slug not in wanted.only:
        return Text("{body} is a public body: only if you name it.", body=broker.called())
    return None


def _alone(broker: Broker, why: LeaveWhy, text: Text, right: Right | None = None) -> LeaveAlone:
    return LeaveAlone(broker=broker.slug, name=broker.called(), right=right, why=why, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One company being planned for one person."""

    broker: Broker
    wanted: _Wanted
    facts: Facts
    seen: Seen
    has_drop: bool

    def plan(self) -> tuple[list[PlanLine], list[LeaveAlone]]:
        """Return this company's lines, in the order of asking, and what it is not asked."""
        ways = {right: self._ways(right) for right in self._considered()}
        best = {right: opened[0] for right, (opened, _) in ways.items() if opened}
        chosen = self._chosen(best)
        lines = [self._line(best[right], *ways[right]) for right in _ORDER if right in chosen]
        return lines, list(self._refused(ways, best, chosen))

    def _considered(self) -> list[Right]:
        """Return the rights there is a channel for, less what was asked or is asked by DROP."""
        offered = {channel.right for channel in self.broker.channel}
        asked = self._asked()
        if self.has_drop and reached_by_drop(self.broker):
            asked |= {*_GO}
        rights = self.wanted.rights or _ORDER
        left = offered - asked - self._answered().keys()
        return [right for right in _ORDER if right in rights and right in left]

    def _asked(self) -> set[Right]:
        """Return the rights that were asked before, and those of which one is enough."""
        before = {right for slug, right in self.wanted.asked_before if slug == self.broker.slug}
        return before.union(*map(_instead, before))

    def _answered(self) -> Mapping[Right, Text]:
        """Return the rights that were answered, unless the person named this company."""
        slug = self.broker.slug
        if slug in self.wanted.only:
            return {}
        answered = self.wanted.answered.items()
        return {right: why for (company, right), why in answered if company == slug}

    def _ways(self, right: Right) -> tuple[list[Way], list[Closed]]:
        return ways_to_ask(self.wanted.asker, self.broker, right, self.facts, self.seen)

    def _chosen(self, best: Mapping[Right, Way]) -> frozenset[Right]:
        """Return the rights worth asking: stop the sale, see what they hold, then remove it."""
        if self.wanted.rights:
            return frozenset(best)
        see = min((r for r in _SEE if r in best), key=lambda r: _worth(best[r]), default=None)
        go = next((right for right in _GO if right in best), None)
        chosen = {right for right in (Right.OPT_OUT, see, go) if right in best}
        # A freeze can stand in the way of a job or a flat: only where nothing else stops a sale.
        cleared = (chosen | self._asked() | self._answered().keys()) & _CLEARING
        if not cleared and Right.FREEZE in best:
            chosen.add(Right.FREEZE)
        if self.broker.government and Right.RECORDS_REQUEST in best:
            chosen.add(Right.RECORDS_REQUEST)
        return frozenset(right for right in chosen if right)

    def _refused(
        self,
        ways: Mapping[Right, tuple[list[Way], list[Closed]]],
        best: Mapping[Right, Way],
        chosen: frozenset[Right],
    ) -> Iterator[LeaveAlone]:
        """Yield why something is not asked, where nothing in its stead is."""
        if self.has_drop and reached_by_drop(self.broker):
            yield _alone(
                self.broker, LeaveWhy.DROP, Text("DROP asks this company already."), Right.DELETE
            )
        for right in self.wanted.rights or (Right.OPT_OUT, *_SEE, *_GO, Right.RECORDS_REQUEST):
            _opened, closed = ways.get(right, ([], []))
            if closed and right not in best and not any(_instead(right) & best.keys()):
                first = min(closed, key=lambda each: _SAYS_MOST.index(each.why))
                yield _alone(self.broker, first.why, first.text, right)
        for right, why in self._answered().items():
            yield _alone(self.broker, LeaveWhy.ON_REQUEST, why, right)
        if Right.FREEZE in best.keys() - chosen:
            text = Text(
                "{company} also offers a freeze. It can stand in the way of a loan, a flat, a job"
                " or benefits, so it is planned only if you ask for it.",
                company=self.broker.called(),
            )
            yield _alone(self.broker, LeaveWhy.ON_REQUEST, text, Right.FREEZE)
        nothing = not ways and not self._answered()
        if nothing and not self.has_drop and not self._asked_all():
            yield _alone(self.broker, LeaveWhy.NO_ROUTE, Text("No way to ask for this is known."))

    def _asked_all(self) -> bool:
        return any(slug == self.broker.slug for slug, _right in self.wanted.asked_before)

    def _line(self, way: Way, opened: list[Way], closed: list[Closed]) -> PlanLine:
        channel = way.channel
        return PlanLine(
            broker=self.broker.slug,
            name=self.broker.called(),
            right=channel.right,
            by=way.by,
            channel=channel,
            law=way.law,
            presence=self.seen.presence,
            fields=way.fields,
            minutes=channel.minutes,
            why=tuple(self._why(way)),
            counts=counts_text(self.broker, channel.right, self.wanted.shelf.groups),
            will_not_reach=_will_not_reach(channel),
            harder_afterwards=tuple(Text("{words}", words=w) for w in channel.harder_afterwards),
            checked=how_checked(self.broker, way.by),
            other_ways=tuple(other_ways(way, opened, closed)),
            questions=tuple(self._questions(way)),
            attests=channel.attests,
            contact_to_check=way.contact_to_check,
            gate=_GATE if self.broker.government else None,
            steps=tuple(Text("{words}", words=step) for step in channel.guide)
            if way.by in {By.PORTAL, By.PHONE}
            else (),
        )

    def _questions(self, way: Way) -> Iterator[Text]:
        """Yield where sources disagree in a way that matters to this person."""
        channel, asker = way.channel, self.wanted.asker
        told = any(each.about == "eligibility" and each.ask for each in channel.conflict)
        if channel.eligible is Eligible.UNCLEAR and not told:
            yield Text(
                "Sources disagree on whom {company} serves here. {words}",
                company=self.broker.called(),
                words=channel.eligibility,
            )
        yield from doubts(channel, way.by, asker.subject, way.law.law)

    def _why(self, way: Way) -> Iterator[Text]:
        company = self.broker.called()
        yield _why_there(self.seen.presence, company, self.wanted.signs.get(self.broker.slug, ()))
        declared = self.broker.declared
        if declared and danger(self.broker):
            if declared.sold_to_federal_government:
                yield Text(_SOLD_FEDERAL.template, company=company, year=declared.year)
            if declared.sold_to_law_enforcement:
                yield Text(_SOLD_POLICE.template, company=company, year=declared.year)
        yield way.law.reason
        if way.law.limits:
            yield way.law.limits


def _worth(way: Way) -> tuple[bool, int, bool]:
    """Return a sort key: a right before a courtesy, then what gives away less, then access."""
    return (not way.law.claims_right, way.cost, way.channel.right is not Right.ACCESS)


def _instead(right: Right) -> frozenset[Right]:
    """Return the rights of which one is enough."""
    for group in (_SEE, _GO):
        if right in group:
            return frozenset(group)
    return frozenset({right})


_SAYS_MOST: Final = (
    LeaveWhy.WITHHELD,
    LeaveWhy.AGENT,
    LeaveWhy.NOT_OFFERED,
    LeaveWhy.ON_REQUEST,
    LeaveWhy.NO_ROUTE,
)
_PRESENCE: Final = MappingProxyType(
    {
        Presence.EVIDENCE: Text("There is a sign that {company} has you already."),
        Presence.LIKELY: Text("From your answers, {company} probably has you already."),
        Presence.UNLIKELY: Text("{company} may not know you: it would learn your name."),
    }
)
_BECAUSE: Final = MappingProxyType(
    {
        Presence.EVIDENCE: Text("There is a sign that {company} has you already: {signs}."),
        Presence.LIKELY: Text("{company} probably has you already. You said yes to: {signs}."),
    }
)


def _why_there(presence: Presence, company: str, signs: tuple[Text, ...]) -> Text:
    """Say how likely it is that the company has the person, and what speaks for it."""
    if signs and presence in _BECAUSE:
        return Text(_BECAUSE[presence].template, company=company, signs=signs)
    return Text(_PRESENCE[presence].template, company=company)


_SOLD_FEDERAL: Final = Text(
    "{company} declared for {year} that it sold data to the federal government."
)
_SOLD_POLICE: Final = Text("{company} declared for {year} that it sold data to law enforcement.")
_GATE: Final = Text(
    "This puts your name and address into government files, and agencies may share them. Talk to"
    " a lawyer or an accredited representative first."
)


def _will_not_reach(channel: Channel) -> Text:
    if channel.will_not_reach:
        return Text("{words}", words=channel.will_not_reach)
    return Text(
        "It does not reach public records, nor what other laws let the company keep and sell."
    )


def _cut(found: _Found, guided: PlanLine | None, limit: int | None) -> Plan:
    """Keep the first `limit` requests; say how many wait."""
    kept = found.lines if limit is None else found.lines[:limit]
    lines = (guided, *kept) if guided else tuple(kept)
    held_back = len(found.lines) - len(kept)
    strangers = {line.broker for line in kept if line.presence is Presence.UNLIKELY}
    return Plan(
        lines=lines,
        leave_alone=tuple(found.leave),
        notes=tuple(_notes(held_back, len(strangers))),
        strangers=len(strangers),
        held_back=held_back,
        minutes=sum(line.minutes for line in lines),
    )


def _notes(held_back: int, strangers: int) -> Iterator[Text]:
    if held_back:
        yield Text("{count} more requests wait until these are done.", count=held_back)
    if strangers:
        yield Text(
            "Companies that may not know you, and would learn your name from this: {count}.",
            count=strangers,
        )
