"""People whom a request could harm: what is refused, what is never given, what is said instead."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from pypdf import PdfReader

from optout.model.words import By
from optout.sample.people import CASEY, JORDAN
from optout.sample.servers import World
from optout.workflows.keep_person import card_of
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import (
    CARD,
    FIVE_NO,
    FIVE_YES,
    MAIL,
    RISK,
    Made,
    add,
    kept,
    opened,
    plan,
    reference,
    told,
)

HOME = {
    "street": "1 Example Street",
    "city": "Denver",
    "state": "CO",
    "zip": "80202",
    "since": "2015-06-01",
}
BOX = {"street": "P.O. Box 1", "city": "Denver", "state": "CO", "zip": "80201"}


# ---- a real street behind a substitute address ----


def everything_said(there: CommandLine, card: Mapping[str, object]) -> str:
    """Plan, write every letter and mail, and return all that was shown, printed or written."""
    told(add(there, card), 0)
    planned = plan(there)
    told(planned, 0)
    with opened(there.vault) as vault:
        waiting = vault.messages.list()
        paper = [each.reference for each in waiting if each.by in {By.POST, By.EMAIL}]
    assert paper
    said = planned.said + there.run("plan", "--json", typed=FIVE_YES).said
    said += there.run("file", *paper, typed="y\n" * 2 * len(paper)).said
    forms = [each.reference for each in waiting if each.by is By.WEB]
    read = [["file", form] for form in forms]  # shows every value, and nobody says yes
    read += [["letter", "show", reference] for reference in paper]
    read += [["status", "--json"], ["next"], ["due"], ["exports"]]
    said += "".join(ran.said for ran in there.each(*read))
    files = sorted(there.papers.iterdir())
    assert {file.suffix for file in files} >= {".pdf", ".eml"}
    return said + "".join(map(text_of, files))


def text_of(file: Path) -> str:
    if file.suffix == ".pdf":
        return "".join(page.extract_text() for page in PdfReader(file).pages)
    if file.suffix != ".eml":
        return ""
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return str(mail) + (str(body.get_content()) if body else "")


def test_a_real_street_is_nowhere_once_a_substitute_stands_for_it(
    empty: Made, companies: World, tmp_path: Path
) -> None:
    card = card_of(CASEY)
    card["addresses"] = [{**card["addresses"][0], "since": "2015-06-01"}]  # known for long
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
    places = companies.places()
    hidden = everything_said(empty.copy(tmp_path / "with", places=places), card)
    own = [{"kind": "own", "email": "casey.replies@example.com", "address": BOX}]
    shown = everything_said(
        empty.copy(tmp_path / "without", places=places), {**card, "reply_to": own}
    )
    for real in ("Hidden Example", "Aurora", "80010"):
        assert real not in hidden
        assert real in shown, "the control: without a substitute it is found"
    assert "P.O. Box 100" in hidden


# ---- a child, a newcomer, somebody who is helped ----


def test_for_a_child_nothing_is_planned_and_nothing_asked(empty: Made, tmp_path: Path) -> None:
    there = empty.copy(tmp_path)
    born = date.today() - timedelta(days=12 * 365)  # noqa: DTZ011 - the machine's day
    told(add(there, {**CARD, "born": born.isoformat()}), 0)
    ran = there.run("plan")
    told(ran, 0, "under 18", "Only a parent", "Nothing was put on your list")
    assert "Have you had a loan" not in ran.err
    assert kept(there.vault)["messages"] == {}


def test_a_newcomer_with_a_thin_file_is_told_to_leave_them_alone(
    empty: Made, tmp_path: Path
) -> None:
    there = empty.copy(tmp_path)
    told(add(there, card_of(CASEY)), 0)
    ran = there.run("plan", typed=FIVE_NO)
    told(ran, 0, "Leave alone", "EOIR-33", "It does not hide you from ICE", "Nothing was put on")
    assert "NEW to them" not in ran.said
    made = there.run("plan", "--json", typed=FIVE_NO).json()
    assert made["lines"] == []
    assert len(made["leave_alone"]) >= 5
    assert kept(there.vault)["messages"] == {}
    known = there.run("plan", "--json", typed=FIVE_YES).json()
    assert known["lines"], "the control: whom they know already can be asked"


def test_a_helper_answers_for_each_request_that_the_adult_agreed(
    jordan: Made, companies: World, tmp_path: Path
) -> None:
    there = jordan.copy(tmp_path, places=companies.places())
    (tmp_path / "card.json").write_text(json.dumps({**card_of(JORDAN), "acting": "helper"}))
    told(there.run("person", "edit", "--from", str(tmp_path / "card.json")), 0)
    told(plan(there), 0)
    mail = reference(there, MAIL, By.EMAIL)
    told(there.run("file", mail, typed="n\n"), 1, "Did Jordan themselves say yes", "You said no")
    assert not kept(there.vault)["given"]
    told(there.run("file", mail, typed="y\ny\ny\n"), 3, "Did Jordan themselves say yes")
    assert kept(there.vault)["given"], "the control: with their yes it goes on"


# ---- a name that cannot be printed ----


def unshowable() -> str:
    """Return a name in a script that no font here shows."""
    chinese = (
        shutil.which("fc-list")
        and subprocess.run(["fc-list", ":lang=zh-cn"], check=False, capture_output=True).stdout
    )
    return "\U0001202d\U00012097" if chinese else "王小明"


def test_a_name_that_no_font_can_show_stops_before_anything_is_given(
    empty: Made, companies: World, tmp_path: Path
) -> None:
    there = empty.copy(tmp_path, places=companies.places())
    reply = [{"kind": "po-box", "address": BOX}]
    name = {"given": unshowable()}
    told(add(there, {**CARD, "name": name, "addresses": [HOME], "reply_to": reply}), 0)
    told(plan(there), 0)
    letter = reference(there, RISK, By.POST)
    ran = there.run("letter", "pdf", letter, typed="y\ny\n")
    told(ran, 3, "no font on this computer can show", "Install the fonts", "optout person edit")
    after = kept(there.vault)
    assert not after["given"]
    assert not after["files"]
    assert list(there.papers.iterdir()) == []
