"""The plan: whom to leave alone, on which law, by which way, in which order, and why."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.catalog.brokers import find_broker
from optout.catalog.laws import list_laws
from optout.errors import Refused, WrongUsage
from optout.model.broker import (
    Broker,
    Channel,
    Conflict,
    Contact,
    Declared,
    Phone,
    RequestCount,
    Slug,
)
from optout.model.fields import Field, IdentifierKind
from optout.model.flow import AskPerson, Fill, Flow, Leg, Step, Submit
from optout.model.law import Law, LawId, LawKind, LawRight, Term
from optout.model.payload import Newness
from optout.model.plan import Goal, LeaveWhy, LineKind, Plan
from optout.model.request import Presence
from optout.model.secret import Secret
from optout.model.subject import (
    Acting,
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
    SubjectId,
)
from optout.model.words import (
    UNSURE,
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Holding,
    Right,
    WhoMayAsk,
)
from optout.rules.arrange import arrange
from optout.rules.closed import closed_for, may_write_for
from optout.rules.coverage import BINDS_NO_BROKER, IN_FORCE_FROM, has_privacy_law
from optout.rules.disclosure import check_may_give
from optout.rules.drop import DROP
from optout.rules.eligibility import law_for
from optout.rules.minors import check_not_minor, is_minor
from optout.rules.planning import plan
from optout.rules.presence import QUESTIONS, presence_from, questions_that_matter, signs_of
from optout.rules.states import is_state, state_code
from optout.text import Text

ON = date(2026, 11, 22)
EVIDENCE, LIKELY, UNLIKELY = Presence.EVIDENCE, Presence.LIKELY, Presence.UNLIKELY
SURE = Confidence.CONFIRMED


def a_law(
    id: str,  # noqa: A002 - the field's own word
    where: str,
    kind: LawKind,
    *rights: Right,
    since: date | None = date(2020, 1, 1),
    scope: str = "",
    agent_rights: tuple[Right, ...] = (),
) -> Law:
    return Law(
        id=LawId(id),
        name=f"Law {id}",
        jurisdiction=where,
        kind=kind,
        in_force_from=since,
        rights={
            right: LawRight(
                cite=f"§ {right.value}",
                scope=scope,
                answer=Term(length=45, cite="§ time"),
                confidence=SURE,
            )
            for right in rights
        },
        agent_rights=agent_rights,
        sources=(),
        confidence=SURE,
        checked_on=ON,
    )


USUAL = (Right.OPT_OUT, Right.ACCESS, Right.DELETE, Right.CORRECT)
ALL_LAWS = (
    a_law("us-co-cpa", "US-CO", LawKind.COMPREHENSIVE, *USUAL, agent_rights=(Right.OPT_OUT,)),
    a_law("us-ca-ccpa", "US-CA", LawKind.COMPREHENSIVE, *USUAL, scope="what you gave them"),
    a_law("us-va-vcdpa", "US-VA", LawKind.COMPREHENSIVE, *USUAL),
    a_law("us-fl-fdbr", "US-FL", LawKind.COMPREHENSIVE, *USUAL),
    a_law("us-ok-ocdpa", "US-OK", LawKind.COMPREHENSIVE, *USUAL, since=date(2027, 1, 1)),
    a_law("us-ca-delete-act", "US-CA", LawKind.DELETE_ACT, Right.DELETE, since=date(2026, 1, 1)),
    a_law("us-fcra-file", "US", LawKind.FCRA, Right.FILE_DISCLOSURE),
    a_law("us-fcra-freeze", "US", LawKind.FCRA, Right.FREEZE),
    a_law("us-tx-freeze", "US-TX", LawKind.OTHER, Right.FREEZE),
    a_law("voluntary", "", LawKind.VOLUNTARY),
)
LAWS = {law.id: law for law in ALL_LAWS}
STATES = ("CO", "CA", "VA", "FL", "OK", "TX", "IL", "NY", "")


def person(
    state: str = "CO",
    *,
    share: Share = Share.KNOWN,
    acting: Acting = Acting.SELF,
    born: date = date(1990, 4, 12),
    parent: bool = False,
    reply_to: tuple[ReplyTo, ...] | None = None,
    since: date = date(2015, 1, 1),
) -> Subject:
    def fact(kind: IdentifierKind, value: IdentifierValue, how: Share) -> Identifier:
        return Identifier(
            id=IdentifierId(kind.value), kind=kind, value=value, share=how, valid_from=since
        )

    home = PostalAddress(street="100 Example Street", city="Denver", state="CO", zip="80202")
    box = PostalAddress(street="PO Box 12", city="Denver", state="CO", zip="80201")
    return Subject(
        id=SubjectId("s"),
        label=Secret("Jordan"),
        identifiers=(
            fact(IdentifierKind.NAME, PersonName(given="Jordan", family="Sample"), Share.ASK),
            fact(IdentifierKind.ADDRESS, home, share),
            fact(IdentifierKind.PHONE, Secret("+13035550142"), share),
            fact(IdentifierKind.BIRTH_DATE, Secret(born), share),
        ),
        residences=(Residence(state=state, country="US" if state else "MX", since=since),),
        reply_to=reply_to
        if reply_to is not None
        else (
            ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret("jordan@example.com")),
            ReplyTo(kind=ReplyKind.PO_BOX, address=box),
        ),
        acting=acting,
        minor_allowed_by_parent=parent,
    )


def contact(confidence: Confidence = SURE, check: str = "") -> Contact:
    return Contact(
        email="privacy@acme.test",
        lines=("Acme", "1 Acme Way", "Denver, CO 80202"),
        confidence=confidence,
        check=check,
        sources=(),
    )


def channel(
    right: Right = Right.OPT_OUT,
    *by: By,
    discloses: tuple[Field, ...] = (Field.FULL_NAME,),
    basis: tuple[Basis, ...] = (Basis.STATE_PRIVACY, Basis.POLICY),
    eligible: Eligible = Eligible.ANYONE,
    who: tuple[WhoMayAsk, ...] = (WhoMayAsk.SELF,),
    at: Contact | None = None,
    **more: object,
) -> Channel:
    at = at or contact()
    return Channel(
        right=right,
        by=by or (By.EMAIL,),
        basis=basis,
        flow=right.value,
        email=at,
        post=at,
        phone=Phone(number="303-555-0100", confidence=SURE, sources=()),
        discloses=discloses,
        eligible=eligible,
        who_may_ask=who,
        confidence=SURE,
        sources=(),
        **more,  # type: ignore[arg-type] # by name
    )


def _fill(field: Field) -> Fill:
    return Fill(field=field)


def form(*fields: Field) -> Flow:
    steps: tuple[Step, ...] = (*map(_fill, fields), Submit(expect="Thank you"))
    return Flow(leg=(Leg(steps=steps),))


SOLD = Declared(
    year=2026,
    sold_to_federal_government=True,
    sold_to_law_enforcement=True,
    counts={Right.OPT_OUT: RequestCount(received=6562, granted=5716, denied=846)},
)
GATHERS = (Holding.NAME, Holding.HOME_ADDRESS, Holding.PHONE, Holding.VEHICLE, Holding.COURT)


def company(
    slug: str = "acme",
    *channels: Channel,
    holds: tuple[Holding, ...] = GATHERS,
    declared: Declared | None = SOLD,
    default: bool = True,
    flow: dict[str, Flow] | None = None,
    kind: BrokerKind = BrokerKind.RISK_DATA,
    grade: Grade = Grade.DRAFTED,
    **more: object,
) -> Broker:
    return Broker(
        slug=Slug(slug),
        name=f"{slug}, Inc.",
        kind=kind,
        holds=holds,
        grade=grade,
        in_default_plan=default,
        declared=declared,
        channel=channels or (channel(Right.OPT_OUT), channel(Right.ACCESS), channel(Right.DELETE)),
        flow=flow or {},
        sources=(),
        **more,  # type: ignore[arg-type] # by name
    )


def made(
    *brokers: Broker,
    who: Subject | None = None,
    known: Presence = LIKELY,
    on: date = ON,
    **more: object,
) -> Plan:
    presence = {broker.slug: known for broker in brokers}
    return plan(who or person(), brokers, LAWS, presence, on, **more)  # type: ignore[arg-type] # by name


def asked(found: Plan) -> list[tuple[str, str]]:
    return [(line.broker, line.right.value) for line in found.lines]


def reasons(found: Plan) -> list[tuple[str, str]]:
    return [(left.broker, left.why.value) for left in found.leave_alone]


# Presence

ALL_YES = {question.key: True for question in QUESTIONS}


def yes(*keys: str) -> dict[str, bool]:
    assert set(keys) <= ALL_YES.keys()
    return {question.key: question.key in keys for question in QUESTIONS}


def test_there_are_five_questions() -> None:
    assert len(QUESTIONS) == 5
    assert all("?" in str(question.text) for question in QUESTIONS)


THE_WORK_NUMBER = (Holding.NAME, Holding.HOME_ADDRESS, Holding.WORK, Holding.INCOME, Holding.SSN)
LIFE = ("loan-or-card", "car", "lease-utility-phone", "arrest-or-jail")


@pytest.mark.parametrize(
    ("holds", "answers", "presence"),
    [
        (GATHERS, {}, UNLIKELY),
        (GATHERS, yes("lease-utility-phone"), UNLIKELY),
        (GATHERS, yes("lease-utility-phone", "car"), LIKELY),
        (GATHERS, yes("payroll"), UNLIKELY),
        (GATHERS, yes("payroll", "arrest-or-jail"), UNLIKELY),  # payroll matters to none of it
        (GATHERS, ALL_YES, LIKELY),
        ((Holding.PHOTO,), yes("payroll"), UNLIKELY),  # none matters: how much is on paper?
        ((Holding.PHOTO,), yes("loan-or-card", "car"), LIKELY),
        # One holding in a filing neither makes nor spares a file with a company that gathers.
        ((Holding.NAME, Holding.WORK), yes("payroll"), UNLIKELY),
        ((Holding.NAME, Holding.WORK), yes(*LIFE), LIKELY),
        ((Holding.NAME, Holding.WORK), yes("payroll", *LIFE), LIKELY),
    ],
)
def test_mostly_no_means_unlikely(
    holds: tuple[Holding, ...], answers: dict[str, bool], presence: Presence
) -> None:
    assert presence_from(company(holds=holds), answers) is presence
    assert presence_from(company(holds=holds), answers, evidence=True) is EVIDENCE


@pytest.mark.parametrize(
    ("kind", "holds", "own"),
    [
        (BrokerKind.JUSTICE_DATA, (Holding.NAME, Holding.JAIL, Holding.COURT), "arrest-or-jail"),
        (BrokerKind.SPECIALTY_CRA, THE_WORK_NUMBER, "payroll"),
    ],
)
def test_who_lives_by_one_kind_of_record_is_judged_by_its_own_question_alone(
    kind: BrokerKind, holds: tuple[Holding, ...], own: str
) -> None:
    specialist = company(kind=kind, holds=holds)
    others = [key for key in ALL_YES if key != own]
    assert presence_from(specialist, yes(own)) is LIKELY
    assert presence_from(specialist, yes(*others)) is UNLIKELY
    assert [str(sign) for sign in signs_of(specialist, ALL_YES)] == [
        str(question.because) for question in QUESTIONS if question.key == own
    ]


@pytest.mark.parametrize("slug", ["lexisnexis-risk", "relx-lexisnexis"])
@given(st.dictionaries(st.sampled_from(sorted(ALL_YES)), st.booleans()))
def test_both_lexisnexis_companies_are_judged_alike_and_payroll_turns_neither(
    slug: str, answers: dict[str, bool]
) -> None:
    broker = find_broker(slug)
    enough = sum(answers.get(key, False) for key in LIFE) >= 2
    assert presence_from(broker, answers) is (LIKELY if enough else UNLIKELY)


def test_the_plan_says_which_answer_speaks_for_a_company_having_the_person() -> None:
    acme = company()
    answers = yes("car", "lease-utility-phone")
    line = made(acme, signs={acme.slug: signs_of(acme, answers)}).lines[0]
    assert str(line.why[0]) == (
        "acme, Inc. probably has you already. You said yes to: a car, a lease, bill or phone plan."
    )
    assert "From your answers" in str(made(acme).lines[0].why[0])  # where nobody says which


def test_only_an_arrest_a_jail_or_a_charge_speaks_for_booking_files() -> None:
    (question,) = [each for each in QUESTIONS if each.key == "arrest-or-jail"]
    assert "civil case, a traffic ticket and a case in immigration court do not count" in str(
        question.text
    )
    appriss = find_broker("appriss-insights")
    assert presence_from(appriss, yes("arrest-or-jail")) is LIKELY
    assert presence_from(appriss, {**ALL_YES, "arrest-or-jail": False}) is UNLIKELY


@given(st.dictionaries(st.sampled_from(sorted(ALL_YES)), st.booleans()))
def test_a_yes_more_never_makes_a_company_less_likely(answers: dict[str, bool]) -> None:
    rank = [UNLIKELY, LIKELY, EVIDENCE]
    for holds in (GATHERS, (Holding.WORK,), (Holding.PHOTO,), tuple(Holding)):
        broker = company(holds=holds)
        for key in ALL_YES:
            more = presence_from(broker, {**answers, key: True})
            assert rank.index(more) >= rank.index(presence_from(broker, answers))
        assert questions_that_matter(broker)


# Leave alone


def test_a_seller_to_government_that_may_not_know_the_person_is_left_alone_with_the_reason() -> (
    None
):
    found = made(company(), known=UNLIKELY)
    assert found.lines == ()
    (left,) = found.leave_alone
    assert left.why is LeaveWhy.UNLIKELY
    assert "type yes" in str(left.text)


def test_a_typed_yes_goes_on_and_counts_the_stranger() -> None:
    found = made(company(), known=UNLIKELY, insist=["acme"])
    assert len(found.lines) == 3
    assert found.strangers == 1
    assert "may not know you" in str(found.notes[-1])


def test_an_unknown_presence_counts_as_unlikely() -> None:
    assert plan(person(), [company()], LAWS, {}, ON).lines == ()


def test_the_gate_is_for_sellers_to_government_only() -> None:
    weather = company("weather", declared=None, default=False, holds=(Holding.EMAIL,))
    assert made(weather, known=UNLIKELY).lines == ()  # not in a default plan either
    assert len(made(weather, known=UNLIKELY, wide=True).lines) == 3
    jail = company("jail", declared=None, default=False, kind=BrokerKind.JUSTICE_DATA)
    assert made(jail, known=UNLIKELY, wide=True).lines == ()


def test_a_newcomer_with_a_thin_file_and_a_substitute_address_is_offered_nothing() -> None:
    """The controls: the same companies are planned for a long-settled person."""
    substitute = PostalAddress(street="PO Box 900", city="Pueblo", state="CO", zip="81001")
    newcomer = person(
        reply_to=(ReplyTo(kind=ReplyKind.SUBSTITUTE, address=substitute),), since=date(2026, 9, 1)
    )
    companies = (
        company("lexis", channel(Right.OPT_OUT, By.POST)),
        company("work-file", channel(Right.OPT_OUT, By.POST), holds=(Holding.WORK,)),
        company("jail-file", channel(Right.OPT_OUT, By.POST), holds=(Holding.JAIL, Holding.NAME)),
        company("sheriff", channel(Right.RECORDS_REQUEST, By.POST), government=True),
    )
    for who, answers, count in ((newcomer, yes("lease-utility-phone"), 0), (person(), ALL_YES, 3)):
        presence = {each.slug: presence_from(each, answers) for each in companies}
        found = plan(who, companies, LAWS, presence, ON)
        assert len(found.lines) == count
        assert all(line.gate is None for line in found.lines)


# Public bodies and minors


def test_a_public_body_is_planned_only_when_named_and_then_with_the_warning() -> None:
    sheriff = company("sheriff", channel(Right.RECORDS_REQUEST, By.POST), government=True)
    assert reasons(made(sheriff)) == [("sheriff", "government")]
    assert made(sheriff, wide=True, known=EVIDENCE).lines == ()
    (line,) = made(sheriff, only=["sheriff"]).lines
    assert "government files" in str(line.gate)


def test_nothing_is_ever_written_to_the_immigration_authorities() -> None:
    ice = company("us-ice", channel(Right.RECORDS_REQUEST, By.POST), government=True)
    found = made(ice, only=["us-ice"], insist=["us-ice"])
    assert found.lines == ()
    assert reasons(found) == [("us-ice", "government")]


def test_for_somebody_under_eighteen_nothing_is_planned_and_it_says_why() -> None:
    child = person(born=date(2008, 11, 23))
    found = made(company(), who=child)
    assert (found.lines, found.leave_alone) == ((), ())
    assert "under 18" in str(found.notes[0])
    with pytest.raises(Refused):
        check_not_minor(child, ON)
    grown = made(company(), who=child, on=date(2026, 11, 23))  # the birthday itself
    assert len(grown.lines) == 3
    check_not_minor(child, date(2026, 11, 23))


def test_a_parent_is_not_given_a_letter_that_says_i_write_for_myself() -> None:
    child = person(born=date(2015, 1, 1), parent=True)
    check_not_minor(child, ON)
    takes = channel(
        Right.FILE_DISCLOSURE, By.EMAIL, By.POST, who=(WhoMayAsk.SELF, WhoMayAsk.PARENT)
    )
    (closed,) = made(company("acme", takes), who=child).leave_alone
    assert "a parent can write one of their own" in str(closed.text)
    by_post = closed_for(child, company("acme", takes), takes, By.POST, ON)
    assert by_post == may_write_for(Acting.SELF, is_minor=True)
    by_mail = closed_for(child, company("acme", takes), takes, By.EMAIL, ON)
    assert by_mail is not None
    assert "only a parent may ask" in str(by_mail)


def test_somebody_born_on_a_leap_day_is_of_age_on_the_first_of_march() -> None:
    leap = person(born=date(2008, 2, 29))
    assert is_minor(leap, date(2026, 2, 28))
    assert not is_minor(leap, date(2026, 3, 1))


# The law


def law_of(
    state: str, right: Right = Right.DELETE, on: date = ON, cra: str = "", **more: object
) -> str:
    asks = channel(right, **more)  # type: ignore[arg-type] # by name
    return law_for(state, company(cra=cra), asks, right, LAWS, on=on).law.id


def test_the_law_of_the_persons_own_state_and_no_other() -> None:
    assert law_of("CO") == "us-co-cpa"
    assert law_of("VA") == "us-va-vcdpa"
    assert law_of("IL") == "voluntary"
    assert law_of("") == "voluntary"
    assert law_of("CO", Right.SUPPRESS) == "voluntary"  # a right this law does not give


def test_residence_on_the_day_decides() -> None:
    moved = replace(
        person(),
        residences=(
            Residence(state="VA", until=date(2026, 6, 30)),
            Residence(state="CO", since=date(2026, 7, 1)),
        ),
    )
    for day, law in ((date(2026, 6, 30), "us-va-vcdpa"), (date(2026, 7, 1), "us-co-cpa")):
        (line,) = made(company("acme", channel()), who=moved, on=day).lines
        assert line.law.law.id == law


def test_a_law_is_not_named_before_its_date() -> None:
    assert law_of("OK", on=date(2026, 12, 31)) == "voluntary"
    assert law_of("OK", on=date(2027, 1, 1)) == "us-ok-ocdpa"


def test_floridas_act_is_never_named_against_an_ordinary_broker() -> None:
    assert law_of("FL") == "voluntary"


def test_a_file_disclosure_rests_on_federal_law_only_at_an_agency() -> None:
    fcra = {"right": Right.FILE_DISCLOSURE, "basis": (Basis.FCRA,)}
    assert law_of("IL", cra="agency", **fcra) == "us-fcra-file"  # type: ignore[arg-type] # by name
    assert law_of("IL", cra="", **fcra) == "voluntary"  # type: ignore[arg-type] # by name


def test_the_federal_freeze_binds_the_three_nationwide_bureaus_only() -> None:
    basis = (Basis.FCRA, Basis.POLICY, Basis.STATE_FREEZE)
    for cra, law in (
        ("nationwide", "us-fcra-freeze"),
        ("nationwide-specialty", "voluntary"),
        ("agency", "voluntary"),
        ("", "voluntary"),
    ):
        assert law_of("CO", Right.FREEZE, cra=cra, basis=basis) == law
    assert law_of("TX", Right.FREEZE, cra="agency", basis=basis) == "us-tx-freeze"
    assert law_of("CO", Right.FREEZE, cra="agency", basis=basis) == "voluntary"


def test_californias_deletion_says_what_it_reaches() -> None:
    choice = law_for("CA", company(), channel(Right.DELETE), Right.DELETE, LAWS, on=ON)
    assert "what you gave them" in str(choice.limits)
    assert "to the extent that it applies" in str(choice.reason)


def test_a_voluntary_request_claims_no_right() -> None:
    choice = law_for("IL", company(), channel(), Right.OPT_OUT, LAWS, on=ON)
    assert not choice.claims_right
    assert "claims no right" in str(choice.reason)
    assert "Illinois" in str(choice.reason)


@settings(max_examples=200)
@given(
    state=st.sampled_from(STATES),
    right=st.sampled_from(Right),
    basis=st.lists(st.sampled_from(Basis), min_size=1, unique=True),
    cra=st.sampled_from(["", "agency", "nationwide", "nationwide-specialty"]),
    on=st.dates(date(2019, 6, 1), date(2030, 1, 1)),
)
def test_no_choice_of_law_overclaims(
    *, state: str, right: Right, basis: list[Basis], cra: str, on: date
) -> None:
    asks = channel(right, basis=tuple(basis))
    choice = law_for(state, company(cra=cra), asks, asks.right, LAWS, on=on)
    law = choice.law
    assert law.jurisdiction in {"", "US", f"US-{state}"}
    assert choice.claims_right is (law.kind is not LawKind.VOLUNTARY)
    assert str(choice.reason)
    if choice.claims_right:
        assert right in law.rights
        assert law.in_force_from is None or law.in_force_from <= on
        assert law.kind is not LawKind.FCRA or cra
        assert law.id != "us-fcra-freeze" or cra == "nationwide"
        assert law.kind is not LawKind.DELETE_ACT


# The way


def way(broker: Broker, who: Subject | None = None, **more: object) -> By | None:
    lines = made(broker, who=who, **more).lines  # type: ignore[arg-type] # by name
    return lines[0].by if lines else None


def test_the_form_then_mail_then_post_then_by_hand() -> None:
    everywhere = (By.PHONE, By.PORTAL, By.POST, By.EMAIL, By.WEB)
    flow = {"opt-out": form(Field.FULL_NAME)}
    expected = (By.WEB, By.EMAIL, By.POST, By.PORTAL, By.PHONE)
    for number, best in enumerate(expected):
        left = [by for by in everywhere if by not in expected[:number]]
        assert way(company("acme", channel(Right.OPT_OUT, *left), flow=flow)) is best


def test_a_form_that_asks_for_a_value_kept_back_gives_way_to_mail_and_says_why() -> None:
    flow = {"opt-out": form(Field.FULL_NAME, Field.BIRTH_DATE)}
    broker = company("acme", channel(Right.OPT_OUT, By.WEB, By.EMAIL), flow=flow)
    (line,) = made(broker).lines  # holds no birth dates, so "only where known" forbids it
    assert line.by is By.EMAIL
    assert any("birth date" in str(text) for text in line.other_ways)
    open_hand = made(broker, who=person(share=Share.ASK)).lines[0]
    assert open_hand.by is By.EMAIL  # the form is open now, and still gives away more
    assert any("also tell them your birth date" in str(text) for text in open_hand.other_ways)


def test_a_form_that_wants_proof_of_who_somebody_is_gives_way_to_a_mail() -> None:
    plain = form(Field.FULL_NAME)
    (leg,) = plain.leg
    for reason, best in (("captcha", By.WEB), ("identity", By.EMAIL)):
        hands = AskPerson(reason=reason, say="Write the last four digits.")  # type: ignore[arg-type] # of the list
        asking = Flow(leg=(Leg(steps=(hands, *leg.steps)),))
        broker = company("acme", channel(Right.OPT_OUT, By.WEB, By.EMAIL), flow={"opt-out": asking})
        assert way(broker) is best
        assert way(broker, prefer=By.WEB) is By.WEB


def test_a_preferred_way_is_taken_where_it_is_open() -> None:
    flow = {"opt-out": form(Field.FULL_NAME)}
    broker = company("acme", channel(Right.OPT_OUT, By.WEB, By.EMAIL, By.POST), flow=flow)
    assert way(broker, prefer=By.POST) is By.POST
    assert way(broker, person(reply_to=()), prefer=By.POST) is By.WEB


def test_without_mail_post_or_phone_there_are_still_ways_or_a_reason() -> None:
    bare = person(reply_to=())
    flow = {"opt-out": form(Field.FULL_NAME)}
    assert way(company("acme", channel(Right.OPT_OUT, By.WEB), flow=flow), bare) is By.WEB
    found = made(company("acme", channel(Right.OPT_OUT, By.EMAIL)), who=bare)
    assert reasons(found) == [("acme", "withheld")]
    assert "none written down" in str(found.leave_alone[0].text)


def test_if_nothing_may_be_given_the_plan_says_what_stands_against_it() -> None:
    kept = person(share=Share.NEVER)
    needs = channel(Right.OPT_OUT, By.EMAIL, discloses=(Field.FULL_NAME, Field.STREET))
    found = made(company("acme", needs), who=kept)
    assert found.lines == ()
    assert "to nobody" in str(found.leave_alone[0].text)


def test_channels_for_protected_groups_are_not_offered() -> None:
    groups = channel(
        Right.SUPPRESS, eligible=Eligible.PROTECTED_GROUPS, eligibility="judges and officials"
    )
    found = made(company("acme", groups))
    assert found.lines == ()
    assert "judges and officials" in str(found.leave_alone[0].text)


def test_a_channel_for_states_with_a_law_is_not_offered_elsewhere() -> None:
    only = company("acme", channel(Right.OPT_OUT, eligible=Eligible.PRIVACY_LAW_STATES))
    assert len(made(only, who=person("CO")).lines) == 1
    for state in ("IL", "OK", "FL", ""):
        assert reasons(made(only, who=person(state))) == [("acme", "not-offered")]


def test_a_state_whose_law_has_no_file_here_is_not_called_a_state_without_one() -> None:
    only = company("acme", channel(Right.OPT_OUT, eligible=Eligible.PRIVACY_LAW_STATES))
    (line,) = made(only, who=person("TX")).lines
    assert line.law.law.id == "voluntary"
    assert not line.law.claims_right
    assert "Texas has a privacy law, but we have no file for it yet." in str(line.law.reason)
    without = law_for("IL", only, only.channel[0], Right.OPT_OUT, LAWS, on=ON).reason
    assert "Illinois has no law in force" in str(without)  # the control
    later = law_for("OK", only, only.channel[0], Right.OPT_OUT, LAWS, on=ON).reason
    assert "in force only from 2027-01-01" in str(later)


def test_every_privacy_act_with_a_file_is_on_the_list_of_states_with_the_same_day() -> None:
    acts = {
        law.jurisdiction.removeprefix("US-"): law.in_force_from
        for law in list_laws().values()
        if law.kind is LawKind.COMPREHENSIVE
    }
    assert len(acts) >= 3
    for state, since in acts.items():
        assert state in BINDS_NO_BROKER or IN_FORCE_FROM[state] == since
    assert not has_privacy_law("OK", date(2026, 12, 31))
    assert has_privacy_law("OK", date(2027, 1, 1))
    assert all(is_state(state) for state in IN_FORCE_FROM)


def test_a_channel_known_for_some_states_is_not_offered_in_others() -> None:
    texan = company("acme", channel(Right.OPT_OUT, states=("TX",)))
    assert len(made(texan, who=person("TX")).lines) == 1
    assert reasons(made(texan)) == [("acme", "not-offered")]


def test_a_route_that_does_not_exist_says_what_can_be_done_instead() -> None:
    none = channel(Right.OPT_OUT, By.NONE, instead="Ask the sheriff {who} feeds it.")
    found = made(company("acme", none))
    assert reasons(found) == [("acme", "no-route")]
    assert str(found.leave_alone[0].text) == "Ask the sheriff {who} feeds it."


AGENTS = (WhoMayAsk.SELF, WhoMayAsk.AGENT)


@pytest.mark.parametrize("acting", [Acting.AGENT, Acting.LAWYER])
def test_an_agent_is_refused_where_only_the_person_may_ask(acting: Acting) -> None:
    someone = person(acting=acting)
    takes = company("acme", channel(Right.OPT_OUT, By.PORTAL, who=AGENTS))
    assert len(made(takes, who=someone).lines) == 1  # the control
    for broker in (
        company("acme", channel(Right.OPT_OUT, By.PORTAL)),
        company("acme", channel(Right.OPT_OUT, By.PORTAL, who=AGENTS, conflict=(DOUBT,))),
    ):
        assert reasons(made(broker, who=someone)) == [(broker.slug, "agent")]
        assert len(made(broker, who=person(acting=Acting.HELPER)).lines) == 1


@pytest.mark.parametrize("by", [By.EMAIL, By.POST])
def test_nobody_but_the_person_sends_a_letter_that_says_i_write_for_myself(by: By) -> None:
    """An agent's own letter goes by post: it says who writes, with the signed paper beside it."""
    broker = company("acme", channel(Right.OPT_OUT, by, who=AGENTS))
    for acting in Acting:
        why = closed_for(person(acting=acting), broker, broker.channel[0], by, ON)
        by_agent = acting is Acting.AGENT
        assert (why == may_write_for(acting)) or by_agent
        open_ = acting in {Acting.SELF, Acting.HELPER} or (by_agent and by is By.POST)
        assert (why is None) == open_
        assert len(made(broker, who=person(acting=acting)).lines) == (why is None)


