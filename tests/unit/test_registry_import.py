"""California's list of data brokers: both layouts, what falls out, what changed, and no plan."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.registry import (
    FILE,
    Entry,
    RegistryDamaged,
    described_in,
    key_of,
    new_slug,
    read_entries,
)
from optout.catalog.registry_contacts import desk_mail, firms_only, hosts, is_desk, pages
from optout.catalog.registry_csv import Filed
from optout.catalog.registry_csv import read_filed as read_filed_with
from optout.catalog.registry_csv import read_text as read_text_with
from optout.catalog.registry_file import NotThisRegistry
from optout.cli import main as shell
from optout.model.broker import RequestCount
from optout.model.words import Right
from optout.shipped import shipped
from optout.workflows import import_registry, look_up, places
from optout.workflows.desk_phones import desk_phone
from optout.workflows.import_registry import Imported, ProbablyCut, import_ca_registry


def read_text(text: str) -> Filed:
    return read_text_with(text, desk_phone)


def read_filed(path: Path) -> Filed:
    return read_filed_with(path, desk_phone)


RIGHTS_2026 = (
    "Requests to delete",
    "Requests to know what personal information is being collected",
    "Requests to know what personal information is sold or shared",
    "Requests to opt out of sale or sharing",
    "Requests to limit the use and disclosure of sensitive personal information",
)
RIGHTS_2025 = (
    "requests to delete",
    "requests to know",
    "requests to know what personal information was sold or shared, and to whom,",
    "requests to opt out of the sale or sharing of personal information",
    "requests to limit the use and disclosure of sensitive personal information",
)
CONTACT = (
    "Data broker name:",
    "Doing Business As (DBA), if applicable:",
    "Data broker primary website:",
    "Data broker primary contact email address:",
    "Data broker primary phone number: [optional]",
    "Data broker primary street address:",
    *(f"Data broker {what}:" for what in ("city", "state", "zip code", "country")),
)
PAGE = "primary website that contains details on how consumers can exercise their rights:"
SHARE_2025 = "If the data broker or any of its subsidiaries is regulated"
SOLD = "Data broker shared or sold consumers\u2019 data to"


def headings_2026(counted: int = 2024) -> list[str]:
    found = [
        *CONTACT,
        f"Data broker's {PAGE}",
        "Data broker collects personal information of minors:",
        "Data broker collects consumers' citizenship data, including immigration status",
        f"{SOLD} the federal government in the past year",
        f"{SOLD} other state governments in the past year",
        f"{SOLD} law enforcement in the past year, except when required by subpoena",
        "The data broker or any of its subsidiaries is regulated by the federal Fair Credit Act",
        "If the data broker or its subsidiaries are regulated by the FCRA, describe the percentage",
        "The data broker or any of its subsidiaries is regulated by the Gramm\u2011Leach",
    ]
    for right in RIGHTS_2026:
        total = f"{right} - Total requests received"
        days = f"{right} - The number of days to respond in {counted}"
        found += [total, *(f"{total} - {w}" for w in ("Complied in whole", "Complied in part"))]
        found += [f"{total} - Denied", f"{days} - Mean", f"{days} - Median"]
    return found


def headings_2025() -> list[str]:
    found = [
        *(heading.replace("Data broker ", "Data broker\u00a0") for heading in CONTACT),
        "The data broker collects personal information of minors:",
        f"Data Broker's {PAGE}",
        "The data broker or any of its\u00a0subsidiaries is regulated by the federal Fair Credit",
        f"{SHARE_2025} by the FCRA, listed are the types of data",
        f"{SHARE_2025} by the FCRA, listed are the approximate proportion",
    ]
    for right in RIGHTS_2025:
        received = "recieved" if right == "requests to know" else "received"  # as the state wrote
        found += [f"Number of {right} {received} from consumers in 2023: "]
        found += [
            f"Number of {right} {what} in 2023:"
            for what in ("complied with in whole", "complied with in part", "denied")
        ]
        found += [
            f"{kind} number of days taken for {right} in 2023:" for kind in ("Median", "Mean")
        ]
    return found


ACME = (
    "Acme Data, LLC",
    "N/A",
    "www.acme.example.com; https://acme-two.example.com",
    "privacy@acme.example.com",
    "(800) 555-0142",
    "100 Example Street",
    "Denver",
    "CO",
    "80202",
    "UNITED STATES",
)
COUNTS = ("40", "38", "1", "1", "3.5", "2")


def row_2026(
    name: str = "Acme Data, LLC",
    *,
    email: str = "privacy@acme.example.com",
    phone: str = "(800) 555-0142",
    country: str = "UNITED STATES",
    page: str = "acme.example.com/privacy; see our policy",
    counts: tuple[str, ...] = COUNTS,
) -> list[str]:
    contact = [name, *ACME[1:3], email, phone, *ACME[5:9], country]
    said = ["No", "Yes", "Yes", "No", "Yes", "Yes", "Approximately 85%", "No"]
    return [*contact, page, *said, *counts * 5]


def row_2025(name: str = "Acme Data LLC") -> list[str]:
    contact = [name, *ACME[1:9], "USA"]
    page = "https://acme.example.com/privacy"
    return [
        *contact,
        "No",
        page,
        "Yes",
        "credit reports",
        "10%",
        *("1,040", "1038", "1", "1", "2", "3.5") * 5,
    ]


def as_csv(*rows: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def list_2026(*rows: list[str]) -> str:
    return as_csv(headings_2026(), *(rows or (row_2026(),)))


def list_2025(*rows: list[str]) -> str:
    headings = headings_2025()
    banner = ["", "If not answered by DB, do not surface in website. "] + [""] * (len(headings) - 2)
    return as_csv(banner, headings, *(rows or (row_2025(),)))


def imported(folder: Path, text: str, *, fewer: bool = False) -> Imported:
    path = folder / "list.csv"
    path.write_text(f"\ufeff{text}", encoding="utf-8")
    return import_ca_registry(path, folder=folder, fewer=fewer)


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in (import_registry, look_up):
        monkeypatch.setattr(module, "shipped_registries", lambda: tmp_path / "none")


def only(filed: Filed) -> Entry:
    (filing,) = filed.filings
    return Entry(slug=new_slug(filing.name, set()), filings=(filing,))


def test_the_layout_of_2026_is_read() -> None:
    filed = read_text(list_2026())
    filing = only(filed).newest()
    assert (filed.year, filing.counted_in) == (2026, 2024)
    assert filing.hosts == ("acme.example.com", "acme-two.example.com")
    assert filing.pages == ("https://acme.example.com/privacy",)
    assert filing.lines == ("100 Example Street", "Denver, CO 80202")
    assert filing.trades_as == ""
    assert filing.sold_to == ("federal_government", "law_enforcement")
    assert filing.collects == ("citizenship",)
    assert filing.declared.sold_to_federal_government is True
    assert filing.declared.sold_to_state_governments is False
    assert (filing.declared.fcra, filing.declared.glba) == ("Approximately 85%", "no")
    assert filing.declared.counts[Right.DELETE] == RequestCount(
        received=40, granted=38, granted_in_part=1, denied=1, mean_days=3.5, median_days=2
    )
    assert set(filing.declared.counts) == {Right.DELETE, Right.ACCESS, Right.OPT_OUT, Right.LIMIT}
    assert filing.asked_who_got_it is not None


def test_the_layout_of_2025_is_read_with_its_banner_its_misspelling_and_its_order() -> None:
    filed = read_text(list_2025())
    filing = only(filed).newest()
    assert (filed.year, filing.counted_in) == (2025, 2023)
    assert filing.country == "UNITED STATES"
    assert filing.declared.sold_to_federal_government is None  # nobody was asked that year
    assert filing.declared.fcra == "10%"
    count = filing.declared.counts[Right.ACCESS]
    assert (count.received, count.median_days, count.mean_days) == (1040, 2, 3.5)


@pytest.mark.parametrize(
    ("address", "desk"),
    [
        ("privacy@acme.example.com", True),
        ("usprivacy@acme.example.com", True),
        ("CA_DROP_EMS@acme.example.com", True),
        ("techteam@acme.example.com", True),
        ("acme@acme.com", True),
        ("jordan.sample@acme.example.com", False),
        ("jsample@acme.example.com", False),
        ("carey@acme.example.com", False),  # `care` alone is a desk
        ("dropbeth@acme.example.com", False),
        ("care@acme.example.com", True),
    ],
)
def test_a_desk_stays_and_a_person_goes(address: str, *, desk: bool) -> None:
    assert is_desk(address) == desk


def test_of_two_addresses_in_a_cell_the_desks_is_kept() -> None:
    assert desk_mail("jordan.sample@acme.example.com; legal@acme.example.com") == (
        "legal@acme.example.com"
    )


US = "UNITED STATES"


@pytest.mark.parametrize(
    ("filed", "country", "beside", "kept"),
    [
        ("303-555-0142", US, False, "+1 303-555-0142"),
        ("13035550142", US, False, "+1 303-555-0142"),
        ("+49 30 901820", US, False, "+49 30 901820"),
        ("030 901820", "GERMANY", False, "+49 30 901820"),
        ("(800) 555-0142", US, True, "+1 800-555-0142"),  # nobody's own
        ("303-555-0142", US, True, ""),  # the person's, beside whose address it stands
        ("303-555-0142 ext 3", US, False, ""),
        ("0171 3920011", "GERMANY", False, ""),  # in somebody's pocket
        ("00000000", US, False, ""),
        ("310-274-531", US, False, ""),  # a digit is missing
        ("ask for Jordan", US, False, ""),
        ("303-555-0142", "ATLANTIS", False, "+1 303-555-0142"),
    ],
)
def test_a_desks_phone_stays_and_a_persons_goes(
    filed: str, country: str, *, beside: bool, kept: str
) -> None:
    assert desk_phone(filed, country=country, beside_a_person=beside) == kept


def test_a_persons_name_is_no_other_name_of_a_company() -> None:
    assert firms_only("Jordan Q. Sample") == ""
    assert firms_only("Acme; Jordan Sample; Acme Lists") == "Acme; Acme Lists"
    assert firms_only("Acme Direct; Acme Parent, L.P.") == "Acme Direct; Acme Parent, L.P."
    assert firms_only("Jordan Sample", ("jordansample.example.com",)) == "Jordan Sample"
    named = row_2026()
    named[1] = "Jordan Sample"
    assert only(read_text(list_2026(named))).newest().trades_as == ""


def test_what_was_a_persons_is_dropped_and_counted() -> None:
    filed = read_text(list_2026(row_2026(email="jordan@acme.example.com", phone="303-555-0142")))
    assert filed.dropped == {"email": 1, "phone": 1}
    assert only(filed).newest().dropped == ("email", "phone")
    assert read_text(list_2026()).dropped == {}  # the control


def test_pages_are_plain_addresses_or_nothing() -> None:
    assert pages("www.acme.example.com") == ("https://www.acme.example.com",)
    assert pages("http://acme.example.com/a?b=1") == ("https://acme.example.com/a?b=1",)
    assert pages("https://acme.example.com:8443/ https://me@acme.example.com/ 10.0.0.1 none") == ()
    assert hosts("https://www.acme.example.com;\nb.example.com") == (
        "acme.example.com",
        "b.example.com",
    )


def test_rows_of_no_use_fall_out_with_the_reason() -> None:
    empty = ["Lost, Inc.", *[""] * (len(row_2026()) - 1)]
    twice = row_2026(name="ACME DATA")
    filed = read_text(list_2026(row_2026(), row_2026(name=" "), empty, twice))
    assert filed.rows == 4
    assert len(filed.filings) == 1
    assert filed.fallen == {"nameless": 1, "no-contact": 1, "filed-twice": 1}
    assert read_text(list_2026()).fallen == {}  # the control


def test_figures_of_a_group_are_recognised_and_small_ones_are_not() -> None:
    sisters = [row_2026(name="Acme One"), row_2026(name="Acme Two")]
    other = row_2026(name="Other", counts=("41", "40", "0", "1", "3", "2"))
    marks = {f.name: f.group_figure for f in read_text(list_2026(*sisters, other)).filings}
    assert marks == {"Acme One": True, "Acme Two": True, "Other": False}
    few = ("2", "2", "0", "0", "1", "1")
    small = [row_2026(name=name, counts=few) for name in ("Small One", "Small Two")]
    assert not any(filing.group_figure for filing in read_text(list_2026(*small)).filings)


def test_a_count_that_is_no_number_is_left_out_and_counted() -> None:
    filed = read_text(list_2026(row_2026(counts=("about 40", "38", "1", "1", "3", "2"))))
    assert only(filed).newest().declared.counts == {}
    assert filed.dropped == {"count": 5}


def test_characters_that_nobody_sees_are_gone() -> None:
    filed = read_text(list_2026(row_2026(name="Acme\u202e\u00a0Data\u200b\x1b")))
    assert only(filed).newest().name == "Acme Data"


LONG = list_2026(row_2026(), row_2026(name="Other, Inc."))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LONG[:-200], "row 3 has"),
        (LONG.replace('"Acme Data, LLC"', '"Acme Data, LLC'), "is not"),
        (as_csv(headings_2026(counted=2025), row_2026()), "2025 or 2026"),
        (as_csv(headings_2026()), "no company"),
        (as_csv(headings_2026()[:-2], row_2026()[:-2]), "Headings are missing"),
        ("name,mail\nAcme,privacy@acme.example.com\n", "2025 or 2026"),
        ("<html><body>Sign in</body></html>", "2025 or 2026"),
        ("", "2025 or 2026"),
        (as_csv(headings_2026(), *([["x"]] * 20_001)), "at most"),
        (LONG + '"' + "x" * 200_000 + '"', "is not whole"),
    ],
)
def test_a_file_that_is_cut_or_of_another_year_is_refused_in_words(text: str, said: str) -> None:
    assert read_text(LONG).rows == 2  # the control
    with pytest.raises(NotThisRegistry, match=said):
        read_text(text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LONG.encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (LONG.encode() + b"\x00", "zero byte"),
        (LONG.replace("Other", "Oth\u00e9r").encode("latin-1", "replace"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_words(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(NotThisRegistry, match=said):
        read_filed(path)
    with pytest.raises(NotThisRegistry, match="cannot be read"):
        read_filed(tmp_path)


def test_a_file_made_to_take_long_is_read_at_once() -> None:
    worst = row_2026(email="a" * 100_000, phone="1" * 100_000, page="a." * 50_000)
    worst[2] = "a" * 100_000
    filed = read_text(list_2026(worst))
    assert only(filed).newest().email == ""


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    first = imported(tmp_path, list_2026())
    written = (tmp_path / FILE).read_bytes()
    again = imported(tmp_path, list_2026())
    assert (first.wrote, first.compared_with, len(first.new)) == (True, None, 1)
    assert (again.wrote, again.compared_with) == (False, 2026)
    assert again.new == again.changed == again.gone == ()
    assert (tmp_path / FILE).read_bytes() == written
    assert not list(tmp_path.glob("*.part"))


def test_an_import_says_what_is_new_changed_and_gone(tmp_path: Path) -> None:
    imported(tmp_path, list_2026(row_2026(), row_2026(name="Stays"), row_2026(name="Leaves")))
    moved = row_2026(email="legal@acme.example.com")
    second = list_2026(moved, row_2026(name="Stays"), row_2026(name="Comes"))
    told = imported(tmp_path, second)
    assert [(each.slug, each.what) for each in told.changed] == [("acme-data", ("email",))]
    assert [each.slug for each in told.new] == ["comes"]
    assert [each.slug for each in told.gone] == ["leaves"]
    assert [entry.slug for entry in read_entries(tmp_path) if entry.gone] == ["leaves"]


def test_a_company_that_comes_back_has_its_old_short_name(tmp_path: Path) -> None:
    both = list_2026(row_2026(), row_2026(name="Leaves, Inc."))
    imported(tmp_path, both)
    imported(tmp_path, list_2026(), fewer=True)
    told = imported(tmp_path, list_2026(row_2026(), row_2026(name="LEAVES")))
    assert [each.slug for each in told.new] == ["leaves"]
    assert not any(entry.gone for entry in read_entries(tmp_path))


def test_two_years_stand_side_by_side_whichever_came_first(tmp_path: Path) -> None:
    for order in ((list_2025(), list_2026()), (list_2026(), list_2025())):
        (tmp_path / FILE).unlink(missing_ok=True)
        for text in order:
            imported(tmp_path, text)
        (entry,) = read_entries(tmp_path)
        assert [filing.year for filing in entry.filings] == [2026, 2025]
        assert entry.newest().declared.year == 2026


def test_a_new_year_is_held_against_the_last_one(tmp_path: Path) -> None:
    imported(tmp_path, list_2025(row_2025(), row_2025(name="Stopped, Inc.")))
    told = imported(tmp_path, list_2026(row_2026(), row_2026(name="Comes")))
    assert told.compared_with == 2025
    assert [each.slug for each in told.new] == ["comes"]
    assert [each.slug for each in told.gone] == ["stopped"]
    assert [entry.slug for entry in read_entries(tmp_path) if entry.gone] == []


def test_a_list_that_shrank_is_doubted_until_somebody_says_so(tmp_path: Path) -> None:
    imported(tmp_path, list_2026(*(row_2026(name=f"Company {n}") for n in range(10))))
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(ProbablyCut, match="2 companies"):
        imported(tmp_path, list_2026(row_2026(name="Company 1"), row_2026(name="Company 2")))
    assert (tmp_path / FILE).read_bytes() == before
    told = imported(
        tmp_path, list_2026(row_2026(name="Company 1"), row_2026(name="Company 2")), fewer=True
    )
    assert len(told.gone) == 8


def test_names_compare_without_case_signs_and_kind_of_company() -> None:
    assert key_of("Acme Data, L.L.C.") == key_of("ACME-DATA LLC") == key_of("The AcmeData Inc")
    assert key_of("Acme (formerly Zenith) LLC") == key_of("Acme")
    assert key_of("Acme Data") != key_of("Acme Date")
    assert new_slug("Acme, Inc.", {"acme", "acme-2"}) == "acme-3"
    assert new_slug("Own It LLC", set()) == "company-own-it"  # `own-` is a person's own list


def test_a_damaged_list_is_told_with_its_line(tmp_path: Path) -> None:
    imported(tmp_path, list_2026(row_2026(), row_2026(name="Other")))
    path = tmp_path / FILE
    good = path.read_text("utf-8")
    for bad in ("{", '{"slug":"x","filings":[]}', '{"slug":"x","filings":[{}]}', "[" * 5000):
        path.write_text(good.split("\n")[0] + "\n" + bad + "\n", "utf-8")
        with pytest.raises(RegistryDamaged, match="line 2"):
            read_entries(tmp_path)


SHIPPED = read_entries(shipped("brokers") / "registries")


def test_the_shipped_list_holds_no_persons_address() -> None:
    text = (shipped("brokers") / "registries" / FILE).read_text("utf-8")
    mails = re.findall(r"[\w.+-]+@[\w.-]+\w", text)
    assert len(mails) > 500
    assert [mail for mail in mails if not is_desk(mail)] == []
    assert not is_desk("jordan.sample@acme.example.com")  # the control


def test_the_shipped_list_is_in_no_plan_and_the_folder_wins() -> None:
    assert len(SHIPPED) > 600
    assert len({entry.slug for entry in SHIPPED}) == len(SHIPPED)
    brokers = list_brokers()
    by_folder = {described_in(entry, brokers) for entry in SHIPPED} - {None}
    assert by_folder >= {"equifax", "experian", "transunion", "transunion-tloxp"}
    folders = {path.parent.name for path in shipped("brokers").glob("*/broker.toml")}
    assert {str(broker.slug) for broker in brokers} == folders


def test_what_a_folder_declares_is_what_the_list_says() -> None:
    filed = {key_of(each.newest().name): each.newest().declared for each in SHIPPED}
    compared = 0
    for broker in list_brokers():
        told = broker.declared
        row = filed.get(key_of(told.filed_as)) if told and told.filed_as else None
        if told is None or row is None or row.year != told.year:
            continue
        compared += 1
        assert told.sold_to_federal_government == row.sold_to_federal_government, broker.slug
        assert told.sold_to_law_enforcement == row.sold_to_law_enforcement, broker.slug
        for right, count in told.counts.items():
            if right in row.counts:
                assert count.received == row.counts[right].received, (broker.slug, right)
                assert count.denied == row.counts[right].denied, (broker.slug, right)
    assert compared >= 8


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    for module in (places, look_up):
        monkeypatch.setattr(module, "registry_folder", lambda: folder)
    path = tmp_path / "list.csv"
    abroad = row_2026(name="Far Data", country="NORWAY", email="jordan@far.example.com")
    equifax = row_2026(name="Equifax Information Services LLC")
    path.write_text(list_2026(row_2026(), abroad, equifax), "utf-8")
    assert shell.main(["broker", "import", "ca-registry", str(path)]) == 0
    return path


def test_the_import_is_told_and_looked_up(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["broker", "import", "ca-registry", str(home)]) == 0
    told = capsys.readouterr().out
    assert "3 rows" in told
    assert "1 e-mail addresses that look like a person's" in told
    assert "nothing was changed" in told
    assert shell.main(["broker", "list", "--registry"]) == 0
    listed = capsys.readouterr().out
    assert "acme-data" in listed
    assert "far-data" not in listed  # abroad
    assert "equifax" not in listed  # described by hand
    assert shell.main(["broker", "list", "--registry", "--country", "NO", "--json"]) == 0
    assert [each["slug"] for each in json.loads(capsys.readouterr().out)] == ["far-data"]


def test_one_company_of_the_list_is_shown_with_its_caution(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(["broker", "show", "acme-data"]) == 0
    shown = capsys.readouterr().out
    assert "no plan asks it" in shown
    assert "checked by nobody" in shown
    assert "Sold to law enforcement: yes" in shown
    assert shell.main(["broker", "show", "equifax-information-services"]) == 2
    assert "equifax" in capsys.readouterr().err
    assert shell.main(["broker", "show", "nobody-at-all"]) == 2
    assert home.exists()


def test_the_ordinary_list_holds_nobody_of_the_registry(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(["broker", "list", "--json"]) == 0
    slugs = {each["slug"] for each in json.loads(capsys.readouterr().out)}
    assert "acme-data" not in slugs
    assert "equifax" in slugs
    assert shell.main(["broker", "list", "--registry", "--right", "delete"]) == 2
    assert home.exists()


def test_a_wrong_file_ends_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    assert shell.main(["broker", "import", "ca-registry", str(path)]) == 2
    assert "Nothing was imported" in capsys.readouterr().err
