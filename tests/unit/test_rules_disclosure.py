"""What may be given to whom: nothing of another, nothing kept back, no real street, no doubt."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model.broker import Broker, Channel, Slug
from optout.model.fields import Field, IdentifierKind
from optout.model.flow import Fill, Flow, Leg, Submit
from optout.model.payload import Newness
from optout.model.plan import BlockedWhy
from optout.model.request import Presence
from optout.model.secret import Secret
from optout.model.subject import (
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
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Holding,
    Right,
)
from optout.rules import disclosure
from optout.rules.disclosure import check_may_give, missing, newness_of, values_for
from optout.rules.used_fields import fields_needed

ON = date(2026, 11, 22)
HOME = PostalAddress(
    street="100 Example Street", unit="Apt 4", city="Denver", state="CO", zip="80202"
)
SUBSTITUTE = PostalAddress(street="PO Box 900", city="Pueblo", state="CO", zip="81001")


def fact(
    kind: IdentifierKind,
    value: IdentifierValue,
    share: Share = Share.ASK,
    since: date | None = date(2020, 1, 1),
    until: date | None = None,
) -> Identifier:
    return Identifier(
        id=IdentifierId(f"{kind}-{id(value)}"),
        kind=kind,
        value=value,
        share=share,
        valid_from=since,
        valid_to=until,
    )


def jordan(*facts: Identifier, reply_to: tuple[ReplyTo, ...] = ()) -> Subject:
    return Subject(
        id=SubjectId("s"),
        label=Secret("Jordan"),
        identifiers=facts
        or (
            fact(IdentifierKind.NAME, PersonName(given="Jordan", middle="Q.", family="Sample")),
            fact(IdentifierKind.ADDRESS, HOME, Share.KNOWN),
            fact(IdentifierKind.EMAIL, Secret("jordan@example.com")),
            fact(IdentifierKind.PHONE, Secret("+13035550142"), Share.KNOWN),
            fact(IdentifierKind.BIRTH_DATE, Secret(date(1990, 4, 12)), Share.KNOWN, since=None),
        ),
        residences=(Residence(state="CO", since=date(2020, 1, 1)),),
        reply_to=reply_to,
    )


def broker(*holds: Holding, flow: Flow | None = None) -> Broker:
    return Broker(
        slug=Slug("acme"),
        name="Acme Data, Inc.",
        short_name="Acme",
        kind=BrokerKind.RISK_DATA,
        holds=holds,
        grade=Grade.DRAFTED,
        channel=(),
        flow={"ask": flow} if flow else {},
        sources=(),
    )


def channel(*discloses: Field, by: tuple[By, ...] = (By.WEB,), flow: str = "") -> Channel:
    return Channel(
        right=Right.OPT_OUT,
        by=by,
        basis=(Basis.POLICY,),
        flow=flow,
        discloses=discloses,
        eligible=Eligible.ANYONE,
        confidence=Confidence.CONFIRMED,
        sources=(),
    )


def shown(subject: Subject, *fields: Field, listing_url: str = "") -> dict[str, str]:
    found = values_for(subject, fields or tuple(Field), on=ON, listing_url=listing_url)
    return {field.value: value.reveal() for field, value in found.items()}


def test_values_are_written_in_one_way() -> None:
    reply = ReplyTo(kind=ReplyKind.PO_BOX, address=SUBSTITUTE)
    assert shown(jordan(reply_to=(reply,)), listing_url="https://acme.test/p/1") == {
        "full_name": "Jordan Q. Sample",
        "first_name": "Jordan",
        "middle_name": "Q.",
        "last_name": "Sample",
        "street": "100 Example Street, Apt 4",
        "city": "Denver",
        "state": "CO",
        "state_name": "Colorado",
        "zip": "80202",
        "email": "jordan@example.com",
        "phone": "+13035550142",
        "birth_date": "1990-04-12",
        "birth_day": "04-12",
        "age": "36",
        "reply_address": "PO Box 900\nPueblo, CO 81001",
        "listing_url": "https://acme.test/p/1",
    }


def test_what_is_not_there_is_reported_and_never_invented() -> None:
    thin = jordan(fact(IdentifierKind.NAME, PersonName(given="Sukarno")))
    assert shown(thin) == {
        "full_name": "Sukarno",
        "first_name": "Sukarno",
        "state": "CO",
        "state_name": "Colorado",
    }
    assert missing(thin, (Field.LAST_NAME, Field.FULL_NAME, Field.PHONE), on=ON) == (
        Field.LAST_NAME,
        Field.PHONE,
    )
    stopped = check_may_give(
        thin,
        broker(),
        (Field.PHONE, Field.STREET, Field.CITY),
        presence=Presence.EVIDENCE,
        earlier=(),
        on=ON,
    )
    assert [(each.fields, each.reason) for each in stopped] == [
        ((Field.PHONE,), BlockedWhy.MISSING),
        ((Field.STREET, Field.CITY), BlockedWhy.MISSING),
    ]


def test_the_home_address_is_no_return_address_unless_the_person_says_so() -> None:
    assert "reply_address" not in shown(jordan())
    own = ReplyTo(kind=ReplyKind.OWN, address=HOME)
    assert "100 Example Street" in shown(jordan(reply_to=(own,)))["reply_address"]
    stopped = check_may_give(  # and then the home address' own rule holds: only where known
        jordan(reply_to=(own,)),
        broker(),
        (Field.REPLY_ADDRESS,),
        presence=Presence.UNLIKELY,
        earlier=(),
        on=ON,
    )
    assert stopped[0].reason is BlockedWhy.NOT_KNOWN


def test_mail_for_answers_comes_before_the_own_address() -> None:
    relay = ReplyTo(kind=ReplyKind.RELAY_EMAIL, email=Secret("relay@example.test"))
    later = ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret("second@example.test"))
    assert shown(jordan(reply_to=(relay, later)), Field.EMAIL) == {"email": "relay@example.test"}


def test_only_what_is_true_that_day_is_given() -> None:
    old = fact(IdentifierKind.PHONE, Secret("+13035550100"), until=ON - timedelta(days=1))
    new = fact(IdentifierKind.PHONE, Secret("+13035550199"), since=ON)
    later = fact(IdentifierKind.PHONE, Secret("+13035550111"), since=ON + timedelta(days=1))
    assert shown(jordan(old, later, new), Field.PHONE) == {"phone": "+13035550199"}
    assert shown(jordan(old, later), Field.PHONE) == {}


def blocked_why(share: Share, presence: Presence, *earlier: Field) -> BlockedWhy | None:
    someone = jordan(fact(IdentifierKind.ADDRESS, HOME, share))
    found = check_may_give(
        someone,
        broker(Holding.HOME_ADDRESS),
        (Field.STREET, Field.CITY, Field.ZIP),
        presence=presence,
        earlier=earlier,
        on=ON,
    )
    assert len(found) <= 1  # one fact, one reason, said once
    return found[0].reason if found else None


@pytest.mark.parametrize(
    ("share", "presence", "earlier", "why"),
    [
        (Share.NEVER, Presence.UNLIKELY, (), BlockedWhy.NEVER),
        (Share.NEVER, Presence.EVIDENCE, (Field.STREET,), BlockedWhy.NEVER),
        (Share.KNOWN, Presence.UNLIKELY, (), BlockedWhy.NOT_KNOWN),
        (Share.KNOWN, Presence.LIKELY, (), None),
        (Share.KNOWN, Presence.EVIDENCE, (), None),
        (Share.KNOWN, Presence.UNLIKELY, (Field.STREET, Field.CITY, Field.ZIP), None),
        (Share.ASK, Presence.UNLIKELY, (), None),
    ],
)
def test_share_decides(
    share: Share, presence: Presence, earlier: tuple[Field, ...], why: BlockedWhy | None
) -> None:
    assert blocked_why(share, presence, *earlier) is why


def test_a_refusal_says_what_is_needed_and_what_the_person_said() -> None:
    (stopped,) = check_may_give(
        jordan(), broker(), (Field.STREET,), presence=Presence.UNLIKELY, earlier=(), on=ON
    )
    assert str(stopped.why) == (
        "This form needs your home address. You said it may go only to companies that already"
        " have it. We have no sign that Acme knows you."
    )


@pytest.mark.parametrize(
    ("presence", "holds", "since", "said"),
    [
        (Presence.UNLIKELY, (Holding.PHONE,), date(2015, 1, 1), "no sign that Acme knows you"),
        (Presence.LIKELY, (Holding.NAME,), date(2015, 1, 1), "no source says that it holds this"),
        (Presence.LIKELY, (Holding.PHONE,), None, "you did not say since when"),
        (Presence.LIKELY, (Holding.PHONE,), ON - timedelta(days=10), "less than half a year"),
        (Presence.LIKELY, (Holding.PHONE,), date(2015, 1, 1), ""),
    ],
)
def test_one_rule_says_that_it_is_new_and_why_it_may_not_go(
    presence: Presence, holds: tuple[Holding, ...], since: date | None, said: str
) -> None:
    someone = jordan(
        fact(IdentifierKind.PHONE, Secret("+13035550142"), since=since, share=Share.KNOWN)
    )
    acme = broker(*holds)
    new = newness_of(someone, acme, Field.PHONE, presence=presence, earlier=(), on=ON)
    stopped = check_may_give(someone, acme, (Field.PHONE,), presence=presence, earlier=(), on=ON)
    assert (new is Newness.NEW) == bool(stopped) == bool(said)
    for one in stopped:
        assert said in str(one.why)
        # Never "no sign" of somebody of whom the plan says that the company probably has them.
        assert ("no sign" in str(one.why)) == (presence is Presence.UNLIKELY)
        # And a stranger is no place to show how to give more.
        assert ("--share phone=ask" in str(one.why)) == (presence is not Presence.UNLIKELY)


def how_new(field: Field, presence: Presence, *holds: Holding, since: date | None) -> Newness:
    someone = jordan(
        fact(IdentifierKind.PHONE, Secret("+13035550142"), since=since),
        fact(IdentifierKind.BIRTH_DATE, Secret(date(1990, 4, 12)), since=since),
    )
    return newness_of(someone, broker(*holds), field, presence=presence, earlier=(), on=ON)


def test_doubt_is_new() -> None:
    half_a_year = ON - timedelta(days=180)
    likely, unlikely = Presence.LIKELY, Presence.UNLIKELY
    phone = Holding.PHONE
    assert how_new(Field.PHONE, likely, phone, since=half_a_year) is Newness.KNOWN
    assert how_new(Field.PHONE, likely, phone, since=ON - timedelta(days=179)) is Newness.NEW
    assert how_new(Field.PHONE, likely, phone, since=None) is Newness.NEW
    assert how_new(Field.PHONE, likely, Holding.NAME, since=half_a_year) is Newness.NEW
    assert how_new(Field.PHONE, unlikely, phone, since=half_a_year) is Newness.NEW
    # A birth date is true from the day of birth, whoever wrote it down when.
    assert how_new(Field.BIRTH_DATE, likely, Holding.BIRTH_DATE, since=None) is Newness.KNOWN


@pytest.mark.parametrize(
    ("state", "since", "known"),
    [("CO", date(2015, 1, 1), True), ("CO", None, False), ("TX", date(2015, 1, 1), False)],
)
def test_a_state_is_as_old_to_them_as_an_address_there(
    state: str,
    since: date | None,
    known: bool,  # noqa: FBT001 - a table
) -> None:
    there = replace(HOME, state=state)
    someone = replace(
        jordan(fact(IdentifierKind.ADDRESS, there, Share.KNOWN, since=since)),
        residences=(Residence(state="CO", since=None),),
    )
    acme = broker(Holding.HOME_ADDRESS)
    how = newness_of(someone, acme, Field.STATE, presence=Presence.LIKELY, earlier=(), on=ON)
    assert (how is Newness.KNOWN) is known


def test_what_was_seen_before_a_move_does_not_make_the_new_address_known() -> None:
    moved = ON - timedelta(days=30)
    someone = jordan(fact(IdentifierKind.ADDRESS, HOME, since=moved))

    def seen_on(day: date) -> Newness:
        return newness_of(
            someone,
            broker(),
            Field.STREET,
            presence=Presence.EVIDENCE,
            earlier={Field.STREET: day},
            on=ON,
        )

    assert seen_on(moved) is Newness.KNOWN
    assert seen_on(moved - timedelta(days=1)) is Newness.NEW


NEVER = "KEEP-THIS"
KINDS = (IdentifierKind.NAME, IdentifierKind.ADDRESS, IdentifierKind.EMAIL, IdentifierKind.PHONE)


def marked(kind: IdentifierKind, mark: str) -> IdentifierValue:
    if kind is IdentifierKind.NAME:
        return PersonName(given=f"Given{mark}", middle=f"Middle{mark}", family=f"Family{mark}")
    if kind is IdentifierKind.ADDRESS:
        return PostalAddress(street=f"1 {mark} Way", city=f"{mark}ville", state="CO", zip=mark)
    return Secret(f"{kind.value}-{mark}@example.test")


@settings(max_examples=300)
@given(
    shares=st.lists(
        st.tuples(st.sampled_from(KINDS), st.sampled_from(Share), st.integers(0, 1)), max_size=12
    ),
    reply_never=st.booleans(),
    fields=st.lists(st.sampled_from(Field), max_size=20),
)
def test_a_value_kept_from_everybody_never_comes_out(
    *, shares: list[tuple[IdentifierKind, Share, int]], reply_never: bool, fields: list[Field]
) -> None:
    facts = [
        fact(kind, marked(kind, NEVER if share is Share.NEVER else f"OK{number}"), share)
        for kind, share, number in shares
    ]
    kept = marked(IdentifierKind.EMAIL, NEVER)
    assert isinstance(kept, Secret)
    facts.append(fact(IdentifierKind.EMAIL, kept, Share.NEVER))
    reply = ReplyTo(kind=ReplyKind.OWN, email=kept if reply_never else None)  # type: ignore[arg-type] # str
    out = values_for(jordan(*facts, reply_to=(reply,)), fields, on=ON)
    assert NEVER not in " ".join(value.reveal() for value in out.values())


def test_the_test_above_sees_a_kept_value_that_is_shared() -> None:
    """The control: the same marked value with another share does come out."""
    shared = fact(IdentifierKind.EMAIL, marked(IdentifierKind.EMAIL, NEVER), Share.ASK)
    assert NEVER in " ".join(shown(jordan(shared)).values())


REAL = {"77 Hidden Lane", "Hiddenburg", "80999"}


def in_hiding(others: Iterable[ReplyTo], extra: Iterable[Identifier]) -> Subject:
    real = PostalAddress(street="77 Hidden Lane", city="Hiddenburg", state="CO", zip="80999")
    return jordan(
        fact(IdentifierKind.NAME, PersonName(given="Alex", family="Example")),
        fact(IdentifierKind.ADDRESS, real, Share.ASK),
        *extra,
        reply_to=tuple(others),
    )


def leaks(subject: Subject, fields: Iterable[Field], url: str) -> set[str]:
    values = values_for(subject, fields, on=ON, listing_url=url)
    out = " ".join(value.reveal() for value in values.values()).casefold()
    spelled = out.replace("-", " ").replace("%20", " ").replace("_", " ")
    return {part for part in REAL if part.casefold() in out or part.casefold() in spelled}


OTHER_REPLIES = (
    ReplyTo(
        kind=ReplyKind.OWN,
        address=PostalAddress(
            street="77 Hidden Lane", city="Hiddenburg", state="CO", zip="80999", unit="B"
        ),
    ),
    ReplyTo(kind=ReplyKind.RELAY_EMAIL, email=Secret("relay@example.test")),
    ReplyTo(kind=ReplyKind.PO_BOX, address=SUBSTITUTE),
)
URLS = (
    "",
    "https://acme.test/p/123",
    "https://acme.test/77-hidden-lane-hiddenburg-co",
    "https://acme.test/Hiddenburg/alex-example",
    "https://acme.test/?q=77%20Hidden%20Lane",
    "https://acme.test/77_Hidden_Ln/80999",
)
HIDDEN_CASES = {
    "place": st.integers(0, 3),
    "others": st.lists(st.sampled_from(OTHER_REPLIES), max_size=3),
    "fields": st.lists(st.sampled_from(Field), min_size=1, max_size=15),
    "url": st.sampled_from(URLS),
    "old_too": st.booleans(),
    "no_address": st.booleans(),
}


@settings(max_examples=500)
@given(**HIDDEN_CASES)
def test_with_a_substitute_address_the_real_one_never_comes_out(
    *,
    place: int,
    others: list[ReplyTo],
    fields: list[Field],
    url: str,
    old_too: bool,
    no_address: bool,
) -> None:
    substitute = ReplyTo(kind=ReplyKind.SUBSTITUTE, address=None if no_address else SUBSTITUTE)
    replies = [*others[:place], substitute, *others[place:]]
    old = PostalAddress(street="77 Hidden Lane", city="Hiddenburg", state="CO", zip="80999")
    extra = [fact(IdentifierKind.ADDRESS, old, Share.ASK, since=None)] if old_too else []
    assert leaks(in_hiding(replies, extra), fields, url) == set()


def test_the_test_above_sees_a_real_street_when_the_replacement_is_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    substitute = ReplyTo(kind=ReplyKind.SUBSTITUTE, address=SUBSTITUTE)
    hidden = in_hiding([substitute], [])
    assert leaks(hidden, Field, URLS[2]) == set()
    monkeypatch.setattr(disclosure, "has_substitute", lambda _subject: False)
    monkeypatch.setattr(disclosure, "_substitute", lambda _subject: iter(()))
    assert leaks(hidden, Field, "") == REAL
    assert leaks(hidden, [Field.LISTING_URL], URLS[2]) >= {"77 Hidden Lane", "Hiddenburg"}


def test_a_substitute_stands_in_every_place_and_is_new_to_everybody() -> None:
    hidden = in_hiding([ReplyTo(kind=ReplyKind.SUBSTITUTE, address=SUBSTITUTE)], [])
    out = shown(hidden)
    assert (out["street"], out["city"], out["zip"]) == ("PO Box 900", "Pueblo", "81001")
    assert out["reply_address"] == "PO Box 900\nPueblo, CO 81001"
    # A listing that shows a street shows the real one: it does not make the substitute known.
    new = newness_of(
        hidden,
        broker(Holding.HOME_ADDRESS),
        Field.STREET,
        presence=Presence.EVIDENCE,
        earlier=(Field.STREET,),
        on=ON,
    )
    assert new is Newness.NEW


def test_a_link_that_spells_the_real_street_is_held_back_with_the_reason() -> None:
    hidden = in_hiding([ReplyTo(kind=ReplyKind.SUBSTITUTE, address=SUBSTITUTE)], [])
    (stopped,) = check_may_give(
        hidden,
        broker(),
        (Field.LISTING_URL,),
        presence=Presence.EVIDENCE,
        earlier=(),
        on=ON,
        listing_url=URLS[2],
    )
    assert "real address" in str(stopped.why)


ValuesFor = Callable[..., Mapping[Field, Secret[str]]]


def twenty() -> list[Subject]:
    def one(number: int) -> Subject:
        mark = f"M{number:02d}M"
        facts = [fact(kind, marked(kind, mark)) for kind in KINDS]
        kept = [fact(kind, marked(kind, NEVER + mark), Share.NEVER) for kind in KINDS]
        reply = ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret(f"reply-{mark}@example.test"))
        made = jordan(*facts, *kept, reply_to=(reply,) if number % 2 else ())
        return replace(made, id=SubjectId(mark), residences=())

    return [one(number) for number in range(20)]


def crossings(give: ValuesFor, batches: int) -> tuple[int, int, int]:
    """Ask for many batches; count values of another, values kept from everybody, and all."""
    drawn = random.Random(20261122)
    people = twenty()
    crossed = kept = seen = 0
    for _ in range(batches):
        for someone in drawn.sample(people, 5):
            fields = drawn.sample(list(Field), drawn.randint(1, 8))
            for value in give(someone, fields, on=ON).values():
                seen += 1
                crossed += someone.id not in value.reveal()
                kept += NEVER in value.reveal()
    return crossed, kept, seen


def test_in_two_thousand_batches_no_value_crosses_to_another_person() -> None:
    crossed, kept, seen = crossings(values_for, 2000)
    assert (crossed, kept) == (0, 0)
    assert seen > 10_000


def test_the_test_above_sees_a_value_that_crosses() -> None:
    """The control: a careless memory of the last person's values is caught."""
    last: dict[Field, Secret[str]] = {}

    def careless(
        subject: Subject, fields: Iterable[Field], *, on: date
    ) -> Mapping[Field, Secret[str]]:
        wanted = list(fields)
        last.update({f: v for f, v in values_for(subject, wanted, on=on).items() if f not in last})
        return {field: last[field] for field in wanted if field in last}

    crossed, _kept, _seen = crossings(careless, 20)
    assert crossed > 0


