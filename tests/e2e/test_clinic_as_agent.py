"""An office at the command line asks as agent, sends mails of many, and keeps its next session."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.workflows.keep_person import card_of
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import FIVE_YES, Made, add, told
from tests.e2e.test_clinic_end import START
from tests.e2e.test_clinic_paper_day import counted
from tests.many_clients import marked_client

CLEAR = "thomson-reuters-clear"
UNTIL = (date.today() + timedelta(days=180)).isoformat()  # noqa: DTZ011 - as the program asks
OFFICE = ("--agent", "Example Legal Aid", "--agent-address", "P.O. Box 100")
ASK = ("clinic", "authorize", "1", "--until", UNTIL, "--company", CLEAR, "--right", "opt-out")


@pytest.fixture(scope="session")
def listed(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An office with two clients whom it helps, and a letter and a mail for each."""
    there = empty.copy(tmp_path_factory.mktemp("agent"))
    told(there.run(*START), 0)
    for number in (1, 2):
        told(add(there, {**card_of(marked_client(number)), "acting": "helper"}), 0)
    told(there.run("clinic", "conflict", "--all", "--by", "Robin Example", typed="2\n"), 0)
    for right, by in (("opt-out", "post"), ("delete", "email")):
        words = ("plan", "--only", CLEAR, "--right", right, "--by", by)
        told(counted(there, *words, first=FIVE_YES), 0, "New on the lists: 2")
    return Made(there)


def signed(there: CommandLine, *words: str, typed: str = "") -> str:
    """Write down what a client signs, and that they signed; return its reference."""
    ran = there.run(*words, typed=typed)
    told(ran, 0, "optout clinic signed")
    reference = re.findall(r"clinic signed (\S+)", ran.out)[0]
    scan = there.folder.parent / "scan.pdf"
    scan.write_text(f"%PDF-1.7 the signed paper {reference}")
    ran = there.run("clinic", "signed", reference, "--scan", str(scan), typed="y\n")
    told(ran, 0, "signed on")
    return str(reference)


def test_one_letter_goes_in_the_offices_name(listed: Made, tmp_path: Path) -> None:
    there = listed.copy(tmp_path)
    told(there.run(*ASK, *OFFICE[:2], typed="y\ny\n"), 2, "--agent-address")
    refused = [word if word != CLEAR else "lexisnexis-risk" for word in ASK]
    told(there.run(*refused, *OFFICE, typed="y\ny\n"), 1, "refused until it is checked")
    paper = signed(there, *ASK, *OFFICE, typed="y\ny\n")
    told(there.run("clinic", "as-agent", paper, typed="n\n"), 1, "You said no.")
    ran = there.run("clinic", "as-agent", paper, typed="y\n")
    told(ran, 0, "In the name of your office now", "by post here")
    told(counted(there, "approve"), 0, "Approved: 1.", "signed nothing for it")
    told(there.run("clinic", "print"), 0, "enclosed-", "Written down as printed")
    told(there.run("clinic", "as-agent", paper, "--not"), 2, "Nothing waits")


def test_mails_of_many_go_one_client_after_another(listed: Made, tmp_path: Path) -> None:
    there = listed.copy(tmp_path)
    told(there.run("clinic", "file"), 0, "First: optout clinic approve")
    for number in ("1", "2"):
        signed(there, "clinic", "authorize", number, "--until", UNTIL)
    told(counted(there, "approve"), 0, "Approved: 4.", "The mails and forms (2)")
    ran = there.run("clinic", "file", typed="y\ny\n")
    told(ran, 3, "Next: 1.", "Next: 2.", "in your hands")
    mails = [path.read_text("utf-8") for path in there.papers.glob("*.eml")]
    assert len(mails) == 2
    assert not any("Legal Aid" in mail for mail in mails)
    told(there.run("clinic", "file"), 0, "No approved form or mail waits")


def test_the_next_session_is_kept(listed: Made, tmp_path: Path) -> None:
    there = listed.copy(tmp_path)
    day = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - as the program asks
    told(there.run("clinic", "docket", "--session", "2026-01-01"), 2, "after today")
    told(there.run("clinic", "docket", "--session", day), 0, "To look through")
    assert there.run("clinic", "docket", "--json").json()["session"] == day
    told(there.run("clinic", "docket", "--sheets", str(there.papers)), 0, "Nothing to do")
