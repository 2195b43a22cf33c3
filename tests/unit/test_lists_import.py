"""The merged list of companies: what is taken, what falls out and why, and no person in it."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path

import phonenumbers
import pytest

from optout.catalog import registry_merged
from optout.catalog.brokers import list_brokers
from optout.catalog.registry import Entry, Filing, RegistryDamaged, read_entries, write_entries
from optout.catalog.registry_contacts import is_desk, may_be_a_person
from optout.catalog.registry_csv import read_text
from optout.catalog.registry_file import NotThisRegistry
from optout.catalog.registry_lists import (
    LISTS,
    SOURCES,
    Listing,
    read_listings,
    write_listings,
)
from optout.catalog.registry_merged import merged_rows
from optout.cli import main as shell
from optout.model.broker import Declared, Slug
from optout.shipped import shipped
from optout.workflows import import_lists as importing
from optout.workflows import look_up, places
from optout.workflows.desk_phones import desk_phone
from optout.workflows.import_lists import ImportedLists, country_in_full, import_lists
from optout.workflows.import_registry import ProbablyCut
from optout.workflows.look_up import is_group_figure, look_up_all
from optout.workflows.read_target import read_target

COLUMNS = (*registry_merged._NEEDED, "requires_id_src", "captcha_src")  # noqa: SLF001 - its own layout
SHIPPED = shipped("brokers") / "registries"


def row(name: str = "Acme Data, LLC", **cells: str) -> dict[str, str]:
    """Return one row: a company of a state's list, with all of a desk's contacts."""
    word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    usual = {
        "slug": word,
        "name": name,
        "domain": f"{word}.example.com",
        "registered_in": "VT-2025",
        "privacy_email": f"privacy@{word}.example.com",
        "privacy_email_kind": "role",
        "privacy_email_src": "five_state",
        "optout_url": f"https://{word}.example.com/opt-out",
        "optout_url_src": "thumpersecure",
        "postal_address": "100 Example Street, Suite 2, Denver, CO 80202, USA",
        "postal_address_src": "five_state",
        "phone": "303-555-0142",
        "country": "USA",
        "tier": "A",
        "sources": "five_state;optery",
    }
    return {**dict.fromkeys(COLUMNS, ""), **usual, **cells}


def as_csv(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(*rows: dict[str, str]) -> list[Listing]:
    return [each.listing for each in merged_rows(as_csv(*rows), desk_phone, country_in_full)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of lists, with nothing shipped beside it."""
    folder = tmp_path / "lists"
    for module in (importing, look_up):
        monkeypatch.setattr(module, "shipped_registries", lambda: tmp_path / "none")
    for module in (places, look_up):
        monkeypatch.setattr(module, "registry_folder", lambda: folder)
    return folder


def imported(folder: Path, *rows: dict[str, str], fewer: bool = False) -> ImportedLists:
    path = folder.parent / "merged.csv"
    path.write_text(as_csv(*rows), "utf-8")
    return import_lists(path, folder=folder, fewer=fewer)


def filer(slug: str, name: str, *hosts: str, country: str = "UNITED STATES") -> Entry:
    filing = Filing(
        year=2026,
        name=name,
        hosts=hosts,
        country=country,
        counted_in=2024,
        declared=Declared(year=2026),
    )
    return Entry(slug=Slug(slug), filings=(filing,))


def test_a_row_is_read_with_its_contacts_and_where_they_are_from() -> None:
    (acme,) = read(row(captcha="yes", captcha_src="thumpersecure", requires_id="yes"))
    assert acme.hosts == ("acme-data-llc.example.com",)
    assert acme.pages == {"opt-out": "https://acme-data-llc.example.com/opt-out"}
    assert acme.email == "privacy@acme-data-llc.example.com"
    assert acme.phone == "+1 303-555-0142"
    assert acme.lines == ("100 Example Street", "Suite 2", "Denver, CO 80202")
    assert acme.country == "UNITED STATES"
    assert acme.wants == ("captcha",)  # nobody says where the other is from
    assert acme.sources == ("five_state",)  # the other list may not be copied from
    assert acme.dropped == ()


