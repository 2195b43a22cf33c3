"""A plan asks for nothing that a channel does not need, and many plans are as one alone."""

from __future__ import annotations

import gc
import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Channel
from optout.model.fields import Field
from optout.model.flow import Choose, Fill, Leg, Open, Step, When
from optout.model.payload import Newness
from optout.model.plan import Goal, Plan, PlanField, PlanLine
from optout.model.request import Presence
from optout.model.secret import Personal, Secret
from optout.model.subject import Acting, Residence, Share, Subject
from optout.model.words import By, Right
from optout.rules.arrange import arrange
from optout.rules.planning import Memory, plan
from optout.rules.remembered import Kept
from optout.sample.people import JORDAN

ON = date(2026, 11, 22)
BROKERS = {broker.slug: broker for broker in list_brokers(samples=True)}
LAWS = list_laws()
SHELVES = {goal: arrange(BROKERS.values(), goal) for goal in Goal}
STATES = ("CO", "CA", "VA", "TX", "OR", "IL", "FL", "")


def flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, When):
            yield from flat(step.steps)


def typed_in(leg: Leg) -> set[Field]:
    """Read from a form's steps what it cannot do without: no rule of the program is used."""
    needed: set[Field] = set()
    for step in flat(leg.steps):
        if isinstance(step, Fill) and not step.optional:
            needed.add(step.field)
        if isinstance(step, Choose) and step.field:
            needed.add(step.field)
        if isinstance(step, Open):
            names = [name for _words, name, _spec, _how in string.Formatter().parse(step.url)]
            needed |= {Field(name.partition("|")[0]) for name in names if name}
    return needed


def may_be_given(broker: Broker, channel: Channel, by: By) -> set[Field]:
    """Return the most that one way may give away, read from the definition alone."""
    if by is By.WEB:
        return set().union(*(typed_in(leg) for leg in broker.flow[channel.flow].leg))
    if by is By.EMAIL:  # its sender, and no postal address
        return {*channel.discloses, Field.EMAIL} - {Field.REPLY_ADDRESS}
    if by is By.POST:  # its return address, or an e-mail for who has none: never both
        return {*channel.discloses, Field.EMAIL, Field.REPLY_ADDRESS}
    return {*channel.discloses}


def too_much(line: PlanLine) -> set[Field]:
    assert line.channel
    given_away = {each.field for each in line.fields}
    spare = given_away - may_be_given(BROKERS[line.broker], line.channel, line.by)
    if line.by is By.POST and {Field.EMAIL, Field.REPLY_ADDRESS} <= given_away:
        spare |= {Field.EMAIL}
    return spare


def someone(state: str, share: Share, since: date | None, acting: Acting, *, mail: bool) -> Subject:
    return replace(
        JORDAN,
        residences=(Residence(state=state, country="US" if state else "MX"),),
        acting=acting,
        identifiers=tuple(
            replace(each, share=share, valid_from=since) for each in JORDAN.identifiers
        ),
        reply_to=JORDAN.reply_to if mail else (),
    )


PEOPLE = st.builds(
    someone,
    st.sampled_from(STATES),
    st.sampled_from(Share),
    st.sampled_from([None, date(2015, 1, 1), date(2026, 10, 1)]),
    st.sampled_from(Acting),
    mail=st.booleans(),
)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "wide": st.booleans(),
        "prefer": st.sampled_from(By),
        "rights": st.lists(st.sampled_from(Right), min_size=1, unique=True).map(tuple),
        "as_named": st.booleans(),
        "drop": st.booleans(),
        "asked_before": st.lists(
            st.tuples(st.sampled_from(sorted(BROKERS)), st.sampled_from(Right)), max_size=4
        ),
    },
)
KNOWN = st.fixed_dictionaries({slug: st.sampled_from(Presence) for slug in sorted(BROKERS)})


def planned(who: Subject, known: Any, goal: Goal, wish: Any, **more: Any) -> Plan:  # noqa: ANN401 - drawn by name
    return plan(who, SHELVES[goal], LAWS, known, ON, **wish, **more)


@settings(max_examples=120, deadline=None)
@given(who=PEOPLE, known=KNOWN, goal=st.sampled_from(Goal), wish=WISHES)
def test_no_line_gives_away_a_field_that_its_channel_does_not_need(
    who: Subject, known: Mapping[str, Presence], goal: Goal, wish: Mapping[str, object]
) -> None:
    for line in planned(who, known, goal, wish).lines:
        assert line.channel is None or too_much(line) == set()
        assert len({each.field for each in line.fields}) == len(line.fields)