def test_filing_is_told_every_reason_that_planning_knows() -> None:
    """Each way that a plan closes is closed with the same words when asked alone."""
    asked_by = [person(state, acting=acting) for state in ("CO", "TX", "IL") for acting in Acting]
    asked_by.append(person(born=date(2015, 1, 1), parent=True))
    shut = 0
    for asks in (
        channel(Right.OPT_OUT, By.PORTAL, who=AGENTS),
        channel(Right.DELETE, By.PORTAL, who=AGENTS),
        channel(Right.OPT_OUT, By.EMAIL, who=AGENTS),
        channel(Right.OPT_OUT, By.POST, who=(WhoMayAsk.PARENT,)),
        channel(Right.OPT_OUT, eligible=Eligible.PROTECTED_GROUPS),
        channel(Right.OPT_OUT, eligible=Eligible.PRIVACY_LAW_STATES),
        channel(Right.OPT_OUT, states=("TX",)),
        channel(Right.OPT_OUT, By.NONE),
    ):
        broker = company("acme", asks)
        for who in asked_by:
            state = who.residences[0].state
            law = law_for(state, broker, asks, asks.right, LAWS, on=ON).law
            why = closed_for(who, broker, asks, asks.by[0], ON, law=law)
            found = made(broker, who=who)
            assert [left.text for left in found.leave_alone] == ([why] if why else [])
            assert len(found.lines) == (why is None)
            shut += why is not None
    assert shut > len(asked_by)