def test_a_person_is_left_out_and_a_desk_beside_them_is_found() -> None:
    own = {
        "privacy_email": "jordan.sample@acme.example.com",
        "privacy_email_kind": "maybe_personal",
    }
    (acme,) = read(row(**own))
    assert (acme.email, acme.phone, acme.dropped) == ("", "", ("email", "phone"))
    (acme,) = read(
        row(**own, alt_emails="jordan@acme.example.com|ca2025;legal@acme.example.com|ca2025")
    )
    assert acme.email == "legal@acme.example.com"
    (acme,) = read(row(privacy_email="jordan@acme.example.com"))  # called a role's, and is none
    assert acme.email == ""
    (acme,) = read(row(privacy_email_kind="maybe_personal"))  # a desk's word, and doubted
    assert acme.email == ""
    (acme,) = read(row(other_names="Jordan Sample;Acme Lists;Yes"))
    assert acme.also == ("Acme Lists",)
    (acme,) = read(
        row(postal_address="c/o Jordan Sample, 100 Example Street, Denver, CO 80202, USA")
    )
    assert acme.lines == ()
    (acme,) = read(row(postal_address="c/o Acme GmbH, 100 Example Street, Denver, CO 80202, USA"))
    assert acme.lines[0] == "c/o Acme GmbH"  # the control