def test_printing_what_could_be_given_shows_nothing() -> None:
    facts = disclosure.facts_of(jordan(), ON)
    assert "Jordan" not in f"{facts!r} {facts} {facts.given[Field.FULL_NAME]!r}"


FORM = Flow(
    leg=(
        Leg(
            steps=(
                Fill(field=Field.FULL_NAME),
                Fill(field=Field.PHONE, optional=True),
                Submit(expect="Thank you"),
            )
        ),
    )
)


def test_a_form_gets_what_it_needs_and_no_more() -> None:
    asks = channel(Field.FULL_NAME, Field.PHONE, flow="ask")
    assert fields_needed(broker(flow=FORM), asks, By.WEB) == (Field.FULL_NAME,)


def test_senders_count_as_given_each_in_its_own_channel() -> None:
    asks = channel(
        Field.FULL_NAME, Field.EMAIL, Field.REPLY_ADDRESS, by=(By.EMAIL, By.POST, By.PHONE)
    )
    company = broker()
    assert fields_needed(company, asks, By.EMAIL) == (Field.FULL_NAME, Field.EMAIL)
    assert fields_needed(company, asks, By.POST) == (Field.FULL_NAME, Field.REPLY_ADDRESS)
    assert fields_needed(company, asks, By.PHONE) == (Field.FULL_NAME,)
    # Without any postal address a letter asks for an answer by mail.
    assert fields_needed(company, asks, By.POST, return_address=False) == (
        Field.FULL_NAME,
        Field.EMAIL,
    )
    plain = channel(Field.FULL_NAME, by=(By.EMAIL,))
    assert fields_needed(company, plain, By.EMAIL) == (Field.FULL_NAME, Field.EMAIL)