DOUBT = Conflict(about="agents", says=("yes [A]", "no [B]"), ask="Only the person may ask.")


def test_a_way_for_parents_or_agents_only_is_not_offered_to_the_person() -> None:
    for who in ((WhoMayAsk.PARENT,), (WhoMayAsk.AGENT,)):
        found = made(company("acme", channel(Right.OPT_OUT, By.POST, who=who)))
        assert reasons(found) == [("acme", "agent")]


def test_an_agent_asks_only_what_the_law_lets_agents_ask() -> None:
    broker = company(
        "acme",
        channel(Right.OPT_OUT, By.PORTAL, who=AGENTS),
        channel(Right.DELETE, By.PORTAL, who=AGENTS),
    )
    found = made(broker, who=person(acting=Acting.AGENT))
    assert asked(found) == [("acme", "opt-out")]
    assert reasons(found) == [("acme", "agent")]


def test_an_address_that_is_not_sure_is_flagged_and_a_sure_one_preferred() -> None:
    unsure = contact(Confidence.CONFLICTING, "Look at acme.test first.")
    (line,) = made(company("acme", channel(Right.OPT_OUT, By.POST, at=unsure))).lines
    assert str(line.contact_to_check) == "Look at acme.test first."
    sure = channel(Right.OPT_OUT, By.POST)
    (better,) = made(
        company("acme", channel(Right.OPT_OUT, By.EMAIL, at=unsure, key="old"), sure)
    ).lines
    assert better.by is By.POST
    assert better.contact_to_check is None


