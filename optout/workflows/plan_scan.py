"""What a scan would tell to whom: shown, and said yes to, before anything is opened.

A search is itself a disclosure. So a site that may not know the person is searched only with what
may go to anybody, the five questions decide as they do for a plan, and nobody under 18 is searched.
In an office the gates of a request hold: the conflict check, an open file, what the client signed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from optout.browser.find import find_browser
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.payload import Newness
from optout.model.request import Presence
from optout.model.search import SearchFor
from optout.model.subject import Acting, Subject
from optout.model.words import By, Grade
from optout.rules.disclosure import Seen, has_substitute, missing
from optout.rules.minors import is_minor
from optout.rules.presence import QUESTIONS, presence_from, sells_to_government
from optout.rules.search_fields import fields_of_search, needed_for_search
from optout.rules.search_newness import search_newness, why_not_told
from optout.rules.searches import searches_for
from optout.rules.trials import how_checked
from optout.text import Counted, Text
from optout.words import word, words
from optout.workflows.conflict import check_conflict_checked
from optout.workflows.desk import Desk, as_here
from optout.workflows.evidence import evidence_of
from optout.workflows.four_eyes import check_is_somebody
from optout.workflows.four_eyes_search import check_second_of_search, use_up
from optout.workflows.given import given_to
from optout.workflows.make_plan import Answers, ask_questions
from optout.workflows.search_signed import why_not_signed


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSearch:
    """One search at one site, and what the site may not know of it."""

    values: SearchFor
    newness: Mapping[Field, Newness]

    @property
    def label(self) -> str:
        """Return what this search is known by; an age would change it each year."""
        kept = {field: said for field, said in self.told.items() if field != Field.AGE}
        return json.dumps(kept, sort_keys=True, ensure_ascii=False)

    @property
    def told(self) -> Mapping[Field, str]:
        """Return every value that leaves."""
        return {field: self.values.said(field) for field in sorted(self.values.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSearch:
    """Everything that one site would be asked."""

    broker: Broker
    searches: tuple[OneSearch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A site that is not searched, and why."""

    broker: Slug
    name: str
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPlan:
    """What would be searched, exactly; an approval names its `digest`."""

    subject: Subject
    sites: tuple[SiteSearch, ...]
    left: tuple[LeftOut, ...]

    @property
    def digest(self) -> str:
        """Return the fingerprint of everything that would leave, and where to."""
        told = [
            [site.broker.slug, site.broker.sha256, sorted(site.broker.hosts), each.told]
            for site in self.sites
            for each in site.searches
        ]
        written = json.dumps(["optout scan 1", self.subject.id, told], ensure_ascii=True)
        return hashlib.sha256(written.encode()).hexdigest()


def sites_of(desk: Desk, named: Sequence[str]) -> tuple[Broker, ...]:
    """Return the sites to search: those named, else every one that is checked and shared."""
    if not named:
        return tuple(
            each
            for each in desk.list_brokers()
            if each.search and each.grade is not Grade.SUSPENDED and not each.local
        )
    found = tuple(map(desk.find_broker, dict.fromkeys(named)))
    for each in found:
        if each.search is None:
            raise WrongUsage(
                Text("Nobody wrote down how {company} is searched.", company=each.called()),
                known=Text("Nothing was opened, and nothing was sent."),
                hint=Text("See what it is: optout broker show {slug}", slug=each.slug),
            )
        if each.grade is Grade.SUSPENDED:
            raise Refused(
                Text("{company} is set aside: its pages changed.", company=each.called()),
                known=Text("Nothing was opened, and nothing was sent."),
            )
    return found


def plan_scan(
    desk: Desk,
    subject: Subject,
    brokers: Sequence[Broker],
    *,
    named: bool = False,
    answers: Answers | None = None,
) -> ScanPlan:
    """Return what these sites would be told, and which are left out; asks what must be asked.

    With `answers`, the five questions are not asked.
    """
    _check_may_be_searched(desk, subject)
    shown = evidence_of(desk, subject.id)
    asked = _asked(desk, subject, brokers, shown) if answers is None else answers
    sites: list[SiteSearch] = []
    left: list[LeftOut] = []
    for broker in brokers:
        presence = presence_from(broker, asked, evidence=broker.slug in shown)
        if why := _stranger(desk, broker, presence, named=named):
            left.append(LeftOut(broker=broker.slug, name=broker.called(), why=why))
            continue
        searches, refused = searches_at(desk, subject, broker, presence)
        told = frozenset(field for each in searches for field in each.values.values)
        if why := why_not_signed(desk, subject, broker, told) if searches else None:
            left.append(LeftOut(broker=broker.slug, name=broker.called(), why=why))
        elif searches:
            sites.append(SiteSearch(broker=broker, searches=searches))
        else:
            left.append(LeftOut(broker=broker.slug, name=broker.called(), why=refused))
    return ScanPlan(subject=subject, sites=tuple(sites), left=tuple(left))