# The same fact, spelled otherwise


def place(street: str, zip_code: str = "80202", *, care_of: str = "", unit: str = "") -> ReplyTo:
    address = PostalAddress(
        street=street, unit=unit, city="DENVER", state="CO", zip=zip_code, care_of=care_of
    )
    return ReplyTo(kind=ReplyKind.CARE_OF, address=address)


@pytest.mark.parametrize(
    "again",
    [
        place("100 Example Street"),
        place("100 EXAMPLE ST."),
        place("100  example st"),
        place("100 N. Example Str., Apt 4"),
        place("100 Example St #4", "80202-1234"),
        place("100 Example Street", care_of="A. Friend", unit="4"),
        place("PO Box 1", care_of="100 Example St"),
        place("100 Example Street", "80203"),  # the same city
    ],
)
def test_an_address_kept_back_is_not_given_because_it_is_spelled_otherwise(again: ReplyTo) -> None:
    name = fact(IdentifierKind.NAME, PersonName(given="Jordan", family="Sample"))
    kept = fact(IdentifierKind.ADDRESS, HOME, Share.NEVER)
    assert Field.REPLY_ADDRESS not in shown(jordan(name, kept, reply_to=(again,)))
    gladly = fact(IdentifierKind.ADDRESS, HOME, Share.ASK)
    assert Field.REPLY_ADDRESS in shown(jordan(name, gladly, reply_to=(again,)))  # the control


