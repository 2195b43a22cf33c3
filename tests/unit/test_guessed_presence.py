"""A company whose records match no answer may have the person, and names no arrest as a reason."""

from __future__ import annotations

import pytest

from optout.catalog.brokers import find_broker
from optout.model.request import Presence
from optout.rules.at_company import _why_there
from optout.rules.presence import is_a_guess, presence_from, signs_of

LIFE = {"car": True, "arrest-or-jail": True, "loan-or-card": True}


def said(slug: str, answers: dict[str, bool]) -> str:
    broker = find_broker(slug)
    presence = presence_from(broker, answers)
    assert presence is Presence.LIKELY
    signs = signs_of(broker, answers)
    return _why_there(presence, "Acme", signs, is_a_guess=is_a_guess(broker)).english()


def test_a_company_of_work_contacts_is_not_said_to_have_an_arrest() -> None:
    assert said("relx-lexisnexis", LIFE) == "From your answers, Acme may have you already."
    with_job = said("relx-lexisnexis", LIFE | {"payroll": True})
    assert with_job == "Acme may have you already. You said yes to: a job on a payroll."


def test_the_control_a_company_of_all_records_names_each_answer() -> None:
    told = said("lexisnexis-risk", LIFE)
    assert told.startswith("Acme probably has you already.")
    assert "an arrest, jail or criminal charge" in told


@pytest.mark.parametrize("slug", ["relx-lexisnexis", "lexisnexis-risk"])
def test_what_is_said_changes_nothing_in_what_is_planned(slug: str) -> None:
    assert presence_from(find_broker(slug), {"car": True}) is Presence.UNLIKELY
    assert presence_from(find_broker(slug), LIFE) is Presence.LIKELY
