"""The shipped definitions pass every check, and keep the promises made about these companies."""

from __future__ import annotations

import re
from datetime import date

import pytest

from optout.catalog.brokers import (
    NoSuchBroker,
    find_broker,
    find_retired,
    folder_of,
    list_brokers,
    list_retired,
)
from optout.catalog.checks.assumed import count_assumed
from optout.catalog.files import load_text
from optout.catalog.findings import BadDefinition
from optout.catalog.lint import lint, lint_folder
from optout.model.broker import Broker, Channel, Contact
from optout.model.flow import Submit
from optout.model.words import Basis, BrokerKind, By, Confidence, Eligible, Grade, Right, WhoMayAsk
from optout.rules.drop import DROP
from optout.rules.flows import steps_of
from optout.rules.products import products_to_search
from optout.shipped import shipped

FIVE = {
    "lexisnexis-risk",
    "relx-lexisnexis",
    "thomson-reuters-clear",
    "appriss-insights",
    "equifax-work-number",
}
# In the news too: a bureau and a pool of accounts that can be asked, three that cannot, and public
# bodies that no plan asks.
ASKED = {*FIVE, "equifax", "nctue"}
NO_ROUTE = {"lexisnexis-psdex", "vine", "palantir"}
PUBLIC = {
    *("co-sheriff", "co-motor-vehicles", "co-labor"),
    *("cook-county-sheriff", "il-motor-vehicles"),
}
SURE = {Confidence.CONFIRMED, Confidence.ONE_SOURCE}


def all_brokers() -> dict[str, Broker]:
    problems: list[BadDefinition] = []
    brokers = {broker.slug: broker for broker in list_brokers(problems=problems)}
    assert problems == []
    return {str(slug): broker for slug, broker in brokers.items()}


BROKERS = all_brokers()
CHANNELS = [
    pytest.param(broker, channel, id=f"{slug}-{channel.right}-{channel.key}-{channel.by[0]}")
    for slug, broker in BROKERS.items()
    for channel in broker.channel
]


def channels(slug: str, right: Right) -> list[Channel]:
    return [channel for channel in BROKERS[slug].channel if channel.right is right]


@pytest.mark.parametrize("slug", BROKERS)
@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2028, 11, 22)])
def test_a_shipped_definition_has_nothing_to_mend(slug: str, on: date) -> None:
    found = [f for f in lint_folder(folder_of(slug), on=on) if not f.warning]
    assert found == [], [finding.english() for finding in found]


def test_practice_companies_have_nothing_to_mend() -> None:
    for broker in list_brokers(samples=True):
        if broker.sample:
            folder = folder_of(broker.slug, samples=True)
            found = [f for f in lint(broker, folder=folder) if not f.warning]
            assert found == [], [finding.english() for finding in found]


def test_the_companies_this_began_from_are_in_the_default_plan_and_untried() -> None:
    began = {slug for slug, broker in BROKERS.items() if broker.in_default_plan}
    assert began == ASKED | NO_ROUTE | PUBLIC
    for slug in began:
        broker = BROKERS[slug]
        assert broker.grade is Grade.DRAFTED
        assert broker.verified_on is None
        assert not broker.local


@pytest.mark.parametrize(
    ("slug", "received"),
    [
        ("lexisnexis-risk", {"opt-out": 33167, "delete": 12769, "access": 60645, "limit": 13260}),
        ("relx-lexisnexis", {"opt-out": 39, "delete": 130, "access": 43, "limit": 0}),
        ("thomson-reuters-clear", {"opt-out": 6562, "delete": 590, "access": 343, "limit": 0}),
        ("equifax-work-number", {"opt-out": 1732143, "delete": 685, "access": 427, "limit": 1930}),
        ("equifax", {"opt-out": 1732143, "delete": 685, "access": 427, "limit": 1930}),
    ],
)
def test_the_declared_counts_are_as_filed(slug: str, received: dict[str, int]) -> None:
    declared = BROKERS[slug].declared
    assert declared is not None
    assert declared.year == 2026
    assert {right.value: c.received for right, c in declared.counts.items()} == received
    for count in declared.counts.values():
        assert count.granted + count.granted_in_part + count.denied == count.received
    assert declared.sold_to_federal_government
    assert declared.sold_to_law_enforcement


def test_a_freeze_says_how_it_is_lifted_and_a_call_what_to_write_down() -> None:
    for broker in BROKERS.values():
        for channel in broker.channel:
            if channel.right is Right.FREEZE and channel.by != (By.NONE,):
                assert "lift" in " ".join(channel.harder_afterwards).lower(), broker.slug
            if channel.by == (By.PHONE,) and broker.cra:
                assert "Write down" in " ".join(channel.guide), broker.slug