def plan_as_shown(
    desk: Desk, subject: Subject, brokers: Sequence[Broker], digest: str, *, named: bool = False
) -> ScanPlan:
    """Return the plan of that number without the five questions, if it still is one that can be.

    Whoever gives the number has answered them before, and said yes to each value: only whether it
    is still the same is looked at. A company that needs a typed yes of its own needs it again.
    """
    every_yes = {question.key: True for question in QUESTIONS}
    for answers in ({}, every_yes):
        plan = plan_scan(desk, subject, brokers, named=named, answers=answers)
        if plan.digest == digest:
            return plan
    return plan_scan(desk, subject, brokers, named=named)


def check_still_so(desk: Desk, plan: ScanPlan, site: SiteSearch) -> None:
    """Refuse where another window took back, since the yes, what may be told about the person."""
    known = Text("Nothing more was told. What was seen until now is kept.")
    now = as_here(desk, desk.vault.subjects.get(plan.subject.id))
    if now != as_here(desk, plan.subject):
        raise Refused(
            Text(
                "Since the yes to this search, another window changed something about the person."
            ),
            known=known,
            hint=Text("See what would be told now: optout scan --dry-run"),
        )
    _check_may_be_searched(desk, now)
    told = frozenset(field for each in site.searches for field in each.values.values)
    if why := why_not_signed(desk, now, site.broker, told):
        raise Refused(why, known=known)


def show_scan_plan(desk: Desk, plan: ScanPlan) -> None:
    """Tell which site gets which values."""
    desk.person.tell_at_length(tuple(scan_texts(plan)))


def approve_scan(desk: Desk, plan: ScanPlan, *, digest: str = "") -> None:
    """Ask for a typed yes, or take the number of what the person saw; raise when it is no.

    Whoever searches for somebody else says each time that this adult agreed (SAFETY 6).
    """
    check_is_somebody(desk)
    if digest and digest != plan.digest:
        raise Refused(
            Text("What would be told has changed since you saw it."),
            known=Text("Nothing was sent."),
            hint=Text("Look again: optout scan --dry-run"),
        )
    if desk.window().executable is None:
        find_browser()  # without one nobody needs to say yes, and no second person either
    sites = [site.broker.slug for site in plan.sites]
    check_second_of_search(desk, plan.subject.id, plan.digest, sites)
    try:
        _ask_for_yes(desk, plan, seen=bool(digest))
    except Refused:
        use_up(desk, plan.subject.id)  # a second person's no ends it
        raise
    use_up(desk, plan.subject.id)


def _ask_for_yes(desk: Desk, plan: ScanPlan, *, seen: bool) -> None:
    if plan.subject.acting is not Acting.SELF and not desk.person.confirm(
        Text(
            "Did {person} themselves say yes to being searched for?",
            person=plan.subject.label.reveal(),
        ),
        default=False,
    ):
        raise _said_no()
    if seen:
        return
    if new := _new_fields(plan):
        question = Text(
            "NEW to some of them: {names}. They will learn this from the search. Go on?",
            names=words(new),
        )
        if not desk.person.confirm(question, default=False):
            raise _said_no()
    question = Counted(
        "To search 1 site with exactly these values, type the word.",
        "To search {count} sites with exactly these values, type the word.",
        count=len(plan.sites),
    )
    if not desk.person.type_word(question, Text("yes")):
        raise _said_no()


def scan_texts(plan: ScanPlan) -> Iterator[Text]:
    """Yield what each site would be told, and who is left out."""
    if plan.sites:
        yield Text(
            "A search tells a site that somebody looks for this name. This would be told, and "
            "nothing else:"
        )
    for site in plan.sites:
        yield Text("")
        yield Text(
            "{company}, through {hosts}", company=site.broker.called(), hosts=site.broker.hosts
        )
        for each in site.searches:
            yield from _search_texts(each)
        yield Text("   {text}", text=how_checked(site.broker, By.WEB))
        if site.broker.local:
            yield Text("   This definition is your own (local); nobody else has checked it.")
    if plan.sites and has_substitute(plan.subject):
        yield Text("")
        yield Text(
            "You have a substitute address. Your real street and town go to none of them. A site "
            "still learns that somebody looks for your name: if that could put you in danger, do "
            "not search."
        )
    if plan.left:
        yield Text("")
        yield Text("Not searched:")
        yield from (Text("- {company}: {why}", company=e.name, why=e.why) for e in plan.left)
    yield Text("")