def test_a_way_that_rests_on_no_sure_fact_is_planned_only_if_asked_for() -> None:
    for confidence in Confidence:
        doubted = replace(channel(Right.DELETE), confidence=confidence)
        broker = company("acme", doubted)
        usual = made(broker)
        named = made(broker, rights=(Right.DELETE,))
        if confidence in UNSURE:
            assert reasons(usual) == [("acme", "on-request")]
            assert named.lines[0].contact_to_check is not None
        else:
            assert asked(usual) == [("acme", "delete")]
            assert named.lines[0].contact_to_check is None


# Order and size


def test_a_company_is_asked_to_stop_selling_then_to_show_then_to_delete() -> None:
    broker = company("acme", *(channel(right) for right in reversed(Right)))
    assert [right for _slug, right in asked(made(broker))] == ["opt-out", "access", "delete"]


def test_a_freeze_is_planned_only_where_nothing_else_stops_a_sale() -> None:
    freeze = channel(Right.FREEZE)
    found = made(company("acme", channel(Right.OPT_OUT), freeze))
    assert asked(found) == [("acme", "opt-out")]
    assert reasons(found) == [("acme", "on-request")]
    assert asked(made(company("acme", freeze))) == [("acme", "freeze")]
    assert ("acme", "freeze") in asked(
        made(company("acme", channel(Right.OPT_OUT), freeze), rights=[Right.FREEZE])
    )


