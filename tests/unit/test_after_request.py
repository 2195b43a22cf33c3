"""Proves where a letter after a request may go, and what stands on the envelope to an office."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Channel
from optout.model.fields import Field
from optout.model.words import SURE, By, Right
from optout.rules.after_request import as_place, find_place, office_of, printed_lines, ways_after

COMPANIES = [each for each in list_brokers() if not each.government]


def every_way() -> list[tuple[str, Channel, By]]:
    return [
        (broker.slug, channel, by)
        for broker in COMPANIES
        for channel in broker.channel
        for by in channel.by
        if by is not By.NONE
    ]


def test_every_request_has_a_way_for_what_follows_and_by_hand_is_the_last() -> None:
    ways = every_way()
    assert len(ways) > 20
    for slug, channel, by in ways:
        found = list(ways_after(find_broker(slug), channel, by))
        assert found[-1][1] is By.PORTAL
        assert all(each in {By.EMAIL, By.POST} for _place, each in found[:-1])


@pytest.mark.parametrize("by", [By.EMAIL, By.POST])
def test_a_letter_goes_as_the_request_went(by: By) -> None:
    broker = find_broker("appriss-insights")
    asked = broker.find_channel(Right.ACCESS, by)
    assert asked
    channel, way = next(ways_after(broker, asked, by))
    assert (channel.right, way) == (Right.ACCESS, by)


def test_a_form_is_followed_by_a_letter_to_the_address_for_the_same_right() -> None:
    broker = find_broker("lexisnexis-risk")
    form = broker.find_channel(Right.DELETE, By.WEB)
    assert form
    channel, way = next(ways_after(broker, form, By.WEB))
    assert (channel.right, way) == (Right.DELETE, By.EMAIL)
    alone = replace(broker, channel=(form,))
    assert [by for _channel, by in ways_after(alone, form, By.WEB)] == [By.PORTAL]


def test_a_letter_gives_a_name_and_asks_the_person_for_nothing_that_a_request_asked_for() -> None:
    for _slug, channel, by in every_way():
        place = as_place(channel, by)
        assert place.discloses == (Field.FULL_NAME,)
        assert (place.attests, place.enclose, place.products) == ((), (), ())
        assert not place.blank_ssn_line
        assert (place.email, place.post) == (channel.email, channel.post)


def test_what_was_stored_is_found_again_and_what_is_gone_is_not() -> None:
    broker = find_broker("appriss-insights")
    assert find_place(broker, Right.ACCESS, By.EMAIL, "")
    assert find_place(broker, Right.ACCESS, By.PORTAL, "")  # pasted by hand, whatever it takes
    assert find_place(broker, Right.ACCESS, By.WEB, "") is None
    assert find_place(broker, Right.ACCESS, By.EMAIL, "another") is None


def test_an_office_is_printed_only_where_its_address_is_sure_and_it_takes_post() -> None:
    printed: set[str] = set()
    bare: set[str] = set()
    for law in list_laws().values():
        office = office_of(law)
        if office is None or law.regulator is None:
            continue
        (channel,) = office.channel
        assert channel.post
        assert office.government
        assert office.holds == ()
        lines = printed_lines(law.regulator)
        assert channel.post.lines == (lines or (law.regulator.name,))
        sure = law.regulator.confidence in SURE and law.regulator.takes_post is not False
        (printed if sure else bare).add(law.id)
        assert bool(lines) is sure
    assert {"us-va-vcdpa", "us-ca-ccpa", "us-fcra-file"} <= printed
    assert {"us-co-cpa", "us-ut-ucpa", "us-ok-ocdpa", "us-or-ocpa"} <= bare


def test_where_nobody_can_be_written_to_there_is_no_office() -> None:
    laws = list_laws()
    assert office_of(laws["voluntary"]) is None  # type: ignore[index]  # an id is a word
    assert office_of(laws["eu-gdpr"]) is None  # type: ignore[index]  # likewise
