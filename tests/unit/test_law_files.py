"""The shipped laws: all there, no surer than their facts, cited, dated, named only where due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.catalog.findings import BadDefinition
from optout.catalog.law_lint import lint_law
from optout.catalog.laws import find_law, list_laws, load_law
from optout.cli import main as shell
from optout.model.broker import Broker, Channel, Slug
from optout.model.law import Binds, Law, LawKind, Protects, Term
from optout.model.words import (
    SURE,
    UNSURE,
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Right,
)
from optout.rules.coverage import BINDS_NO_BROKER, IN_FORCE_FROM
from optout.rules.drop import drop_line
from optout.rules.eligibility import gives, law_for, may_be_named
from optout.rules.states import state_names

ALL = list_laws()
LAWS: dict[str, Law] = {str(law.id): law for law in ALL.values()}
ON = date(2026, 11, 22)
_STATES = (
    "us-ca-ccpa us-co-cpa us-va-vcdpa us-ct-ctdpa us-ut-ucpa us-tx-tdpsa us-or-ocpa us-mt-mcdpa"
    " us-de-dpdpa us-nj-njdpa us-nh-nhpa us-ne-ndpa us-ia-icdpa us-tn-tipa us-mn-mcdpa us-md-modpa"
    " us-in-icdpa us-ky-kcdpa us-ri-dtppa us-fl-fdbr us-ok-ocdpa us-la-ldpa us-al-apdpa"
    " us-vt-vdposa"
)
_OTHERS = (
    "us-ca-delete-act us-ca-shine-the-light us-nv-603a us-nv-chd us-wa-mhmda us-il-bipa"
    " us-vt-broker us-tx-broker us-or-broker us-nj-broker us-ct-broker us-fcra-file"
    " us-fcra-dispute us-fcra-freeze us-fcra-prescreen us-fcra-affiliate us-dppa us-privacy-act"
    " us-foia us-anderl eu-gdpr uk-gdpr us-nj-daniels us-il-jpa us-wv-daniels us-ca-officials"
    " us-acp us-co-sb276 us-ca-immig us-il-immig us-ny-greenlight us-or-wa-immig"
)
STATES, OTHERS = _STATES.split(), _OTHERS.split()
# Acts on records of public bodies, each with a file of its own: what `us-co-sb276` and
# `us-il-immig` say of them, apart from acts that no letter names.
RECORDS = ("us-co-cora", "us-co-ccjra", "us-il-foia")


def test_all_laws_are_there_and_no_other() -> None:
    assert len(STATES) + len(OTHERS) == 56
    assert set(LAWS) == {*STATES, *OTHERS, *RECORDS, "voluntary"}
    acts = {law.id for law in LAWS.values() if law.kind is LawKind.COMPREHENSIVE}
    assert acts == set(STATES)


# answer, more time, appeal, more time for the appeal, free answers a year, may an opt-out be
# checked: as they were gathered from the acts, apart from the files.
ACTS = {
    "us-ca-ccpa": (45, 45, None, None, 2, False),
    "us-co-cpa": (45, 45, 45, 60, 1, True),
    "us-va-vcdpa": (45, 45, 60, None, 2, True),
    "us-ct-ctdpa": (45, 45, 60, None, 1, False),
    "us-ut-ucpa": (45, 45, None, None, 1, None),
    "us-tx-tdpsa": (45, 45, 60, None, 2, True),
    "us-or-ocpa": (45, 45, 45, None, 1, False),
    "us-mt-mcdpa": (45, 45, 60, None, 1, False),
    "us-de-dpdpa": (45, 45, 60, None, 1, False),
    "us-nj-njdpa": (45, 45, 45, None, 1, False),
    "us-nh-nhpa": (45, 45, 60, None, 1, False),
    "us-ne-ndpa": (45, 45, 60, None, 2, True),
    "us-ia-icdpa": (90, 45, 60, None, 2, True),
    "us-tn-tipa": (45, 45, 60, None, 2, True),
    "us-mn-mcdpa": (45, 45, 45, 60, 2, False),
    "us-md-modpa": (45, 45, 60, None, 1, False),
    "us-in-icdpa": (45, 45, 60, None, 1, True),
    "us-ky-kcdpa": (45, 45, 60, None, 2, True),
    "us-ri-dtppa": (45, 45, 60, None, 1, False),
    "us-fl-fdbr": (45, 15, 60, None, 2, True),
    "us-ok-ocdpa": (45, 45, 60, None, 2, True),
    "us-la-ldpa": (45, 45, 60, None, 2, True),
    "us-al-apdpa": (45, 45, None, None, 1, False),
    "us-vt-vdposa": (45, 45, None, None, None, False),
}


@pytest.mark.parametrize("law_id", STATES)
def test_a_privacy_act_says_what_its_text_says(law_id: str) -> None:
    law = LAWS[law_id]
    answer, more, appeal, appeal_more, free, checked = ACTS[law_id]
    for right in (Right.ACCESS, Right.DELETE):
        given = law.rights[right]
        assert (_length(given.answer), _length(given.extension)) == (answer, more)
    assert (_length(law.appeal), _length(law.appeal_extension)) == (appeal, appeal_more)
    assert (law.free_requests_per_year, law.opt_out_may_authenticate) == (free, checked)
    assert law.regulator is not None
    assert law.regulator.url
    assert law.regulator.lines


def _length(term: Term | None) -> int | None:
    return term.length if term else None


def test_deletion_in_three_states_reaches_only_what_the_person_gave() -> None:
    narrow = {
        law.id
        for law in LAWS.values()
        if law.kind is LawKind.COMPREHENSIVE and law.rights[Right.DELETE].scope.startswith("only")
    }
    assert narrow == {"us-ca-ccpa", "us-ut-ucpa", "us-ia-icdpa"}
    assert Right.CORRECT not in LAWS["us-ia-icdpa"].rights
    assert not gives(LAWS["us-ut-ucpa"], Right.CORRECT, date(2026, 6, 30))
    assert gives(LAWS["us-ut-ucpa"], Right.CORRECT, date(2026, 7, 1))


FROM_MEMORY = {  # where nobody saw the text, nor two readers of it
    "us-mt-mcdpa": {"appeal"},
    "us-nh-nhpa": {"appeal"},
    "us-mn-mcdpa": {"appeal", "appeal_extension"},
    "us-ca-shine-the-light": {"rights.access", "rights.access.answer"},
    "us-ca-officials": {"rights.delete", "rights.delete.answer"},
    "us-ca-immig": {
        *("rights.records-request", "rights.records-request.answer"),
        "rights.records-request.extension",
    },
    "us-nj-daniels": {"rights.delete", "rights.delete.answer"},
}
NOT_SURE_EITHER = {
    "us-nj-njdpa": {"agent", "free_requests_per_year"},
    "us-mn-mcdpa": {"agent"},
    "us-vt-vdposa": {"agent"},
    "us-al-apdpa": {"agent"},
    "us-wa-mhmda": {"free_requests_per_year"},
    "us-mt-mcdpa": {"rolls_over"},
    "us-tx-tdpsa": {"rolls_over"},
    "eu-gdpr": {"rolls_over"},
    "us-acp": {"citation"},
    "us-tx-broker": {"citation"},
}


def test_what_is_from_memory_says_so_and_nothing_else_does() -> None:
    unsure = {
        law.id: {where for where, how in _confidences(law) if how in UNSURE} for law in _all()
    }
    assert {law: lines for law, lines in unsure.items() if lines} == FROM_MEMORY
    for law, lines in NOT_SURE_EITHER.items():
        assert lines <= set(LAWS[law].not_sure)
    for law in ("us-ca-shine-the-light", "us-ca-officials", "us-acp", "us-or-wa-immig"):
        assert LAWS[law].confidence is Confidence.UNVERIFIED
    assert LAWS["us-tx-broker"].confidence is Confidence.CONFLICTING
    assert LAWS["us-tx-tdpsa"].appeal is not None
    assert LAWS["us-tx-tdpsa"].appeal.confidence is Confidence.ONE_SOURCE
    assert {how for _, how in _confidences(LAWS["us-vt-vdposa"])} == {Confidence.ONE_SOURCE}


def _all() -> tuple[Law, ...]:
    return tuple(LAWS.values())


def _confidences(law: Law) -> Iterator[tuple[str, Confidence]]:
    for name in ("appeal", "appeal_extension", "appeal_acknowledge"):
        if term := getattr(law, name):
            yield name, term.confidence
    for right, given in law.rights.items():
        yield f"rights.{right}", given.confidence
        for name in ("acknowledge", "opt_out_within", "answer", "extension"):
            if term := getattr(given, name):
                yield f"rights.{right}.{name}", term.confidence


def test_addresses_that_nobody_checked_are_marked() -> None:
    marked = {
        (law.id, regulator.name)
        for law in _all()
        for regulator in (law.regulator, *law.other_regulators)
        if regulator and regulator.lines and regulator.confidence in UNSURE
    }
    assert ("us-ut-ucpa", "Utah Division of Consumer Protection") in marked
    federal = {law.id for law in _all() if law.kind in {LawKind.FCRA, LawKind.FINANCIAL}}
    assert {law for law, _ in marked} == {"us-ut-ucpa", *federal}
    online = {law.id for law in _all() if law.regulator and law.regulator.takes_post is False}
    wanted = "us-co-cpa us-ct-ctdpa us-nv-603a us-nv-chd us-ok-ocdpa us-or-ocpa us-ri-dtppa"
    assert online >= set(wanted.split())
    differ = {law.id for law in _all() if law.regulator and law.regulator.url_confidence in UNSURE}
    for state in ("co", "ct", "nj", "ne", "ut", "mn", "de", "ky", "ri"):
        assert any(law.startswith(f"us-{state}-") for law in differ), state


def test_nobody_says_that_a_lawyer_read_a_law_which_none_did() -> None:
    assert {law.id for law in _all() if law.reviewed_by} == set()


def test_the_acts_on_records_say_the_same_in_both_places() -> None:
    for apart, together in (("us-co-cora", "us-co-sb276"), ("us-il-foia", "us-il-immig")):
        one, other = (LAWS[law].rights[Right.RECORDS_REQUEST] for law in (apart, together))
        assert (one.cite, one.answer, one.extension) == (other.cite, other.answer, other.extension)
        assert one.answer is not None
    custody = LAWS["us-co-ccjra"].rights[Right.RECORDS_REQUEST]
    assert custody.answer is None  # that act sets no days to look at a record
    assert "24-72-305(6)" in LAWS["us-co-ccjra"].notes[1]


def a_company(basis: Basis, right: Right) -> tuple[Broker, Channel]:
    channel = Channel(
        right=right,
        by=(By.EMAIL,),
        basis=(basis,),
        eligible=Eligible.ANYONE,
        sources=("a",),
        confidence=Confidence.CONFIRMED,
    )
    broker = Broker(
        slug=Slug("acme"),
        name="Acme",
        kind=BrokerKind.PEOPLE_SEARCH,
        holds=(),
        grade=Grade.DRAFTED,
        sources=(),
        channel=(channel,),
    )
    return broker, channel


USUAL = (Right.OPT_OUT, Right.ACCESS, Right.DELETE, Right.CORRECT)
NO_CORRECTION = {("IA", Right.CORRECT)}


@pytest.mark.parametrize("right", USUAL)
@pytest.mark.parametrize("day", [ON, date(2027, 6, 1), date(2028, 6, 1)])
def test_in_every_state_the_law_named_is_its_own_privacy_act_or_none(
    right: Right, day: date
) -> None:
    broker, channel = a_company(Basis.STATE_PRIVACY, right)
    for state in state_names():
        choice = law_for(state, broker, channel, right, ALL, on=day)
        in_force = state in IN_FORCE_FROM and IN_FORCE_FROM[state] <= day
        if in_force and (state, right) not in NO_CORRECTION:
            assert choice.claims_right
            assert choice.law.kind is LawKind.COMPREHENSIVE
            assert choice.law.jurisdiction == f"US-{state}"
        elif (state, right) == ("NV", Right.OPT_OUT):
            assert choice.law.id == "us-nv-603a"
        else:
            assert choice.law.id == "voluntary", state
            assert not choice.claims_right


def test_the_day_before_a_law_begins_it_is_not_named() -> None:
    broker, channel = a_company(Basis.STATE_PRIVACY, Right.DELETE)
    for state, since in IN_FORCE_FROM.items():
        on_day = law_for(state, broker, channel, Right.DELETE, ALL, on=since)
        before = law_for(state, broker, channel, Right.DELETE, ALL, on=since - timedelta(days=1))
        assert on_day.claims_right, state
        assert not before.claims_right, state


def test_laws_for_others_are_never_named() -> None:
    """Judges, customers, public bodies, giants, struck down: and the controls that are."""
    never = {law.id for law in _all() if not may_be_named(law)}
    assert never == {
        *("us-fl-fdbr", "us-ca-shine-the-light", "us-nv-chd", "us-il-bipa", "us-dppa"),
        *("us-vt-broker", "us-tx-broker", "us-or-broker", "us-nj-broker", "us-ct-broker"),
        *("us-fcra-affiliate", "us-privacy-act", "us-foia", "us-anderl", "us-nj-daniels"),
        *("us-il-jpa", "us-wv-daniels", "us-ca-officials", "us-acp", "us-co-sb276"),
        *("us-ca-immig", "us-il-immig", "us-ny-greenlight", "us-or-wa-immig"),
        *RECORDS,
    }
    assert set(BINDS_NO_BROKER) == {"FL"}


def test_a_law_that_may_be_named_has_its_first_day_and_sure_sections() -> None:
    for law in _all():
        if not may_be_named(law) or law.kind in {LawKind.VOLUNTARY, LawKind.DATA_PROTECTION}:
            continue
        assert law.in_force_from, law.id
        for right, given in law.rights.items():
            assert given.cite, (law.id, right)
            assert given.confidence in SURE, (law.id, right)


GOOD = """
id = "us-xx-example"
name = "Example Privacy Act"
citation = "Ex. Code 1-101"
jurisdiction = "US-CO"
kind = "comprehensive"
in_force_from = 2023-07-01
covered = "Companies that keep examples"
verification = "An opt-out needs none (Ex. Code 1-110)."
opt_out_may_authenticate = false
agent_rights = ["opt-out"]
rolls_over = true
rolls_over_cite = "Ex. Code 2"
appeal = { length = 60, cite = "Ex. Code 1-120" }
not_sure = ["agent"]
confidence = "confirmed"
checked_on = 2026-11-21