def test_without_the_filter_a_persons_address_would_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: it is the filter that keeps people out, and not that none is there."""
    monkeypatch.setattr("optout.catalog.registry_contacts.is_desk", lambda _address: True)
    (acme,) = read(row(privacy_email="jordan.sample@acme.example.com"))
    assert acme.email == "jordan.sample@acme.example.com"


def test_what_bounced_and_what_may_not_be_copied_is_left_out() -> None:
    mail = row()["privacy_email"]
    assert read(row(email_bounced=f"{mail} 2026-08-20"))[0].email == ""
    assert read(row(privacy_email_src="optery"))[0].email == ""
    assert read(row(optout_url_src="optery"))[0].pages == {}
    assert read(row(optout_url_src="rightout+thumpersecure"))[0].pages  # the control
    assert read(row(postal_address_src="optery"))[0].lines == ()
    assert read(row(optout_url="https://tinyurl.com/acme"))[0].pages == {}
    assert read(row(optout_url="https://me@acme.example.com/"))[0].pages == {}


def test_every_row_is_counted_once(folder: Path) -> None:
    write_entries(folder, [filer("filed-one", "Filed One Inc", "filed.example.com")])
    none = {"privacy_email": "", "optout_url": "", "postal_address": ""}
    done = imported(
        folder,
        row(),
        row("Far GmbH", country="Deutschland", tier="B"),
        row("Filed One", domain="filed.example.com"),
        row("Known Only", tier="C"),
        row("Clearview AI, Inc.", domain="clearview.ai"),
        row("Lost Ltd", **none),
        row("Jordan Sample", domain="", tier="B"),
        row("Jordan Sample, Data Services", tier="B"),
        row("Radaris"),
        row(" ", slug="blank"),
        row("Acme Data Inc", domain="other.example.com"),
    )
    assert (done.rows, done.own, done.joined, done.twice, done.abroad) == (11, 2, 1, 1, 1)
    assert done.fallen == {
        "hint-only": 1,
        "described": 1,
        "no-contact": 1,
        "maybe-a-person": 2,
        "retired": 1,
        "nameless": 1,
    }
    assert done.own + done.joined + done.twice + sum(done.fallen.values()) == done.rows
    assert {each.slug for each in read_listings(folder)} == {"acme-data", "far", "filed-one"}
    acme = next(each for each in read_listings(folder) if each.slug == "acme-data")
    assert acme.hosts == ("acme-data-llc.example.com", "other.example.com")


def test_a_company_of_californias_list_is_joined_and_what_it_filed_stays(folder: Path) -> None:
    write_entries(
        folder,
        [
            filer("sister", "Sister Inc", "shared.example.com"),
            filer("filed-one", "Filed One Inc", "shared.example.com"),
            filer("far-one", "Far One", country="GERMANY"),
        ],
    )
    done = imported(folder, row("Filed One", domain="shared.example.com"), row("Far One"))
    assert (done.joined, done.own) == (1, 1)  # of the same name elsewhere is another company
    shown = {each.slug: each for each in look_up_all()}
    assert set(shown) == {"sister", "filed-one", "far-one", "far-one-2"}
    joined = shown[Slug("filed-one")]
    assert joined.name == "Filed One Inc"
    assert joined.filed is not None
    assert joined.filed.declared == Declared(year=2026)
    assert joined.email == "privacy@filed-one.example.com"  # only the other list has one


def test_a_description_by_hand_goes_first_by_site_and_by_name(folder: Path) -> None:
    done = imported(
        folder,
        row("Somebody Else", domain="clearview.ai"),
        row("TruthFinder, LLC"),  # peopleconnect speaks for it
        row("Other Name", other_domains="spokeo.com"),
        row("NeighborWho"),  # `apart`: a request at its parent may not reach it
        row("Spokeo.io"),  # another site
        row("Experian GmbH", country="Germany"),  # another country's
    )
    assert done.fallen == {"described": 3}
    assert [each.slug for each in read_listings(folder)] == [
        "experian-2",
        "neighborwho",
        "spokeo-io",
    ]


def test_the_same_file_again_changes_nothing(folder: Path) -> None:
    rows = [row(), row("Other, Inc."), row("Other, Inc.", domain="x.example.com", country="")]
    first = imported(folder, *rows)
    written = (folder / LISTS).read_bytes()
    again = imported(folder, *rows)
    assert (first.first, first.wrote, len(first.new)) == (True, True, 3)
    assert (again.first, again.wrote) == (False, False)
    assert again.new == again.changed == again.gone == ()
    assert (folder / LISTS).read_bytes() == written


def test_short_names_stay_and_changes_are_told(folder: Path) -> None:
    imported(folder, row(), row("Stays"), row("Leaves"), row("Far", country="Italy"))
    told = imported(
        folder,
        row("Renamed", domain="acme-data-llc.example.com"),
        row("Stays", phone="303-555-0143"),
        row("Comes"),
        row("Far", country="Italia"),
    )
    assert {each.slug for each in told.changed} == {"acme-data", "stays"}
    assert [each.slug for each in told.new] == ["comes"]
    assert [each.slug for each in told.gone] == ["leaves"]
    assert [each.slug for each in read_listings(folder) if each.gone] == ["leaves"]
    back = imported(folder, row(), row("Stays"), row("Leaves"), row("Far", country="IT"))
    assert [each.slug for each in back.new] == ["leaves"]


WHOLE = as_csv(row(), row("Other, Inc."))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WHOLE[:-60].encode(), "is not whole"),
        (WHOLE.rstrip("\r\n")[:-1].encode(), "row 3 has"),
        (WHOLE.rstrip("\r\n").encode(), "not ended"),
        (WHOLE.replace('"Acme Data, LLC"', '"Acme Data, LLC').encode(), "is not"),
        (WHOLE.splitlines()[0].encode(), "no company"),
        (WHOLE.replace(",tier,", ",level,").encode(), "Headings are missing in this file: tier"),
        (WHOLE.replace(",A,", ",Z,").encode(), "Row 2 does not say"),
        (b"name,mail\nAcme,privacy@acme.example.com\n", "not the merged list"),
        (b"<html><body>Sign in</body></html>", "not the merged list"),
        (b"", "not the merged list"),
        (WHOLE.encode("utf-16"), "UTF-8"),
        (WHOLE.replace("Other", "Oth\u00e9r").encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (WHOLE.encode() + b"\x00", "zero byte"),
        (WHOLE.encode() + b" " * (21 * 1024 * 1024), "too large"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_written(
    folder: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder.parent / "list.csv"
    path.write_bytes(content)
    assert shell.main(["broker", "import", "lists", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Nothing was imported" in told
    assert "Traceback" not in told
    assert not folder.exists()
    assert len(merged_rows(WHOLE, desk_phone, country_in_full)) == 2  # the control


def test_californias_own_file_is_not_taken_for_the_merged_one() -> None:
    with pytest.raises(NotThisRegistry, match="ca-registry"):
        merged_rows("Data broker name:\nAcme\n", desk_phone, country_in_full)
    with pytest.raises(NotThisRegistry):
        read_text(WHOLE, desk_phone)


def test_a_list_that_shrank_is_doubted_until_somebody_says_so(folder: Path) -> None:
    imported(folder, *(row(f"Company {number}") for number in range(10)))
    before = (folder / LISTS).read_bytes()
    with pytest.raises(ProbablyCut, match="2 companies"):
        imported(folder, row("Company 1"), row("Company 2"))
    assert (folder / LISTS).read_bytes() == before
    assert len(imported(folder, row("Company 1"), row("Company 2"), fewer=True).gone) == 8


def test_what_could_not_be_read_again_is_never_written(folder: Path) -> None:
    imported(folder, row())
    before = (folder / LISTS).read_bytes()
    with pytest.raises(RegistryDamaged):
        write_listings(folder, [Listing(slug=Slug("x"), name="X", email="no mail")])
    assert (folder / LISTS).read_bytes() == before
    assert not list(folder.glob("*.part"))


def test_people_abroad_see_their_own_and_others_do_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(folder, row(), row("Far GmbH", country="Deutschland"), row("Unknown", country=""))

    def listed(*words: str) -> list[str]:
        assert shell.main(["broker", "list", "--registry", "--json", *words]) == 0
        return [each["slug"] for each in json.loads(capsys.readouterr().out)]

    assert listed() == listed("--country", "US") == ["acme-data", "unknown"]
    assert listed("--country", "DE") == listed("--country", "Germany") == ["far"]
    assert listed("--name", "acme") == ["acme-data"]
    assert listed("--sells-to-government") == []
    assert shell.main(["broker", "list", "--registry"]) == 0
    assert "in other countries: 1" in capsys.readouterr().out
    for wrong in (["--registry", "--country", "Atlantis"], ["--country", "DE"]):
        assert shell.main(["broker", "list", *wrong]) == 2
    capsys.readouterr()
    assert shell.main(["broker", "show", "far"]) == 0
    assert "Only for people in: Germany" in capsys.readouterr().out


def test_one_company_is_shown_with_its_caution_its_source_and_the_way(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(folder, row(sources="five_state;optery", ddg_removed_at="2026-06-17"))
    assert shell.main(["broker", "show", "acme-data"]) == 0
    shown = capsys.readouterr().out
    assert "nobody here has looked at this company, and no plan asks it" in shown
    assert "VT-2025" in shown
    assert "public record" in shown
    assert "DuckDuckGo took it off its list on 2026-06-17" in shown
    assert (
        "optout request --to privacy@acme-data-llc.example.com --company 'Acme Data, LLC'" in shown
    )
    assert shell.main(["broker", "import", "lists", str(folder.parent / "merged.csv")]) == 0
    assert "nothing was changed" in capsys.readouterr().out


def test_the_shipped_lists_hold_nobodys_name_mail_or_mobile() -> None:
    listings = read_listings(SHIPPED)
    assert len(listings) > 1_200
    text = (SHIPPED / LISTS).read_text("utf-8")
    mails = re.findall(r"[\w.+-]+@[\w.-]+\w", text)
    assert len(mails) > 900
    assert [mail for mail in mails if not is_desk(mail)] == []
    also = [name for each in listings for name in each.also if may_be_a_person(name, each.hosts)]
    assert also == []
    numbers = [phonenumbers.parse(each.phone) for each in listings if each.phone]
    assert len(numbers) > 500
    kinds = [phonenumbers.number_type(number) for number in numbers]
    assert phonenumbers.PhoneNumberType.MOBILE not in kinds
    assert not is_desk("jordan.sample@acme.example.com")  # the controls
    assert may_be_a_person("Jordan Q. Sample", ("acme.example.com",))


def test_the_shipped_lists_name_only_sources_that_may_be_copied_from() -> None:
    listings = read_listings(SHIPPED)
    assert {name for each in listings for name in each.sources} <= set(SOURCES)
    assert all(each.sources for each in listings)


def test_a_company_shows_once_and_each_can_be_asked() -> None:
    every = look_up_all()
    filed = {entry.slug for entry in read_entries(SHIPPED)}
    own = [each.listing for each in every if each.listing and each.slug not in filed]
    assert len(every) == len({each.slug for each in every}) > 1_400
    assert not {each.slug for each in own} & {broker.slug for broker in list_brokers()}
    for listing in own:
        assert listing.is_reached()
        for to in (listing.email, *listing.pages.values()):
            assert not to or read_target(to)
    sites = {host for entry in read_entries(SHIPPED) for host in entry.newest().hosts}
    assert [listing.slug for listing in own if {*listing.hosts[:1]} & sites] == []


def test_the_lists_are_in_no_plan() -> None:
    names = {broker.slug for broker in list_brokers()}
    assert not names & {each.slug for each in read_listings(SHIPPED)} - {
        entry.slug for entry in read_entries(SHIPPED)
    }


def test_a_figure_of_a_group_is_told_of_a_folder_too(capsys: pytest.CaptureFixture[str]) -> None:
    brokers = {broker.slug: broker for broker in list_brokers()}
    assert is_group_figure(brokers[Slug("equifax")])
    assert not is_group_figure(brokers[Slug("pipl")])  # the control
    for words in ((), ("--all",)):
        for slug, told in (("equifax", True), ("pipl", False)):
            assert shell.main(["broker", "show", slug, *words]) == 0
            shown = " ".join(capsys.readouterr().out.split())
            assert ("group figure" in shown or "a figure of a group" in shown) == told
    assert shell.main(["broker", "show", "tapad"]) == 0  # one that only California's list has
    assert "a figure of a group" in capsys.readouterr().out


def test_all_of_them_are_read_in_a_fraction_of_a_second() -> None:
    look_up_all()
    began = time.process_time()
    look_up_all()
    assert time.process_time() - began < 0.25
