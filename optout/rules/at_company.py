"""What to ask of one company: which rights, by which way, in which order, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from optout.model.broker import Broker, Channel
from optout.model.plan import Goal, LeaveAlone, LeaveWhy, PlanLine
from optout.model.request import Presence
from optout.model.words import BrokerKind, By, Eligible, Right
from optout.rules.arrange import danger, most_dangerous_first
from optout.rules.closed import Closed
from optout.rules.company_counts import GroupFigures, counts_text
from optout.rules.conflicts import doubts
from optout.rules.disclosure import Facts, Seen
from optout.rules.drop import reached_by_drop
from optout.rules.families import told_of_brands
from optout.rules.presence import is_a_guess
from optout.rules.public_records import GATE
from optout.rules.trials import how_checked
from optout.rules.ways import Crossroads, Way, other_ways
from optout.text import Text, as_written

SEE: Final = (Right.ACCESS, Right.FILE_DISCLOSURE)
GO: Final = (Right.DELETE, Right.SUPPRESS)
CLEARING: Final = frozenset({Right.OPT_OUT, *GO})
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
_OF_CREDIT: Final = (Right.PRESCREEN_OPT_OUT, Right.FREEZE)
_USUAL: Final = frozenset({Right.OPT_OUT, *SEE, *GO, Right.FREEZE, Right.RECORDS_REQUEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The best way for one right, and the ways beside it. Nothing of the person is in it."""

    way: Way
    opened: tuple[Way, ...]
    closed: tuple[Closed, ...]

    @property
    def right(self) -> Right:
        """Return what is asked."""
        return self.way.channel.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one company is asked, in order, and what it is not asked."""

    chosen: tuple[Chosen, ...] = ()
    leave: tuple[LeaveAlone, ...] = ()
    unseen: Right | None = None  # how it could show what it has, where it deletes before that

    @property
    def clears(self) -> bool:
        """Say whether anything it is asked may clear its daughters too."""
        return any(each.right in CLEARING for each in self.chosen)


def left_alone(broker: Broker, why: LeaveWhy, text: Text, right: Right | None = None) -> LeaveAlone:
    """Return the entry of one thing that is not asked."""
    return LeaveAlone(broker=broker.slug, name=broker.called(), right=right, why=why, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCompany:
    """One company being planned for one person."""

    broker: Broker
    goal: Goal
    groups: GroupFigures
    crossroads: Crossroads
    facts: Facts
    seen: Seen
    signs: tuple[Text, ...]
    rights: tuple[Right, ...]  # the person's choice; none: the usual ones
    as_named: bool  # in the order of `rights`
    asked: frozenset[Right]  # before, and not settled
    answered: Mapping[Right, Text]
    has_drop: bool

    def answer(self) -> Answer:
        """Return what to ask, in the order of asking, and what not."""
        considered = self._considered()
        ways = {right: self._ways(right) for right in considered if right in self._may_be_chosen()}
        best = {right: opened[0] for right, (opened, _) in ways.items() if opened}
        wanted = self._chosen(best)
        chosen = tuple(
            Chosen(way=best[right], opened=tuple(ways[right][0]), closed=tuple(ways[right][1]))
            for right in self._order()
            if right in wanted
        )
        return Answer(
            chosen=chosen,
            leave=tuple(self._refused(ways, best, wanted, nothing=not considered)),
            unseen=self._unseen([each.right for each in chosen]) if self.rights else None,
        )

    def _order(self) -> tuple[Right, ...]:
        return tuple(dict.fromkeys(self.rights)) if self.rights and self.as_named else _ORDER

    def _unseen(self, asked: list[Right]) -> Right | None:
        """Return how this company could show what it has, where a deletion comes before that."""
        going = next((place for place, right in enumerate(asked) if right in GO), None)
        if going is None or {*asked[:going], *self._asked(), *self.answered} & {*SEE}:
            return None
        shows = {each.right for each in self.broker.channel if each.by != (By.NONE,)}
        return next((right for right in SEE if right in shows), None)

    def _considered(self) -> list[Right]:
        """Return the rights there is a channel for, less what was asked or is asked by DROP."""
        offered = {channel.right for channel in self.broker.channel}
        asked = self._asked()
        if self.has_drop and reached_by_drop(self.broker):
            asked |= {*GO}
        rights = self.rights or _ORDER
        left = offered - asked - self.answered.keys()
        return [right for right in _ORDER if right in rights and right in left]

    def _asked(self) -> set[Right]:
        """Return the rights that were asked before, and those of which one is enough."""
        return set(self.asked).union(*map(_instead, self.asked))

    def _may_be_chosen(self) -> frozenset[Right]:
        """Return the rights whose ways are worth a look; to mend an error is never planned."""
        return frozenset(self.rights) or _USUAL | {*self._of_credit()}

    def _of_credit(self) -> tuple[Right, ...]:
        return _OF_CREDIT if self._is_about_credit() else ()

    def _ways(self, right: Right) -> tuple[list[Way], list[Closed]]:
        return self.crossroads.ways(self.broker, right, self.facts, self.seen)

    def _chosen(self, best: Mapping[Right, Way]) -> frozenset[Right]:
        """Return the rights worth asking: stop the sale, see what they hold, then remove it."""
        if self.rights:
            return frozenset(best)
        see = min((r for r in SEE if r in best), key=lambda r: self._worth(best[r]), default=None)
        go = next((right for right in GO if right in best), None)
        chosen = {right for right in (Right.OPT_OUT, see, go) if right in best}
        # A freeze can stand in the way of a job or a flat: only where nothing else stops a sale.
        cleared = (chosen | self._asked() | self.answered.keys()) & CLEARING
        if not cleared and Right.FREEZE in best:
            chosen.add(Right.FREEZE)
        chosen.update(right for right in self._of_credit() if right in best)
        if self.broker.government and Right.RECORDS_REQUEST in best:
            chosen.add(Right.RECORDS_REQUEST)
        return frozenset(right for right in chosen if right)

    def _is_about_credit(self) -> bool:
        """Say whether the person wants what only a credit bureau or such an agency offers."""
        agency = self.broker.kind in {BrokerKind.CREDIT_BUREAU, BrokerKind.SPECIALTY_CRA}
        return self.goal is Goal.CREDIT and (agency or bool(self.broker.cra))

    def _worth(self, way: Way) -> tuple[bool, bool, int, bool]:
        """Return a sort key: a right before a courtesy, then what gives away less, then access.

        Where credit is the goal, the credit file itself comes first.
        """
        right = way.channel.right
        other_file = self._is_about_credit() and right is not Right.FILE_DISCLOSURE
        return (other_file, not way.law.claims_right, way.cost, right is not Right.ACCESS)

    def _refused(
        self,
        ways: Mapping[Right, tuple[list[Way], list[Closed]]],
        best: Mapping[Right, Way],
        chosen: frozenset[Right],
        *,
        nothing: bool,
    ) -> Iterator[LeaveAlone]:
        """Yield why something is not asked, where nothing in its stead is."""
        broker = self.broker
        if self.has_drop and reached_by_drop(broker):
            text = Text("DROP asks this company already.")
            yield left_alone(broker, LeaveWhy.DROP, text, Right.DELETE)
        for right in self._worth_a_reason():
            _opened, closed = ways.get(right, ([], []))
            if closed and right not in best and not any(_instead(right) & best.keys()):
                first = min(closed, key=lambda each: _SAYS_MOST.index(each.why))
                yield left_alone(broker, first.why, first.text, right)
        for right, why in self.answered.items():
            yield left_alone(broker, LeaveWhy.ON_REQUEST, why, right)
        if Right.FREEZE in best.keys() - chosen:
            yield left_alone(broker, LeaveWhy.ON_REQUEST, self._why_no_freeze(), Right.FREEZE)
        if nothing and not (self.answered or self.has_drop or self.asked):
            yield left_alone(broker, LeaveWhy.NO_ROUTE, Text("No way to ask for this is known."))

    def _worth_a_reason(self) -> tuple[Right, ...]:
        if self.rights:
            return self.rights
        return (Right.OPT_OUT, *SEE, *GO, *self._of_credit(), Right.RECORDS_REQUEST)

    def _why_no_freeze(self) -> Text:
        return Text(
            "{company} also offers a freeze. It can stand in the way of a loan, a flat, a job"
            " or benefits, so it is planned only if you ask for it: optout plan --only {slug}"
            " --right freeze",
            company=self.broker.called(),
            slug=self.broker.slug,
        )

    def line(self, chosen: Chosen) -> PlanLine:
        """Return one request as the plan tells it, with everything that limits it."""
        broker, way = self.broker, chosen.way
        channel = way.channel
        return PlanLine(
            broker=broker.slug,
            name=broker.called(),
            company_kind=broker.kind,
            holds=most_dangerous_first(broker.holds),
            sells_to=broker.sells_to,
            right=channel.right,
            by=way.by,
            channel=channel,
            law=way.law,
            presence=self.seen.presence,
            fields=way.fields,
            minutes=channel.minutes,
            why=tuple(self._why(way)),
            counts=counts_text(broker, channel.right, self.groups),
            will_not_reach=_will_not_reach(channel),
            harder_afterwards=tuple(_harder(channel)),
            checked=how_checked(broker, way.by),
            other_ways=tuple(other_ways(way, chosen.opened, chosen.closed)),
            questions=tuple(self._questions(way)),
            attests=channel.attests,
            contact_to_check=way.contact_to_check,
            gate=GATE if broker.government else None,
            steps=tuple(as_written(step) for step in channel.guide)
            if way.by in {By.PORTAL, By.PHONE}
            else (),
        )

    def _questions(self, way: Way) -> Iterator[Text]:
        """Yield where sources disagree in a way that matters to this person."""
        channel, asker = way.channel, self.crossroads.asker
        told = any(each.about == "eligibility" and each.ask for each in channel.conflict)
        if channel.eligible is Eligible.UNCLEAR and not told:
            yield Text(
                "Sources disagree on whom {company} serves here. {words}",
                company=self.broker.called(),
                words=as_written(channel.eligibility),
            )
        yield from doubts(channel, way.by, asker.subject, way.law.law)

    def _why(self, way: Way) -> Iterator[Text]:
        company = self.broker.called()
        guess = is_a_guess(self.broker)
        yield _why_there(self.seen.presence, company, self.signs, is_a_guess=guess)
        declared = self.broker.declared
        if declared and danger(self.broker):
            if declared.sold_to_federal_government:
                yield Text(_SOLD_FEDERAL.template, company=company, year=declared.year)
            if declared.sold_to_law_enforcement:
                yield Text(_SOLD_POLICE.template, company=company, year=declared.year)
        yield from told_of_brands(self.broker, way.channel.right)
        yield way.law.reason
        if way.law.limits:
            yield way.law.limits


def _instead(right: Right) -> frozenset[Right]:
    """Return the rights of which one is enough."""
    for group in (SEE, GO):
        if right in group:
            return frozenset(group)
    return frozenset({right})


def _harder(channel: Channel) -> Iterator[Text]:
    """Yield what may get harder, and how to undo it: the definition's words, else the usual."""
    yield from map(as_written, channel.harder_afterwards)
    if channel.right is Right.FILE_DISCLOSURE:
        yield _FILE_COMES
    elif not channel.harder_afterwards and channel.right in _USUALLY:
        yield _USUALLY[channel.right]