def test_every_shipped_and_sample_company_was_looked_at_and_one_field_more_is_found() -> None:
    """The control: the plans above have lines, by every way, and the check sees a spare field."""
    who = someone("CO", Share.ASK, date(2015, 1, 1), Acting.SELF, mail=True)
    everyone = dict.fromkeys(BROKERS, Presence.EVIDENCE)
    plans = [
        planned(
            who, everyone, Goal.GOVERNMENT, {"wide": True, "rights": tuple(Right), "prefer": by}
        )
        for by in By
    ]
    lines = [line for made in plans for line in made.lines]
    askable = {
        slug
        for slug, broker in BROKERS.items()
        if not broker.government and any(channel.by != (By.NONE,) for channel in broker.channel)
    }
    asked = {line.broker for line in lines}
    assert len(asked) >= 10
    assert askable - asked <= {left.broker for made in plans for left in made.leave_alone}
    assert {line.by for line in lines} == set(By) - {By.NONE}
    for line in lines:
        for spare in {*Field} - may_be_given(BROKERS[line.broker], line.channel, line.by):  # type: ignore[arg-type] # requests have one
            more = replace(line, fields=(*line.fields, PlanField(field=spare, newness=Newness.NEW)))
            assert too_much(more) == {spare}


# One memory for many


class Forgetful(dict):  # type: ignore[type-arg] # holds nothing
    """Keeps nothing, so that everything is worked out each time it is asked for."""

    def __setitem__(self, _key: object, _value: object) -> None:
        """Keep nothing."""


def straightforward() -> Memory:
    memory = Memory()
    for kept in (memory.ways.laws, memory.ways.closed, memory.answers, memory.lines):
        kept.of = lambda _kind: Forgetful()  # type: ignore[method-assign] # every kind is new
    return memory


SHARED = {goal: Memory() for goal in Goal}


@settings(max_examples=80, deadline=None)
@given(who=PEOPLE, known=KNOWN, goal=st.sampled_from(Goal), wish=WISHES, seen=st.booleans())
def test_a_plan_is_the_same_with_everybodys_memory_with_its_own_and_with_none(
    *,
    who: Subject,
    known: Mapping[str, Presence],
    goal: Goal,
    wish: Mapping[str, object],
    seen: bool,
) -> None:
    earlier = {slug: {Field.PHONE: ON} for slug in list(BROKERS)[::3]} if seen else {}
    links = dict.fromkeys(list(BROKERS)[1::3], "https://sample.test/jordan") if seen else {}
    more = {"earlier": earlier, "listing_urls": links}
    alone = planned(who, known, goal, wish, memory=straightforward(), **more)
    assert planned(who, known, goal, wish, **more) == alone
    assert planned(who, known, goal, wish, memory=SHARED[goal], **more) == alone


def test_no_two_kinds_of_people_are_taken_for_one() -> None:
    """Each differs from the one before in one thing that a plan hangs on."""
    memory, known = Memory(), dict.fromkeys(BROKERS, Presence.LIKELY)
    sinces = (None, date(2015, 1, 1), date(2026, 10, 1))
    everybody = [
        someone(state, share, since, acting, mail=mail)
        for state in ("CO", "CA")
        for acting in (Acting.SELF, Acting.AGENT)
        for mail in (True, False)
        for share in Share
        for since in sinces
    ]
    told = []
    for who in everybody:
        alone = planned(who, known, Goal.CREDIT, {}, memory=straightforward())
        assert planned(who, known, Goal.CREDIT, {}, memory=memory) == alone
        assert planned(who, known, Goal.CREDIT, {}, memory=memory) == alone
        told.append(alone)
    different = sum(one != other for one, other in pairwise(told))
    assert different > len(told) / 2, "the control: the plans do differ"


def personal_in(root: object) -> list[object]:
    """Return everything personal that can be reached from an object, however deep it lies."""
    found: list[object] = []
    seen, waiting = {id(root)}, [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Personal | Secret | Subject):
            found.append(here)
        if isinstance(here, type | ModuleType | FunctionType):
            continue
        for each in gc.get_referents(here):
            if id(each) not in seen:
                seen.add(id(each))
                waiting.append(each)
    return found


def test_a_memory_holds_nothing_of_anybody() -> None:
    memory, known = Memory(), dict.fromkeys(BROKERS, Presence.LIKELY)
    for state in STATES:
        who = someone(state, Share.ASK, date(2015, 1, 1), Acting.SELF, mail=True)
        assert planned(who, known, Goal.GOVERNMENT, {}, memory=memory).lines
    assert personal_in(memory) == []
    memory.lines.of("kind")["key"] = who  # type: ignore[assignment] # the control
    assert personal_in(memory)


@pytest.mark.parametrize(("most", "left"), [(1, "d"), (3, "bcd"), (9, "abcd")])
def test_what_was_not_met_for_longest_is_forgotten(most: int, left: str) -> None:
    kept: Kept[str] = Kept(most)
    for kind in "abcd":
        kept.of(kind)["x"] = kind
    assert [kind for kind in "dcba" if kept.of(kind)] == [*reversed(left)]


def test_a_memory_refuses_another_catalog_or_other_laws() -> None:
    memory, known = Memory(), dict.fromkeys(BROKERS, Presence.LIKELY)
    planned(JORDAN, known, Goal.GOVERNMENT, {}, memory=memory)
    planned(JORDAN, known, Goal.GOVERNMENT, {}, memory=memory)  # the control
    with pytest.raises(ValueError, match="one arranged catalog"):
        planned(JORDAN, known, Goal.CREDIT, {}, memory=memory)
    with pytest.raises(ValueError, match="one set of laws"):
        plan(JORDAN, SHELVES[Goal.GOVERNMENT], dict(LAWS), known, ON, memory=memory)