def _search_texts(each: OneSearch) -> Iterator[Text]:
    told = {
        how: tuple(
            Text("{field} “{value}”", field=word(field), value=each.values.said(field))
            for field, new in each.newness.items()
            if new is how
        )
        for how in Newness
    }
    if told[Newness.KNOWN]:
        yield Text("   They get, and probably have: {fields}.", fields=told[Newness.KNOWN])
    if told[Newness.NEW]:
        yield Text("   They get, and it is NEW to them: {fields}.", fields=told[Newness.NEW])


def _check_may_be_searched(desk: Desk, subject: Subject) -> None:
    desk.vault.matters.check_open(subject.id)
    check_conflict_checked(desk.vault, subject)
    if is_minor(subject, desk.today(subject)):
        raise Refused(
            Text(
                "This person is under 18. A search tells a site that a child of this name is "
                "looked for, so nobody under 18 is searched."
            ),
            known=Text("Nothing was opened, and nothing was sent."),
        )


def _asked(
    desk: Desk, subject: Subject, brokers: Sequence[Broker], shown: Collection[Slug]
) -> Answers:
    """Ask the five questions where an answer would change what may be told. They are not kept."""
    strangers = [each for each in brokers if each.slug not in shown]
    unlikely = [
        each
        for each in strangers
        if not searches_at(desk, subject, each, Presence.UNLIKELY)[0]
        and searches_at(desk, subject, each, Presence.LIKELY)[0]
    ]
    return ask_questions(desk) if unlikely else {}


def _stranger(desk: Desk, broker: Broker, presence: Presence, *, named: bool) -> Text | None:
    """Return why a company that sells to government and may not know the person is left out."""
    if presence is not Presence.UNLIKELY or not sells_to_government(broker):
        return None
    why = Text(
        "{company} sells to government, and probably does not know you. A search would tell it "
        "your name. Leave it alone; to go on you have to type yes.",
        company=broker.called(),
    )
    return None if named and desk.person.type_word(why, Text("yes")) else why


def searches_at(
    desk: Desk, subject: Subject, broker: Broker, presence: Presence
) -> tuple[tuple[OneSearch, ...], Text]:
    """Return what one site may be asked about a person, or why it is asked nothing."""
    today = desk.today(subject)
    seen = Seen(
        broker=broker, presence=presence, earlier=given_to(desk, subject.id, broker), on=today
    )
    needed, fields = needed_for_search(broker), fields_of_search(broker)
    every = searches_for(subject, fields, on=today, optional=set(fields) - set(needed))
    if not every:
        lacking = words(missing(subject, needed, on=today))
        return (), Text("it asks for {fields}, and none is written down.", fields=lacking)
    allowed, why = [], Text("")
    for each in every:
        blocked = why_not_told(subject, each.values, seen)
        if blocked is None:
            newness = search_newness(subject, each.values, seen)
            allowed.append(OneSearch(values=each, newness=newness))
        else:
            why = Text(
                "it asks for this, which you give only to companies that have it already: "
                "{field}. {why}",
                field=word(blocked[0]),
                why=blocked[1],
            )
    return tuple(allowed), why


def _new_fields(plan: ScanPlan) -> tuple[Field, ...]:
    new = (
        field
        for site in plan.sites
        for each in site.searches
        for field, how in each.newness.items()
        if how is Newness.NEW
    )
    return tuple(dict.fromkeys(new))


def _said_no() -> Refused:
    return Refused(Text("You said no."), known=Text("Nothing was opened, and nothing was sent."))


def nothing_to_search(plan: ScanPlan) -> NeedsPerson:
    """Return the refusal of a scan of which no site is left."""
    return NeedsPerson(
        Text("No site is left to search."),
        known=Text("Nothing was opened, and nothing was sent."),
        hint=Text("See why above. What may be given to whom: optout person edit")
        if plan.left
        else Text("Which companies there are: optout broker list"),
    )