_FILE_COMES: Final = Text(
    "The file that comes back can be long, and can name your family. Keep it in the locked folder;"
    " print it only if you must."
)
_USUALLY: Final = MappingProxyType(
    {
        Right.FREEZE: Text(
            "A freeze can stand in the way of a loan, a flat, a job or benefits until you lift it."
            " You lift it where you asked for it."
        ),
        Right.PRESCREEN_OPT_OUT: Text(
            "You get fewer offers of credit and insurance. You can take it back later, where you"
            " asked for it."
        ),
    }
)
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


_GUESSED: Final = Text("From your answers, {company} may have you already.")
_GUESSED_BECAUSE: Final = Text("{company} may have you already. You said yes to: {signs}.")


def _why_there(
    presence: Presence, company: str, signs: tuple[Text, ...], *, is_a_guess: bool
) -> Text:
    """Say how likely it is that the company has the person, and what speaks for it."""
    if is_a_guess and presence is Presence.LIKELY:
        guessed = _GUESSED_BECAUSE if signs else _GUESSED
        return Text(guessed.template, company=company, signs=signs)
    if signs and presence in _BECAUSE:
        return Text(_BECAUSE[presence].template, company=company, signs=signs)
    return Text(_PRESENCE[presence].template, company=company)


_SOLD_FEDERAL: Final = Text(
    "{company} declared for {year} that it sold data to the federal government."
)
_SOLD_POLICE: Final = Text("{company} declared for {year} that it sold data to law enforcement.")


def _will_not_reach(channel: Channel) -> Text:
    if channel.will_not_reach:
        return as_written(channel.will_not_reach)
    return Text(
        "It does not reach public records, nor what other laws let the company keep and sell."
    )