def test_dangerous_sellers_come_first_and_parents_before_children() -> None:
    weather = company("a-weather", holds=(Holding.EMAIL,))  # sells too, and holds no danger
    address = company("b-address", holds=(Holding.HOME_ADDRESS,))
    jail_too = company("c-jail", holds=(Holding.HOME_ADDRESS, Holding.JAIL))
    child = company("d-child", holds=tuple(Holding), parent="e-parent")
    parent = company("e-parent", holds=(Holding.EMAIL,), parent="f-grand")
    grand = company("f-grand", holds=(Holding.EMAIL,), parent="d-child")  # bites its own tail
    ordered = arrange((weather, address, jail_too, child, parent, grand)).brokers
    assert [each.slug for each in ordered] == [
        "f-grand",
        "e-parent",
        "d-child",
        "c-jail",
        "b-address",
        "a-weather",
    ]
    people = company("z-people", kind=BrokerKind.PEOPLE_SEARCH)
    assert arrange((weather, people), Goal.PEOPLE_SEARCH).brokers[0] is people


def test_a_child_waits_for_the_request_that_may_clear_it() -> None:
    parent = company("parent", clears=("a-child",), holds=(Holding.EMAIL,))
    child = company("a-child")
    found = made(parent, child)
    assert {slug for slug, _right in asked(found)} == {"parent"}
    assert reasons(found) == [("a-child", "parent")]
    # Where the parent is left alone, the child is asked itself.
    presence = {parent.slug: UNLIKELY, child.slug: LIKELY}
    alone = plan(person(), [parent, child], LAWS, presence, ON)
    assert {slug for slug, _right in asked(alone)} == {"a-child"}