[rights.opt-out]
cite = "Ex. Code 1-105"
answer = { length = 45, cite = "Ex. Code 1-106" }
confidence = "confirmed"
[[rights.opt-out.changes]]
since = 2027-01-01
cite = "Act 9"
answer = { length = 30, cite = "Ex. Code 1-107" }

[[sources]]
what = "The code's text"
read_on = 2026-11-21
"""


@pytest.mark.parametrize(
    ("old", "new", "check", "where"),
    [
        ('cite = "Ex. Code 1-105"', 'cite = ""', "rights-are-cited", "rights.opt-out.cite"),
        ("Ex. Code 1-106", "", "terms-are-cited", "rights.opt-out.answer.cite"),
        ("Ex. Code 1-107", "", "terms-are-cited", "rights.opt-out.changes[0].answer.cite"),
        ("Ex. Code 1-120", "", "terms-are-cited", "appeal.cite"),
        ("length = 60", "length = 0", "terms-are-cited", "appeal.length"),
        ("answer = { length = 45,", "extension = { length = 45,", "extensions-extend",
         "rights.opt-out.extension"),
        ("rolls_over = true", "rolls_over = true\nmay_appeal = false", "extensions-extend",
         "may_appeal"),
        ("since = 2027-01-01", "since = 2022-01-01", "days-are-in-order", "rights.opt-out"),
        ("in_force_from = 2023-07-01", "", "first-day-is-known", "in_force_from"),
        ('"US-CO"', '"Colorado"', "place-is-known", "jurisdiction"),
        ('"US-CO"', '""', "place-is-known", "jurisdiction"),
        ("Companies that keep examples", "", "people-are-told", "covered"),
        ("kind =", 'protects = "nobody"\nkind =', "people-are-told", "protects"),
        ("An opt-out needs none (Ex. Code 1-110).", "", "opt-out-needs-no-proof",
         "verification"),
        ('agent_rights = ["opt-out"]', 'agent_rights = ["freeze"]',
         "agents-ask-for-what-is-given", "agent_rights"),
        ('rolls_over_cite = "Ex. Code 2"', "", "weekends-are-cited", "rolls_over_cite"),
        ('not_sure = ["agent"]', 'not_sure = ["agnet"]', "doubts-are-lines", "not_sure"),
    ],
)  # fmt: skip
def test_a_law_file_that_would_mislead_is_refused_with_its_place(
    *, old: str, new: str, check: str, where: str, tmp_path: Path
) -> None:
    path = tmp_path / "us-xx-example.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert lint_law(load_law(path)) == ()  # the control
    assert GOOD.count(old) == 1
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadDefinition) as caught:
        load_law(path)
    assert (check, where) in {(each.check, each.where) for each in caught.value.findings}


def test_a_right_from_memory_may_stand_without_its_section(tmp_path: Path) -> None:
    path = tmp_path / "us-xx-example.toml"
    text = GOOD.replace(
        'cite = "Ex. Code 1-105"\nanswer = { length = 45, cite = "Ex. Code 1-106" }\n'
        'confidence = "confirmed"',
        'cite = ""\nconfidence = "unverified"',
    )
    path.write_text(text, encoding="utf-8")
    assert load_law(path).rights[Right.OPT_OUT].cite == ""


def test_a_right_stands_as_amended_from_the_day_on() -> None:
    delete = find_law("us-ca-delete-act").rights[Right.DELETE]
    assert _length(delete.on(date(2026, 12, 31)).answer) == 45
    assert _length(delete.on(date(2027, 1, 1)).answer) == 30
    access = find_law("us-ct-ctdpa").rights[Right.ACCESS]
    assert not any("42-518" in sentence for sentence in access.on(date(2026, 6, 30)).says)
    assert any("P.A. 25-113" in sentence for sentence in access.on(date(2026, 7, 1)).says)


def test_the_states_own_page_is_told_with_the_days_of_its_year() -> None:
    for day, days in ((date(2026, 12, 31), "45"), (date(2027, 1, 1), "30")):
        line = drop_line("CA", ALL, day)
        assert line is not None
        assert any(f"take {days} days" in str(why) for why in line.why)
    for state in ("CT", "NV", ""):  # Connecticut's page opens in 2028 and works otherwise
        assert drop_line(state, ALL, date(2028, 8, 1)) is None


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert shell.main(["law", *arguments]) == 0
    return capsys.readouterr().out


def test_the_list_stays_readable_with_all_laws(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, "list").splitlines()
    assert len(said) < 90
    for law in LAWS:
        assert sum(line.strip().startswith(f"{law}:") for line in said) == 1, law
    place = {law: at for at, line in enumerate(said) for law in LAWS if f"  {law}:" in line}
    assert place["us-co-cpa"] < place["us-fcra-file"] < place["us-nj-daniels"] < place["us-foia"]


def test_what_is_not_known_or_not_sure_is_shown_so(capsys: pytest.CaptureFixture[str]) -> None:
    vermont = shown(capsys, "show", "us-vt-vdposa")
    assert "Deciding an appeal: not known" in vermont
    assert "Free requests a year: not known" in vermont
    assert "You can sue: not known" in vermont
    assert "Last day on a weekend or holiday: not known" in shown(capsys, "show", "us-ct-ctdpa")
    montana = shown(capsys, "show", "us-mt-mcdpa")
    assert "Deciding an appeal: 60 days (Mont. Code Ann. § 30-14-2808(5)) (not sure)" in montana
    utah = shown(capsys, "show", "us-ut-ucpa")
    assert "Salt Lake City, UT 84111 (not sure)" in utah
    assert "Salt Lake City, UT 84114-2320 (not sure)" not in utah  # the control
    assert "Only from: 2026-07-01" in utah
    assert "Never named in a request: It binds companies with a billion" in shown(
        capsys, "show", "us-fl-fdbr"
    )
    assert "Changed: from 2027-01-01 (AB 883 (2026))" in shown(capsys, "show", "us-ca-delete-act")


def test_every_kind_and_every_circle_of_people_has_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kinds = {law.kind for law in _all()}
    assert kinds == set(LawKind)
    assert {law.protects for law in _all()} >= set(Protects) - {Protects.PARTICIPANTS}
    assert {law.binds for law in _all()} == set(Binds)
    for law in LAWS:
        assert "Whom it is for: " in shown(capsys, "show", law)
