"""A city is no company, however its mail is named; a company that sounds like one is."""

from __future__ import annotations

import pytest

from optout.rules.never_written_to import is_never_written_to
from optout.rules.public_bodies import is_public_host, is_public_name


@pytest.mark.parametrize(
    "host",
    [
        *("denvergov.org", "mail.denvergov.org", "coloradogov.com"),
        *("cityofaurora.example.com", "www.countyofadams.org", "town-of-sample.example.net"),
        *("polizei.sachsen.example", "poliziadistato.example"),
        *("ico.org.uk", "www.ico.org.uk", "bfdi.bund.de", "cnil.fr", "edpb.europa.eu"),
    ],
)
def test_the_host_of_a_public_body_is_known_by_its_name(host: str) -> None:
    assert is_public_host(host)
    assert is_public_host(host.upper())


@pytest.mark.parametrize(
    "host",
    [
        *("govern.example.com", "govdata.com", "dhs-gov.example.com", "example.org"),
        *("cityscape.example.com", "county-records.com", "capacityof.example.com"),
        *("policy.example.com", "medico.org.uk", "notcnil.fr", "bundle.de"),
    ],
)
def test_the_control_hosts_of_companies_pass(host: str) -> None:
    assert not is_public_host(host)


@pytest.mark.parametrize(
    "name",
    [
        *("City", "the county", "STATE", "Polizei Berlin", "Polizia di Stato"),
        *("Information Commissioner's Office", "Data Protection Commission", "CNIL", "BfDI"),
        "California Privacy Protection Agency",
    ],
)
def test_the_name_of_a_public_body_is_known(name: str) -> None:
    assert is_public_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("City Data LLC", "State Farm", "County Line Records", "Twin Cities Data", "Sample, Inc."),
        *("Data Protection Officer", "Acme Information Services", "Acme Privacy Protection LLC"),
        "",
    ],
)
def test_the_control_names_of_companies_pass(name: str) -> None:
    assert not is_public_name(name)


@pytest.mark.parametrize(
    "name", ["INS", "I.N.S.", "the INS", "U.S. INS", "INS, Immigration Service", "INS inmigración"]
)
def test_the_old_immigration_service_is_never_written_to(name: str) -> None:
    assert is_never_written_to(name)


@pytest.mark.parametrize("name", ["Acme Ins", "Acme Ins. Agency", "Ins and Outs Data", "Insight"])
def test_the_control_a_company_with_ins_in_its_name_can_be_asked(name: str) -> None:
    assert not is_never_written_to(name)