def test_at_most_fifteen_requests_and_the_rest_is_said() -> None:
    many = [company(f"c{number:02d}") for number in range(8)]
    found = made(*many)
    assert len(found.lines) == 15
    assert found.held_back == 9
    assert "9 more" in str(found.notes[0])
    assert len(made(*many, limit=2).lines) == 2
    assert len(made(*many, wide=True).lines) == 24


def test_a_default_plan_holds_the_first_companies_and_those_with_evidence() -> None:
    default = company("default")
    listed = company("listed", default=False)
    other = company("other", default=False)
    presence = {default.slug: LIKELY, listed.slug: EVIDENCE, other.slug: LIKELY}
    found = plan(person(), [default, listed, other], LAWS, presence, ON)
    assert {slug for slug, _right in asked(found)} == {"default", "listed"}
    named = plan(person(), [default, listed, other], LAWS, presence, ON, only=[other.slug])
    assert {slug for slug, _right in asked(named)} == {"other"}


def test_what_was_asked_before_is_not_asked_again() -> None:
    before = [(Slug("acme"), Right.OPT_OUT), (Slug("acme"), Right.DELETE)]
    found = made(company(), asked_before=before)
    assert asked(found) == [("acme", "access")]


def test_what_was_answered_is_left_alone_with_its_reason_until_the_company_is_named() -> None:
    why = Text("They refused it.")
    answered = {(Slug("acme"), Right.OPT_OUT): why}
    found = made(company(), answered=answered)
    assert asked(found) == [("acme", "access"), ("acme", "delete")]
    assert [left.text for left in found.leave_alone if left.right is Right.OPT_OUT] == [why]
    named = made(company(), answered=answered, only=[Slug("acme")])
    assert ("acme", "opt-out") in asked(named)
    assert ("acme", "opt-out") in asked(made(company()))


