"""A public body is known however its name is spelled; a company beside it is not taken for one."""

from __future__ import annotations

import pytest

from optout.errors import Refused
from optout.rules.never_written_to import is_never_written_to
from optout.rules.public_bodies import is_public_host, is_public_name
from optout.rules.spelled import mixes_scripts, spelled
from optout.workflows.read_target import check_not_public, read_target

STREET = "100 Example Street, Denver, CO 80202"
DISGUISED = [
    "I\u0421E Denver",  # a Cyrillic С
    "\u0406\u0421\u0415",  # all of it Cyrillic
    "D\u0397S",  # a Greek Η
    "\u0131ce",
    "\uff29\uff23\uff25",
    "I-C-E",
    "I.-C.-E.",
    "I\u200bC\u00adE",
    "U.S. I.C.E.",
    "HomelandSecurity",
    "Immig. & Customs Enf.",
    "Sec. of Homeland Sec.",
]
PUBLIC = [
    "Denver P\u043elice",
    "Sh\u0435riff Adams",
    "Po\u200blice",
    "Po\u00adlice Records",
    "Cook County",
    "City",
    "The State",
    "Secretary of State",
    "Internal Revenue Service",
    "Colorado State Patrol",
    "Colorado Judicial Branch",
    "Illinois Department on Aging",
    "Colorado Labor Department",
    "Denver Health Dept",
    "U.S. DOL",
    "Bundespolizei, Polizei",
    "Information Commissioner's Office",
]
PRIVATE = [
    "Acme Data LLC",
    "Orange County Records Inc",
    "Łódź Daten GmbH",
    "Société Générale des Données",
    "Общество Данных",
    "AT&T Inc.",
    "J. P. Example & Co.",
    "Privacy Department",
    "Consumer Relations Dept.",
    "Circuit City Data",
    "Nice Price Data Inc",
    "Customs House Coffee LLC",
]
PUBLIC_HOSTS = [
    "denvergov.org",
    "www.adcogov.org",
    "arapahoegov.com",
    "dmv.org",
    "cookcountycourt.org",
    "cityofaurora.example.com",
    "polizei.example.com",
    "ico.org.uk",
    "www.bfdi.bund.de",
    "edoeb.admin.ch",
    "dsb.gv.at",
]
PRIVATE_HOSTS = [
    "gov.example.com",
    "dhs-gov.example.com",
    "courtyard.example.com",
    "courtside.example.com",
    "myico.org.uk",
    "velocity.example.com",
    "governance.example.com",
]
PUBLIC_LINES = [
    "Cook County Jail Division 5",
    "12445 E Caley Ave ICE Denver Field Office",
    "Attn 5 ICE Field Office",
    "5280 Police",
    "PO Box 2020 ICE",
]
PRIVATE_LINES = ["12 Police Plaza", "100 Ice House Road NE, Suite 5", "12 Example Court", "Floor 3"]


@pytest.mark.parametrize("typed", DISGUISED)
def test_the_department_is_known_in_every_disguise(typed: str) -> None:
    assert is_never_written_to(typed)


@pytest.mark.parametrize("typed", PUBLIC)
def test_a_public_body_is_known_by_its_name(typed: str) -> None:
    assert is_public_name(typed)


@pytest.mark.parametrize("typed", PRIVATE)
def test_the_control_a_company_is_neither(typed: str) -> None:
    assert not is_public_name(typed)
    assert not is_never_written_to(typed)


def test_hosts_of_governments_are_known_where_no_gov_stands_apart() -> None:
    assert [host for host in PUBLIC_HOSTS if not is_public_host(host)] == []
    assert [host for host in PRIVATE_HOSTS if is_public_host(host)] == []


@pytest.mark.parametrize("line", PUBLIC_LINES)
def test_a_line_with_a_number_is_read_too(line: str) -> None:
    target = read_target(f"Acme Data LLC, {line}, {STREET}")
    with pytest.raises(Refused):
        check_not_public(target, "Acme Data LLC")


@pytest.mark.parametrize("line", PRIVATE_LINES)
def test_the_control_a_plain_street_names_nobody(line: str) -> None:
    check_not_public(read_target(f"Acme Data LLC\n{line}\nDenver, CO 80202"), "Acme Data LLC")


def test_letters_are_read_as_they_look() -> None:
    assert spelled("D.\u00adM.V.") == "dmv."
    assert mixes_scripts("Acm\u0435")
    assert not mixes_scripts("Acme Данные 5G")
