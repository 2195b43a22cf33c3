"""The practice definitions are held to the same rules as every other definition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.lint import lint_folder
from optout.model.broker import Broker
from optout.model.words import By, Grade, Right
from optout.sample import mail_list
from optout.sample.servers import SAMPLE_BROKERS, sample_world

SLUGS = (
    "sample-employment-file",
    "sample-mail-order",
    "sample-name-lookup",
    "sample-neighbor-list",
    "sample-people-search",
    "sample-risk-data",
)
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def brokers() -> tuple[Broker, ...]:
    return list_brokers(folders=(), samples=True)


def test_all_practice_companies_load_from_one_folder(brokers: tuple[Broker, ...]) -> None:
    assert tuple(broker.slug for broker in brokers) == SLUGS
    assert sample_folder() == SAMPLE_BROKERS


@pytest.mark.parametrize("slug", SLUGS)
def test_a_practice_definition_lints_clean(slug: str) -> None:
    assert lint_folder(SAMPLE_BROKERS / slug, on=DAY) == ()


def test_lint_would_say_if_one_gave_more_than_it_declares(tmp_path: Path) -> None:
    folder = tmp_path / "sample-risk-data"
    folder.mkdir()
    text = (SAMPLE_BROKERS / "sample-risk-data" / "broker.toml").read_text()
    (folder / "broker.toml").write_text(text.replace('"zip", "email"]', '"zip"]', 1))
    assert lint_folder(folder, on=DAY)


def test_they_are_samples_of_grade_tested_and_say_that_nothing_is_real(
    brokers: tuple[Broker, ...],
) -> None:
    for broker in brokers:
        assert broker.sample
        assert broker.grade is Grade.TESTED
        assert "nothing here is real" in broker.facts[0]
        assert not broker.in_default_plan


def test_they_have_only_reserved_hosts_and_invented_addresses(
    brokers: tuple[Broker, ...],
) -> None:
    for broker in brokers:
        assert all(host.endswith(".test") for host in (*broker.hosts, *broker.mail_domains))
        for channel in broker.channel:
            assert channel.post is None or "Example Street" in " ".join(channel.post.lines)
            assert channel.email is None or channel.email.email.endswith(".test")


def test_every_way_of_asking_can_be_practised(brokers: tuple[Broker, ...]) -> None:
    ways = {by for broker in brokers for channel in broker.channel for by in channel.by}
    rights = {channel.right for broker in brokers for channel in broker.channel}
    assert ways == {By.WEB, By.EMAIL, By.POST}
    assert rights == {Right.OPT_OUT, Right.ACCESS, Right.DELETE, Right.FILE_DISCLOSURE}


def test_every_host_and_mail_address_in_a_definition_is_served(
    brokers: tuple[Broker, ...],
) -> None:
    with sample_world() as world:
        for broker in brokers:
            for host in broker.hosts:
                assert world.resolve(host)[0].ours
            for channel in broker.channel:
                if channel.email is not None:
                    assert channel.email.email.rpartition("@")[2] == mail_list.DOMAIN