def test_after_every_clearing_right_was_answered_no_freeze_comes_by_itself() -> None:
    rights = {channel.right for channel in company().channel}
    answered = {(Slug("acme"), right): Text("They did it.") for right in rights}
    found = made(company(), answered=answered)
    assert asked(found) == []
    assert {left.text.template for left in found.leave_alone} == {"They did it."}


# California


def test_in_california_the_states_own_list_comes_first_and_saves_a_deletion() -> None:
    found = made(company(), who=person("CA"))
    first = found.lines[0]
    assert (first.broker, first.kind, first.fields) == (DROP, LineKind.GUIDED, ())
    assert any("Login.gov, which the federal government runs" in str(s) for s in first.steps)
    assert "--without-drop" in str(first.questions[0])
    assert [right for _slug, right in asked(found)[1:]] == ["opt-out", "access"]
    assert ("acme", "drop") in reasons(found)
    declined = made(company(), who=person("CA"), drop=False)
    assert [right for _slug, right in asked(declined)] == ["opt-out", "access", "delete"]
    assert made(company()).lines[0].broker != DROP  # in Colorado
    too_early = made(company(), who=person("CA"), on=date(2025, 12, 31))
    assert too_early.lines[0].broker != DROP


# What a line says


def text_of(broker: Broker) -> str:
    (line,) = made(broker).lines
    return str(line.counts)


def counted(**more: int) -> Broker:
    count = RequestCount(**{"received": 40, "granted": 30, "denied": 10, **more})
    return company(
        "acme", channel(Right.OPT_OUT), declared=replace(SOLD, counts={Right.OPT_OUT: count})
    )


def test_the_companys_own_counts_come_with_what_limits_them() -> None:
    text = text_of(counted())
    assert "75 in a hundred" in text
    assert "the company's own count, filed for 2026, checked by nobody; your state may differ" in (
        text
    )
    assert "the company says it complied" in text
    assert "success" not in text


def test_there_is_no_percentage_for_few_for_group_figures_or_for_exempt_products() -> None:
    assert "in a hundred" not in text_of(counted(received=19, granted=19, denied=0))
    assert "in a hundred" not in text_of(replace(counted(), cra="nationwide-specialty"))
    exempt = replace(counted(), declared=replace(counted().declared or SOLD, glba="100%"))
    assert "exempt" in text_of(exempt)
    sister = replace(counted(), slug=Slug("sister"), in_default_plan=False)
    (line,) = made(counted(), sister, limit=15).lines[:1]
    assert "group figure" in str(line.counts)
    assert "in a hundred" not in str(line.counts)


