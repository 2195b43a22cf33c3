"""A mailed link confirms the one request it was opened for, and no other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NoReturn

import pytest

from optout.catalog.brokers import list_brokers, sample_folder
from optout.errors import Refused
from optout.model.flow import ConfirmEmail
from optout.model.words import By, Right
from optout.rules.flows import confirmation_of
from optout.workflows.confirm import confirm_by_mail
from optout.workflows.desk import errand_for
from tests.conftest import World, desk_without_browser


class WantsBrowser(Exception):
    """What was refused nowhere would be opened now."""


def window() -> NoReturn:
    raise WantsBrowser


def test_a_link_that_was_opened_for_another_request_is_not_opened_again(
    world: World, tmp_path: Path
) -> None:
    brokers = {each.slug: each for each in list_brokers(folders=(sample_folder(),))}
    desk = desk_without_browser(
        world, tmp_path, find_broker=lambda slug: brokers[slug], window=window
    )
    broker = next(e for e in brokers.values() if e.slug == "sample-people-search")
    subject = world.person()
    request = world.request(subject, broker=broker.slug, right=Right.OPT_OUT)
    form = world.message(subject, request, broker=broker.slug, by=By.WEB)
    world.vault.messages.set_ready(form.id)
    with world.begin(world.vault.messages.get(form.id)) as attempt:
        attempt.sending()
        attempt.sent()
    errand = errand_for(desk, world.vault.messages.get(form.id))
    expected = confirmation_of(errand.broker.flow[errand.channel.flow], 1)
    assert isinstance(expected, ConfirmEmail)
    link = f"http://{expected.hosts[0]}/confirm?t=0123456789"
    opened = f"link-opened:{hashlib.sha256(link.encode()).hexdigest()}"
    world.vault.settings.set(opened, "another message")
    with pytest.raises(Refused, match="opened already, for another request"):
        confirm_by_mail(desk, form.reference, link)
    # Controls: another link, and the same one again for the same request, go on to the browser.
    world.vault.settings.set(opened, form.id)
    for each in (link, f"{link}1"):
        with pytest.raises(WantsBrowser):
            confirm_by_mail(desk, form.reference, each)