def test_what_nobody_filed_is_not_declared() -> None:
    assert BROKERS["appriss-insights"].declared is None
    assert BROKERS["equifax-work-number"].declared is not None
    assert BROKERS["equifax-work-number"].declared.collects_citizenship


@pytest.mark.parametrize(("broker", "channel"), CHANNELS)
def test_no_freeze_rests_on_the_law_of_the_three_bureaus(broker: Broker, channel: Channel) -> None:
    if channel.right is Right.FREEZE:
        assert Basis.FCRA not in channel.basis or broker.cra == "nationwide"
        assert channel.by == (By.NONE,) or channel.harder_afterwards
    assert broker.cra != "nationwide" or broker.slug in {"equifax", "experian", "transunion"}


@pytest.mark.parametrize("slug", sorted(NO_ROUTE | PUBLIC))
def test_where_no_route_is_known_nothing_is_sent_and_what_can_be_done_is_said(slug: str) -> None:
    (channel,) = BROKERS[slug].channel
    assert channel.by == (By.NONE,)
    assert channel.discloses == ()
    assert "organization can ask" in channel.instead
    assert "name nobody: optout records" in channel.instead
    assert BROKERS[slug].government == (slug in PUBLIC)
    assert (BROKERS[slug].kind is BrokerKind.PUBLIC_BODY) == (slug in PUBLIC)


def test_nobody_who_is_warned_by_vine_is_told_to_leave_it() -> None:
    (channel,) = BROKERS["vine"].channel
    assert "stay with it" in channel.instead


def test_the_work_number_says_what_a_freeze_can_block_and_how_to_lift_it() -> None:
    (freeze,) = channels("equifax-work-number", Right.FREEZE)
    text = " ".join(freeze.harder_afterwards)
    for word in ("benefits", "job", "Lift it"):
        assert word in text
    assert BROKERS["equifax-work-number"].cra == "nationwide-specialty"


@pytest.mark.parametrize(("broker", "channel"), CHANNELS)
def test_what_is_not_sure_says_what_to_check(broker: Broker, channel: Channel) -> None:
    for contact in (channel.email, channel.post):
        if isinstance(contact, Contact) and contact.confidence not in SURE:
            assert contact.check
    assert channel.will_not_reach
    assert broker.sources


def test_addresses_from_old_papers_are_not_sure_enough_to_print() -> None:
    old = [
        channel.post
        for slug, right in (
            ("lexisnexis-risk", Right.SUPPRESS),
            ("thomson-reuters-clear", Right.SUPPRESS),
        )
        for channel in channels(slug, right)
        if channel.post
    ]
    assert len(old) == 2
    assert all(contact.confidence not in SURE for contact in old)
    ccpa_box = next(c.post for c in channels("lexisnexis-risk", Right.DELETE) if c.post)
    assert ccpa_box.confidence is Confidence.CONFLICTING


def test_the_appriss_letter_can_be_printed_and_names_the_products_inside_only() -> None:
    letter = channels("appriss-insights", Right.OPT_OUT)[0]
    assert letter.by[0] is By.POST
    assert letter.post is not None
    assert letter.post.confidence in SURE
    assert letter.post.lines[-2:] == ("1550 Peachtree St NW", "Atlanta, GA 30309")
    assert set(letter.products) == {"Appriss Insights", "Justice Intelligence", "JusticeXchange"}
    envelope = " ".join(letter.post.lines)
    assert "Justice" not in envelope  # nobody on its way reads what it is about
    assert letter.eligible is Eligible.UNCLEAR


def test_vine_is_named_for_access_only_so_that_no_victim_loses_a_warning() -> None:
    naming = [
        (slug, channel.right)
        for slug, broker in BROKERS.items()
        for channel in broker.channel
        if "VINE" in channel.products
    ]
    assert naming == [("appriss-insights", Right.ACCESS)]
    assert not any("VINE" in broker.products for broker in BROKERS.values())


def test_a_letter_of_several_rights_searches_only_what_each_of_them_names() -> None:
    (access,) = channels("appriss-insights", Right.ACCESS)
    (delete,) = channels("appriss-insights", Right.DELETE)
    assert "VINE" in products_to_search([access])
    for together in ([access, delete], [delete, access]):
        assert products_to_search(together) == delete.products
    assert products_to_search([]) == ()