def test_every_line_is_honest_about_its_trials_and_limits() -> None:
    flow = {"opt-out": form(Field.FULL_NAME)}
    web = company("acme", channel(Right.OPT_OUT, By.WEB, attests=("I am this person",)), flow=flow)
    (line,) = made(web).lines
    assert str(line.checked) == "This form was never tried on the live site."
    assert line.attests == ("I am this person",)
    assert "public records" in str(line.will_not_reach)
    told = channel(Right.OPT_OUT, will_not_reach="Not the {jail}.", harder_afterwards=("Credit",))
    (line,) = made(company("acme", told)).lines
    assert str(line.will_not_reach) == "Not the {jail}."
    assert [str(text) for text in line.harder_afterwards] == ["Credit"]


def test_where_sources_disagree_the_person_is_asked() -> None:
    doubted = channel(Right.OPT_OUT, eligible=Eligible.UNCLEAR, conflict=(DOUBT,))
    (line,) = made(company("acme", doubted)).lines
    assert len(line.questions) == 1  # who asks for themselves is not asked whether they do
    (line,) = made(company("acme", doubted), who=person(acting=Acting.HELPER)).lines
    assert len(line.questions) == 2
    assert "Only the person may ask" in str(line.questions[1])


SENDABLE = (By.WEB, By.EMAIL, By.POST, By.PHONE, By.PORTAL)
DRAWN_CHANNELS = st.builds(
    channel,
    st.sampled_from(Right),
    st.sampled_from(SENDABLE),
    discloses=st.lists(st.sampled_from(Field), unique=True, max_size=6).map(tuple),
    eligible=st.sampled_from(Eligible),
)
DRAWN_COMPANIES = st.lists(
    st.tuples(
        st.lists(DRAWN_CHANNELS, min_size=1, max_size=5),
        st.lists(st.sampled_from(Holding), unique=True, max_size=6),
        st.sampled_from(Presence),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150)
@given(
    drawn=DRAWN_COMPANIES,
    share=st.sampled_from(Share),
    state=st.sampled_from(STATES),
    wide=st.booleans(),
)
def test_a_plan_never_offers_what_may_not_be_given(
    *,
    drawn: list[tuple[list[Channel], list[Holding], Presence, bool]],
    share: Share,
    state: str,
    wide: bool,
) -> None:
    companies = {
        f"c{number}": company(
            f"c{number}",
            *(replace(each, flow=f"f{place}") for place, each in enumerate(channels)),
            holds=tuple(holds),
            government=public,
            flow={f"f{place}": form(*each.discloses) for place, each in enumerate(channels)},
        )
        for number, (channels, holds, _presence, public) in enumerate(drawn)
    }
    presence = {Slug(f"c{number}"): each[2] for number, each in enumerate(drawn)}
    someone = person(state, share=share)
    found = plan(someone, companies.values(), LAWS, presence, ON, wide=wide)
    for line in found.lines:
        if line.channel is None:
            continue
        broker = companies[line.broker]
        needed = {*line.channel.discloses, Field.EMAIL, Field.REPLY_ADDRESS}
        assert not broker.government
        assert line.presence is not UNLIKELY
        assert line.channel.eligible is not Eligible.PROTECTED_GROUPS
        assert {each.field for each in line.fields} <= needed
        assert not check_may_give(
            someone,
            broker,
            [each.field for each in line.fields],
            presence=line.presence,
            earlier=(),
            on=ON,
        )
        new = [each.field for each in line.fields if each.newness is Newness.NEW]
        assert share is Share.ASK or not {*new} & {Field.STREET, Field.PHONE, Field.BIRTH_DATE}
    order = [(line.broker, list(_STEPS).index(line.right)) for line in found.lines]
    assert all(a[1] < b[1] for a, b in pairwise(order) if a[0] == b[0])
    assert len(set(asked(found))) == len(found.lines)
    assert wide or len(found.lines) <= 16  # fifteen, and California's own list


_STEPS = (
    Right.OPT_OUT,
    Right.ACCESS,
    Right.FILE_DISCLOSURE,
    Right.DELETE,
    Right.SUPPRESS,
    Right.FREEZE,
)


def calls_for(count: int) -> int:
    """Plan for a catalog of this size; count every call, which no busy machine can change."""
    companies = [company(f"c{number}", default=number < 5) for number in range(count)]
    presence = {each.slug: LIKELY for each in companies}
    calls = 0

    def tick(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        found = plan(person(), companies, LAWS, presence, ON, wide=True)
    finally:
        sys.setprofile(before)
    assert len(found.lines) == 3 * count
    return calls


def test_planning_grows_with_the_catalog_and_not_with_its_square() -> None:
    calls_for(1)  # names of states and the like are read once
    # Fifteen times the companies: 15 times the work if straight, 225 times if squared.
    assert calls_for(1500) < 18 * calls_for(100)


def test_a_plan_over_a_whole_registry_takes_no_time_to_speak_of() -> None:
    companies = [company(f"c{number}", default=number < 5) for number in range(1500)]
    presence = {each.slug: LIKELY for each in companies}
    arranged = arrange(companies)
    began = time.process_time()
    assert len(plan(person(), arranged, LAWS, presence, ON).lines) == 15
    assert len(plan(person(), arranged, LAWS, presence, ON, wide=True).lines) == 4500
    assert time.process_time() - began < 10  # measured: 1.2 s with everything, 0.02 s by default


@pytest.mark.parametrize(
    ("typed", "told"), [("", "is needed here"), ("  ", "is needed here"), ("ZZ", "“ZZ” is not")]
)
def test_a_state_left_out_is_not_quoted_as_one(typed: str, told: str) -> None:
    with pytest.raises(WrongUsage, match=told):
        state_code(typed)
