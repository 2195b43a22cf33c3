"""`law`, `broker` and `doctor`: what they print for a person and for a program."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import NoSuchLaw, list_laws
from optout.catalog.shipped_law import read_shipped_law
from optout.cli import main as shell
from optout.cli.doctor import doctor
from optout.cli.session import Session, begin

DUE = ["law", "due", "--law", "us-co-cpa", "--right", "delete", "--received", "2026-11-02"]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert shell.main(list(arguments)) == code
    return capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    return json.loads(shown(capsys, *arguments, "--json", code=code))


def test_law_due_prints_the_promised_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert read(capsys, *DUE) == {
        "law": "us-co-cpa",
        "right": "delete",
        "received": "2026-11-02",
        "deadlines": [
            {
                "kind": "response",
                "due_on": "2026-12-17",
                "basis": "Colo. Rev. Stat. § 6-1-1306(2)(a)",
                "grace_until": "2026-12-22",
            }
        ],
    }


def test_law_due_lists_the_soonest_first(capsys: pytest.CaptureFixture[str]) -> None:
    counted = read(capsys, *DUE, "--denied-on", "2026-12-01", "--appealed-on", "2026-12-10")
    days = [deadline["due_on"] for deadline in counted["deadlines"]]
    assert days == sorted(days)
    kinds = {d["kind"] for d in counted["deadlines"]}
    assert kinds >= {"response", "appeal-by", "appeal-decision"}
    assert "response" in {d["kind"] for d in read(capsys, *DUE)["deadlines"]}


def test_a_notice_that_moves_nothing_is_said_beside_the_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shell.main([*DUE, "--extended-on", "2027-02-01", "--json"]) == 0
    said = capsys.readouterr()
    assert "extended-response" not in said.out
    assert "moves nothing" in said.err


@pytest.mark.parametrize(
    "changed",
    [
        ("--law", "us-co-cpx"),
        ("--right", "freeze"),
        ("--received", "2020-01-01"),
        ("--denied-on", "2026-01-01"),
        ("--law", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_2(
    changed: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main([*DUE, *changed]) == 2
    assert capsys.readouterr().err


def test_a_law_is_shown_with_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, "law", "show", "us-co-cpa")
    assert "Read by a lawyer: not yet" in said
    assert "Section: Colo. Rev. Stat. § 6-1-1306(1)(d)" in said
    assert read(capsys, "law", "show", "us-co-cpa")["id"] == "us-co-cpa"


def test_every_law_and_company_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for law in read(capsys, "law", "list"):
        assert law["name"] in shown(capsys, "law", "show", law["id"])
    for broker in list_brokers(samples=True):
        assert broker.name in shown(capsys, "broker", "show", broker.slug)
        assert read(capsys, "broker", "show", broker.slug)["slug"] == broker.slug
        for right in {channel.right for channel in broker.channel}:
            said = shown(capsys, "broker", "show", broker.slug, "--right", right.value)
            assert "You give them: " in said


def test_companies_are_filtered(capsys: pytest.CaptureFixture[str]) -> None:
    everyone = read(capsys, "broker", "list")
    sellers = read(capsys, "broker", "list", "--sells-to-government")
    assert 0 < len(sellers) <= len(everyone)
    assert all(company["sells_to_government"] for company in sellers)
    bureaus = read(capsys, "broker", "list", "--kind", "risk-data")
    assert {company["kind"] for company in bureaus} == {"risk-data"}
    by_post = read(capsys, "broker", "list", "--right", "delete", "--by", "post")
    assert all({"delete"} <= set(company["rights"]) for company in by_post)
    assert not any(company["sample"] for company in everyone)
    assert any(company["sample"] for company in read(capsys, "broker", "list", "--samples"))
    assert read(capsys, "broker", "list", "--grade", "suspended") == []


def test_the_list_says_how_many_forms_were_tried_live(capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(capsys, "broker", "list")
    assert "never tried on the live site" in said
    assert "Checked on the live site so far: 0 of " in said


def test_a_company_shows_what_it_filed_as_its_own_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = shown(capsys, "broker", "show", "lexisnexis-risk")
    whole = shown(capsys, "broker", "show", "lexisnexis-risk", "--all")
    assert "Sold to the federal government: yes" in whole
    for said in (screen, whole):
        assert "checked by nobody; your state may differ" in said
        assert "%" not in said


def test_an_unknown_company_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shell.main(["broker", "show", "lexisnexis-rsk"]) == 2
    assert "lexisnexis-risk" in capsys.readouterr().err


def test_lint_is_json_for_a_volunteers_editor(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["broker", "lint", "sample-risk-data", "--json"]) in {0, 1}
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"sample-risk-data"}
    for finding in found["sample-risk-data"]:
        assert set(finding) == {"check", "where", "line", "what", "suggest", "warning"}


def look(capsys: pytest.CaptureFixture[str], session: Session) -> dict[str, dict[str, str]]:
    """Run the doctor with another folder or clock; return its checks by name."""
    begin(session)
    with suppress(typer.Exit):
        doctor(json=True)
    begin(Session())
    return {check["name"]: check for check in json.loads(capsys.readouterr().out)}


def test_the_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    checks = look(capsys, Session(folder=tmp_path / "folder"))
    wanted = "python browser display keyring disk folder clock catalog live-checks catalog-age"
    assert set(wanted.split()) <= set(checks)
    assert checks["folder"]["mend"] == "optout init"
    assert {check["state"] for check in checks.values()} <= {"good", "warning", "bad"}


def test_a_clock_that_stands_before_the_catalog_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    past = look(capsys, Session(clock=lambda: datetime(2020, 1, 1, tzinfo=UTC)))
    assert past["clock"]["state"] == "bad"
    later = look(capsys, Session(clock=lambda: datetime(2028, 11, 22, tzinfo=UTC)))
    assert later["clock"]["state"] == "good"
    assert later["catalog-age"]["state"] == "warning"


def test_a_folder_open_to_others_is_found_with_the_command_that_closes_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o700)
    (folder / "file").touch(mode=0o600)
    assert look(capsys, Session(folder=folder))["folder"]["state"] == "good"
    folder.chmod(0o755)
    found = look(capsys, Session(folder=folder))["folder"]
    assert found["state"] == "bad"
    assert found["mend"] == f"chmod -R go= {folder}"


def test_the_quick_way_reads_every_shipped_law_as_the_whole_schema_does() -> None:
    for law_id, law in list_laws().items():
        assert read_shipped_law(law_id) == replace(law, sha256="")


@pytest.mark.parametrize("law_id", ["us-co-cpx", "../laws/us-co-cpa", "", "us-co-cpa/", "é"])
def test_the_quick_way_refuses_in_the_same_words(law_id: str) -> None:
    with pytest.raises(NoSuchLaw):
        read_shipped_law(law_id)
