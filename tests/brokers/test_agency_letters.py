"""A letter on the credit-report law goes to the agency, and asks to search reports alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.checks import channels as check
from optout.catalog.checks.setting import Setting
from optout.model.broker import Broker, Channel
from optout.model.words import Basis, Right

AGENCY = "LexisNexis Risk Solutions Inc."
REGISTRANT = "LexisNexis Risk Solutions FL Inc."
OF_REPORTS = {Right.FILE_DISCLOSURE, Right.DISPUTE, Right.FREEZE}
# What LexisNexis sells outside the credit-report law: none of it is in a report.
OUTSIDE = {
    "Accurint",
    "Accurint for Law Enforcement",
    "Accurint Virtual Crime Center",
    "PSDEX",
    "LexID",
    "Justice Intelligence",
}


def of_reports(broker: Broker) -> list[Channel]:
    return [channel for channel in broker.channel if channel.right in OF_REPORTS]


def findings(broker: Broker) -> list[str]:
    return [found.where for found in check.run(broker, Setting())]


def test_the_agency_is_addressed_where_reports_are_asked_about_and_the_registrant_elsewhere() -> (
    None
):
    lexisnexis = find_broker("lexisnexis-risk")
    asked = of_reports(lexisnexis)
    assert {channel.right for channel in asked} == OF_REPORTS
    assert {lexisnexis.addressed(channel) for channel in asked} == {AGENCY}
    others = [channel for channel in lexisnexis.channel if channel.right not in OF_REPORTS]
    assert {lexisnexis.addressed(channel) for channel in others} == {REGISTRANT}
    assert lexisnexis.addressed(None) == REGISTRANT


def test_the_agency_stands_in_front_on_the_envelope_once() -> None:
    for channel in of_reports(find_broker("lexisnexis-risk")):
        assert channel.envelope().count(AGENCY) == (channel.post is not None)
        assert channel.post is None or channel.envelope()[1:] == channel.post.lines
        twice = replace(channel, post=channel.post and replace(channel.post, lines=(AGENCY,)))
        assert twice.envelope().count(AGENCY) == (channel.post is not None)
    plain = next(each for each in find_broker("equifax").channel if each.post)
    assert plain.post
    assert plain.envelope() == plain.post.lines  # the control: nobody else is put in front


def test_no_letter_about_reports_asks_to_search_what_is_no_report() -> None:
    lexisnexis = find_broker("lexisnexis-risk")
    assert [set(each.products) & OUTSIDE for each in of_reports(lexisnexis)] == [set()] * len(
        of_reports(lexisnexis)
    )
    assert any(set(each.products) & OUTSIDE for each in lexisnexis.channel)  # the control
    for broker in list_brokers():
        if broker.declared and broker.declared.fcra == "no":
            for channel in broker.channel:
                assert Basis.FCRA not in channel.basis or channel.addressee, broker.slug


@pytest.mark.parametrize("product", ["Accurint", "Credit file (sold by another)"])
def test_lint_finds_a_product_that_its_channel_does_not_reach_or_that_explains_itself(
    product: str,
) -> None:
    lexisnexis = find_broker("lexisnexis-risk")
    assert findings(lexisnexis) == []
    at = next(
        number
        for number, each in enumerate(lexisnexis.channel)
        if each.right is Right.FREEZE and each.products
    )
    wrong = replace(lexisnexis.channel[at], products=("SageStream", product))
    channels = (*lexisnexis.channel[:at], wrong, *lexisnexis.channel[at + 1 :])
    assert findings(replace(lexisnexis, channel=channels)) == [f"channel[{at}].products[1]"]