def test_the_same_address_is_known_whichever_of_the_two_names_the_flat_or_the_accents() -> None:
    for street, again in (
        ("100 Example St Apt 4", "100 Example Street"),
        ("Peña Blvd 7", "7 pena boulevard"),
        ("PO Box 12", "P. O. BOX 12"),
        ("100 O'Neil Ave", "100 Oneil Avenue"),
    ):
        kept = fact(IdentifierKind.ADDRESS, replace(HOME, street=street, unit=""), Share.NEVER)
        assert Field.REPLY_ADDRESS not in shown(jordan(kept, reply_to=(place(again),))), street


@pytest.mark.parametrize(
    "other", [place("102 Example Street"), place("100 Sample Street"), place("P.O. Box 100")]
)
def test_another_address_in_the_same_city_is_given(other: ReplyTo) -> None:
    kept = fact(IdentifierKind.ADDRESS, HOME, Share.NEVER)
    assert Field.REPLY_ADDRESS in shown(jordan(kept, reply_to=(other,)))


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ("Jordan@Example.com", True),
        (" jordan@example.com ", True),
        ("jordan+companies@example.com", True),
        ("jor.dan@example.com", True),
        ("jordan@example.test", False),
        ("jordana@example.com", False),
    ],
)
def test_an_e_mail_kept_back_is_not_given_because_it_is_spelled_otherwise(
    again: str, *, same: bool
) -> None:
    kept = fact(IdentifierKind.EMAIL, Secret("jordan@example.com"), Share.NEVER)
    reply = ReplyTo(kind=ReplyKind.OWN, email=Secret(again))
    assert (Field.EMAIL not in shown(jordan(kept, reply_to=(reply,)))) is same


def test_a_name_kept_back_is_in_no_care_of_line() -> None:
    kept = fact(IdentifierKind.ALIAS, PersonName(given="Jo", family="Before"), Share.NEVER)
    reply = place("PO Box 1", care_of="jo BEFORE")
    assert Field.REPLY_ADDRESS not in shown(jordan(kept, reply_to=(reply,)))
    friend = place("PO Box 1", care_of="Sam Friend")
    assert Field.REPLY_ADDRESS in shown(jordan(kept, reply_to=(friend,)))


def test_an_address_for_companies_that_know_it_stays_so_when_spelled_otherwise() -> None:
    known = fact(IdentifierKind.ADDRESS, HOME, Share.KNOWN)
    someone = jordan(known, reply_to=(place("100 example st"),))
    for presence, blocked in ((Presence.UNLIKELY, 1), (Presence.LIKELY, 0)):
        found = check_may_give(
            someone,
            broker(Holding.HOME_ADDRESS),
            [Field.REPLY_ADDRESS],
            presence=presence,
            earlier=(),
            on=ON,
        )
        assert len(found) == blocked