def test_conflicts_are_named_and_put_to_the_person() -> None:
    about = {
        slug: {conflict.about for channel in broker.channel for conflict in channel.conflict}
        for slug, broker in BROKERS.items()
    }
    assert about["lexisnexis-risk"] >= {"eligibility", "agents", "ssn", "scope", "address"}
    assert about["thomson-reuters-clear"] >= {"eligibility", "agents", "address"}
    assert about["equifax-work-number"] >= {"phone", "ssn"}
    for broker in BROKERS.values():
        for channel in broker.channel:
            # Told, never asked: on the approval sheet nobody hears an answer.
            assert all(conflict.ask.endswith(".") for conflict in channel.conflict)
            assert not [each.ask for each in channel.conflict if "?" in each.ask], broker.slug


def test_nobody_asks_lexisnexis_for_somebody_else_until_that_is_checked() -> None:
    for slug in ("lexisnexis-risk", "relx-lexisnexis"):
        for channel in BROKERS[slug].channel:
            assert WhoMayAsk.AGENT not in channel.who_may_ask


@pytest.mark.parametrize(("broker", "channel"), CHANNELS)
def test_no_form_says_for_myself_in_the_name_of_an_agent(broker: Broker, channel: Channel) -> None:
    if By.WEB in channel.by:
        assert WhoMayAsk.AGENT not in channel.who_may_ask, broker.slug


def test_what_nobody_saw_is_marked() -> None:
    for slug in ("lexisnexis-risk", "thomson-reuters-clear"):
        broker = BROKERS[slug]
        for name, flow in broker.flow.items():
            submits = [s for leg in flow.leg for s in steps_of(leg) if isinstance(s, Submit)]
            assert all(step.assumed for step in submits)  # no source saw a page after sending
            assert count_assumed(broker, name) >= 1


def test_the_old_wizard_is_kept_as_a_warning_only() -> None:
    (old,) = [c for c in channels("lexisnexis-risk", Right.SUPPRESS) if c.key == "old-wizard"]
    assert old.by == (By.NONE,)
    assert "Add Person" in " ".join(old.pitfalls)


def test_what_people_read_promises_nothing() -> None:
    promises = re.compile(r"\b(guarantee|will be (deleted|removed)|success)\b", re.IGNORECASE)
    for broker in BROKERS.values():
        for channel in broker.channel:
            texts = [channel.title, channel.eligibility, channel.instead, channel.will_not_reach]
            texts += [*channel.guide, *channel.pitfalls, *channel.harder_afterwards]
            assert not [text for text in texts if promises.search(text)]


def test_no_source_key_stands_in_a_sentence_that_people_read() -> None:
    key = re.compile(r"\[[A-Z][A-Z0-9_]*(, [A-Z][A-Z0-9_]*)*\]")
    assert key.search("Nobody may opt out for somebody else [VT20]")
    for slug, broker in BROKERS.items():
        for channel in broker.channel:
            read = [channel.title, channel.eligibility, channel.instead, channel.will_not_reach]
            read += [*channel.guide, *channel.pitfalls, *channel.harder_afterwards]
            read += [*channel.verification, *channel.enclose]
            read += [conflict.ask for conflict in channel.conflict]
            assert [text for text in read if key.search(text)] == [], slug


def test_the_readme_shows_a_definition_that_passes() -> None:
    readme = (shipped("brokers") / "README.md").read_text(encoding="utf-8")
    samples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    definition, translated, search, pages, retired = samples
    on_its_host = search.replace("people.example.com", "privacy.example.com")
    for whole in (definition, f"{definition}\n{on_its_host}"):
        broker = load_text(whole.encode(), Broker)
        assert [finding for finding in lint(broker) if not finding.warning] == []
    assert broker.search
    assert "es = " in translated
    assert pages.count("[[page]]") == 2
    assert "retired_on" in retired


def test_a_definition_is_read_in_one_go() -> None:
    assert find_broker("lexisnexis-risk").sha256 == BROKERS["lexisnexis-risk"].sha256


def test_a_company_that_is_gone_keeps_its_name_and_says_why() -> None:
    gone = list_retired()
    assert "radaris" in gone
    for slug in gone:
        assert slug not in BROKERS
        retired = find_retired(slug)
        assert retired is not None
        assert retired.slug == slug
        with pytest.raises(NoSuchBroker, match=re.escape(retired.reason)):
            find_broker(slug)


def test_drop_is_in_the_plan_once_and_only_looked_up_in_the_catalog() -> None:
    drop = BROKERS[DROP]
    assert drop.government
    assert not drop.in_default_plan
    (channel,) = drop.channel
    assert channel.by == (By.NONE,)
    assert "optout plan --drop" in channel.instead


def test_who_is_no_citizen_is_told_to_leave_voter_forms_alone() -> None:
    (channel,) = BROKERS["voter-rolls"].channel
    assert channel.by == (By.NONE,)
    assert "must not register to vote" in channel.instead
